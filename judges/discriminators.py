"""Discriminators that are models: an NLI cross-encoder by name, in the place of the rules.

A cross-encoder reads premise and hypothesis together and says whether the one contradicts, leaves open or entails the
other. Here the reply is the premise, told as what somebody says, and a statement of the profile the hypothesis. What
a query calls for is no such relation: relevance stays with the rules, as do claims that an utterance carries as data.

Any model of the `sentence-transformers` kind with labels for contradiction and entailment will do, by the name of its
repository or its folder. The package is an extra, and is loaded only when a cross-encoder is made.
"""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from judges.apc import Pair, Weights
from judges.apc_rules import RuleDiscriminator
from worlds.errors import UsageError

__all__ = ["NliDiscriminator"]

_BATCH = 32


class NliDiscriminator:
    """Says by a cross-encoder what a reply does to statements."""

    def __init__(self, model: str) -> None:
        """Load a cross-encoder; `UsageError` if it cannot be used."""
        if find_spec("sentence_transformers") is None:
            raise UsageError(
                f"--nli {model} needs sentence-transformers: pip install 'roleplay-sandbox[nli]'"
            )
        self.name = f"nli:{model}"
        try:
            self._model: Any = import_module("sentence_transformers").CrossEncoder(model)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"--nli {model}: cannot be loaded ({error}); name a cross-encoder, or its folder"
            ) from error
        self._rules = RuleDiscriminator()
        self._against, self._for = self._columns(model)

    def weigh(self, pairs: Sequence[Pair]) -> Sequence[Weights]:
        """Give the weights of each pair; the model reads all at once that the rules leave to it."""
        found = list(self._rules.weigh(pairs))
        left = [index for index, pair in enumerate(pairs) if pair.reply.strip() and not pair.claims]
        if not left:
            return found
        texts = [(_premise(pairs[index]), pairs[index].statement) for index in left]
        scores = self._model.predict(texts, batch_size=_BATCH, apply_softmax=True, show_progress_bar=False)
        for index, row in zip(left, scores, strict=True):
            against, entails = float(row[self._against]), float(row[self._for])
            neutral = max(0.0, 1 - against - entails)
            found[index] = Weights(found[index].relevant, against, neutral, entails, self.name)
        return found

    def _columns(self, model: str) -> tuple[int, int]:
        """Find which score is which, by the names the model gives its labels."""
        labels = {str(name).lower(): int(at) for at, name in self._model.config.id2label.items()}
        try:
            return (
                next(at for name, at in labels.items() if name.startswith("contradict")),
                next(at for name, at in labels.items() if name.startswith("entail")),
            )
        except StopIteration:
            raise UsageError(
                f"--nli {model} has the labels {', '.join(labels)}; "
                "it must have been trained on contradiction and entailment"
            ) from None


def _premise(pair: Pair) -> str:
    """Tell a reply as what somebody says, so that `I` and the name in the statement are one."""
    return f"{pair.names[0]} says: “{pair.reply}”" if pair.names else pair.reply
