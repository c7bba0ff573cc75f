"""Ids: their form, that each is one thing's only, and that whatever is referred to is there."""

import re
from collections import Counter
from collections.abc import Collection, Iterator

from worlds.checks.ground import DEFAULTS, DERIVED, Finding, Ground, Path, dangling
from worlds.wrongs import closest

__all__ = ["find"]

_ID = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = frozenset({"actor", "target", "beat", "turn", "round", "day", "hour", "struggle", "done", "dropped"})
_PHRASE = {"says": {"subject", "value"}, "asks": {"subject"}, "denies": {"subject", "value"}}
_BLANK = re.compile(r"\{([^{}]*)\}")


def find(ground: Ground) -> Iterator[Finding]:
    """Find ids that are malformed, shared or dangling, and wordings with blanks that nothing fills."""
    yield from _forms(ground)
    yield from _shared(ground)
    yield from _entrances(ground)
    yield from _references(ground)
    yield from _of_things(ground)
    yield from _facts(ground)
    yield from _facts_of_things(ground)
    yield from _claims(ground)
    yield from _blanks(ground)


def _named(ground: Ground) -> Iterator[tuple[Path, str]]:
    """Give every id where it is declared."""
    world = ground.world
    for field, ids in (("places", world.places), ("things", world.things), ("cast", world.cast)):
        yield from (((field, id_), id_) for id_ in ids)
    for field in ("secrets", "deeds", "beats", "scenes", "endings"):
        yield from (((field, i, "id"), entry.id) for i, entry in enumerate(getattr(world, field)))


def _forms(ground: Ground) -> Iterator[Finding]:
    for path, id_ in _named(ground):
        if not _ID.fullmatch(id_):
            yield Finding("error", path, f"`{id_}` is no id", "use lower-case letters, digits and _")
        if id_ in _TAKEN:
            yield Finding("error", path, f"`{id_}` means something in conditions", "choose another id")


def _shared(ground: Ground) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for path, id_ in _named(ground):
        # Beats, scenes and the like have namespaces of their own; the ids of what there is share one.
        space = "" if path[0] in ("places", "things", "cast") else f"{path[0]}:"
        before = first.setdefault(f"{space}{id_}", path)
        if before is not path:
            what = f"id `{id_}` is taken by an entry of `{before[0]}`"
            yield Finding("error", path, what, "give one of the two another id")
    own = Counter(secret.id for character in ground.cast for secret in character.secrets)
    own.update(secret.id for secret in ground.world.secrets)
    for character in ground.cast:
        for i, secret in enumerate(character.secrets):
            if own[secret.id] > 1:
                what = f"secret `{secret.id}` is there twice"
                yield Finding("error", ("secrets", i, "id"), what, "give one another id", character.id)
    for id_ in ground.secrets:
        if id_ in ground.subjects and any(f"{id_}.know" in name for name in ground.facts):
            what = f"`{id_}` is a secret and has facts that begin with `know`"
            yield Finding("error", ("secrets",), what, "name the facts or the secret differently")


def _entrances(ground: Ground) -> Iterator[Finding]:
    if not ground.world.cast:
        yield Finding("error", ("cast",), "nobody enters", "add `cast: {somebody: {at: <place>}}`")
    for who, entrance in ground.world.cast.items():
        yield from dangling(("cast", who, "at"), entrance.at, ground.world.places, "place")
        for i, thing in enumerate(entrance.holds):
            yield from dangling(("cast", who, "holds", i), thing, ground.world.things, "thing")


def _references(ground: Ground) -> Iterator[Finding]:
    world, people = ground.world, ground.people
    for i, deed in enumerate(world.deeds):
        yield from _optional(("deeds", i, "at"), deed.at, world.places, "place")
    for i, beat in enumerate(world.beats):
        yield from _optional(("beats", i, "place"), beat.place, world.places, "place")
        yield from _optional(("beats", i, "after"), beat.after, ground.beats, "beat")
    for i, scene in enumerate(world.scenes):
        for j, who in enumerate(scene.cast):
            yield from dangling(("scenes", i, "cast", j), who, people, "character")
    for i, secret in enumerate(world.secrets):
        for j, who in enumerate(secret.known_by):
            yield from dangling(("secrets", i, "known_by", j), who, people, "character")


def _of_things(ground: Ground) -> Iterator[Finding]:
    things = ground.world.things
    for id_, thing in things.items():
        around = ground.ids - {id_}
        yield from _optional(("things", id_, "at"), thing.at, around, "place, thing or character")
        yield from _optional(("things", id_, "key"), thing.key, things, "thing")
    for path, _, use in ground.uses():
        yield from _optional((*path, "on"), use.on, ground.people | things.keys(), "thing or character")
    for path, _, way in ground.exits():
        yield from dangling((*path, "to"), way.to, ground.world.places, "place")


