"""How the outbox does: what waits and since when, what left, what broke, who works.

For the desk, for /metrics and /healthz. Nothing here counts people, and no number can be told apart by person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Case, Count, Min, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from letters.models import Brake, Delivery, DeliveryState, Heartbeat
from letters.models.queue import DeliveryQuerySet
from letters.models.transitions import WAITING

S = DeliveryState
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# After so many sweeps that did not come, nobody sweeps: a lost message and a slow fax service are forgiven.
SWEEPS_MISSED = 6
LEAST_SILENCE = dt.timedelta(minutes=5)
KIND = Case(When(role=Delivery.Role.SERVICE, then=Value("service")), default=Value("letter"))


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
        return cls(age(Heartbeat.objects.workers().last_seen()), age(Heartbeat.objects.last_sweep()))

    @property
    def worker_is_silent(self) -> bool:
        return self.worker is None or self.worker > silence()

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
