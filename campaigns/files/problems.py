"""What is wrong with a file, and where."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """A spot in a file: its name, the line (from 1) and the path in the document ("campaign.asks #2.kind")."""

    file: str
    line: int
    path: str = ""

    def below(self, key: str, line: int) -> Place:
        """The place of entry `key`."""
        return Place(self.file, line, f"{self.path}.{key}" if self.path else key)

    def item(self, number: int, line: int) -> Place:
        """The place of the item with this number, counted from 1."""
        return Place(self.file, line, f"{self.path} #{number}")


class Problem(NamedTuple):
    """One thing that keeps a file from being loaded."""

    place: Place
    message: str

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}: "
        return where + (f"{self.place.path}: " if self.place.path else "") + self.message


@dataclass
class Problems:
    """All problems of a run, each once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, place: Place, message: str) -> None:
        problem = Problem(place, message)
        if problem not in self.found:
            self.found.append(problem)

    def __bool__(self) -> bool:
        return bool(self.found)


class RefusedError(Exception):
    """Nothing was loaded; `problems` says why, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.place.file, problem.place.line))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """' Did you mean "…"?' when a known word is near, else the known words if they are few, else ''."""
    words = sorted(set(known))
    near = difflib.get_close_matches(word.casefold(), words, n=1, cutoff=0.7)
    if near:
        return f" Did you mean “{near[0]}”?"
    return f" It can be: {', '.join(words)}." if 0 < len(words) <= 40 else ""  # noqa: PLR2004
