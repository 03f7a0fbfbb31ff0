"""How fast letters leave: no faster than an office reads them, in fair turns, and what that means for the queue.

A *lane* is one address of an office, a mailbox or a fax number. A lane is free when so much time has passed since its
last letter as its ceiling asks for. From each free lane one letter goes: first what is urgent, then the campaign that
has waited longest for its turn, within a campaign the earliest deadline.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2s

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from campaigns.directory.reach import Office
from campaigns.models import Campaign, Channel, ContactDetail, Target
from letters.models import Delivery, DeliveryState
from letters.models.letters import on_trial
from letters.models.queue import DeliveryQuerySet

HOUR = dt.timedelta(hours=1)
OPENS, CLOSES, WEEKEND = 9, 17, 5
NIGHT = 3  # so many times slower outside the office's hours
JITTER = 0.25
# What is foreseen is that much later than what is likely.
MARGIN = 1.1
# A letter with less time than this goes before others, whoever's turn it is.
URGENT = dt.timedelta(hours=48)


def claim(owner: str, limit: int) -> list[Delivery]:
    """Claim up to `limit` deliveries that may leave now: mail of ours at once, letters as their lanes are free.

    In trial mode what was written on trial is claimed, to be kept; what was confirmed in live mode waits for that.
    """
    ready = Delivery.objects.ready()
    if on_trial():
        return ready.filter(trial=True).claim(owner, limit)
    if not any(ceilings().values()):
        return ready.claim(owner, limit)
    unpaced = ready.filter(Q(role=Delivery.Role.SERVICE) | Q(trial=True) | Q(contact__isnull=True))
    return unpaced.claim(owner, limit) or _claim_by_lane(ready, owner, limit)


def ceilings() -> dict[str, int]:
    """Letters an hour by kind of ceiling; 0 is none."""
    return {
        Channel.EMAIL: settings.MAILBOX_PER_HOUR,
        Channel.FAX: settings.FAX_PER_HOUR,
        "domain": settings.MAIL_DOMAIN_PER_HOUR,
        "total": settings.LETTERS_PER_HOUR,
    }


@dataclass
class Turn:
    """The letters of one campaign that wait for one lane: who is next there is decided between these."""

    contact: int
    campaign: int
    deadline: dt.datetime | None
    served: dt.datetime | None
    time_zone: str
    address: str
    channel: str

    def order(self, now: dt.datetime) -> tuple[bool, float, float]:
        """Urgent before all others, then whose turn is longest ago, then the earliest deadline."""
        left = (self.deadline - now).total_seconds() if self.deadline else float("inf")
        return left > URGENT.total_seconds(), self.served.timestamp() if self.served else 0.0, left


def _claim_by_lane(ready: DeliveryQuerySet, owner: str, limit: int) -> list[Delivery]:
    """Claim the next letter of each free lane. Lanes are locked meanwhile, so that no other worker finds them free."""
    waiting = ready.letters().filter(trial=False)
    lanes = list(waiting.order_by("contact").values_list("contact", flat=True).distinct())
    if not lanes:
        return []
    with transaction.atomic():
        mine = ContactDetail.objects.filter(pk__in=lanes).select_for_update(skip_locked=True).order_by("pk")
        turns = _next_turns(waiting, list(mine.values_list("pk", flat=True)), limit)
        if not turns:
            return []
        chosen = Q(pk__in=[])
        for turn in turns:
            chosen |= Q(contact=turn.contact, campaign=turn.campaign)
        first = Window(RowNumber(), "contact", order_by=[F("deliver_by").asc(nulls_last=True), "pk"])
        ranked = waiting.filter(chosen).order_by().annotate(place=first).values("pk", "place")
        return ready.filter(pk__in=[row["pk"] for row in ranked if row["place"] == 1]).claim(owner, limit)


def _next_turns(waiting: DeliveryQuerySet, lanes: list[int], limit: int) -> list[Turn]:
    """For each free lane the campaign whose turn it is, as far as the ceilings of domains and the total allow."""
    now = Delivery.objects.clock()
    history = _History.read(now)
    rooms = _Rooms(history)
    best: dict[int, Turn] = {}
    for turn in sorted(_turns(waiting, lanes, history), key=lambda turn: turn.order(now)):
        if turn.contact not in best and history.is_free(turn, now) and rooms.take(turn):
            best[turn.contact] = turn
    return list(best.values())[:limit]


def _turns(waiting: DeliveryQuerySet, lanes: list[int], history: _History) -> Iterable[Turn]:
    groups = (
        waiting.filter(contact__in=lanes)
        .order_by()
        .values("contact", "campaign", "channel", "contact__value")
        .annotate(deadline=Min("deliver_by"), zone=Max("target__time_zone"))
    )
    for group in groups:
        pair = (group["contact"], group["campaign"])
        served = history.served.get(pair)
        yield Turn(*pair, group["deadline"], served, group["zone"], group["contact__value"], group["channel"])


@dataclass
class _History:
    """What left in the last hours, or is in a worker's hands: by lane, by lane and campaign, by domain, in all."""

    last: dict[int, dt.datetime]
    served: dict[tuple[int, int], dt.datetime]
    lanes: Counter[int]
    domains: Counter[str]
    total: int

    @classmethod
    def read(cls, now: dt.datetime) -> _History:
        """The slowest lane is that of a ceiling of one an hour, at night."""
        in_hand = Q(state__in=[DeliveryState.SENDING, DeliveryState.HANDING_OVER])
        recent = Delivery.objects.letters().filter(in_hand | Q(handed_over_at__gt=now - (NIGHT + 1) * HOUR))
        history = cls({}, {}, Counter(), Counter(), 0)
        rows = recent.order_by().values_list("contact", "campaign", "contact__value", "channel", "handed_over_at")
        for contact, campaign, address, channel, left_at in rows.filter(contact__isnull=False):
            at = left_at or now
            history.last[contact] = max(at, history.last.get(contact, at))
            history.served[contact, campaign] = max(at, history.served.get((contact, campaign), at))
            if at > now - HOUR:
                history.total += 1
                history.lanes[contact] += 1
                history.domains[domain_of(address, channel)] += 1
        return history

    def is_free(self, turn: Turn, now: dt.datetime) -> bool:
        """Whether the lane's last letter is long enough ago; a little more or less, so that nothing beats in time.

        However the little falls out, no hour has more letters than the ceiling.
        """
        last, most = self.last.get(turn.contact), ceilings().get(turn.channel, 0)
        if 0 < most <= self.lanes[turn.contact]:
            return False
        pause = 3600 / rate if (rate := rate_of(turn.channel, turn.time_zone, now)) else 0
        return last is None or now - last >= dt.timedelta(seconds=pause * jitter(f"{turn.contact}:{last.isoformat()}"))


