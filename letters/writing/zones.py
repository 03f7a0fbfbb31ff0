"""What time it is where a supporter is, as far as their country tells."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from functools import cache
from importlib import resources

from letters.sending.pacing import CLOSES, OPENS


@cache
def zones() -> dict[str, list[str]]:
    """The time zones of each country, by ISO 3166-1 code: `zone.tab` of the IANA time zone database."""
    found: dict[str, list[str]] = {}
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text()
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _place, zone, *_note = line.split("\t")
            found.setdefault(country, []).append(zone)
    return found


def zone_of(country: str, at: dt.datetime) -> zoneinfo.ZoneInfo | None:
    """The time zone of a country whose clocks all show the same; None for one where they differ, as in the USA."""
    here = [zoneinfo.ZoneInfo(name) for name in zones().get(country, [])]
    return here[0] if len({at.astimezone(zone).utcoffset() for zone in here}) == 1 else None


def usual_hours(office: zoneinfo.ZoneInfo, mine: zoneinfo.ZoneInfo, at: dt.datetime) -> tuple[dt.time, dt.time]:
    """When an office that is open at the usual hours opens and closes on the day of `at` there, in my time."""
    day = at.astimezone(office).replace(minute=0, second=0, microsecond=0)
    return day.replace(hour=OPENS).astimezone(mine).time(), day.replace(hour=CLOSES).astimezone(mine).time()


def local(at: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """What a clock there shows: without its zone, since a template would turn it into that of the site."""
    return at.astimezone(zone).replace(tzinfo=None)
