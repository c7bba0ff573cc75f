"""What perceptions leave behind: one pass over the news gives all changes of slots, each with its cause."""

from characters.improv.appraise import appraise
from characters.improv.beliefs import believe, look_round
from characters.improv.books import note, survey
from characters.improv.goals import review
from characters.improv.ledger import Ledger
from characters.improv.me import Me, me_of, want_of
from characters.improv.speech_claims import phrase_claim
from characters.improv.thoughts import goal_words, mood_word
from characters.improv.upkeep import remedies
from characters.minds import Reflection
from worlds.actions import Change, Claim
from worlds.view import View

__all__ = ["changed", "reflection", "sunk_in"]


def changed(view: View) -> Ledger:
    """Give the slots as they are once what is new has sunk in."""
    return sunk_in(me_of(view))


def sunk_in(me: Me) -> Ledger:
    """Do the same for a view that has been read."""
    view = me.view
    ledger = Ledger(me.core, view.slots)
    latest = view.news[-1].seq if view.news else view.seq
    for percept in view.news:
        appraise(me, ledger, percept)
        believe(me, ledger, percept)
        note(me, ledger, percept)
    look_round(me, ledger, latest)
    survey(me, ledger, latest)
    remedies(me, ledger, latest)
    review(me.after(ledger.slots, ledger.changes), ledger)
    ledger.settle(view.own_turn, latest)
    stirred = [change for slot, change in ledger.changes.items() if slot.startswith("mood.")]
    if stirred:
        ledger.put("mood", mood_word(me.core, ledger.slots), stirred[-1].because)
    return ledger


def reflection(view: View) -> Reflection:
    """Draw conclusions from the news."""
    me = me_of(view)
    ledger = sunk_in(me)
    changes = tuple(
        change for slot, change in ledger.changes.items() if view.slots.get(slot, "") != change.value
    )
    return Reflection(text=_in_words(me, changes), changes=changes)


def _in_words(me: Me, changes: tuple[Change, ...]) -> str:
    """Say what is worth saying to oneself: goals reached or given up, new ones, and new certainties."""
    said = [text for change in changes if (text := _sentence(me, change))]
    return " ".join(said[:2])


def _sentence(me: Me, change: Change) -> str:
    family, _, rest = change.slot.partition(".")
    if family == "goal":
        return _of_goal(me, rest, str(change.value))
    if family == "belief" and change.value != "" and rest.count(".") == 1:
        subject, attribute = rest.split(".")
        clause = phrase_claim(me.view, Claim(subject, attribute, change.value))
        sure = (
            "I know now that"
            if change.sure >= 0.9
            else "It may be that"
            if change.sure < 0.6
            else "I believe that"
        )
        return f"{sure} {clause}."
    return ""


def _of_goal(me: Me, id_: str, value: str) -> str:
    if value in ("done", "dropped"):
        old = me.view.slots.get(f"goal.{id_}", "")
        want = want_of(id_, str(old))
        words = goal_words(me.view, want) if want else id_.replace("_", " ")
        return f"I wanted {words}; that is done." if value == "done" else f"I give up what I wanted, {words}."
    want = want_of(id_, value)
    return f"From now on I want {goal_words(me.view, want)}." if want else ""
