"""Wants in words: the little language of `GOALS` as a request, a wish, a promise and a thing."""

from collections.abc import Collection, Mapping, Sequence

from characters.improv.speech_claims import phrase_ask, phrase_claim
from characters.improv.speech_names import in_place, noun_of, subject_of
from worlds.actions import Claim, Scalar
from worlds.view import View

__all__ = ["want_slots"]

_DO = 0
_FORMS: dict[str, tuple[tuple[str, ...], ...]] = {
    # want: (what you are to do, what I want to, what I shall, the thing itself), each with its variants
    "have": (
        ("give me {one}", "let me have {one}", "hand over {one}", "hand me {one}"),
        ("have {one}", "have {one} in my hands"),
        ("find {one}", "lay my hands on {one}"),
        ("{one}",),
    ),
    "learn": (
        ("tell me {whether}", "say {whether}", "let me hear {whether}"),
        ("know {whether}", "hear {whether}", "find out {whether}"),
        ("find out {whether}", "learn {whether}"),
        ("an answer", "the truth about {one}"),
    ),
    "at": (
        ("let me go to {one}", "let me through to {one}", "come with me to {one}"),
        ("get to {one}", "be {in}"),
        ("be {in}", "get to {one}"),
        ("a way to {one}",),
    ),
    "alone": (
        ("leave me alone with {one} for a moment", "let me speak to {one} alone"),
        ("have a word alone with {one}", "speak to {one} where nobody listens"),
        ("find a quiet moment with {one}",),
        ("a word alone with {one}",),
    ),
    "trust": (
        ("help me win {one} over", "tell {one} I can be trusted"),
        ("have {ones} trust", "win {one} over"),
        ("earn {ones} trust",),
        ("{ones} trust",),
    ),
    "make": (
        ("see to it that {claim}", "help me make sure {claim}"),
        ("make sure {claim}", "see to it that {claim}"),
        ("see to it that {claim}", "make sure {claim}"),
        ("your help with {one}",),
    ),
    "tell": (
        ("let me speak to {two}", "let me tell {two} what I know"),
        ("tell {two} the truth", "tell {two} what I know"),
        ("tell {two} everything", "speak to {two}"),
        ("a hearing",),
    ),
    "hide": (
        ("let it rest", "say no more about it", "leave the old business alone"),
        ("let it rest", "leave the old business alone"),
        ("say nothing", "keep my mouth shut"),
        ("your silence",),
    ),
    "keep": (
        ("leave {one} with me", "keep your hands off {one}", "let me keep {one}"),
        ("keep {one}", "hold on to {one}"),
        ("keep {one} safe", "look after {one}"),
        ("{one}",),
    ),
    "give": (
        ("let {two} have {one}", "make sure {one} goes to {two}"),
        ("give {one} to {two}", "see {one} in {twos} hands"),
        ("give {one} to {two}", "make sure {one} goes to {two}"),
        ("{one}",),
    ),
    "expose": (
        ("help me show everyone what {one} did", "stand by me when I speak about {one}"),
        ("show everyone what {one} did", "bring out the truth about {one}"),
        ("show everyone what {one} did",),
        ("the truth about {one}",),
    ),
    "befriend": (
        ("put in a good word for me with {one}",),
        ("be on good terms with {one}", "have {ones} friendship"),
        ("stand by {one}", "be a friend to {one}"),
        ("{ones} friendship",),
    ),
}

_TO_YOU: dict[str, tuple[str, ...]] = {
    "alone": ("give me a moment alone", "step aside with me", "give me a word in private"),
    "trust": ("trust me", "take me at my word", "have a little faith in me"),
    "tell": ("hear me out", "let me tell you what I know"),
    "give": ("take {one}", "let me give you {one}", "accept {one}"),
    "expose": ("own up", "tell everyone what you did", "say it out loud"),
    "befriend": ("count me among your friends", "let me be your friend", "give me a chance"),
}
"""What you are to do, where the want is about you."""

_MAKING: dict[tuple[str, bool], str] = {
    ("open", True): "open",
    ("open", False): "shut",
    ("locked", True): "lock",
    ("locked", False): "unlock",
    ("lit", True): "light",
    ("lit", False): "put out",
    ("broken", True): "break",
    ("broken", False): "mend",
    ("restrained", True): "tie up",
    ("restrained", False): "let go of",
}


def want_slots(view: View, want: str, to: Collection[str]) -> Mapping[str, Sequence[str]]:
    """Word a want: slots `do`, `get`, `will` and `object`; empty for what is not in the language of goals."""
    verb, *rest = want.split() or ("",)
    forms = _FORMS.get(verb)
    if not forms or not rest:
        return {}
    nouns = _nouns(view, verb, rest, to)
    about = rest[1] if verb in {"tell", "give"} and len(rest) > 1 else rest[0]
    made = [list(variants) for variants in forms]
    if about in to and len(to) == 1 and verb in _TO_YOU:
        made[_DO] = list(_TO_YOU[verb])
    if verb == "make" and (doing := _MAKING.get((rest[0].partition(".")[2], _scalar(rest[-1]) is True))):
        made[:3] = [[f"{doing} {{one}}"]] * 3
    filled = [tuple(_put(text, nouns) for text in variants) for variants in made]
    return dict(zip(("do", "get", "will", "object"), filled, strict=True))


def _nouns(view: View, verb: str, rest: Sequence[str], to: Collection[str]) -> dict[str, str]:
    """Word the parts of a want."""
    subject, _, attribute = rest[0].partition(".")
    one = subject_of(view, subject, to)
    two = noun_of(view, rest[1], to) if len(rest) > 1 else one
    words = {"one": one.object, "ones": one.possessive, "two": two.object, "twos": two.possessive}
    words["in"] = in_place(one.object)
    asked = phrase_ask(view, (subject, attribute), to).indirect if attribute else ""
    words["whether"] = asked or f"more about {one.object}"
    if verb == "make" and attribute:
        words["claim"] = phrase_claim(view, Claim(subject, attribute, _scalar(" ".join(rest[1:]))), to)
    return words


def _put(template: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", word)
    return template


def _scalar(word: str) -> Scalar:
    """Read a value as it is written in a want."""
    if word in {"true", "false"}:
        return word == "true"
    try:
        return int(word)
    except ValueError:
        return word
