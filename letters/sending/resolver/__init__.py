"""Settles by evidence what nobody could know at the hand-over.

An adapter is asked about deliveries of its channel and answers for those that it knows something of. Silence is no
evidence: without any within a day an organiser decides, and never this package.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator

from django.db.models.functions import Now

from campaigns.models import Channel
from letters.models import Delivery, DeliveryState, OvertakenError
from letters.models.queue import DeliveryQuerySet
from letters.sending.resolver import fax, journal, postfix, provider
from letters.sending.resolver.evidence import Adapter, Evidence

S = DeliveryState
EVIDENCE_WITHIN = dt.timedelta(hours=24)
BATCH = 200

logger = logging.getLogger(__name__)

# In the order in which they are asked.
ADAPTERS: dict[str, tuple[Adapter, ...]] = {
    Channel.EMAIL: (provider.repeated, provider.searched, postfix.queue, postfix.log, journal.copies),
    Channel.FAX: (fax.jobs,),
}


def resolve() -> None:
    """Settle what is unknown and can be known; after a day hand the rest to an organiser."""
    unknown = Delivery.objects.filter(state=S.UNKNOWN)
    for channel, adapters in ADAPTERS.items():
        for rows in _batches(unknown.filter(channel=channel)):
            _ask(adapters, rows)
    unknown.filter(handed_over_at__lt=Now() - EVIDENCE_WITHIN).move(S.UNRESOLVED, reason="no evidence within a day")


def _ask(adapters: Iterable[Adapter], rows: list[Delivery]) -> None:
    for adapter in adapters:
        found = adapter(rows) if rows else {}
        _settle((row, found[row.pk]) for row in rows if row.pk in found)
        rows = [row for row in rows if row.pk not in found]


def _batches(deliveries: DeliveryQuerySet) -> Iterator[list[Delivery]]:
    """Yield all of the deliveries, so many at a time: those that nobody knows of must not stand before the others."""
    last = 0
    while rows := list(deliveries.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk


def _settle(findings: Iterable[tuple[Delivery, Evidence]]) -> None:
    for row, evidence in findings:
        try:
            if evidence.taken:
                row.advance(S.ACCEPTED, reason=f"evidence: {evidence.source}", reference=evidence.reference[:200])
            else:
                row.advance(S.QUEUED, reason=f"evidence that it was not taken: {evidence.source}")
        except OvertakenError as overtaken:
            logger.warning("Left to others: %s.", overtaken)


STEPS = (resolve,)