def _optional(path: Path, id_: str, known: Collection[str], kind: str) -> Iterator[Finding]:
    if id_:
        yield from dangling(path, id_, known, kind)


def _facts(ground: Ground) -> Iterator[Finding]:
    for name in ground.world.facts:
        subject, dot, attribute = name.partition(".")
        path: Path = ("facts", name)
        if not dot or not _ID.fullmatch(subject) or not _ID.fullmatch(attribute):
            yield Finding("error", path, f"`{name}` is no fact", "write `subject.attribute: value`")
        elif attribute in DERIVED:
            what = f"`{name}` follows from where things are"
            yield Finding("error", path, what, "set `at` of the thing, or the entrance in `cast`")
        elif subject in ground.world.things and attribute in ground.world.things[subject].facts:
            yield Finding(
                "warning", path, f"`{name}` is stated twice", f"keep it in `things.{subject}.facts`"
            )
        elif subject not in ground.ids and (close := closest(subject, ground.ids, 0.8)):
            what = f"`{subject}` is no place, thing or character, but nearly `{close}`"
            yield Finding("warning", path, what, f"write `{close}.{attribute}` if that is meant")


def _facts_of_things(ground: Ground) -> Iterator[Finding]:
    for id_, thing in ground.world.things.items():
        for attribute in {*DERIVED, "hidden"} & thing.facts.keys():
            mend = f"set `{'hidden' if attribute == 'hidden' else 'at'}` of the thing instead"
            yield Finding(
                "error", ("things", id_, "facts", attribute), f"`{attribute}` is no fact to state", mend
            )
    for name, value in ground.facts.items():
        subject, _, attribute = name.partition(".")
        usual = DEFAULTS.get(attribute)
        if usual is not None and (
            isinstance(usual, bool) is not isinstance(value, bool) or isinstance(value, str)
        ):
            stated = (
                ("facts", name) if name in ground.world.facts else ("things", subject, "facts", attribute)
            )
            right = "true or false" if isinstance(usual, bool) else "a number"
            yield Finding("error", stated, f"`{attribute}` is {right}, not {value!r}", f"write {right}")


def _claims(ground: Ground) -> Iterator[Finding]:
    for path, claim, of in ground.claims:
        subject, attribute, value, _ = claim
        if subject not in ground.subjects:
            close = closest(subject, ground.subjects)
            mend = f"did you mean `{close}`?" if close else f"state a fact about it: `{subject}.{attribute}`"
            yield Finding("warning", path, f"the claim is about `{subject}`, which is nothing here", mend, of)
        if attribute in DERIVED:
            kind = "place, thing or character"
            yield from dangling(path, str(value), ground.ids, kind, of)
        elif isinstance(value, str) and value not in ground.ids and "_" in value:
            close = closest(value, ground.ids)
            mend = f"did you mean `{close}`?" if close else "write words with spaces"
            yield Finding("warning", path, f"`{value}` looks like an id but names nothing", mend, of)
        if attribute not in ground.world.phrases and attribute not in DERIVED:
            mend = f"add `{attribute}` to `phrases`, with `says`, `asks` and `denies`"
            yield Finding("warning", path, f"there is no wording for `{attribute}`", mend, of)


def _blanks(ground: Ground) -> Iterator[Finding]:
    """Find blanks such as `{who}` that nothing fills where they stand."""
    for attribute, phrase in ground.world.phrases.items():
        for form, blanks in _PHRASE.items():
            path: Path = ("phrases", attribute, form)
            text = str(getattr(phrase, form))
            yield from _unfilled(path, text, blanks)
    for i, deed in enumerate(ground.world.deeds):
        blanks = {"who", "to"} if deed.to else {"who"}
        for form in ("ok", "fails"):
            yield from _unfilled(("deeds", i, form), str(getattr(deed, form)), blanks)
    for path, _, use in ground.uses():
        blanks = {"who", "to"} if use.on else {"who"}
        yield from _unfilled((*path, "text"), use.text, blanks)


def _unfilled(path: Path, text: str, blanks: set[str]) -> Iterator[Finding]:
    listed = " and ".join(f"`{{{blank}}}`" for blank in sorted(blanks))
    for blank in _BLANK.findall(text):
        if blank not in blanks:
            yield Finding("error", path, f"nothing fills `{{{blank}}}` here", f"here there is {listed}")
    if "{" in _BLANK.sub("", text) or "}" in _BLANK.sub("", text):
        yield Finding(
            "warning", path, "a brace stands alone", f"close it, or remove it; here there is {listed}"
        )
