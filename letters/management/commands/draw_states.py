"""`manage.py draw_states > docs/states.svg`: the picture of docs/delivery.md, drawn from the table of moves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from django.core.management.base import BaseCommand
from django.utils import translation

from letters.models import DeliveryState
from letters.models.transitions import IN_HAND, LEFT, MOVES, NEVER_LEFT, WAITING

S = DeliveryState
# Column and row of each state: a letter's good way runs from left to right through the middle.
PLACES = {
    S.CANCELLED: (0, -0.6),
    S.EXPIRED: (0, 3),
    S.HELD: (1.15, 0.3),
    S.QUEUED: (1.15, 1.5),
    S.DEFERRED: (1.15, 3),
    S.SENDING: (2.3, 1.5),
    S.CAPTURED: (2.3, 3),
    S.HANDING_OVER: (3.45, 1.5),
    S.FAILED: (3.45, 3),
    S.UNKNOWN: (3.6, 0.5),
    S.UNRESOLVED: (4.6, -0.6),
    S.ACCEPTED: (4.6, 1.5),
    S.DELIVERED: (5.75, 1),
    S.BOUNCED: (5.75, 2),
}
KINDS = (("waits", WAITING), ("hand", IN_HAND), ("left", LEFT), ("never", NEVER_LEFT))
LEGEND = {"waits": "waits", "hand": "in a worker's hands", "left": "left", "never": "never left", "asks": "not known"}
WIDTH, HEIGHT, STEP_X, STEP_Y, LEFT_EDGE, TOP = 156, 44, 182, 92, 100, 110
BEND, SHORT = 22, 24
STYLE = """
:root{--paper:#fff;--ink:#222;--soft:#666;--waits:#8a5a00;--hand:#1d4f6b;--left:#2f6b2f;--never:#6b6b6b;--asks:#a3262a}
@media(prefers-color-scheme:dark){:root{--paper:#16181c;--ink:#eee;--soft:#aaa;--waits:#e0b050;--hand:#7fb8dd;
--left:#86c986;--never:#b0b0b0;--asks:#ef8a8a}}
.page{fill:var(--paper)}text{font:13px system-ui,sans-serif;fill:var(--ink)}.word{fill:var(--soft);font-size:11px}
rect.state{fill:var(--paper);stroke-width:2}path{fill:none;stroke:var(--soft);stroke-width:1.3}path.tip{fill:var(--soft)}
.waits{stroke:var(--waits)}.hand{stroke:var(--hand)}.left{stroke:var(--left)}.never{stroke:var(--never)}
.asks{stroke:var(--asks)}.final{stroke-dasharray:5 3}
"""


class Command(BaseCommand):
    help = "Draw the states of a delivery and the moves between them as SVG."

    def handle(self, **options: Any) -> None:  # noqa: ARG002  # Django's.
        with translation.override("en"):
            self.stdout.write("\n".join(svg()))


def svg() -> Iterator[str]:
    """The lines of the picture: moves, then states over their ends, then what the colours mean."""
    width, height = LEFT_EDGE + 5.75 * STEP_X + WIDTH // 2 + 20, TOP + 3 * STEP_Y + 100
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height}" role="img">'
    yield f"<title>The states of a delivery</title><style>{STYLE}</style>"
    yield '<rect class="page" width="100%" height="100%"/>'
    for start, ends in MOVES.items():
        yield from (_arrow(start, end) for end in sorted(ends))
    for state in S:
        yield from _box(state)
    for number, (kind, words) in enumerate(LEGEND.items()):
        x = 40 + number * 190
        yield f'<rect class="state {kind}" x="{x}" y="{height - 40}" width="22" height="16" rx="4"/>'
        yield f'<text x="{x + 30}" y="{height - 27}">{words}</text>'
    yield f'<text x="40" y="{height - 54}" class="word">A dashed frame: no move leads out.</text></svg>'


def _center(state: S) -> tuple[float, float]:
    column, row = PLACES[state]
    return LEFT_EDGE + column * STEP_X, TOP + row * STEP_Y


def _box(state: S) -> Iterator[str]:
    x, y = _center(state)
    kind = next((name for name, states in KINDS if state in states), "asks")
    final = "" if MOVES[state] else " final"
    shape = f'x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="8"'
    yield f'<rect class="state {kind}{final}" {shape}/>'
    yield f'<text x="{x:g}" y="{y - 2:g}" text-anchor="middle">{state.value}</text>'
    yield f'<text class="word" x="{x:g}" y="{y + 14:g}" text-anchor="middle">{escape(_short(str(state.label)))}</text>'


def _short(words: str) -> str:
    return words if len(words) <= SHORT else words[: SHORT - 1].rstrip(" ,") + "…"


def _arrow(start: S, end: S) -> str:
    """A curve that leaves room for the one that goes back, with its tip at the frame of `end`."""
    (x1, y1), (x2, y2) = _center(start), _center(end)
    length = math.hypot(x2 - x1, y2 - y1)
    bend_x = (x1 + x2) / 2 + BEND * (y2 - y1) / length
    bend_y = (y1 + y2) / 2 - BEND * (x2 - x1) / length
    x1, y1 = _frame(x1, y1, bend_x, bend_y)
    x2, y2 = _frame(x2, y2, bend_x, bend_y)
    angle = math.atan2(y2 - bend_y, x2 - bend_x)
    wings = [(x2 - 9 * math.cos(angle + turn), y2 - 9 * math.sin(angle + turn)) for turn in (0.4, -0.4)]
    tip = " ".join(f"L{x:.0f} {y:.0f}" for x, y in wings)
    curve = f'<path d="M{x1:.0f} {y1:.0f} Q{bend_x:.0f} {bend_y:.0f} {x2:.0f} {y2:.0f}"/>'
    return f'{curve}<path class="tip" d="M{x2:.0f} {y2:.0f} {tip} Z"/>'


def _frame(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Where a line from the middle of a box to a point crosses its frame."""
    across, down = to_x - x, to_y - y
    part = min((WIDTH / 2 + 3) / abs(across) if across else 9, (HEIGHT / 2 + 3) / abs(down) if down else 9)
    return x + across * part, y + down * part
