"""A day in simulated time, checked and drawn: `python -m benchmarks.day small > docs/img/day.svg`.

`small` is 800 letters at a sixth of the usual pace, which takes a minute or two; without it, 5,000 letters at the usual
pace, which takes several. The figures go to standard error. It starts a PostgreSQL server of its own.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tests import servers

if TYPE_CHECKING:
    from tests.simulated_day import Departure, Pace

HOURS, SEED = 24, 1
ROW, BAR, LEFT, TOP, RIGHT = 46, 26, 250, 96, 90
TITLE = "How {:,} letters of a day leave, {} an hour to a mailbox"
STYLE = """
:root{--paper:#fff;--ink:#222;--soft:#666;--line:#d5d5d5;--hours:#f1ead9;--calm:#2a6f97;--urgent:#b5402a}
@media(prefers-color-scheme:dark){:root{--paper:#16181c;--ink:#eee;--soft:#aaa;--line:#3a3d44;--hours:#2a2820;
--calm:#6fb3dc;--urgent:#f0836b}}
.page{fill:var(--paper)}text{font:12px system-ui,sans-serif;fill:var(--ink)}.title{font-size:18px;font-weight:600}
.soft{fill:var(--soft)}.hours{fill:var(--hours)}.calm{fill:var(--calm)}.urgent{fill:var(--urgent)}
line{stroke:var(--line)}line.ceiling{stroke:var(--soft);stroke-dasharray:4 3}
"""


def simulate(letters: int, pace: Pace) -> tuple[list[Departure], dict[str, float]]:
    """Live through the day in a new database; return its letters and its figures, all promises checked."""
    from django.core.management import call_command  # noqa: PLC0415  # after django.setup()

    from letters.sending.channels import registry  # noqa: PLC0415
    from tests import simulated_day as sim  # noqa: PLC0415
    from tests.simulated_clock import simulated_clock  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    registry.CHANNELS.update(dict.fromkeys(registry.CHANNELS, sim.Captured))
    with simulated_clock(sim.MONDAY) as set_clock:
        day = sim.a_day(set_clock)
        day.live(letters, HOURS, random.Random(SEED), pace.tick)
        return sim.departures(day), sim.check_day(day, pace)


def svg(title: str, found: Sequence[Departure], ceilings: dict[str, int], zones: dict[str, str]) -> Iterator[str]:
    """The lines of the picture: a row an office, a bar an hour, in colours that fit light and dark pages."""
    lanes = list(zones)
    width, height = LEFT + HOURS * BAR + RIGHT, TOP + len(lanes) * ROW + 70
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    yield f"<title>{title}</title><style>{STYLE}</style>"
    yield '<rect class="page" width="100%" height="100%"/>'
    yield f'<text class="title" x="20" y="34">{title}</text>'
    yield from _legend()
    for number, lane in enumerate(lanes):
        yield from _row(lane, TOP + number * ROW, found, ceilings, zones[lane])
    yield from _axis(TOP + len(lanes) * ROW, width)
    yield "</svg>"


def _legend() -> Iterator[str]:
    words = {"urgent": "for a hearing on Tuesday", "calm": "all other letters", "hours": "the office’s hours"}
    for number, (name, text) in enumerate(words.items()):
        x = 20 + number * 190
        yield f'<rect class="{name}" x="{x}" y="52" width="14" height="14"/><text x="{x + 20}" y="64">{text}</text>'
    yield '<line class="ceiling" x1="590" x2="620" y1="59" y2="59"/><text x="628" y="64">ceiling an hour</text>'


def _row(lane: str, top: int, found: Sequence[Departure], ceilings: dict[str, int], zone: str) -> Iterator[str]:
    """One office: its hours, its ceiling, what left in each hour, and what waits in the end."""
    from letters.sending.pacing import in_hours  # noqa: PLC0415
    from tests.simulated_day import HOUR, MONDAY  # noqa: PLC0415

    mine = [each for each in found if each.lane == lane]
    floor, high = top + ROW - 8, ROW - 12
    gone: dict[bool, Counter[int]] = defaultdict(Counter)
    for each in mine:
        if each.left:
            gone[each.urgent][int((each.left - MONDAY) / HOUR)] += 1
    for hour in range(HOURS):
        x = LEFT + hour * BAR
        if in_hours(zone, MONDAY + hour * HOUR):
            yield f'<rect class="hours" x="{x}" y="{floor - high}" width="{BAR}" height="{high}"/>'
        base = float(floor)
        for urgent, name in ((True, "urgent"), (False, "calm")):
            tall = high * gone[urgent][hour] / ceilings[lane]
            base -= tall
            if tall:
                yield f'<rect class="{name}" x="{x + 2}" y="{base:.1f}" width="{BAR - 4}" height="{tall:.1f}"/>'
    end = LEFT + HOURS * BAR
    waits = sum(each.left is None for each in mine)
    yield f'<line x1="{LEFT}" x2="{end}" y1="{floor}" y2="{floor}"/>'
    yield f'<line class="ceiling" x1="{LEFT}" x2="{end}" y1="{floor - high}" y2="{floor - high}"/>'
    yield f'<text x="20" y="{floor - 18}">{escape(lane)}</text><text class="soft" x="20" y="{floor - 3}">{zone}</text>'
    yield f'<text class="soft" x="{LEFT - 8}" y="{floor - high + 4}" text-anchor="end">{ceilings[lane]}</text>'
    yield f'<text x="{end + 8}" y="{floor - 18}">{len(mine) - waits} left</text>'
    yield f'<text class="soft" x="{end + 8}" y="{floor - 3}">{waits} wait</text>'


def _axis(floor: int, width: int) -> Iterator[str]:
    for hour in range(0, HOURS + 1, 6):
        x = LEFT + hour * BAR
        yield f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{floor}"/>'
        yield f'<text class="soft" x="{x}" y="{floor + 14}" text-anchor="middle">{hour % 24:02}:00</text>'
    for hour, day in ((0, "Monday"), (24, "Tuesday")):
        yield f'<text x="{LEFT + hour * BAR}" y="{floor + 32}" text-anchor="middle">{day}</text>'
    middle = (LEFT + width - RIGHT) // 2
    yield f'<text class="soft" x="{middle}" y="{floor + 52}" text-anchor="middle">hour of the day, UTC</text>'


def main() -> None:
    address = servers.new_postgres_address()
    server = servers.Server("postgres", address)
    known = {"DEBUG": "on", "ENV_FILE": os.devnull, "DATABASE_URL": address, "DELIVERY_MODE": "live"}
    os.environ.update(known | {"DJANGO_SETTINGS_MODULE": "config.settings"})
    try:
        import django  # noqa: PLC0415  # its settings are known only now

        django.setup()
        from django.conf import settings  # noqa: PLC0415

        from letters.models import Delivery  # noqa: PLC0415
        from tests.simulated_day import REAL, SLOW  # noqa: PLC0415

        letters, pace = (800, SLOW) if "small" in sys.argv else (5_000, REAL)
        for name, value in {**pace.settings(), "DEBUG": False}.items():
            setattr(settings, name, value)
        started = dt.datetime.now(dt.UTC)
        found, figures = simulate(letters, pace)
        offices = Delivery.objects.letters().order_by("contact").select_related("contact", "target")
        zones = {row.address: row.target.time_zone for row in offices if row.target}
        ceilings = {lane: pace.mailbox if "@" in lane else pace.fax for lane in zones}
        print("\n".join(svg(TITLE.format(letters, pace.mailbox), found, ceilings, zones)))
        for name, value in figures.items():
            print(f"{name}\t{value:g}", file=sys.stderr)
        print(f"seconds to simulate\t{(dt.datetime.now(dt.UTC) - started).seconds}", file=sys.stderr)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
