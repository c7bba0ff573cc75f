"""Which models there are, and how to reach one by its spec.

    openai:NAME · anthropic:NAME · google:NAME · ollama:NAME     a provider; its package is an extra
    http://HOST:PORT/v1#NAME                                     any server that speaks the OpenAI protocol
    gguf:FILE                                                    llama.cpp in this process
    scripted:FILE                                                replies read from a file

Behind it, `?temperature=0.8&max_tokens=800&…` (see `Options`); after a comma, what stands in when it is lost. Keys
come from the environment and from nowhere else.
"""

import os
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from characters.calls import Message
from characters.models.model import Model, endpoint
from characters.models.specs import Spec, prompts_of, read_spec
from characters.models.wire import send
from characters.redaction import redact
from characters.replies import tidy
from characters.shapes import Reply
from worlds.errors import ModelError, UsageError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Found", "connect", "listing", "ping", "usable"]


class Provider(NamedTuple):
    """One way to reach models."""

    package: str
    """What must be installed, by the name it is imported by."""
    extra: str
    """The extra of this distribution that installs it."""
    key: str
    """Environment variable that holds the key; empty if none is needed."""
    build: Callable[[Spec], "BaseChatModel"]
    parallel: int
    """How many requests it takes at once, unless told otherwise."""
    structured: dict[str, Any] | None = {}
    strict: bool = False
    marks: bool = False


class Found(NamedTuple):
    """What there is of one provider."""

    name: str
    ok: bool
    text: str


def connect(specs: str) -> Model:
    """Connect a model by its spec; nothing is sent. `UsageError` says what is missing and how to mend it.

    Several specs with commas between them: each stands in for the one before it when that cannot be reached.
    """
    model: Model | None = None
    for spec in reversed(_read(specs)):
        earlier = _connect(spec)
        earlier.fallback, model = model, earlier
    if model is None:
        raise UsageError(
            "no model is named; write `provider:name`, `http://host:port/v1#name` or `gguf:FILE`"
        )
    return model


def usable(specs: str, *, on_record: bool = False) -> str:
    """Say why a model cannot be used as things are; empty if nothing speaks against it. Nothing is sent.

    Of a model that is `on_record` only the templates are needed: what it said is found by what it was asked.
    """
    try:
        read = _read(specs)
        prompts_of(read[0])
        missing = [] if on_record else [_missing(spec) for spec in read]
    except UsageError as error:
        return str(error)
    return "; ".join(text for text in missing if text)


def listing() -> tuple[Found, ...]:
    """Say of every provider whether it can be used here."""
    found = []
    for name, provider in PROVIDERS.items():
        missing = _lacks(provider)
        how = f"{name}:NAME" if name not in _FILES else f"{name}:FILE"
        how = "http://HOST:PORT/v1#NAME" if name == "http" else how
        found.append(Found(name, not missing, missing or f"ready: {how}"))
    return tuple(found)


class Hello(Reply):
    """A greeting."""

    word: str = "hello"


async def ping(model: Model) -> str:
    """Ask a model for one word and say how long it took; `ModelError` if it does not answer."""
    prompt = (
        Message("system", "You are asked whether you are there."),
        Message("user", "Say hello, in one word."),
    )
    sent = await send(model, prompt, Hello, "ping")
    if sent.error:
        raise ModelError(sent.error)
    instead = "" if sent.model == model.spec else f"{sent.model} "
    return f"{instead}answered in {sent.seconds:.1f} s: {tidy(sent.reply, 60)}"


def _read(specs: str) -> list[Spec]:
    """Read a spec and those that stand in for it."""
    first, *others = [read_spec(text.strip()) for text in specs.split(",")]
    for spec in others:
        if spec.options.prompts:
            raise UsageError(
                f"{spec.shown}: what stands in is sent what the first was sent; put prompts= behind the first alone"
            )
    return [first, *others]


def _connect(spec: Spec) -> Model:
    provider = PROVIDERS[spec.provider]
    if missing := _missing(spec):
        raise UsageError(missing)
    options = spec.options
    return Model(
        spec=spec.shown,
        chat=provider.build(spec),
        endpoint=endpoint(spec.address, options.parallel or provider.parallel),
        timeout=options.timeout,
        tries=options.tries,
        wait=options.wait,
        price=options.price,
        structured=provider.structured,
        strict=provider.strict,
        marks=provider.marks,
        prompts=prompts_of(spec),
    )


