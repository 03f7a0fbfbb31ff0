"""How programs of this folder say what they measured: a line a figure, on the screen and in benchmarks/latest.tsv."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

LATEST = Path(__file__).with_name("latest.tsv")
Figure = tuple[str, float, float]


def publish(program: str, figures: Iterable[Figure]) -> None:
    """Print name, ours, limit and ratio of each figure, and put them in the place of what `program` said before.

    Args:
        program: how each name of its begins.
        figures: name, ours, and the limit or peer.
    """
    lines = [f"{program}{name}\t{ours:.2f}\t{limit:g}\t{ours / limit:.2f}" for name, ours, limit in figures]
    print("\n".join(lines))
    others = LATEST.read_text().splitlines() if LATEST.exists() else []
    kept = [line for line in others if not line.startswith(program)]
    LATEST.write_text("\n".join([*kept, *lines]) + "\n")
