"""A bar chart as SVG, without styles and scripts: bars differ by pattern, and the table below says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LABEL, NUMBER = 720, 240, 60
BAR, GAP = 10, 10
MOST_ROWS = 20
# The five numbers; what was kept in trial mode has a bar only where there is nothing else.
PATTERNS = ("solid", "striped", "hatched", "dotted", "outlined", "crossed")


@dataclass(frozen=True)
class Bar:
    """One bar: where it stands, how long it is, its pattern and number."""

    y: float
    width: float
    pattern: str
    number: int

    @property
    def end(self) -> float:
        """Where its number is written."""
        return LABEL + self.width + 4

    @property
    def baseline(self) -> float:
        """The baseline of its number."""
        return self.y + BAR - 1


@dataclass(frozen=True)
class Row:
    """A group: its label and its bars."""

    label: str
    y: float
    bars: list[Bar]


@dataclass(frozen=True)
class Chart:
    """Rows, and the size of the picture in its own units."""

    rows: list[Row]
    height: float
    width: int = WIDTH
    start: int = LABEL


def bar_chart(groups: Sequence[tuple[str, Sequence[int]]]) -> Chart:
    """A chart of the first groups; numbers that are zero have no bar."""
    shown = [group for group in groups if any(group[1])][:MOST_ROWS]
    most = max((max(numbers) for _label, numbers in shown), default=1)
    rows, y = [], float(GAP)
    for label, numbers in shown:
        bars: list[Bar] = []
        for pattern, number in zip(PATTERNS, numbers, strict=True):
            if number:
                bars.append(Bar(y + len(bars) * BAR, (WIDTH - LABEL - NUMBER) * number / most, pattern, number))
        rows.append(Row(label, y + len(bars) * BAR / 2 + 4, bars))
        y += len(bars) * BAR + GAP
    return Chart(rows, y)
