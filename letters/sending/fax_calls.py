"""What became of faxes: that the service took a job is a claim; how its call ended is what counts."""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.models import Channel, ContactDetail, ContactState
from letters.models import REDIAL, SILENT, Delivery, DeliveryState, FaxCall, FaxOutcome, OvertakenError
from letters.models.queue import DeliveryQuerySet
from letters.sending.channels.contract import ChannelError
from letters.sending.channels.fax.reports import Answering, Report
from letters.sending.channels.registry import open_channel
from letters.sending.messages import attempt_of

logger = logging.getLogger(__name__)
S = DeliveryState

BATCH = 200
CALLS = 10
# Minutes until a number is called again, and by how much each further wait is longer: ten calls in about five days.
FIRST_WAIT, GROWTH = dt.timedelta(minutes=20), 1.9
# So many calls in vain are a number out of use only when they fell on different days.
SILENT_FOR = dt.timedelta(days=2)
# When somebody is at the machine to put paper in, in the office's own time.
OPENS, CLOSES, SATURDAY = 9, 17, 5


def reports(rows: Sequence[Delivery]) -> Iterator[tuple[Delivery, Report | None]]:
    """Yield each fax with what the service knows of it, as long as the service answers."""
    if not rows or not settings.FAX_URL:
        return
    with open_channel(Channel.FAX) as service:
        if not isinstance(service, Answering):
            return
        for row in rows:
            try:
                report = service.report(attempt_of(row), row.reference)
            except ChannelError as error:
                logger.warning("The fax service can't be asked: %s.", error)
                return
            yield row, report


def follow() -> None:
    """Ask how the calls ended that the service took on."""
    rows = calling().filter(handed_over_at__gt=_kept()).select_related("contact", "target").order_by("pk")[:BATCH]
    for row, report in reports(list(rows)):
        try:
            _follow(row, report)
        except OvertakenError as overtaken:
            logger.info("Left to others: %s.", overtaken)


def _follow(row: Delivery, report: Report | None) -> None:
    if report is None:
        row.advance(S.UNRESOLVED, reason="the fax service no longer knows this job")
    elif report.outcome:
        settle(row, report)


def give_up() -> None:
    """Leave to an organiser what the service never told the end of, and can't tell any more."""
    calling().filter(handed_over_at__lte=_kept()).move(S.UNRESOLVED, reason="the fax service never told how it ended")


def calling() -> DeliveryQuerySet:
    """Faxes whose call the service will tell the end of; without a reference it never will (mail to fax)."""
    return Delivery.objects.letters().filter(channel=Channel.FAX, state=S.ACCEPTED).exclude(reference="")


def _kept() -> CombinedExpression:
    """The moment since when the service surely knows every fax that it took."""
    return Now() - dt.timedelta(hours=settings.FAX_JOBS_KEPT_HOURS)


def settle(row: Delivery, report: Report) -> None:
    """Write down how the call of an accepted fax ended, and what follows for the letter and for the number.

    Raises:
        OvertakenError: somebody else did.
    """
    if report.outcome is None:
        raise ValueError("The call is not over.")
    with transaction.atomic():
        call = FaxCall(
            delivery=row,
            attempt=row.fence,
            outcome=report.outcome,
            pages=report.pages,
            remote_id=printable(report.remote_id)[:100],
            status=printable(report.status)[:300],
            reference=report.reference[:200],
            ended_at=report.ended_at or timezone.now(),
        )
        _advance(row, call)
        call.save(force_insert=True)
        if row.contact:
            _judge(row.contact, call)


def printable(text: str) -> str:
    """What a foreign machine said, without what could disturb a page."""
    return "".join(character for character in text if character.isprintable()).strip()


def _advance(row: Delivery, call: FaxCall) -> None:
    reason = f"{call.get_outcome_display()}: {call.status}"[:300] if call.status else call.get_outcome_display()
    if call.outcome == FaxOutcome.DELIVERED:
        row.advance(S.DELIVERED)
    elif call.outcome == FaxOutcome.BROKEN_OFF:
        # The machine may have printed it: whether to send it again is for a human to say.
        row.advance(S.UNRESOLVED, reason=reason)
    elif call.outcome in REDIAL and (again := next_call(row)):
        row.advance(S.DEFERRED, reason=reason, next_attempt_at=again, attempts=F("attempts") + 1)
    else:
        row.advance(S.FAILED, reason=reason, attempts=F("attempts") + 1)


def next_call(row: Delivery) -> dt.datetime | None:
    """When to call the number again; None when that would be too often or too late.

    The wait grows with the calls in vain to this number, whichever letter they were for.
    """
    if row.attempts + 1 >= CALLS:
        return None
    before = len(FaxCall.objects.in_vain(row.contact, CALLS)) if row.contact else row.attempts
    soon = timezone.now() + FIRST_WAIT * GROWTH**before
    zone = row.target.time_zone if row.target else ""
    moments = (in_office_hours(soon, zone), soon)
    return next((moment for moment in moments if row.deliver_by is None or moment < row.deliver_by), None)


def in_office_hours(moment: dt.datetime, time_zone: str) -> dt.datetime:
    """`moment`, or the next morning of a working day at an office in `time_zone` ("": not known)."""
    if not time_zone:
        return moment
    local = moment.astimezone(zoneinfo.ZoneInfo(time_zone))
    if local.hour >= CLOSES:
        local = (local + dt.timedelta(days=1)).replace(hour=OPENS, minute=0)
    while local.weekday() >= SATURDAY:
        local = (local + dt.timedelta(days=1)).replace(hour=OPENS, minute=0)
    return local.replace(hour=OPENS, minute=0) if local.hour < OPENS else local


def _judge(contact: ContactDetail, call: FaxCall) -> None:
    """Write down what the call says about the number, for all who use it."""
    if call.outcome == FaxOutcome.DELIVERED:
        _mark(contact, ContactState.OK, [ContactState.UNVERIFIED, ContactState.SOFT_BOUNCING])
    elif call.outcome == FaxOutcome.INVALID or _is_dead(contact):
        _mark(contact, ContactState.BOUNCED, [ContactState.OK, ContactState.UNVERIFIED, ContactState.SOFT_BOUNCING])
    elif call.outcome in SILENT:
        _mark(contact, ContactState.SOFT_BOUNCING, [ContactState.OK, ContactState.UNVERIFIED])


def _is_dead(contact: ContactDetail) -> bool:
    calls = FaxCall.objects.in_vain(contact, CALLS)
    silent = len(calls) == CALLS and all(call.outcome in SILENT for call in calls)
    return silent and calls[0].ended_at - calls[-1].ended_at >= SILENT_FOR


def _mark(contact: ContactDetail, state: ContactState, known_as: list[ContactState]) -> None:
    ContactDetail.objects.filter(pk=contact.pk, state__in=known_as).update(state=state)


STEPS = (follow, give_up)
