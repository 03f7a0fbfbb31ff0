"""What is asked of deliveries, and how many of them move at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.db.models.sql import UpdateQuery
from django.utils import timezone

from campaigns.models import Campaign, CampaignState, Channel
from letters.models.letters import LetterState
from letters.models.log import DeliveryLog
from letters.models.running import Brake
from letters.models.transitions import IN_HAND, MOVES, SETTLED, WAITING, DeliveryState, HoldReason

if TYPE_CHECKING:
    from letters.models.delivery import Delivery

OVER = (
    CampaignState.CONTINUED,
    CampaignState.EXPIRED,
    CampaignState.STOPPED,
    CampaignState.ENDED,
    CampaignState.WITHDRAWN,
)
LEASES = {DeliveryState.SENDING: "LEASE_SENDING_SECONDS", DeliveryState.HANDING_OVER: "LEASE_HANDING_OVER_SECONDS"}
LOG_WHAT_MOVED = """WITH moved AS ({update} RETURNING 1)
INSERT INTO letters_deliverylog (delivery_id, from_state, to_state, owner, fence, reason, at)
SELECT %s, %s, %s, %s, %s, %s, STATEMENT_TIMESTAMP() FROM moved"""
BATCH = 1000
# A delivery over which workers died this often is claimed alone, so that it takes no neighbours along.
SUSPECT_ATTEMPTS = 3


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def letters(self) -> DeliveryQuerySet:
        """Letters to offices, visible copies included."""
        return self.filter(role__in=["primary", "copy"])

    def waiting(self) -> DeliveryQuerySet:
        """What has not left and still can."""
        return self.filter(state__in=WAITING)

    def in_time(self) -> DeliveryQuerySet:
        """What would not be too late, by the database's clock."""
        return self.filter(Q(deliver_by__isnull=True) | Q(deliver_by__gt=Now()))

    def due(self) -> DeliveryQuerySet:
        """What waits for its turn, and whose turn has come, by the database's clock."""
        turn = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=Now())
        return self.in_time().filter(turn, state=DeliveryState.QUEUED)

    def free_to_leave(self) -> DeliveryQuerySet:
        """What nothing stands against: pull, not push, so campaign, office and letter are asked at the last moment."""
        asked = ~Q(purpose__in=["confirm", "reminder"]) | Q(letter__state=LetterState.PENDING)
        ours = Q(role="service") & asked & (Q(mailing__isnull=True) | ~self._unwanted() & ~Q(mailing__state="paused"))
        theirs = Q(
            Q(letter__facts_version__gte=F("campaign__facts_version"))
            | Q(released_facts_version__gte=F("campaign__facts_version")),
            role__in=["primary", "copy"],
            letter__state=LetterState.CONFIRMED,
            office__paused=False,
            campaign__in=Campaign.objects.open(),
        )
        stopped = Brake.objects.filter(Q(channel="") | Q(channel=OuterRef("channel")))
        return self.filter(ours | theirs).exclude(Exists(stopped)).exclude(self._number_taken())

    def unwanted_news(self) -> DeliveryQuerySet:
        """News that must not leave any more: who subscribed has gone, or an organiser stopped it, or its campaign."""
        return self.filter(self._unwanted(), mailing__isnull=False)

    def _unwanted(self) -> Q:
        withdrawn = Campaign.objects.filter(state=CampaignState.WITHDRAWN)
        told = Q(campaign__in=withdrawn) | Exists(withdrawn.filter(updates__mailings__digest=OuterRef("mailing")))
        return Q(Q(subscription__isnull=True) | Q(mailing__state="cancelled") | told)

    def _number_taken(self) -> Q:
        """Faxes to a number that a call of ours is on, or that rests after one in vain: one call at a time."""
        same = self.model.objects.filter(channel=Channel.FAX, contact=OuterRef("contact")).exclude(pk=OuterRef("pk"))
        # Without a reference nobody will ever tell how it ended (mail to fax), so nothing waits for it.
        calling = Q(state__in=[DeliveryState.HANDING_OVER, DeliveryState.UNKNOWN]) | (
            Q(state=DeliveryState.ACCEPTED) & ~Q(reference="")
        )
        resting = Q(state=DeliveryState.DEFERRED, next_attempt_at__gt=Now())
        return Q(channel=Channel.FAX) & Q(Exists(same.filter(calling | resting)))

    def ready(self) -> DeliveryQuerySet:
        """What a worker may take now: mail of ours first, since people wait for it, then by deadline."""
        order = models.Case(models.When(role="service", then=0), default=1)
        return self.due().free_to_leave().order_by(order, F("deliver_by").asc(nulls_last=True), "pk")

    def clock(self) -> dt.datetime:
        """The database's time: that of a worker may be wrong, and two of them may differ. Needs a row to ask with."""
        now: dt.datetime = self.order_by().values_list(Now(), flat=True)[:1].get()
        return now

    def claim(self, owner: str, limit: int) -> list[Delivery]:
        """Give up to `limit` of these rows to `owner`, each with a lease and a new fence, and return them.

        Two workers never get the same row. On PostgreSQL they skip what the other is about to take (FOR UPDATE SKIP
        LOCKED); on SQLite, which knows no row locks, transactions that write come one after the other.
        """
        with transaction.atomic(using=self.db):
            rows = self.select_for_update(skip_locked=True, of=("self",)).select_related("contact")
            found = list(rows[:limit])
            taken = [row for row in found if row.attempts < SUSPECT_ATTEMPTS] or found[:1]
            self._write(taken, DeliveryState.SENDING, owner=owner, fence=F("fence") + 1)
        for row in taken:
            row.state, row.owner, row.fence = DeliveryState.SENDING, owner, row.fence + 1
        return taken

    def move(self, to: DeliveryState, *, reason: str = "", **changes: Any) -> int:
        """Move those of these rows that may go to `to`, with one log row each, and return how many went.

        Rows that somebody else is moving are left to them.
        """
        sources = [state for state, ends in MOVES.items() if to in ends]
        moved = 0
        movable = self.filter(state__in=sources).only("state", "owner", "fence")
        while True:
            with transaction.atomic(using=self.db):
                rows = list(movable.select_for_update(skip_locked=True, of=("self",))[:BATCH])
                self._write(rows, to, reason=reason, **changes)
            moved += len(rows)
            if len(rows) < BATCH:
                return moved

    def move_one(self, row: Delivery, to: DeliveryState, *, reason: str, **changes: Any) -> bool:
        """Move `row` to `to` with its log row, if it is (still) in this set. Each delivery makes this twice or more.

        On PostgreSQL it is one statement and one round trip; its plain twin takes four.
        """
        columns = {**entry(to), "state": to, "reason": reason, **changes}
        log = DeliveryLog(
            delivery=row, from_state=row.state, to_state=to, owner=row.owner, fence=row.fence, reason=reason
        )
        in_one = connections[self.db].vendor == "postgresql"
        return self._move_in_one_statement(columns, log) if in_one else self._move_in_steps(columns, log)

    def _move_in_steps(self, columns: dict[str, Any], log: DeliveryLog) -> bool:
        with transaction.atomic(using=self.db):
            moved = bool(self.update(**columns))
            if moved:
                log.save(force_insert=True)
        return moved

    def _move_in_one_statement(self, columns: dict[str, Any], log: DeliveryLog) -> bool:
        update = cast(UpdateQuery, self.query.chain(UpdateQuery))
        update.add_update_values(columns)
        statement, parameters = update.get_compiler(self.db).as_sql()
        logged = (log.delivery_id, log.from_state, log.to_state, log.owner, log.fence, log.reason)
        with connections[self.db].cursor() as cursor:
            cursor.execute(LOG_WHAT_MOVED.format(update=statement), (*parameters, *logged))
            return bool(cursor.rowcount)

    def _write(self, rows: Sequence[Delivery], to: DeliveryState, *, reason: str = "", **changes: Any) -> None:
        """Move locked rows and log it."""
        owner, claims = changes.get("owner", ""), "fence" in changes
        self.model.objects.filter(pk__in=[row.pk for row in rows]).update(
            **{**entry(to), "state": to, "reason": reason, **changes}
        )
        DeliveryLog.objects.bulk_create(
            DeliveryLog(
                delivery=row,
                from_state=row.state,
                to_state=to,
                owner=owner or row.owner,
                fence=row.fence + claims,
                reason=reason,
            )
            for row in rows
        )


def entry(state: DeliveryState) -> dict[str, Any]:
    """The columns that change whenever a delivery enters `state`. Times are the database's."""
    columns: dict[str, Any] = {"hold_reason": HoldReason.NONE}
    if state in IN_HAND:
        columns["lease_until"] = Now() + dt.timedelta(seconds=getattr(settings, LEASES[state]))
    else:
        columns |= {"lease_until": None, "owner": ""}
    if state == DeliveryState.HANDING_OVER:
        columns |= {"handed_over_at": Now(), "handed_over_on": timezone.localdate()}
    elif state in WAITING or state == DeliveryState.FAILED:
        columns |= {"handed_over_at": None, "handed_over_on": None}
    if state == DeliveryState.DELIVERED:
        columns["delivered_at"] = Now()
    if state in SETTLED:
        columns["settled_at"] = Now()
    return columns
