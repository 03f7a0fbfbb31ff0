"""A day of a busy site: many letters to twelve offices in four time zones, two hearings the next morning.

Forecast, claim, pace and carrying are the site's own; the clock and the way out are the test's.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from django.db.models import QuerySet

from campaigns.models import Campaign, CampaignTarget, Channel
from letters.models import Delivery, Letter, LetterState
from letters.sending import pacing, settling
from letters.sending.carrier import Carrier
from letters.sending.channels.contract import Message, Receipt
from tests.factories import make_campaign, make_contact, make_office

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
MONDAY = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
ZONES = ("Europe/Moscow", "Europe/London", "America/New_York", "Asia/Almaty")
# Five mailboxes of one ministry want more together than its server takes; the others are by themselves.
DOMAINS = ("ministry.test",) * 5 + ("court.test",) * 2 + ("prison.test",) * 2
FAXES = 3
# Letters that are written in each hour of the day, by weight: the morning, and the evening after work.
HOURS = (1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 9, 8, 7, 6, 6, 5, 6, 7, 9, 10, 8, 5, 3, 2)
SETTLING = dt.timedelta(minutes=15)
TEXT = "Dear Prosecutor,\n\nI urge you to see that Vera Example is released at once.\n\nYours sincerely,\n\nAda Example"


@dataclass(frozen=True)
class Pace:
    """Letters an hour to a mailbox, a mail domain, a fax number and in all, and how often somebody looks."""

    mailbox: int
    domain: int
    fax: int
    total: int
    tick: dt.timedelta

    def settings(self) -> dict[str, int]:
        """The settings that say so."""
        return {
            "MAILBOX_PER_HOUR": self.mailbox,
            "MAIL_DOMAIN_PER_HOUR": self.domain,
            "FAX_PER_HOUR": self.fax,
            "LETTERS_PER_HOUR": self.total,
            "SWEEP_SECONDS": int(self.tick.total_seconds()),
        }


REAL = Pace(mailbox=30, domain=120, fax=10, total=240, tick=dt.timedelta(seconds=60))
# The same at a sixth of the pace, for a sixth of the letters.
SLOW = Pace(mailbox=5, domain=20, fax=2, total=40, tick=dt.timedelta(seconds=180))


class Captured:
    """A way out that takes everything and goes nowhere."""

    def prepare(self, message: Message) -> None: ...

    def hand_over(self) -> Receipt:
        return Receipt()

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


@dataclass
class Day:
    """What happens: the rows are in the database; `promised` is when each delivery was forecast to leave."""

    campaigns: dict[str, Campaign]
    set_clock: Callable[[dt.datetime], None]
    promised: dict[int, dt.datetime] = field(default_factory=dict)
    warned: int = 0

    def live(self, letters: int, hours: int, chance: random.Random, tick: dt.timedelta) -> None:
        """Write `letters` in the first 24 hours, and send what may be sent for so many `hours`."""
        arrivals = planned(letters, chance)
        offices = {name: list(of_campaign(campaign)) for name, campaign in self.campaigns.items()}
        for number in range(int(hours * HOUR / tick)):
            now = MONDAY + number * tick
            self.set_clock(now)
            while arrivals and arrivals[-1] <= now:
                arrivals.pop()
                name = chance.choices(list(CROWDS), weights=list(CROWDS.values()))[0]
                self.write(self.campaigns[name], chance.choice(offices[name]), now)
            if (now - MONDAY) % SETTLING < tick:
                settling.expire()
            self.send()

    def write(self, campaign: Campaign, office: CampaignTarget, now: dt.datetime) -> None:
        """One supporter: look at the forecast, and confirm unless it is too late."""
        assert office.target
        contact = office.target.contacts.all()[0]
        leaves = pacing.forecast({contact.pk: office.target}, campaign)[contact.pk]
        latest = pacing.last_moment(campaign, now)
        if leaves > latest:
            self.warned += 1  # "this office's queue ends later: call instead"
            return
        number = len(self.promised)
        letter = Letter.objects.create(
            campaign=campaign,
            form_key=f"form {number}",
            person_key=f"person {number}",
            country="GB",
            state=LetterState.CONFIRMED,
            confirmed_at=now,
            confirmed_on=now.date(),
            expires_at=now,
            facts_version=campaign.facts_version,
        )
        delivery = Delivery.objects.create(
            campaign=campaign,
            letter=letter,
            office=office,
            target=office.target,
            contact=contact,
            channel=contact.channel,
            address=contact.value,
            language="en",
            text=TEXT,
            subject="Vera",
            deliver_by=latest,
        )
        self.promised[delivery.pk] = leaves

    def send(self) -> None:
        """What a worker does that is woken now."""
        with Carrier(lambda: False) as carrier:
            while rows := pacing.claim("worker", 50):
                carrier.carry(rows)


def of_campaign(campaign: Campaign) -> QuerySet[CampaignTarget]:
    return campaign.targets.select_related("target").prefetch_related("target__contacts")


# Campaigns, and how many of a hundred letters each gets. Two have a hearing tomorrow: their letters must leave today.
CROWDS = {"hearing in Moscow": 12, "hearing in London": 8, "crowd": 50, "steady": 20, "small": 7, "tiny": 3}


def a_day(set_clock: Callable[[dt.datetime], None]) -> Day:
    """Campaigns and offices of the day."""
    offices = [
        make_office(make_contact(value=f"office-{n}@{domain}"), time_zone=ZONES[n % 4])
        for n, domain in enumerate(DOMAINS)
    ]
    offices += [make_office(make_contact(Channel.FAX), time_zone=zone) for zone in ZONES[:FAXES]]
    today = MONDAY.date()
    campaigns = {
        "hearing in Moscow": make_campaign(*offices[:4], offices[9], act_by=today),
        "hearing in London": make_campaign(*offices[3:8], offices[10], act_by=today),
        "crowd": make_campaign(*offices),
        "steady": make_campaign(*offices[2:]),
        "small": make_campaign(*offices[:6], offices[11]),
        "tiny": make_campaign(offices[0], offices[9]),
    }
    return Day(campaigns, set_clock)


def planned(letters: int, chance: random.Random) -> list[dt.datetime]:
    """When letters are written, the last first."""
    hours = chance.choices(range(24), weights=HOURS, k=letters)
    return sorted((MONDAY + (hour + chance.random()) * HOUR for hour in hours), reverse=True)


# ── What must be true of it ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Departure:
    """One letter: when it was confirmed, when it left (None: it did not), and what decides about its turn."""

    pk: int
    lane: str
    channel: str
    campaign: int | None
    written: dt.datetime
    left: dt.datetime | None
    deliver_by: dt.datetime
    urgent: bool

    def waited_at(self, moment: dt.datetime) -> bool:
        """Whether it had been written before and had not left by then."""
        return self.written < moment and (self.left is None or self.left > moment)


def departures(day: Day) -> list[Departure]:
    """All letters of the day, in the order in which they left; those that did not come last."""
    hearings = {campaign.pk for name, campaign in day.campaigns.items() if name.startswith("hearing")}
    rows = Delivery.objects.letters().select_related("letter", "contact")
    found = [
        Departure(
            row.pk,
            row.address,
            row.channel,
            row.campaign_id,
            row.letter.confirmed_at,  # type: ignore[union-attr,arg-type]  # a letter to an office has both
            row.handed_over_at,
            row.deliver_by or dt.datetime.max.replace(tzinfo=dt.UTC),
            row.campaign_id in hearings,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.left is None, each.left or each.written, each.pk))


def busiest_hour(moments: Iterable[dt.datetime]) -> int:
    """The most of the moments that lie within any one hour."""
    times, most, first = sorted(moments), 0, 0
    for last, moment in enumerate(times):
        while moment - times[first] >= HOUR:
            first += 1
        most = max(most, last - first + 1)
    return most


def by_lane(found: Iterable[Departure]) -> dict[str, list[Departure]]:
    lanes: dict[str, list[Departure]] = defaultdict(list)
    for each in found:
        lanes[each.lane].append(each)
    return lanes


def overtaken(lane: list[Departure]) -> Iterator[tuple[Departure, Departure]]:
    """Yield calm letters that left while an urgent one waited, with that one."""
    urgent = [each for each in lane if each.urgent]
    for calm in lane:
        if calm.left and not calm.urgent:
            yield from ((calm, each) for each in urgent if each.waited_at(calm.left))


def passed_over(lane: list[Departure]) -> Iterator[tuple[Departure, Departure]]:
    """Yield letters that left right after one of the same campaign, with one of another that waited all the while."""
    calm = [each for each in lane if not each.urgent]
    gone = [each for each in calm if each.left]
    for before, after in pairwise(gone):
        if before.campaign == after.campaign and before.left and after.left:
            others = (each for each in calm if each.campaign != after.campaign)
            waiting = (each for each in others if each.written < before.left and each.waited_at(after.left))
            yield from ((after, each) for each in waiting)


def check_day(day: Day, pace: Pace) -> dict[str, float]:
    """Check every promise of pacing, and return figures of the day."""
    found = departures(day)
    lanes = by_lane(found)
    check_ceilings(found, pace)
    assert [each for each in found if each.left and each.left >= each.deliver_by] == [], "nothing leaves too late"
    assert [pair for lane in lanes.values() for pair in overtaken(lane)] == [], "a hearing goes first"
    assert [pair for lane in lanes.values() for pair in passed_over(lane)] == [], "campaigns take turns"
    assert all(lane[0].left for lane in lanes.values()), "every office gets letters"
    assert {each.campaign for each in found} == {each.campaign for each in found if each.left}, "no campaign starves"
    urgent = [each for each in found if each.urgent]
    late = [each.left - day.promised[each.pk] for each in urgent if each.left]
    return {
        "written": len(found),
        "left": sum(each.left is not None for each in found),
        "urgent": len(urgent),
        "urgent, not told and too late": sum(each.left is None for each in urgent),
        "told it is too late": day.warned,
        "later than foreseen, minutes at most": max(late) / MINUTE,
    }


def check_ceilings(found: Iterable[Departure], pace: Pace) -> None:
    """No hour, wherever it begins, has more letters than a ceiling allows."""
    moments: dict[str, list[dt.datetime]] = defaultdict(list)
    ceilings = {"everything": pace.total}
    for each in found:
        domain = each.lane.partition("@")[2]
        ceilings |= {each.lane: pace.fax if each.channel == Channel.FAX else pace.mailbox}
        ceilings |= {domain: pace.domain} if domain else {}
        for name in filter(None, ("everything", each.lane, domain)):
            moments[name] += [each.left] if each.left else []
    broken = {name: n for name in ceilings if (n := busiest_hour(moments[name])) > ceilings[name]}
    assert broken == {}, "no ceiling is broken"
