"""A Postfix relay of our own: its queue and its log.

What both call a message is its queue number; the log alone knows the Message-ID, and the queue knows the envelope's
sender, which is another one for each delivery (VERP).
"""

from __future__ import annotations

import json
import logging
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Q

from letters.models import Delivery, DeliveryState
from letters.sending.resolver.evidence import Evidence
from letters.sending.return_addresses import Kind, address_for

QUEUE_SECONDS = 30

logger = logging.getLogger(__name__)


# ── The queue: what was taken and has not left yet ────────────────────────────────────────────────────────────────────


def queue(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """What waits in the queue was taken. What does not wait there may have left already: that proves nothing."""
    if not settings.POSTFIX_QUEUE:
        return {}
    wanted = {address_for(row, Kind.BOUNCE): row.pk for row in rows}
    return {
        wanted[entry["sender"]]: Evidence(taken=True, source="queue of the relay", reference=str(entry["queue_id"]))
        for entry in _queued()
        if entry.get("sender") in wanted
    }


def _queued() -> Iterator[dict[str, Any]]:
    """Yield the queue's entries as `postqueue -j` prints them, one JSON object a line (postqueue(1), since 3.1)."""
    command = shlex.split(settings.POSTFIX_QUEUE)
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=QUEUE_SECONDS, check=True)
        for line in asked.stdout.splitlines():
            yield json.loads(line)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        logger.warning("POSTFIX_QUEUE can't be asked: %s.", type(error).__name__)


# ── The log: what was taken, and what broke off before its end ────────────────────────────────────────────────────────

LINE = re.compile(r" postfix(?:/[\w-]+)*/(?P<program>smtpd|cleanup|qmgr)\[(?P<process>\d+)\]: (?P<said>.*)")
CLIENT = re.compile(r"(\w+): client=")  # a new number: numbers are given again after a while
NAME = re.compile(r"(\w+): message-id=<([^>]+)>")  # its headers were read
QUEUED = re.compile(r"(\w+): from=.*\(queue active\)")  # it is safe on disk: the 250 is on its way
# Before the dot: smtpd then throws away what it had. After the dot Postfix says END-OF-MESSAGE instead of DATA.
BROKEN_OFF = re.compile(r"(?:lost connection|timeout) after DATA \(")


def log(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """What the log of a Postfix relay on this machine (POSTFIX_LOG) says.

    A message that is not in it may be in a log that was rotated away: that proves nothing. One that broke off in its
    text was not taken; but the log does not tell one attempt from another, so this is believed of the first one only.
    """
    if not settings.POSTFIX_LOG:
        return {}
    wanted = {row.message_id: row.pk for row in rows}
    seen = _Log(frozenset(wanted))
    try:
        with Path(settings.POSTFIX_LOG).open(errors="replace") as lines:
            seen.read(lines)
    except OSError as error:
        logger.warning("POSTFIX_LOG can't be read: %s.", error.strerror)
        return {}
    once = _handed_over_once(rows)
    broken = {wanted[name]: number for name, number in seen.broken_off().items() if wanted[name] in once}
    taken = {wanted[name]: number for name, number in seen.taken.items()}
    source = "log of the relay"
    return {pk: Evidence(taken=False, source=source, reference=number) for pk, number in broken.items()} | {
        pk: Evidence(taken=True, source=source, reference=number) for pk, number in taken.items()
    }


@dataclass
class _Log:
    """What is known of the messages in `wanted` after some lines."""

    wanted: frozenset[str]
    taken: dict[str, str] = field(default_factory=dict)  # queue numbers by Message-ID
    _names: dict[str, str] = field(default_factory=dict)  # Message-IDs by queue number
    _at: dict[str, str] = field(default_factory=dict)  # the queue number that each smtpd is busy with
    _broken: set[str] = field(default_factory=set)  # queue numbers

    def read(self, lines: Iterable[str]) -> None:
        for line in lines:
            if found := LINE.search(line):
                getattr(self, f"_{found['program']}")(found["process"], found["said"])

    def broken_off(self) -> dict[str, str]:
        """Queue numbers by Message-ID of what never got as far as the queue, and whose connection broke before."""
        return {name: number for number, name in self._names.items() if number in self._broken}

    def _smtpd(self, process: str, said: str) -> None:
        if found := CLIENT.match(said):
            self._at[process] = number = found[1]
            self._names.pop(number, None)
            self._broken.discard(number)
        elif BROKEN_OFF.match(said) and process in self._at:
            self._broken.add(self._at.pop(process))

    def _cleanup(self, _process: str, said: str) -> None:
        if (found := NAME.match(said)) and found[2] in self.wanted:
            self._names[found[1]] = found[2]

    def _qmgr(self, _process: str, said: str) -> None:
        if (found := QUEUED.match(said)) and found[1] in self._names:
            self.taken[self._names.pop(found[1])] = found[1]


def _handed_over_once(rows: Sequence[Delivery]) -> set[int]:
    """Those of the deliveries that were never handed over before this time."""
    times = Count("log", filter=Q(log__to_state=DeliveryState.HANDING_OVER))
    asked = Delivery.objects.filter(pk__in=[row.pk for row in rows]).order_by().annotate(times=times)
    return set(asked.filter(times=1).values_list("pk", flat=True))
