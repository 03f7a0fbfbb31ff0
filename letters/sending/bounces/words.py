"""The words by which servers can be told apart: files of regular expressions in `words/`, one a line.

They are looked for in small letters with single spaces and plain apostrophes (`flat`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
MOST = 20_000


@cache
def pattern(name: str, flags: int = 0) -> re.Pattern[str]:
    """Every line of a file as one pattern."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return re.compile("|".join(f"(?:{line})" for line in lines), flags)


def found(name: str, text: str) -> bool:
    """Whether one of the expressions of a file is in `text`, which is flat."""
    return bool(pattern(name).search(text))


def flat(text: str, most: int = MOST) -> str:
    """The beginning of `text` as the expressions expect it."""
    return " ".join(text[: 2 * most].casefold().replace("’", "'").split())[:most]
