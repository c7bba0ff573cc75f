"""A view put into words for a language model: what stays the same first, what is new last.

The stable part (rules, story, card, secrets) is the system message and changes only when a secret is learned or a new
scene opens, so that a provider's prefix cache holds at least three fifths of a prompt from one turn to the next: the
fresh part is never given more than two thirds of the stable part's length.
"""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from characters.profile import Core, core_of
from characters.prompting import Prompts, Section, fill, fit, template
from characters.turn_options import option_lines
from characters.turn_scene import now_lines, standing_lines
from worlds.actions import Claim, Say
from worlds.view import Percept, View

__all__ = ["FRESH", "STABLE", "answer_prompt", "card_lines", "people", "stable_prompt", "turn_prompt"]

STABLE = 4_600
"""Characters for the sections of the stable part at most, besides its template."""

FRESH = 3_200
"""Characters for the sections of the fresh part at most."""

FORM = 1_500
"""Characters, at least, of the form that is put behind the stable part."""

_LINE = 320
"""Longest line of history."""


def turn_prompt(view: View, prompts: Prompts = template) -> tuple[str, str]:
    """Give the two messages that ask for a decision."""
    system, asked = stable_prompt(view, prompts), prompts("turn")
    return system, fill(asked, {"name": view.name, **_fresh(view, len(system), len(asked))})


def answer_prompt(view: View, question: str, prompts: Prompts = template) -> tuple[str, str]:
    """Give the two messages that put a question to the character."""
    system = stable_prompt(view, prompts)
    fresh = _fresh(view, len(system), len(prompts("turn")))
    return system, fill(prompts("answer"), {"name": view.name, "question": question, **fresh})


def people(view: View) -> tuple[str, ...]:
    """Give the ids of everybody in the cast: a view names them first, then places, then things."""
    return tuple(takewhile(lambda id_: id_ not in view.map, view.names))


def stable_prompt(view: View, prompts: Prompts = template) -> str:
    """Give what stays the same from one turn of the character to the next."""
    names = view.names
    places = [
        f"{place} ({names.get(place, place)}), next to {', '.join(near) or 'nothing known'}"
        for place, near in view.map.items()
    ]
    sayings = [
        f"{attribute}: {phrase.says.replace('{subject}', 'SUBJECT').replace('{value}', 'VALUE')}"
        for attribute, phrase in view.phrases.items()
    ]
    secrets = [f"{secret.id}: {secret.text} (claim: {_claim(secret.claim)})" for secret in view.secrets]
    # Each has its own share: if one grows, as secrets do, those before it stay as they are.
    sections = (
        _share("people", [", ".join(f"{id_} ({names[id_]})" for id_ in people(view))], 250),
        _share("places", places, 450),
        _share("statements", sayings, 450),
        _share("card", card_lines(core_of(view.core)), 2_300),
        _share("secrets", secrets, 800),
        _share("premise", [" ".join(view.premise.split())], 350),
    )
    return fill(prompts("mind"), {"name": view.name, "title": view.title, **fit(sections, STABLE)})


def _share(name: str, lines: list[str], size: int) -> Section:
    return Section(name, lines, size, size)


def _fresh(view: View, stable: int, asked: int) -> Mapping[str, str]:
    """Give the sections that are new each time, for a stable part and a template of these lengths.

    Memory and news have the largest minima.
    """
    lore = [" ".join(known.text.split()) for known in view.lore]
    memories = [f"[{memory.seq}] {memory.text[:_LINE]}" for memory in view.recollections]
    news = [line for percept in view.news for line in _heard(view, percept)]
    past = [line for percept in view.past for line in _heard(view, percept)]
    budget = min(FRESH, (stable + FORM) * 2 // 3 - asked)
    sections = (
        Section("now", list(now_lines(view)), 350, 700),
        Section("options", option_lines(view), 350, 900),
        Section("lore", lore, 500, 1_000),
        Section("recollections", memories, 600, 1_200),
        Section("news", news, 500, 1_200, newest=True),
        Section("standing", list(standing_lines(view)), 300, 800),
        Section("past", past, 100, FRESH, newest=True),
    )
    fresh = fit(sections, budget)
    if lore:
        # What is known of the world comes back to one as memories do.
        fresh["recollections"] = "\n".join((fresh["lore"], *([fresh["recollections"]] if memories else [])))
    return fresh


def _heard(view: View, percept: Percept) -> Iterator[str]:
    """Give a percept as a line; what somebody states is there as data too, so that it can be believed."""
    if not percept.text:
        return
    said = (
        percept.action.claims
        if isinstance(percept.action, Say) and percept.by != view.who
        else percept.claims
    )
    claims = "; ".join(_claim(claim) for claim in said)
    text = f"[{percept.seq}] {percept.text[:_LINE]}"
    yield f"{text} {{{claims}}}" if claims else text


def _claim(claim: Claim) -> str:
    return f"{claim.subject}.{claim.attribute} {'=' if claim.holds else '≠'} {claim.value}"


# ── the card ───────────────────────────────────────────────────────────────────────────────────────


def card_lines(core: Core) -> list[str]:
    """Give a core in words, what matters most first."""
    voice = core.voice
    lines = [
        core.identity,
        core.summary,
        _listed("Your voice: ", (voice.manner,)),
        _listed("You are ", _traits({**core.traits, **core.big_five.model_dump()})),
        *(f"You want: “{goal.text}” (goal.{goal.id})." for goal in core.goals),
        _listed("What holds for you: ", core.taboos),
        _listed("You hold dear: ", core.values),
        _listed("You cannot know: ", core.ignores),
        _listed("You know well: ", core.knows),
        _listed("Habits of speech: ", voice.habits),
        _listed("You call them: ", tuple(f"{who} “{name}”" for who, name in voice.addresses.items())),
        _listed("You say: ", tuple(f"“{new}” for “{old}”" for old, new in voice.dialect.items())),
        *(f"So you talk: “{sample}”" for sample in (*voice.samples, *voice.catchphrases)),
    ]
    return [" ".join(line.split()) for line in lines if line]


def _listed(head: str, parts: tuple[str, ...]) -> str:
    said = "; ".join(part.strip().rstrip(".") for part in parts if part)
    return f"{head}{said}." if said else ""


def _traits(traits: Mapping[str, float]) -> tuple[str, ...]:
    high = tuple(
        f"{'very' if value >= 0.85 else 'rather'} {_ADJECTIVES.get(name, name)}"
        for name, value in traits.items()
        if value >= 0.7
    )
    low = tuple(f"not {_ADJECTIVES.get(name, name)}" for name, value in traits.items() if value <= 0.25)
    return (*high, *low)


_ADJECTIVES = {
    "openness": "open to new things",
    "conscientiousness": "conscientious",
    "extraversion": "outgoing",
    "agreeableness": "agreeable",
    "neuroticism": "easily upset",
}
