"""What may be spent on models, and whether it is."""

from typing import NamedTuple

from worlds.errors import UsageError

__all__ = ["Budget"]


class Budget(NamedTuple):
    """What a run may spend. Tokens and cost count from its beginning, seconds from when its calls were opened."""

    tokens: int | None = None
    cost: float | None = None
    """US dollars."""
    seconds: float | None = None

    def over(self, tokens: int, cost: float, seconds: float, *, priced: bool) -> tuple[str, str, str] | None:
        """Give what is spent, how much of how much, and the flag that allows more; None if there is some left.

        `UsageError` for a limit of cost where the model has no price.
        """
        if self.cost is not None and not priced:
            raise UsageError(
                "a limit of cost needs a price: put `?price=PROMPT/REPLY`, dollars a million tokens, behind the model"
            )
        if self.tokens is not None and tokens >= self.tokens:
            return "tokens", f"{tokens} of {self.tokens}", "max-tokens"
        if self.cost is not None and cost >= self.cost:
            return "money", f"${cost:.4f} of ${self.cost:.4f}", "max-cost"
        if self.seconds is not None and seconds >= self.seconds:
            return "time", f"{seconds:.0f} s of {self.seconds:.0f} s", "max-seconds"
        return None
