"""Word lists behind the judges of fiction and period, and the grammar of taboos."""

import re

__all__ = ["CUT", "KNOWING", "OUTSIDE", "PERIODS", "SAYING"]

OUTSIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bas an? (?:ai|a\.i\.|artificial intelligence|(?:large )?language model|virtual assistant|chat ?bot)\b",
        (
            r"\b(?:i am|i'm|i’m) (?:just |only )?(?:an? )?"
            r"(?:ai|language model|chat ?bot|virtual assistant|computer program)\b"
        ),
        r"\b(?:large )?language models?\b",
        r"\b(?:my|your|the) (?:training data|knowledge cut-?off|system prompt|prompt template|context window)\b",
        r"\b(?:openai|chatgpt|gpt-?\d|anthropic|deepmind|llama-?\d)\b",
        (
            r"\bi (?:cannot|can't|can’t|am unable to|'m unable to) (?:assist|help) (?:you )?with (?:that|this) "
            r"(?:request|topic|content)\b"
        ),
        r"\b(?:content|usage) polic(?:y|ies)\b",
        r"\b(?:this|the|our) (?:role-?play|simulation|chat session)\b|\brole-?playing (?:as|game|session)\b",
        r"\b(?:as a|i am a|i'm a|i’m a|am only a) (?:fictional|made-up) (?:character|person)\b",
        r"\bout of character\b|\bstay(?:ing)? in character\b",
        r"\bhow (?:can|may) i (?:assist|help) you today\b",
        r"</?(?:s|user|assistant|system|im_start|im_end)>|\[/?inst\]|\{\{(?:char|user)\}\}",
    )
)
"""Talk that no one in a story can talk."""

PERIODS = {
    year: frozenset(words.split())
    for year, words in {
        1600: "telescope newspaper",
        1800: "railway locomotive steamship gaslight match matches photograph",
        1840: "telegraph telegram telegrams postcard stamp",
        1880: "telephone phone typewriter bicycle lightbulb electricity gramophone elevator",
        1905: "aeroplane airplane aircraft motorcar automobile cinema radio plastic zip zipper teabag",
        1930: "television tv radar penicillin antibiotics nylon jeep jet helicopter ballpoint",
        1960: "computer laser transistor satellite credit-card microwave photocopier astronaut supermarket",
        1990: "internet website email e-mail laptop smartphone cellphone selfie app wifi wi-fi google youtube tiktok "
        "hashtag podcast online offline blog usb dvd gps download upload emoji password browser streaming",
    }.items()
}
"""The year about which words came up. What a world's own text uses is of its period, and so is all that is older."""

KNOWING = frozenset(
    "expert explain teach taught master mastered studied understand know knew known learned scholar trained "
    "lecture authority explained".split()
)
"""Words with which somebody claims to know his way about something."""

SAYING = frozenset(
    "say says speak speaks admit admits mention mentions talk talks tell tells name names utter utters swear swears "
    "beg begs joke jokes mock mocks use uses read reads".split()
)
"""Verbs of taboos that are broken by words."""

CUT = re.compile(
    r",|;|\b(?:unless|while|without|until|before|though|where|if|when|in company|in front of|for convenience|in jest|"
    r"again|in his own|whatever)\b"
)
"""Where a taboo goes over into its reservations."""
