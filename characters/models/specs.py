"""How a model is named on the command line and in files: the little language of specs."""

import difflib
import re
from dataclasses import dataclass, fields
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from characters.models.model import Price
from characters.own_prompts import bring
from characters.prompting import Prompts, template
from characters.redaction import redact
from worlds.errors import UsageError

__all__ = ["Options", "Spec", "prompts_of", "read_spec"]

NAMES = ("openai", "anthropic", "google", "ollama", "http", "gguf", "scripted")


@dataclass(frozen=True, slots=True)
class Options:
    """What can be said about a model behind its name."""

    temperature: float | None = None
    """The provider's own if not given; some models refuse any."""
    max_tokens: int = 2_000
    """Longest reply, thinking included."""
    timeout: float = 120.0
    """Seconds for one try."""
    tries: int = 5
    wait: float = 0.5
    """Seconds before the second try, doubled each time."""
    parallel: int = 0
    """Requests at once; 0 for what is usual with the provider."""
    price: Price | None = None
    """`2.50/10`: US dollars for a million tokens of prompt and of reply."""
    context: int = 8_192
    """`gguf`: tokens of context for each request at once."""
    threads: int = 0
    """`gguf`: processor threads; 0 for all."""
    prompts: str = ""
    """Folder of templates to use instead of the program's own."""


class Spec(NamedTuple):
    """A spec, read."""

    provider: str
    name: str
    """Of the model, or of its file."""
    address: str
    """What it shares with other models that are reached at the same place."""
    options: Options

    @property
    def shown(self) -> str:
        """Give the spec as it is stored and shown: with what bears on replies, without what does not."""
        name = f"{self.address}#{self.name}" if self.provider == "http" else f"{self.provider}:{self.name}"
        options = self.options
        said = [] if options.temperature is None else [f"temperature={options.temperature:g}"]
        said += [] if options.max_tokens == Options().max_tokens else [f"max_tokens={options.max_tokens}"]
        said += [f"prompts={quote(options.prompts)}"] if options.prompts else []
        return f"{name}?{'&'.join(said)}" if said else name


def read_spec(text: str) -> Spec:
    """Read a spec; `UsageError` for what is none, and for one that holds a key."""
    head, _, query = text.partition("?")
    if redact(text) != text:
        raise UsageError(f"{redact(text)}: a key has no place in a spec; export it in the environment")
    options = _options(query, text)
    if re.match(r"https?://", head):
        url = urlsplit(head)
        if not url.hostname:
            raise UsageError(f"{text!r} names no host; write `http://host:port/v1#name`")
        address = f"{url.scheme}://{url.netloc}{url.path.rstrip('/')}"
        return Spec("http", url.fragment or "default", address, options)
    provider, colon, name = head.partition(":")
    if provider not in NAMES or provider == "http" or not colon:
        near = difflib.get_close_matches(provider, NAMES, 1)
        hint = f"did you mean `{near[0]}:…`?" if near else f"known are {', '.join(NAMES)}"
        raise UsageError(f"there is no model {text!r}; {hint}")
    if not name:
        raise UsageError(f"{text!r} names no model; write `{provider}:NAME`")
    return Spec(provider, name, text if provider in ("gguf", "scripted") else provider, options)


def prompts_of(spec: Spec) -> Prompts:
    """Give the templates a model is asked with, read now; `UsageError` if a folder is named that will not do."""
    return bring(spec.options.prompts) if spec.options.prompts else template


def _options(query: str, text: str) -> Options:
    known = {field.name: field for field in fields(Options)}
    given: dict[str, Any] = {}
    for name, value in parse_qsl(query.replace("+", "%2B"), keep_blank_values=True):
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise UsageError(f"{text!r}: there is no option {name!r}; {hint}")
        try:
            given[name] = _value(name, value)
        except ValueError:
            raise UsageError(
                f"{text!r}: {name}={value} is not what it should be; write, for example, {_LIKE[name]}"
            ) from None
    return Options(**given)


_LIKE = {
    "temperature": "temperature=0.8", "max_tokens": "max_tokens=800", "timeout": "timeout=60", "tries": "tries=5",
    "wait": "wait=0.5", "parallel": "parallel=4", "price": "price=2.50/10", "context": "context=8192",
    "threads": "threads=2", "prompts": "prompts=my_prompts",
}  # fmt: skip


def _value(name: str, text: str) -> float | int | str | Price:
    if name == "prompts":
        if not text:
            raise ValueError(text)
        return text
    if name == "price":
        prompt, _, reply = text.partition("/")
        return Price(_at_least(float(prompt), 0), _at_least(float(reply), 0))
    if name in ("temperature", "timeout", "wait"):
        return _at_least(float(text), 0)
    return int(_at_least(int(text), 0 if name in ("parallel", "threads") else 1))


def _at_least(number: float, least: float) -> float:
    if not least <= number < float("inf"):
        raise ValueError(number)
    return number