class _Rooms:
    """What the ceilings of domains and of everything still allow in this hour."""

    def __init__(self, history: _History) -> None:
        self._domains = history.domains.copy()
        self._total = history.total

    def take(self, turn: Turn) -> bool:
        """Take a place for one letter; False when there is none."""
        domain = domain_of(turn.address, turn.channel)
        # Not scaled by an office's hours: its neighbours' day would let nothing through in its night.
        most = settings.MAIL_DOMAIN_PER_HOUR if domain else 0
        if 0 < most <= self._domains[domain] or 0 < settings.LETTERS_PER_HOUR <= self._total:
            return False
        self._domains[domain] += 1
        self._total += 1
        return True


def domain_of(address: str, channel: str) -> str:
    """Whose ceiling an address falls under: that of its mail domain, or of the host that MAIL_HOSTS names for it.

    "" for other channels.
    """
    domain = address.rpartition("@")[2].lower() if channel == Channel.EMAIL else ""
    return str(settings.MAIL_HOSTS.get(domain, domain))


def jitter(seed: str) -> float:
    """A factor around 1 that is the same for the same letter, so that asking often does not shorten the wait."""
    return 1 - JITTER + 2 * JITTER * blake2s(seed.encode(), digest_size=1).digest()[0] / 255


def scaled(per_hour: int, time_zone: str, at: dt.datetime) -> float:
    """A ceiling at a moment: whole in the office's hours, a third outside them. An unknown time zone has no night."""
    return per_hour if not time_zone or in_hours(time_zone, at) else per_hour / NIGHT


def rate_of(channel: str, time_zone: str, at: dt.datetime) -> float:
    """Letters an hour that one lane takes at a moment; 0: no ceiling."""
    return scaled(ceilings().get(channel, 0), time_zone, at)


def in_hours(time_zone: str, at: dt.datetime) -> bool:
    """Whether people are at their desks there: 9 to 17, Monday to Friday."""
    local = at.astimezone(zoneinfo.ZoneInfo(time_zone))
    return OPENS <= local.hour < CLOSES and local.weekday() < WEEKEND


# ── What that means for a letter that is written now ──────────────────────────────────────────────────────────────────


