"""Ids out of names."""

import re
import unicodedata

__all__ = ["free", "slug"]


def slug(text: str, usual: str) -> str:
    """Make an id of words: `Élise the Tall` is `elise_the_tall`; `usual` if nothing of them is left."""
    plain = unicodedata.normalize("NFKD", text[:200])
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    made = "_".join(re.findall(r"[a-z0-9]+", plain.lower()))[:40].strip("_")
    return made if made[:1].isalpha() else f"{usual}_{made}".strip("_")


def free(id_: str, taken: dict[str, int]) -> str:
    """Give the id, with a number behind it if it is taken; it is taken from then on."""
    made = id_
    while made in taken:
        taken[id_] += 1
        made = f"{id_}_{taken[id_]}"
    taken[made] = 1
    return made