def _missing(spec: Spec) -> str:
    lacks = _lacks(PROVIDERS[spec.provider])
    if not lacks and spec.provider in _FILES and not Path(spec.name).is_file():
        return f"{spec.shown}: there is no file {spec.name}"
    return f"{spec.shown}: {lacks}" if lacks else ""


def _lacks(provider: Provider) -> str:
    packages = [package for package in provider.package.split() if find_spec(package) is None]
    if packages:
        missing = ", ".join(packages).replace("_", "-")
        return f"needs {missing}: pip install 'roleplay-sandbox[{provider.extra}]'"
    if provider.key and not os.environ.get(provider.key):
        return f"needs a key: export {provider.key} in the environment"
    return ""


def _openai(spec: Spec) -> "BaseChatModel":
    base = {"base_url": spec.address, "api_key": os.environ.get("SANDBOX_API_KEY", "none")}
    return _open(spec, base if spec.provider == "http" else {})


def _gguf(spec: Spec) -> "BaseChatModel":
    serve = import_module("characters.models.local").serve
    return _open(spec, {"base_url": serve(Path(spec.name), spec.options), "api_key": "none"})


def _open(spec: Spec, where: dict[str, Any]) -> "BaseChatModel":
    """Make a client that keeps no connection: an event loop that ends would leave it behind unclosed."""
    httpx = import_module("httpx")
    client = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0), follow_redirects=True)
    chat = import_module("langchain_openai").ChatOpenAI
    return _built(
        chat,
        spec,
        {"max_tokens": spec.options.max_tokens, "max_retries": 0, "http_async_client": client, **where},
    )


def _anthropic(spec: Spec) -> "BaseChatModel":
    chat = import_module("langchain_anthropic").ChatAnthropic
    return _built(chat, spec, {"max_tokens": spec.options.max_tokens, "max_retries": 0})


def _google(spec: Spec) -> "BaseChatModel":
    chat = import_module("langchain_google_genai").ChatGoogleGenerativeAI
    return _built(chat, spec, {"max_output_tokens": spec.options.max_tokens, "max_retries": 1})


def _ollama(spec: Spec) -> "BaseChatModel":
    chat = import_module("langchain_ollama").ChatOllama
    client = {"timeout": spec.options.timeout}
    given = {} if spec.options.temperature is None else {"temperature": spec.options.temperature}
    built: BaseChatModel = chat(
        model=spec.name, num_predict=spec.options.max_tokens, client_kwargs=client, **given
    )
    return built


def _scripted(spec: Spec) -> "BaseChatModel":
    built: BaseChatModel = import_module("characters.models.scripted").from_file(Path(spec.name))
    return built


def _built(chat: Any, spec: Spec, given: dict[str, Any]) -> "BaseChatModel":  # noqa: ANN401 - a provider's class
    if spec.options.temperature is not None:
        given["temperature"] = spec.options.temperature
    try:
        built: BaseChatModel = chat(model=spec.name, timeout=spec.options.timeout, **given)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{spec.shown} cannot be connected: {tidy(redact(str(error)), 300)}") from error
    return built


_FILES = ("gguf", "scripted")
"""Providers whose models are files."""

_BY_SCHEMA = {"method": "json_schema"}

PROVIDERS = {
    "openai": Provider(
        "langchain_openai",
        "openai",
        "OPENAI_API_KEY",
        _openai,
        8,
        {**_BY_SCHEMA, "strict": True},
        strict=True,
    ),
    "anthropic": Provider(
        "langchain_anthropic", "anthropic", "ANTHROPIC_API_KEY", _anthropic, 8, strict=True, marks=True
    ),
    "google": Provider("langchain_google_genai", "google", "GOOGLE_API_KEY", _google, 8, strict=True),
    "ollama": Provider("langchain_ollama", "ollama", "", _ollama, 2),
    "http": Provider("langchain_openai", "openai", "", _openai, 8, _BY_SCHEMA),
    "gguf": Provider("xllamacpp langchain_openai", "local", "", _gguf, 4, _BY_SCHEMA),
    "scripted": Provider("langchain_core", "openai", "", _scripted, 64, None),
}
"""Every way to reach models, by the word before the colon."""
