"""What adjectives say of a character: traits, factors and levels of voice. A small table of common words."""

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Temper", "temper"]

_TRAITS: dict[str, tuple[str, float]] = {
    word: (trait, strength)
    for trait, strength, words in (
        ("honest", 0.85, "honest truthful sincere frank blunt forthright candid earnest"),
        ("honest", 0.2, "deceitful dishonest lying manipulative cunning sly scheming two-faced secretive"),
        ("brave", 0.85, "brave courageous bold fearless daring valiant heroic reckless stoic"),
        ("brave", 0.2, "cowardly timid fearful nervous anxious skittish meek"),
        ("curious", 0.85, "curious inquisitive nosy inquiring observant scholarly"),
        ("curious", 0.2, "incurious indifferent apathetic bored"),
        ("greedy", 0.85, "greedy avaricious materialistic covetous ambitious"),
        ("greedy", 0.2, "generous selfless charitable ascetic"),
        ("proud", 0.85, "proud arrogant haughty vain conceited dignified stubborn smug"),
        ("proud", 0.2, "humble modest self-effacing submissive"),
        (
            "kind",
            0.85,
            "kind gentle caring compassionate warm loving nurturing empathetic friendly sweet protective",
        ),
        ("kind", 0.15, "cruel ruthless cold heartless sadistic merciless callous mean"),
        ("jealous", 0.8, "jealous possessive envious"),
        ("patient", 0.85, "patient calm serene composed steady unhurried"),
        (
            "patient",
            0.2,
            "impatient hot-headed hot-tempered impulsive irritable short-tempered restless grumpy",
        ),
    )
    for word in words.split()
}
_FACTORS: dict[str, tuple[str, float]] = {
    word: (factor, level)
    for factor, level, words in (
        ("extraversion", 0.85, "outgoing extroverted sociable talkative loud energetic cheerful bubbly"),
        ("extraversion", 0.15, "shy introverted quiet reserved withdrawn solitary reclusive aloof taciturn"),
        ("openness", 0.85, "imaginative creative artistic dreamy curious eccentric"),
        ("openness", 0.2, "traditional conservative rigid practical"),
        (
            "conscientiousness",
            0.85,
            "disciplined diligent meticulous organized responsible dutiful tidy hardworking",
        ),
        ("conscientiousness", 0.2, "careless lazy clumsy messy chaotic forgetful"),
        ("agreeableness", 0.85, "kind gentle friendly polite agreeable cooperative"),
        ("agreeableness", 0.2, "rude abrasive hostile argumentative cynical grumpy cruel"),
        ("neuroticism", 0.85, "anxious nervous moody insecure emotional paranoid melancholic"),
        ("neuroticism", 0.2, "calm stable unflappable composed stoic serene"),
    )
    for word in words.split()
}
_LEVELS: dict[str, tuple[str, float]] = {
    word: (level, value)
    for level, value, words in (
        ("formality", 0.85, "formal polite noble refined courteous aristocratic elegant"),
        ("formality", 0.15, "casual crude vulgar rude rough laid-back"),
        ("verbosity", 0.85, "talkative verbose chatty eloquent long-winded"),
        ("verbosity", 0.15, "terse laconic quiet taciturn curt stoic"),
        ("warmth", 0.85, "warm kind sweet friendly gentle loving affectionate"),
        ("warmth", 0.15, "cold aloof distant icy stern gruff"),
        ("humour", 0.85, "witty funny playful sarcastic humorous teasing mischievous dry"),
        ("humour", 0.15, "serious humourless humorless solemn grave stern"),
        ("hedging", 0.85, "hesitant shy unsure timid insecure"),
        ("hedging", 0.15, "blunt direct confident assertive decisive"),
    )
    for word in words.split()
}


class Temper(NamedTuple):
    """What some adjectives add up to."""

    traits: dict[str, float]
    factors: dict[str, float]
    levels: dict[str, float]


def temper(words: Iterable[str], mentioned: Iterable[str]) -> Temper:
    """Read a list of adjectives; of those merely `mentioned` in prose, only the ones that are known count."""
    made = Temper({}, {}, {})
    for word in (word.lower().strip(" .\"'") for word in words):
        trait, strength = _TRAITS.get(word, (word, 0.75))
        if word in _TRAITS or (word.replace("-", "").isalpha() and len(word) <= 24):
            made.traits.setdefault(trait, strength)
        _add(made, word)
    for word in mentioned:
        if word in _TRAITS:
            made.traits.setdefault(*_TRAITS[word])
        _add(made, word)
    return made


def _add(made: Temper, word: str) -> None:
    if word in _FACTORS:
        made.factors.setdefault(*_FACTORS[word])
    if word in _LEVELS:
        made.levels.setdefault(*_LEVELS[word])
