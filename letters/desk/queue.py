"""The queue as organisers see it: by office, what waits, when it leaves, what broke and what to do about it.

The page asks the same number of questions however many letters there are; each office is put together from groups.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Count, Max, Min
from django.utils import timezone

from campaigns.desk.roles import editable_campaigns
from campaigns.models import Campaign, CampaignTarget, Channel, ContactDetail, ContactState, Target
from letters.desk.causes import CAUSES, Cause, cause
from letters.models import Brake, Delivery, DeliveryState, HoldReason
from letters.models.letters import on_trial
from letters.models.queue import DeliveryQuerySet
from letters.models.transitions import IN_HAND
from letters.sending import pacing

S = DeliveryState
MOVING = frozenset({S.QUEUED, S.DEFERRED}) | IN_HAND
OPEN = MOVING | {S.HELD, S.UNKNOWN, S.UNRESOLVED}
BROKEN = (S.FAILED, S.BOUNCED)
# Who could still act on what broke earlier? Its words are blanked soon.
BROKEN_WITHIN = dt.timedelta(days=30)
LATELY = dt.timedelta(hours=24)


@dataclass
class Lane:
    """One address of an office and what waits for it. `ends` is when a letter that joined now would leave."""

    channel: str
    contact: ContactDetail | None
    time_zone: str
    queued: int = 0
    deferred: int = 0
    in_hand: int = 0
    next_attempt: dt.datetime | None = None
    deadline: dt.datetime | None = None
    last: dt.datetime | None = None
    ends: dt.datetime | None = None
    braked: bool = False

    @property
    def waiting(self) -> int:
        return self.queued + self.deferred + self.in_hand

    @property
    def rate(self) -> float:
        """Letters an hour that may go there now; 0: as many as there are."""
        return pacing.rate_of(self.channel, self.time_zone, timezone.now())

    @property
    def rate_rounded(self) -> int:
        return max(round(self.rate), 1)

    def get_channel_display(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def is_night(self) -> bool:
        """Whether the office is closed now, which slows its lane down."""
        return bool(self.rate) and bool(self.time_zone) and not pacing.in_hours(self.time_zone, timezone.now())

    @property
    def next_leaves(self) -> dt.datetime | None:
        """About when the next one leaves; None when nothing does."""
        if self.braked or not self.waiting:
            return None
        now = timezone.now()
        turn = self.next_attempt if not self.queued and not self.in_hand else None
        pause = dt.timedelta(hours=1 / self.rate) if self.rate else dt.timedelta()
        return max(filter(None, [now, turn, self.last and self.last + pause]))

    @property
    def is_in_time(self) -> bool:
        """Whether all that waits would leave before the first of its deadlines."""
        return self.deadline is None or self.ends is None or self.ends <= self.deadline


@dataclass(frozen=True)
class Trouble:
    """Letters of one office that broke for one cause, and where they were to go."""

    cause: Cause
    number: int
    last: dt.datetime
    contact: int | None
    office: int
    state: str


@dataclass
class OfficeQueue:
    """An office with all that concerns its letters."""

    target: Target
    offices: dict[int, CampaignTarget] = field(default_factory=dict)
    lanes: dict[tuple[int | None, str], Lane] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    unresolved: int = 0
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(lane.waiting for lane in self.lanes.values())

    @property
    def is_paused(self) -> bool:
        """Whether it is paused in every campaign that has letters for it here."""
        return bool(self.offices) and all(office.paused for office in self.offices.values())

    @property
    def paused_in(self) -> list[Campaign]:
        """The campaigns in which it is paused."""
        return [office.campaign for office in self.offices.values() if office.paused]

    @property
    def bounced(self) -> list[ContactDetail]:
        """Addresses of it that the directory knows as dead."""
        return [contact for contact in self.target.contacts.all() if contact.state == ContactState.BOUNCED]

    @property
    def held_in_words(self) -> list[tuple[str, str, int]]:
        """Why letters are held: key, words, number."""
        return [(key, str(HoldReason(key).label), number) for key, number in self.held.most_common()]

    @property
    def needs_somebody(self) -> int:
        """How many of its letters wait for a human."""
        asked = self.held[HoldReason.FACTS_CHANGED] + self.held[HoldReason.MODERATION]
        return self.unresolved + asked + sum(trouble.number for trouble in self.troubles)


def letters_of(user: User | AnonymousUser, campaigns: Iterable[Campaign] | None = None) -> DeliveryQuerySet:
    """Letters to offices that `user` may decide about, replaced ones aside."""
    rows = Delivery.objects.letters().filter(replaced_at__isnull=True).order_by()
    if campaigns is not None:
        return rows.filter(campaign__in=[campaign.pk for campaign in campaigns])
    return rows.filter(campaign__in=list(editable_campaigns(user).values_list("pk", flat=True)))


def queue(rows: DeliveryQuerySet) -> list[OfficeQueue]:
    """The offices of `rows` for which something waits or broke, those that need somebody first."""
    waiting, broken = waiting_groups(rows), broken_groups(rows)
    offices = with_campaigns({group["office"] for group in (*waiting, *broken)})
    targets = Target.objects.prefetch_related("contacts").in_bulk({office.target_id for office in offices.values()})
    found = {pk: OfficeQueue(target) for pk, target in targets.items()}
    for office in offices.values():
        found[office.target_id].offices[office.pk] = office
    for group in waiting:
        add_waiting(found[offices[group["office"]].target_id], group)
    for group in broken:
        found[offices[group["office"]].target_id].troubles.append(trouble(group))
    look_ahead(found.values())
    return sorted(found.values(), key=lambda row: (-row.needs_somebody, -row.waiting, str(row.target)))


def with_campaigns(offices: set[int]) -> dict[int, Any]:
    """The offices in their campaigns, by their id."""
    return CampaignTarget.objects.select_related("campaign").in_bulk(offices)


def waiting_groups(rows: DeliveryQuerySet) -> list[Any]:
    """What is on its way or asks for a decision."""
    by = ("office", "contact", "channel", "state", "hold_reason")
    groups = rows.filter(state__in=OPEN).values(*by)
    return list(groups.annotate(number=Count("pk"), deadline=Min("deliver_by"), next_attempt=Min("next_attempt_at")))


def broken_groups(rows: DeliveryQuerySet) -> list[Any]:
    """What failed or came back lately and was not sent again."""
    lately = rows.filter(state__in=BROKEN, settled_at__gt=timezone.now() - BROKEN_WITHIN)
    groups = lately.annotate(cause=cause()).values("office", "contact", "state", "cause")
    return list(groups.annotate(number=Count("pk"), last=Max("settled_at")).order_by("-number"))


def add_waiting(row: OfficeQueue, group: dict[str, Any]) -> None:
    """Put a group of `waiting_groups` where it belongs."""
    state, number = S(group["state"]), group["number"]
    if state == S.HELD:
        row.held[group["hold_reason"]] += number
    elif state == S.UNKNOWN:
        row.unknown += number
    elif state == S.UNRESOLVED:
        row.unresolved += number
    else:
        add_to_lane(lane_of(row, group), state, group)


def lane_of(row: OfficeQueue, group: dict[str, Any]) -> Lane:
    """The lane of a group, made at its first letter."""
    key = (group["contact"], group["channel"])
    contacts = {contact.pk: contact for contact in row.target.contacts.all()}
    return row.lanes.setdefault(key, Lane(group["channel"], contacts.get(group["contact"]), row.target.time_zone))


def add_to_lane(lane: Lane, state: DeliveryState, group: dict[str, Any]) -> None:
    """Count a group of letters that move."""
    if state == S.QUEUED:
        lane.queued += group["number"]
    elif state == S.DEFERRED:
        lane.deferred += group["number"]
        lane.next_attempt = earliest(lane.next_attempt, group["next_attempt"])
    else:
        lane.in_hand += group["number"]
    lane.deadline = earliest(lane.deadline, group["deadline"])


def earliest(*moments: dt.datetime | None) -> dt.datetime | None:
    """The first of the moments that are known."""
    return min(filter(None, moments), default=None)


def trouble(group: dict[str, Any]) -> Trouble:
    """A group of `broken_groups` in words."""
    return Trouble(
        CAUSES[group["cause"]], group["number"], group["last"], group["contact"], group["office"], group["state"]
    )


def look_ahead(found: Iterable[OfficeQueue]) -> None:
    """Ask when each lane is empty and when it was last used."""
    lanes = [(contact, row, lane) for row in found for (contact, _channel), lane in row.lanes.items() if contact]
    offices = {contact: row.target for contact, row, _lane in lanes}
    ends = {} if on_trial() else pacing.forecast(offices)
    left = Delivery.objects.letters().filter(handed_over_at__gt=timezone.now() - LATELY, contact__in=offices)
    last = dict(left.order_by().values_list("contact").annotate(Max("handed_over_at")))
    stopped = set(Brake.objects.values_list("channel", flat=True))
    for contact, row, lane in lanes:
        lane.last, lane.ends = last.get(contact), ends.get(contact)
        lane.braked = row.is_paused or bool(stopped & {"", lane.channel})


@dataclass(frozen=True)
class CampaignQueue:
    """What waits and what is held in one campaign."""

    campaign: Campaign
    waiting: int
    held: int
    asked: int
    broken: int


def by_campaign(campaigns: Sequence[Campaign], rows: DeliveryQuerySet) -> list[CampaignQueue]:
    """The campaigns among `campaigns` for which something waits, asks or broke lately; two queries."""
    counted: dict[int, Counter[str]] = {}
    for pk, state, number in rows.filter(state__in=OPEN).values_list("campaign", "state").annotate(Count("pk")):
        counted.setdefault(pk, Counter())[state] += number
    lately = rows.filter(state__in=BROKEN, settled_at__gt=timezone.now() - BROKEN_WITHIN)
    for pk, number in lately.values_list("campaign").annotate(Count("pk")):
        counted.setdefault(pk, Counter())["broken"] += number
    return [in_numbers(campaign, counted[campaign.pk]) for campaign in campaigns if campaign.pk in counted]


def in_numbers(campaign: Campaign, states: Counter[str]) -> CampaignQueue:
    """The numbers of one campaign."""
    waiting = sum(states[state] for state in MOVING)
    return CampaignQueue(campaign, waiting, states[S.HELD], states[S.UNRESOLVED], states["broken"])


def ceilings_in_words() -> dict[str, int]:
    """The ceilings that hold for more than one lane, where they are set: letters an hour."""
    wide = {"domain": settings.MAIL_DOMAIN_PER_HOUR, "total": settings.LETTERS_PER_HOUR}
    return {name: number for name, number in wide.items() if number}
