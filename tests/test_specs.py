import json
from pathlib import Path

import pytest

from characters.calls import Memo, Usage
from characters.models import Model, Price, connect, listing, usable
from characters.models.specs import read_spec
from characters.models.wire import bound
from characters.redaction import redact
from characters.shapes import schema_of, shape_of
from characters.turn_reply import TurnReply
from tests.players import scripted
from tests.test_models import RefusalError, asked, failing
from worlds.errors import UsageError


def test_specs_say_what_is_wrong_with_them() -> None:
    """A spec that cannot be used is refused with the mend."""
    for spec, mend in {
        "": "there is no model",
        "opnai:x": "did you mean `openai:…`",
        "openai:": "names no model",
        "openai:x?temprature=1": "did you mean temperature",
        "openai:x?max_tokens=0": "max_tokens=800",
        "openai:x?price=2": "price=2.50/10",
        "http:///v1": "names no host",
        "http://h/v1?api_key=abc": "a key has no place in a spec",
    }.items():
        assert mend in usable(spec), spec
        with pytest.raises(UsageError):
            connect(spec)


def test_specs_are_read() -> None:
    """A spec keeps what bears on replies, and leaves out what does not, in the form that is stored."""
    spec = read_spec("http://127.0.0.1:8080/v1/#tiny?temperature=0.5&timeout=9&price=2.5/10&parallel=2")
    assert (spec.provider, spec.name, spec.address) == ("http", "tiny", "http://127.0.0.1:8080/v1")
    assert spec.shown == "http://127.0.0.1:8080/v1#tiny?temperature=0.5"
    assert spec.options.price is not None
    assert spec.options.price.of(Usage(1_000_000, 0, 500_000)) == 7.5
    assert read_spec("ollama:qwen3:4b").name == "qwen3:4b"
    assert Price(1, 2).of(Usage()) == 0


def test_the_doctor_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every provider is usable or says what it needs; a key is needed from the environment only."""
    pytest.importorskip("langchain_openai")
    found = {provider.name: provider for provider in listing()}
    assert found["http"].text == "ready: http://HOST:PORT/v1#NAME"
    assert not found["openai"].ok
    assert "export OPENAI_API_KEY" in found["openai"].text
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
    assert usable("openai:gpt") == ""
    model = connect("openai:gpt?temperature=0.2")
    assert "0123456789" not in repr(model.spec) + repr(model.chat)


def test_keys_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys are taken out of what servers say before it is kept, whether from this environment or only alike."""
    monkeypatch.setenv("ACME_API_KEY", "plainword99")
    text = redact(
        "plainword99 sk-abcdefgh1234 Authorization: Bearer abc.def-ghi http://me:secret@host/?token=xyz&a=1"
    )
    assert not [part for part in ("plainword99", "abcdefgh", "abc.def", "secret", "xyz") if part in text]
    calls = Memo()
    failure = asked(scripted(failing(*[RefusalError(413)] * 2, RuntimeError("key plainword99"))), calls)
    assert "plainword99" not in str(failure) + str(calls.made)


def test_replies_are_scripted_by_file(tmp_path: Path) -> None:
    """A file of replies is a model: by what occurs in the prompt, and equal for an equal prompt."""
    file = tmp_path / "replies.jsonl"
    file.write_text('{"if": "no such words", "reply": "x"}\n"{\\"word\\": \\"one\\"}"\n{"word": "two"}\n')
    model = connect(f"scripted:{file}")
    assert asked(model) in ("one", "two")
    assert asked(model) == asked(model, Memo())


def test_forms_are_told_and_enforced_alike() -> None:
    """The form in the prompt and the schema name the same fields; a strict schema has no limits in it."""
    schema = schema_of(TurnReply)
    assert schema["required"] == list(TurnReply.model_fields)
    assert all(f'"{name}":' in shape_of(TurnReply) for name in TurnReply.model_fields)
    assert "$ref" not in json.dumps(schema)
    assert "maxLength" in json.dumps(schema)
    assert "maxLength" not in json.dumps(schema_of(TurnReply, strict=True))


@pytest.mark.parametrize(
    ("module", "chat", "given"),
    [
        ("langchain_openai", "ChatOpenAI", {"api_key": "k"}),
        ("langchain_anthropic", "ChatAnthropic", {"api_key": "k"}),
        ("langchain_google_genai", "ChatGoogleGenerativeAI", {"google_api_key": "k"}),
        ("langchain_ollama", "ChatOllama", {}),
    ],
)
def test_a_schema_goes_to_every_provider(module: str, chat: str, given: dict[str, str]) -> None:
    """Told to answer by a schema, the bare chat model carries it; what the client would do with answers is left off."""
    built = getattr(pytest.importorskip(module), chat)(model="m", **given)
    model = Model("x:m", built, structured={})
    carried = bound(model, TurnReply)
    assert carried.bound is built
    assert "speech" in str(carried.kwargs)
    assert bound(model, TurnReply) is carried
