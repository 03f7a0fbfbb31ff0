"""Charts as SVG, without styles and scripts: bars differ by pattern, and the table below says the same.

`bar_chart` is drawn by admin/letters/counts.html, `column_chart` by admin/includes/_column_chart.html.
"""

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


COLUMNS_WIDTH, STRIP, HEAD, FOOT = 720, 66, 14, 16


@dataclass(frozen=True)
class Column:
    """One number of a strip: where it stands, how high it is."""

    x: float
    y: float
    width: float
    height: float
    number: int

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Strip:
    """One series, over the same labels as the others and with a scale of its own."""

    title: str
    pattern: str
    columns: list[Column]
    floor: float = STRIP
    height: float = STRIP + 2


@dataclass(frozen=True)
class ColumnChart:
    """Strips above each other, the words below them, and the same as a table."""

    strips: list[Strip]
    labels: list[tuple[float, str]]
    table: list[tuple[str, list[int]]]
    width: int = COLUMNS_WIDTH
    foot: int = FOOT


def column_chart(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> ColumnChart:
    """A chart of one or more series, each with a number for every label."""
    step = COLUMNS_WIDTH / len(labels)
    strips = [strip(title, PATTERNS[place], numbers, step) for place, (title, numbers) in enumerate(series)]
    middles = [(step * (place + 0.5), label) for place, label in enumerate(labels)]
    rows = [[numbers[place] for _title, numbers in series] for place in range(len(labels))]
    return ColumnChart(strips, middles, list(zip(labels, rows, strict=True)))


def strip(title: str, pattern: str, numbers: Sequence[int], step: float) -> Strip:
    """One series as columns."""
    most, columns = max(*numbers, 1), []
    for place, number in enumerate(numbers):
        height = (STRIP - HEAD) * number / most
        columns.append(Column(step * (place + 0.2), STRIP - height, step * 0.6, height, number))
    return Strip(title, pattern, columns)
