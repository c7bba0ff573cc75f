"""What happens stirs feelings: each percept is appraised against goals, standards and liking.

After the OCC model: A. Ortony, G. L. Clore, A. Collins, *The Cognitive Structure of Emotions*, Cambridge University
Press 1988. Events are judged by whether they further or hinder a want (joy, sadness, fear), acts of people by
praise and blame (anger, pride, shame, and through them liking and trust), people by liking. The tables give the
strength for an average person; temperament scales it.
"""

from collections.abc import Mapping

from characters.improv.hearing import Heard, hear, words
from characters.improv.ledger import Ledger
from characters.improv.me import Me, Want
from worlds.actions import Became, Effect, Handle, Moved, Passed, Say, Touch
from worlds.view import Percept

__all__ = ["appraise", "feeling", "tone"]

_TOLD_ME: Mapping[str, Mapping[str, float]] = {
    "accuse": {"anger": 0.28, "fear": 0.12, "liking": -0.14, "trust": -0.08},
    "admit": {"trust": 0.06},
    "agree": {"joy": 0.12, "liking": 0.06, "trust": 0.04},
    "apologise": {"anger": -0.25, "liking": 0.1, "trust": 0.04},
    "bargain": {},
    "comfort": {"joy": 0.1, "sadness": -0.2, "fear": -0.15, "liking": 0.09, "trust": 0.05},
    "confide": {"liking": 0.1, "trust": 0.12},
    "deny": {"anger": 0.06, "trust": -0.05},
    "greet": {"joy": 0.05, "liking": 0.04},
    "joke": {"joy": 0.14, "liking": 0.06},
    "order": {"anger": 0.1, "liking": -0.05},
    "promise": {"joy": 0.12, "trust": 0.09},
    "refuse": {"anger": 0.14, "liking": -0.07, "trust": -0.05},
    "small_talk": {"liking": 0.05},
    "take_leave": {"sadness": 0.03},
    "thank": {"joy": 0.1, "pride": 0.09, "liking": 0.08},
    "threaten": {"fear": 0.3, "anger": 0.25, "liking": -0.2, "trust": -0.16},
    "warn": {"fear": 0.12, "trust": 0.05},
}

_BLAMED = {"threaten": -0.07, "accuse": -0.03, "order": -0.03}
_PRAISED = {"comfort": 0.05, "apologise": 0.04, "admit": 0.05}
"""What liking a bystander gains or loses for a speech act to a third."""

_OWN: Mapping[str, Mapping[str, float]] = {
    "lie": {"shame": 0.14, "fear": 0.06},
    "threaten": {"shame": 0.06, "anger": -0.06, "pride": 0.05},
    "admit": {"shame": 0.1, "fear": -0.15, "pride": 0.05},
    "confide": {"fear": -0.08, "joy": 0.06},
    "comfort": {"pride": 0.05},
    "apologise": {"shame": -0.18},
    "accuse": {"anger": -0.12},
    "joke": {"joy": 0.05},
}
"""What one's own words leave behind: relief as well as guilt."""

_GAIN: Mapping[str, float] = {"joy": 0.35, "pride": 0.1, "liking": 0.15, "trust": 0.06}
_LOSS: Mapping[str, float] = {"sadness": 0.2, "liking": -0.2, "trust": -0.15}

_WARM = frozenset({"comfort", "confide", "joke", "thank", "promise", "small_talk", "greet", "agree"})

_ALARMING = words(
    "alarm alarms fire fires flood floods storm storms thunder lightning crash crashes scream screams blood dead "
    "death dies avalanche collapse collapses falls smoke gunshot shot explosion gone missing stolen broken breaks "
    "fails failing fading leak leaks danger wolves sirens cold freezing darkness dark trapped sinking sinks cracks "
    "attack knife poison sick fever weak weaker warning worse howls blizzard rising drops"
)
_CHEERING = words(
    "rescue rescued saved sun sunlight clears music song feast gift warm warmth safe found laughter calm bright "
    "opens thaw recovered repaired hope help arrives better home celebration"
)


