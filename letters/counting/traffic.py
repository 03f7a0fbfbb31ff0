"""How the outbox does: what waits and since when, what left, what broke, who works.

For the desk, for /metrics and /healthz. Nothing here counts people, and no number can be told apart by person.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Count, Min, Model, Q, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from letters.models import (
    Brake,
    Delivery,
    DeliveryState,
    Heartbeat,
    Proposal,
    Reply,
    ReplyState,
    ReportedAction,
    Signature,
    SignatureState,
)
from letters.models.queue import DeliveryQuerySet
from letters.models.transitions import WAITING

S = DeliveryState
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# After so many sweeps that did not come, nobody sweeps: a lost message and a slow fax service are forgiven.
SWEEPS_MISSED = 6
LEAST_SILENCE = dt.timedelta(minutes=5)
KIND = Case(When(role=Delivery.Role.SERVICE, then=Value("service")), default=Value("letter"))


# What comes from outside and waits for a moderator: kind of row, the state in which it waits, when it came.
MODERATED: tuple[tuple[type[Model], str, str], ...] = (
    (ReportedAction, ReportedAction.State.WAITING, "created_at"),
    (Signature, SignatureState.WAITING, "created_at"),
    (Proposal, Proposal.State.WAITING, "created_at"),
    (Reply, ReplyState.WAITING, "received_at"),
)


@dataclass(frozen=True)
class Heap:
    """Deliveries of one kind ("letter" or "service", mail of ours), state and channel."""

    kind: str
    state: str
    channel: str
    number: int
    since: dt.datetime


def heaps(rows: DeliveryQuerySet | None = None) -> list[Heap]:
    """All deliveries by kind, state and channel, replaced ones aside, with when the oldest of each was made."""
    current = (Delivery.objects.all() if rows is None else rows).filter(replaced_at__isnull=True).order_by()
    groups = current.values_list(KIND, "state", "channel").annotate(number=Count("pk"), since=Min("created_at"))
    return [Heap(*group) for group in groups]


def oldest_wait(found: list[Heap], kind: str) -> dt.timedelta:
    """How long the oldest delivery of `kind` has waited that nobody holds; zero when none waits."""
    moving = WAITING - {S.HELD}
    since = min((heap.since for heap in found if heap.kind == kind and heap.state in moving), default=None)
    return age(since) or dt.timedelta()


def oldest_due() -> dt.timedelta:
    """How long the delivery that is due longest has waited since then; zero when none is due."""
    waiting = Delivery.objects.filter(state__in=[S.QUEUED, S.DEFERRED])
    since = waiting.aggregate(since=Min(Coalesce("next_attempt_at", "created_at")))["since"]
    return age(since) or dt.timedelta()


def handed_over_since(moment: dt.datetime) -> dict[str, int]:
    """Letters that left after `moment` and did not come back, by channel."""
    left = Delivery.objects.letters().filter(handed_over_at__gt=moment, state__in=[S.ACCEPTED, S.DELIVERED])
    return dict(left.order_by().values_list("channel").annotate(Count("pk")))


def broken_since(moment: dt.datetime) -> dict[str, int]:
    """Letters that failed or came back after `moment`, by state."""
    broken = Delivery.objects.letters().filter(settled_at__gt=moment, state__in=[S.FAILED, S.BOUNCED])
    return dict(broken.order_by().values_list("state").annotate(Count("pk")))


@dataclass(frozen=True)
class Day:
    """A day in the site's time zone: letters that left, that broke, and that waited at its end (today: now)."""

    day: dt.date
    handed_over: int
    broken: int
    waiting: int


def days(rows: DeliveryQuerySet, number: int = 14) -> list[Day]:
    """The last `number` days of `rows`, today last; five queries.

    Nobody writes down each evening how many wait: it follows from what waits now, what came and what went since.
    """
    today = timezone.localdate()
    each = [today - dt.timedelta(days=days) for days in reversed(range(number))]
    since = timezone.make_aware(dt.datetime.combine(each[0], dt.time.min))
    left = rows.filter(state__in=[S.ACCEPTED, S.DELIVERED], handed_over_at__gte=since)
    broken = rows.filter(state__in=BROKEN, settled_at__gte=since)
    gone = rows.exclude(state__in=NOT_GONE).filter(Q(handed_over_at__gte=since) | Q(settled_at__gte=since))
    left_on, broken_on = by_day(left, "handed_over_at"), by_day(broken, "settled_at")
    came, went = by_day(rows.filter(created_at__gte=since), "created_at"), by_day(gone, WENT)
    waiting, found = rows.filter(state__in=NOT_GONE).count(), []
    for day in reversed(each):
        found.append(Day(day, left_on[day], broken_on[day], max(waiting, 0)))
        waiting += went[day] - came[day]
    return found[::-1]


BROKEN = (S.FAILED, S.BOUNCED, S.EXPIRED)
NOT_GONE = WAITING | {S.SENDING}
# When a letter stopped waiting: it left, or it ended without leaving.
WENT = Coalesce("handed_over_at", "settled_at")


def by_day(rows: DeliveryQuerySet, moment: str | Coalesce) -> Counter[dt.date]:
    """How many of `rows` have `moment` on each day of the site's time zone."""
    day = TruncDate(moment, tzinfo=timezone.get_default_timezone())
    return Counter(dict(rows.order_by().annotate(on=day).values_list("on").annotate(Count("pk"))))


def brakes() -> set[str]:
    """The channels that are stopped, "everything" for all of them."""
    return {channel or "everything" for channel in Brake.objects.values_list("channel", flat=True)}


@dataclass(frozen=True)
class Life:
    """How long ago a worker and a whole sweep were last seen; None: never, or for a worker not within a day."""

    worker: dt.timedelta | None
    sweep: dt.timedelta | None

    @classmethod
    def now(cls) -> Life:
        """Ask for the last signs of life."""
        seen = dict(Heartbeat.objects.values_list("worker", "at"))
        sweep = seen.pop(Heartbeat.SWEEP, None)
        return cls(age(max(seen.values(), default=None)), age(sweep))

    @property
    def worker_is_silent(self) -> bool:
        return self.worker is None or self.worker > silence()

    @property
    def sweep_is_late(self) -> bool:
        return self.sweep is None or self.sweep > silence()

    def sweep_is_dead(self, due: dt.timedelta) -> bool:
        """Whether nothing is settled, expired and woken any more: beat, broker or worker is gone.

        A site that was never swept is new, and well until something has been due (see `oldest_due`) for too long.
        """
        return (due if self.sweep is None else self.sweep) > silence()


def silence() -> dt.timedelta:
    """After how long without a sign of life nobody works."""
    return max(LEAST_SILENCE, SWEEPS_MISSED * dt.timedelta(seconds=settings.SWEEP_SECONDS))


def age(moment: dt.datetime | None) -> dt.timedelta | None:
    """How long ago `moment` was, never negative: the database's clock may be ahead."""
    return max(timezone.now() - moment, dt.timedelta()) if moment else None
