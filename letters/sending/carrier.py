"""Takes claimed deliveries to their channels, one at a time, and writes down what became of each before the next."""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import Self

from django.db.models import F
from django.db.models.functions import Now

from campaigns.models import Channel as Kind
from campaigns.models import SiteIdentity
from letters.models import Delivery, DeliveryState, OvertakenError
from letters.models.letters import on_trial
from letters.sending.channels.contract import Channel, ChannelError, Phase, Verdict
from letters.sending.channels.registry import open_channel
from letters.sending.messages import message_for

logger = logging.getLogger(__name__)

MINUTE = 60
# Seconds until the next attempt, after so many that were refused for now: about five days in all (RFC 5321, 4.5.4.1).
WAITS = (MINUTE, 5 * MINUTE, 30 * MINUTE, *(120 * MINUTE * n for n in (1, 2, 4, 8)), *(24 * 60 * MINUTE,) * 4)
# A message over which our own code stumbles is not worth five days.
POISON_ATTEMPTS = 5
# How long a channel rests that could not be reached; its messages are not at fault.
REST_SECONDS = 60
GATE_SECONDS = 1


class Gate:
    """Which of some claimed rows may still leave; asked again every second, so that a stop takes no longer.

    Before a fax it is asked each time: the one before it may be calling the same number.
    """

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._rows: Sequence[Delivery] = ()
        self._asked = 0.0

    def renew(self, rows: Sequence[Delivery], row: Delivery) -> None:
        """Ask about `rows` before `row` leaves, unless that was done within a second."""
        fresh = rows is self._rows and time.monotonic() - self._asked < GATE_SECONDS
        if fresh and row.channel != Kind.FAX:
            return
        self._rows, self._asked = rows, time.monotonic()
        free = Delivery.objects.free_to_leave().filter(pk__in=[row.pk for row in rows])
        self._open = set(free.values_list("pk", flat=True))

    def __contains__(self, pk: int) -> bool:
        return pk in self._open


class Carrier:
    """A worker's hands and the channels that it keeps open.

    `over` is asked before each row; once it says yes, the rows that are left go back to the queue.
    """

    def __init__(self, over: Callable[[], bool]) -> None:
        self.over = over
        self._channels: dict[str, Channel] = {}
        self._unreachable: set[str] = set()
        self._exits = ExitStack()
        self._gate = Gate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exits.close()

    @cached_property
    def _site(self) -> SiteIdentity:
        return SiteIdentity.current()

    def carry(self, rows: Sequence[Delivery]) -> None:
        """Carry each of these rows, which the caller has claimed, as far as it goes today."""
        for row in rows:
            self._gate.renew(rows, row)
            try:
                self._carry(row)
            except OvertakenError as overtaken:
                logger.warning("Left to others: %s.", overtaken)

    def _carry(self, row: Delivery) -> None:
        if self.over():
            row.advance(DeliveryState.QUEUED, reason="given back")
        elif row.trial:
            row.advance(DeliveryState.CAPTURED)
        elif on_trial():
            row.advance(DeliveryState.QUEUED, reason="waits for live mode, in which it was confirmed")
        elif row.channel in self._unreachable:
            self._wait(row, "the channel could not be reached", REST_SECONDS)
        elif self._prepare(row) and self._take_in_hand(row):
            self._hand_over(row)

    def _prepare(self, row: Delivery) -> bool:
        """Everything that may fail without consequences. False: what was to be written is written."""
        if row.contact and not row.contact.is_usable:
            row.advance(DeliveryState.FAILED, reason="the address does not work any more")
        elif not row.address:
            row.advance(DeliveryState.FAILED, reason="the office has no address that works")
        else:
            return self._ready(row)
        return False

    def _ready(self, row: Delivery) -> bool:
        try:
            self._channel(row.channel).prepare(message_for(row, self._site))
        except ChannelError as error:
            self._refused(row, error)
        except Exception as error:
            logger.exception("Delivery %s can't be prepared.", row.pk)
            self._poisoned(row, error)
        else:
            return True
        return False

    def _channel(self, kind: str) -> Channel:
        if kind not in self._channels:
            self._channels[kind] = self._exits.enter_context(open_channel(kind))
        return self._channels[kind]

    def _take_in_hand(self, row: Delivery) -> bool:
        """Commit that the text is about to leave: the last moment to find that it must not."""
        try:
            if row.pk in self._gate:
                row.advance(DeliveryState.HANDING_OVER)
                return True
        except OvertakenError:
            pass  # too late since the claim; or not ours any more, which the next line finds
        # The sweep says what becomes of what was paused, closed or changed.
        row.advance(DeliveryState.QUEUED, reason="stopped before it left")
        return False

    def _hand_over(self, row: Delivery) -> None:
        try:
            receipt = self._channel(row.channel).hand_over()
        except ChannelError as error:
            self._refused(row, error)
        except Exception:
            logger.exception("Delivery %s: nobody knows whether it was taken.", row.pk)
            row.advance(DeliveryState.UNKNOWN, reason="an error of this site during the hand-over")
        else:
            row.advance(DeliveryState.ACCEPTED, reference=receipt.reference[:200])

    def _refused(self, row: Delivery, error: ChannelError) -> None:
        """Write down what the channel said."""
        reason = f"{error.phase}: {error.code or ''} {error.detail}"[:300]
        if error.verdict is Verdict.UNKNOWN:
            row.advance(DeliveryState.UNKNOWN, reason=reason)
        elif error.verdict is Verdict.FINAL:
            row.advance(DeliveryState.FAILED, reason=reason, attempts=F("attempts") + 1)
        elif error.phase is Phase.CONNECT:
            self._unreachable.add(row.channel)
            self._wait(row, reason, REST_SECONDS)
        elif row.attempts < len(WAITS):
            self._wait(row, reason, WAITS[row.attempts], attempts=1)
        else:
            row.advance(DeliveryState.FAILED, reason=f"given up: {reason}"[:300], attempts=F("attempts") + 1)

    def _poisoned(self, row: Delivery, error: Exception) -> None:
        reason = f"an error of this site: {type(error).__name__}"
        if row.attempts + 1 < POISON_ATTEMPTS:
            self._wait(row, reason, WAITS[row.attempts], attempts=1)
        else:
            row.advance(DeliveryState.FAILED, reason=reason, attempts=F("attempts") + 1)

    def _wait(self, row: Delivery, reason: str, seconds: float, attempts: int = 0) -> None:
        """Try again later; a little earlier or later, so that what failed together does not come back together."""
        again = Now() + dt.timedelta(seconds=seconds * random.uniform(0.9, 1.2))  # noqa: S311  # no secret
        row.advance(DeliveryState.DEFERRED, reason=reason, next_attempt_at=again, attempts=F("attempts") + attempts)
