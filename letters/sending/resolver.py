"""Settles by evidence what nobody could know at the hand-over.

An adapter is asked about deliveries of its channel and answers for those that it knows something of. Silence is no
evidence: without any within a day an organiser decides, and never this module.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models.functions import Now

from campaigns.models import Channel
from letters.models import Delivery, DeliveryState, OvertakenError
from letters.sending.fax_calls import reports

S = DeliveryState
EVIDENCE_WITHIN = dt.timedelta(hours=24)
BATCH = 100

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What became of a hand-over, by whom we know, and what they call the message."""

    taken: bool
    source: str
    reference: str = ""


Adapter = Callable[[Sequence[Delivery]], dict[int, Evidence]]


def resolve() -> None:
    """Settle what is unknown and can be known; after a day hand the rest to an organiser."""
    unknown = Delivery.objects.filter(state=S.UNKNOWN)
    for channel, adapters in ADAPTERS.items():
        rows = list(unknown.filter(channel=channel).order_by("pk")[:BATCH])
        for adapter in adapters:
            found = adapter(rows) if rows else {}
            _settle((row, found[row.pk]) for row in rows if row.pk in found)
            rows = [row for row in rows if row.pk not in found]
    unknown.filter(handed_over_at__lt=Now() - EVIDENCE_WITHIN).move(S.UNRESOLVED, reason="no evidence within a day")


def _settle(findings: Iterable[tuple[Delivery, Evidence]]) -> None:
    for row, evidence in findings:
        try:
            if evidence.taken:
                row.advance(S.ACCEPTED, reason=f"evidence: {evidence.source}", reference=evidence.reference[:200])
            else:
                row.advance(S.QUEUED, reason=f"evidence that it was not taken: {evidence.source}")
        except OvertakenError as overtaken:
            logger.warning("Left to others: %s.", overtaken)


# ── The mail relay's own log ──────────────────────────────────────────────────────────────────────────────────────────

# postfix/cleanup[7]: 4F1C2A0B: message-id=<...>   the text began to arrive
# postfix/qmgr[8]: 4F1C2A0B: from=<...>, size=1234, nrcpt=1 (queue active)   it was taken: the 250 is on its way
CLEANUP = re.compile(r" postfix(?:/[\w-]+)*/cleanup\[\d+\]: (\w+): message-id=<([^>]+)>")
QUEUED = re.compile(r" postfix(?:/[\w-]+)*/qmgr\[\d+\]: (\w+): from=.*\(queue active\)")


def relay_log(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """What the log of a Postfix relay on this machine (POSTFIX_LOG) says was taken.

    It proves nothing else: a message that is not in it may be in a log that was rotated away.
    """
    if not settings.POSTFIX_LOG:
        return {}
    wanted = {row.message_id: row.pk for row in rows}
    try:
        with Path(settings.POSTFIX_LOG).open(errors="replace") as log:
            taken = list(_taken(log, wanted))
    except OSError as error:
        logger.warning("POSTFIX_LOG can't be read: %s.", error.strerror)
        return {}
    return {wanted[name]: Evidence(taken=True, source="log of the relay", reference=number) for name, number in taken}


def _taken(log: Iterable[str], wanted: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield Message-ID and queue number of each wanted message that reached the queue."""
    names: dict[str, str] = {}
    for line in log:
        if (found := CLEANUP.search(line)) and found[2] in wanted:
            names[found[1]] = found[2]
        elif (found := QUEUED.search(line)) and found[1] in names:
            yield names[found[1]], found[1]


# ── The fax service's jobs ────────────────────────────────────────────────────────────────────────────────────────────


def fax_jobs(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """What the fax service says: every job that it took bears the name of our attempt.

    No job means "not taken" only while the service can't have forgotten it.
    """
    surely = Delivery.objects.clock() - dt.timedelta(hours=settings.FAX_JOBS_KEPT_HOURS)
    return {
        row.pk: Evidence(taken=report is not None, source="fax service", reference=report.reference if report else "")
        for row, report in reports(rows)
        if report or (row.handed_over_at and row.handed_over_at > surely)
    }


ADAPTERS: dict[str, tuple[Adapter, ...]] = {
    Channel.EMAIL: (relay_log,),
    Channel.FAX: (fax_jobs,),
}
STEPS = (resolve,)
