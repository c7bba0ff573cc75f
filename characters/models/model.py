"""A language model as the program knows it: what to ask, how patiently, and at what price."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from characters.calls import Usage
from characters.prompting import Prompts, template

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Endpoint", "Model", "Price", "endpoint"]

_LOST = 3
"""So many calls lost in a row, and an endpoint counts as gone."""


class Price(NamedTuple):
    """US dollars for a million tokens."""

    prompt: float
    reply: float

    def of(self, usage: Usage) -> float:
        """Give what a call costs at most: cached tokens are counted in full."""
        return (usage.prompt * self.prompt + usage.reply * self.reply) / 1_000_000


class Endpoint:
    """One server, whoever asks it: how much it takes at once, and whether it is still there."""

    def __init__(self, parallel: int) -> None:
        """Let at most `parallel` requests be under way."""
        self.parallel = parallel
        self._answered = False
        self._lost = 0
        self._gates: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    def gate(self) -> asyncio.Semaphore:
        """Give what to hold while a request is under way; a semaphore belongs to one event loop."""
        return self._gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self.parallel))

    def answers(self) -> None:
        """Note that a call was answered."""
        self._answered, self._lost = True, 0

    def loses(self) -> bool:
        """Note that a call was lost; give whether the endpoint counts as gone: never there, or gone for long."""
        self._lost += 1
        return self.gone

    @property
    def gone(self) -> bool:
        """Whether it has never answered, or not for long."""
        return (self._lost > 0 and not self._answered) or self._lost >= _LOST


_ENDPOINTS: dict[tuple[str, int], Endpoint] = {}


def endpoint(address: str, parallel: int) -> Endpoint:
    """Give the endpoint at an address: the same for all models that are reached there."""
    return _ENDPOINTS.setdefault((address, parallel), Endpoint(parallel))


@dataclass(slots=True)
class Model:
    """A model that is connected. Nothing is sent before it is asked."""

    spec: str
    """How it was named, with what bears on its replies (temperature, length) and without what does not."""
    chat: "BaseChatModel"
    endpoint: Endpoint = field(default_factory=lambda: Endpoint(8))
    timeout: float = 120.0
    """Seconds for one try."""
    tries: int = 5
    """How often one request is sent before the call counts as lost."""
    wait: float = 0.5
    """Seconds before the second try; doubled each time."""
    patience: float = 60.0
    """Longest wait before a try, in seconds, whatever the server asks for."""
    price: Price | None = None
    structured: Mapping[str, Any] | None = None
    """What `with_structured_output` is given besides the schema; None where the form is in the prompt alone."""
    strict: bool = False
    """Whether the provider refuses limits in a schema."""
    marks: bool = False
    """Whether the provider caches a prompt only up to where it is told."""
    prompts: Prompts = template
    """The templates that characters and the narrator are asked with."""
    bound: dict[type, Any] = field(default_factory=dict)
    """The chat model as it is told to answer by a schema; by the form it is the schema of."""
    fallback: "Model | None" = None
    """What is asked when this one cannot be reached."""