def forecast(contacts: Mapping[int, Target], campaign: Campaign | None = None) -> dict[int, dt.datetime]:
    """When a letter that is confirmed now will have left, for each address (by its id, with its office).

    Without its campaign: after all that wait, as is likely. With it: rather late than early, by a tenth and a letter;
    only more urgent letters can make it later. The ceiling of everything is left out: it is for rare crowds.
    """
    now = timezone.now()
    queued: dict[int, list[_Queued]] = defaultdict(list)
    busy: Counter[str] = Counter()
    for each in _queues(now):
        busy[domain_of(each.address, each.channel)] += each.contact not in queued
        queued[each.contact].append(each)
    found = dict.fromkeys(contacts, now)
    for contact in contacts.keys() & queued.keys():
        ahead = _ahead(queued[contact], campaign, now)
        ahead = MARGIN * ahead + 1 if campaign else ahead
        found[contact] = _leaves_at(ahead, _Lane.of(queued[contact][0], contacts[contact].time_zone, busy), now)
    return found


@dataclass(frozen=True)
class _Queued:
    """How many letters of a campaign wait for an address, and until when the first of them may."""

    contact: int
    campaign: int
    channel: str
    address: str
    number: int
    deadline: dt.datetime | None

    def is_urgent(self, now: dt.datetime) -> bool:
        return self.deadline is not None and self.deadline - now <= URGENT


def _queues(now: dt.datetime) -> Iterator[_Queued]:
    """What waits for each address in which something waits, or from which something just left, in one query."""
    waits = Q(state__in=[DeliveryState.QUEUED, DeliveryState.DEFERRED])
    rows = Delivery.objects.letters().filter(waits | Q(handed_over_at__gt=now - HOUR), contact__isnull=False)
    groups = rows.order_by().values_list("contact", "campaign", "channel", "contact__value")
    counted = groups.annotate(number=Count("pk", filter=waits), deadline=Min("deliver_by", filter=waits))
    return (_Queued(*group) for group in counted)


def _ahead(queued: Iterable[_Queued], campaign: Campaign | None, now: dt.datetime) -> float:
    """How many of the letters at an address leave before a new one of `campaign`: `Turn.order` in numbers.

    Among its equals, its campaign takes turns with the others, which send one for each of its own.
    """
    if campaign is None:
        return sum(each.number for each in queued)
    urgent = last_moment(campaign, now) - now <= URGENT
    own = sum(each.number for each in queued if each.campaign == campaign.pk)
    others = [each for each in queued if each.campaign != campaign.pk]
    equals = sum(min(each.number, own + 1) for each in others if each.is_urgent(now) == urgent)
    before = 0 if urgent else sum(each.number for each in others if each.is_urgent(now))
    return own + equals + before


@dataclass(frozen=True)
class _Lane:
    """What decides about the pace of an address: its channel, its hours, and how many share its mail domain."""

    channel: str
    time_zone: str
    sharing: int = 1

    @classmethod
    def of(cls, queued: _Queued, time_zone: str, busy: Mapping[str, int]) -> _Lane:
        return cls(queued.channel, time_zone, busy[domain_of(queued.address, queued.channel)])

    def rate(self, at: dt.datetime) -> float:
        """Letters an hour at a moment, 0 for no ceiling. A lane is free for half a sweep before anybody looks."""
        ceiling = rate_of(self.channel, self.time_zone, at)
        shared = settings.MAIL_DOMAIN_PER_HOUR if self.channel == Channel.EMAIL else 0
        if shared and self.sharing:
            ceiling = min(ceiling or shared, shared / self.sharing)
        return 3600 / (3600 / ceiling + settings.SWEEP_SECONDS / 2) if ceiling else 0


def _leaves_at(ahead: float, lane: _Lane, now: dt.datetime) -> dt.datetime:
    """Walk through the hours until as many letters have left as stand before this one."""
    at, left = now, ahead
    while (rate := lane.rate(at)) and left > rate:
        at, left = at + HOUR, left - rate
    return at + HOUR * (left / rate) if rate else now


def last_moment(campaign: Campaign, confirmed_at: dt.datetime) -> dt.datetime:
    """When the letter must have left.

    The end of the campaign's last day in the site's time zone, at most DELIVER_WITHIN_DAYS from the confirmation.
    """
    latest = confirmed_at + dt.timedelta(days=settings.DELIVER_WITHIN_DAYS)
    day = campaign.last_day()
    if day is None:
        return latest
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=timezone.get_default_timezone())
    return min(latest, end)


def too_late(campaign: Campaign, offices: Iterable[Office]) -> dict[str, dt.datetime]:
    """When a letter that is confirmed now would leave, for those offices (by key) for which that is too late."""
    if on_trial() or campaign.last_day() is None:
        return {}
    reached = [(office, office.contact(office.sendable[0])) for office in offices if office.target and office.sendable]
    targets = {contact.pk: office.target for office, contact in reached if contact and office.target}
    leaves = forecast(targets, campaign)
    end = last_moment(campaign, timezone.now())
    return {office.key: leaves[contact.pk] for office, contact in reached if contact and leaves[contact.pk] > end}