def appraise(me: Me, ledger: Ledger, percept: Percept) -> None:
    """Let one percept stir feelings, trust and liking."""
    heard = hear(me.view, percept)
    if heard:
        _words_of_others(me, ledger, heard)
    elif percept.by == me.view.who:
        _own_deed(me, ledger, percept)
    elif percept.kind in ("happened", "intervened"):
        _beat(me, ledger, percept)
    elif percept.kind == "acted":
        _deed_of_others(me, ledger, percept)
    for effect in percept.effects:
        _effect(me, ledger, percept, effect)


def feeling(me: Me, name: str, amount: float) -> float:
    """Scale a stirring of a feeling by temperament; calming is not scaled."""
    if amount <= 0:
        return amount
    scale = {
        "anger": 1 - 0.5 * me.trait("agreeableness") - 0.3 * me.trait("patient"),
        "fear": 1 + 0.5 * me.trait("neuroticism") - 0.5 * me.trait("brave"),
        "joy": 0.7 + 0.25 * me.trait("extraversion"),
        "sadness": 1 + 0.4 * me.trait("neuroticism"),
        "pride": 1 + 0.5 * me.trait("proud"),
        "shame": 1 + 0.6 * me.trait("honest"),
    }[name]
    return amount * max(0.25, scale)


def _stir(
    me: Me, ledger: Ledger, because: int, by: str, amounts: Mapping[str, float], scale: float = 1.0
) -> None:
    for name, amount in amounts.items():
        if name in ("liking", "trust"):
            if by:
                ledger.nudge(f"{name}.{by}", amount * scale, because)
        else:
            ledger.nudge(f"mood.{name}", feeling(me, name, amount) * scale, because)


def _words_of_others(me: Me, ledger: Ledger, heard: Heard) -> None:
    seq, by = heard.seq, heard.by
    if heard.aim > 0.5:
        amounts = dict(_TOLD_ME.get(heard.intent, {}))
        if heard.intent == "joke" and me.feels("anger") > 0.4:
            amounts = {"anger": 0.06}
        if heard.intent == "accuse" and _guilty(me, heard):
            amounts |= {"shame": 0.25, "fear": 0.25, "anger": 0.1}
        _stir(me, ledger, seq, by, amounts, heard.aim)
    elif heard.to:
        ledger.nudge(f"liking.{by}", _BLAMED.get(heard.intent, 0.0) * (1 + me.trait("kind")), seq)
        ledger.nudge(f"liking.{by}", _PRAISED.get(heard.intent, 0.0), seq)
        _envy(me, ledger, heard)
    for claim in heard.claims:
        secret = me.secret(claim)
        if secret and me.guards(secret.id):
            _stir(me, ledger, seq, by, {"fear": 0.3, "shame": 0.15, "anger": 0.2, "liking": -0.12})
        if any(
            want.kind == "learn" and want.args[0] == f"{claim.subject}.{claim.attribute}" for want in me.wants
        ):
            _stir(me, ledger, seq, by, {"joy": 0.15, "liking": 0.08, "trust": 0.04})


def _envy(me: Me, ledger: Ledger, heard: Heard) -> None:
    """Warm words between two others sting the jealous if they like one of them."""
    jealous = me.trait("jealous")
    if jealous > 0.2 and heard.intent in _WARM and any(me.liking(other) > 0.3 for other in heard.to):
        _stir(me, ledger, heard.seq, heard.by, {"anger": 0.1 * jealous, "liking": -0.06 * jealous})


def _guilty(me: Me, heard: Heard) -> bool:
    claims = [secret.claim for secret in me.view.secrets if me.guards(secret.id)]
    return any(claim in heard.claims or claim.subject == heard.topic.partition(".")[0] for claim in claims)


