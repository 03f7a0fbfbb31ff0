"""In which direction a text runs."""

from __future__ import annotations

import re
import unicodedata

# Languages written from right to left, by the first part of their BCP 47 tag.
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "khw", "ks", "ps", "sd", "ug", "ur", "yi"})


def direction_of_language(language: str) -> str:
    """Return "rtl" or "ltr" for a BCP 47 tag."""
    return "rtl" if re.split("[-_]", language)[0].lower() in RIGHT_TO_LEFT else "ltr"


def direction_of_text(text: str) -> str:
    """Return "rtl" or "ltr" as the Unicode Bidirectional Algorithm (rules P2 and P3) would."""
    strong = (unicodedata.bidirectional(character) for character in text)
    first = next((kind for kind in strong if kind in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"
