"""The worker's tasks. A message to it says "wake up" and nothing else: what is to be done stands in the database."""

from __future__ import annotations

import logging
import mmap
import os
import secrets
import signal
import socket
import threading
import time

from celery import shared_task, signals
from django.conf import settings
from django.db import transaction

from letters.keeping.retention import forget_discreet
from letters.models import Heartbeat
from letters.sending import fax_calls, notices, pacing, resolver, settling
from letters.sending.carrier import Carrier
from letters.subscribing import mailing

KICK_SECONDS = 0.2
# After a wake-up that could not be published, requests do not wait for the broker again for so long.
BROKER_REST_SECONDS = 10
CLAIM_SIZE = 50

logger = logging.getLogger(__name__)
# One byte that a worker shares with the processes of its pool, which it forks: the signal reaches the worker alone.
# No lock goes with it, since a process that is killed would hold the lock for good.
stopping = mmap.mmap(-1, 1)


@shared_task
def drain() -> None:
    """Hand over what is ready, one row at a time, until nothing is or the time budget is spent."""
    ends = time.monotonic() + settings.DRAIN_SECONDS

    def over() -> bool:
        return is_stopping() or time.monotonic() > ends

    owner = worker_name()
    Heartbeat.objects.beat(machine())
    with Carrier(over) as carrier:
        while not over() and (rows := pacing.claim(owner, CLAIM_SIZE)):
            carrier.carry(rows)
    if over() and not is_stopping():
        wake()


@shared_task
def sweep() -> None:
    """Settle what is due and hand over what is ready. Beat sends it; a cron job may as well: it needs no broker."""
    steps = (*settling.STEPS, *resolver.STEPS, *fax_calls.STEPS, *notices.STEPS, *mailing.STEPS, forget_discreet)
    for step in steps:
        try:
            step()
        except Exception:  # one step that fails must not keep the others from running
            logger.exception("The sweep could not %s.", step.__name__)
    Heartbeat.objects.beat(Heartbeat.SWEEP)
    drain()


def machine() -> str:
    """The process that works, as organisers see it."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def worker_name() -> str:
    """Who claims: this drain of this process on this machine, never the same twice."""
    return f"{machine()}:{secrets.token_hex(4)}"


@signals.worker_shutting_down.connect
def stop(**_kwargs: object) -> None:
    """On SIGTERM finish the row in hand and give the others back."""
    stopping[0] = 1


@signals.worker_process_init.connect
def leave_it_to_the_worker(**_kwargs: object) -> None:
    """Let a process of the pool live through a SIGTERM to the whole service: the worker's own is enough.

    It would end in the middle of a hand-over. Celery itself ends a process that takes too long with SIGKILL.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def is_stopping() -> bool:
    """Whether this worker was told to stop."""
    return bool(stopping[0])


class Kick:
    """Sends a wake-up at most once in `KICK_SECONDS` for this process, to a drain that starts when they are over.

    So whatever is committed while no further wake-up goes out is still seen by that drain.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def __call__(self) -> None:
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return
            self._next = now + KICK_SECONDS
        try:
            drain.apply_async(countdown=KICK_SECONDS, expires=settings.SWEEP_SECONDS)
        except Exception as error:  # noqa: BLE001  # whatever the broker's library raises: the sweep finds the row
            self._next = now + BROKER_REST_SECONDS
            logger.warning("No wake-up could be sent (%s); the sweep will find what waits.", type(error).__name__)


wake = Kick()


def wake_on_commit() -> None:
    """Wake a worker once the transaction is committed. Never raises."""
    transaction.on_commit(wake, robust=True)