def _own_deed(me: Me, ledger: Ledger, percept: Percept) -> None:
    action = percept.action
    if isinstance(action, Say):
        _stir(me, ledger, percept.seq, "", _OWN.get(action.intent or "", {}))
        if action.intent in _WARM and len(action.to) == 1:
            ledger.nudge(f"liking.{action.to[0]}", 0.03, percept.seq)
    elif percept.kind == "resolved" and not percept.ok:
        _stir(me, ledger, percept.seq, "", {"anger": 0.06, "sadness": 0.05})
    elif percept.kind == "resolved" and (percept.claims or percept.effects):
        _stir(me, ledger, percept.seq, "", {"joy": 0.05, "pride": 0.05})
    elif isinstance(action, Touch) and action.verb in ("attack", "restrain"):
        _stir(me, ledger, percept.seq, "", {"anger": -0.3, "shame": 0.12 * (1 + me.trait("kind"))})


def _deed_of_others(me: Me, ledger: Ledger, percept: Percept) -> None:
    action, by = percept.action, percept.by
    if not percept.whole and by and me.trait("curious") > 0:
        ledger.nudge(f"trust.{by}", -0.03, percept.seq)
    if isinstance(action, Touch) and action.verb in ("attack", "restrain"):
        to_me = action.target == me.view.who
        care = 0.5 + max(0.0, me.liking(action.target))
        amounts = {"fear": 0.4, "anger": 0.35, "liking": -0.4, "trust": -0.4}
        _stir(me, ledger, percept.seq, by, amounts, 1.0 if to_me else care * 0.6)
    if isinstance(action, Handle) and action.to == me.view.who and action.verb in ("give", "show"):
        kindness = {"give": 1.0, "show": 0.4}[action.verb]
        _stir(me, ledger, percept.seq, by, {"joy": 0.14, "liking": 0.14, "trust": 0.08}, kindness)


def tone(text: str) -> int:
    """Say how alarming (below 0) or cheering (above 0) a happening sounds: a count of telling words."""
    said = words(text)
    return len(said & _CHEERING) - len(said & _ALARMING)


def _beat(me: Me, ledger: Ledger, percept: Percept) -> None:
    sound = tone(percept.text)
    if sound < 0:
        _stir(me, ledger, percept.seq, "", {"fear": min(0.35, -0.14 * sound), "joy": -0.08})
    elif sound > 0:
        _stir(me, ledger, percept.seq, "", {"joy": min(0.35, 0.14 * sound), "fear": -0.1, "sadness": -0.08})


def _effect(me: Me, ledger: Ledger, percept: Percept, effect: Effect) -> None:
    if isinstance(effect, Moved):
        if effect.who != me.view.who and effect.who == percept.by:
            warmth = me.liking(effect.who)
            ledger.nudge(
                "mood.joy", 0.1 * warmth if effect.to == me.view.place else -0.04 * warmth, percept.seq
            )
        return
    by = percept.by if percept.by != me.view.who else ""
    for want in me.wants:
        good = _furthers(me, want, effect, by)
        if good is True:
            _stir(me, ledger, percept.seq, by, _GAIN, want.weight)
        elif good is False:
            _stir(me, ledger, percept.seq, by, {**_LOSS, "anger": 0.35 if by else 0.1}, want.weight)
    if isinstance(effect, Became) and effect.attribute == "hurt" and effect.subject in me.view.names:
        mine = effect.subject == me.view.who
        care = 1.0 if mine else max(0.0, 0.4 + me.liking(effect.subject))
        _stir(me, ledger, percept.seq, "", {"fear": 0.3, "sadness": 0.25}, care)


def _furthers(me: Me, want: Want, effect: Effect, by: str) -> bool | None:
    """Say whether an effect furthers (True) or hinders (False) a want; None if it does neither."""
    if isinstance(effect, Passed) and want.kind in ("have", "keep") and want.args[0] == effect.thing:
        if effect.to == me.view.who:
            return True if want.kind == "have" else None
        taken = bool(by) and (want.kind == "keep" or me.fellow(effect.to) is not None)
        return False if taken else None
    if not isinstance(effect, Became) or effect.add or want.kind != "make":
        return None
    if want.args[0] == f"{effect.subject}.{effect.attribute}":
        return str(effect.value).lower() == want.args[1].lower()
    return None
