"""What a character says of what is around it: people, places, things, what is talked about."""

import re
from collections.abc import Iterator
from random import Random

from characters.improv.me import Me
from characters.improv.speech import Utterance, name_of, speak
from characters.improv.speech_claims import phrase_claim
from characters.improv.speech_names import in_place
from sandbox.server.chatter import capital
from worlds.actions import Claim, Say

__all__ = ["about", "here"]

_THINK = (
    ("{0}? I would not turn my back on {0}.", "The less I see of {0}, the better I sleep."),
    ("{0} and I keep out of each other's way.", "{0}? We are polite. It costs us both an effort."),
    ("{0}? I have not made up my mind.", "{0} is {0}. Ask me again when I have seen more."),
    ("I get on with {0} well enough.", "{0}? One could be stuck here with worse."),
    ("{0}? I would share my last bread with {0}.", "I am fond of {0}, and I do not say that of many."),
)
_TRUST = (
    ("I would not believe {0} about the weather.", "{0}? Not as far as that door."),
    ("I would check the change, if {0} counted it.", "{0}? With one eye open."),
    ("Whether I trust {0} depends on the day.", "{0} has not given me a reason yet. Either way."),
    ("What {0} tells me I mostly believe.", "{0}? More than most."),
    ("I would put my life in {0}'s hands, and have less on my mind.", "{0}? Yes. Without asking why."),
)
"""What is said of somebody, from the worst opinion to the best."""


def here(me: Me, line: Say, asked: str) -> Iterator[str]:
    """Say where one is, and where one gets to from there."""
    del line, asked
    first = re.split(r"(?<=[.!?])\s", me.view.place_text.strip())[0]
    yield f"{capital(me.view.place_name)}. {first}"
    near = [name_of(me.view, place) for place in me.view.map.get(me.view.place, ())]
    yield f"You are {in_place(me.view.place_name)}. From here you get to {_listed(near)}." if near else ""


def about(me: Me, line: Say, asked: str) -> Iterator[str]:
    """Say what one has to say of somebody, a place, a thing, or something people talk about."""
    subject, view = line.topic, me.view
    if subject in view.map:
        near = [name_of(view, place) for place in view.map[subject]]
        yield f"{capital(name_of(view, subject))} is by {_listed(near)}." if near else ""
    elif (sight := me.sight(subject)) is not None:
        yield f"{capital(name_of(view, subject))}. {sight.text} See for yourself."
    elif subject in view.names and view.names[subject][:1].isupper() and subject != view.who:
        steps = _TRUST if re.search(r"\btrust|believe\b", asked) else _THINK
        feeling = me.trust(subject) if steps is _TRUST else (me.liking(subject) + me.trust(subject)) / 2
        words_ = steps[sum(feeling >= edge for edge in (-0.4, -0.1, 0.1, 0.5))]
        yield from (text.format(name_of(view, subject)) for text in words_)
    yield from _hunches(me, subject)
    if subject:
        to = tuple(fellow.id for fellow in view.fellows)
        yield speak(view, Utterance("tell", to, topic=subject), Random(f"{view.draw}:about"))


def _hunches(me: Me, subject: str) -> Iterator[str]:
    """Give what one believes about a matter, unless it is a secret one knows."""
    kept = {(secret.claim.subject, secret.claim.attribute) for secret in me.view.secrets}
    for (about, attribute), belief in me.facts.items():
        if about == subject and (about, attribute) not in kept and attribute in me.view.phrases:
            yield f"If you ask me, {phrase_claim(me.view, Claim(about, attribute, belief.value))}."


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
