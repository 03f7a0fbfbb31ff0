"""Public documents for whoever asks: printed once, kept for a while, and never so many at once that pages have to wait.

A document is kept under a digest of all that it says, so that a corrected fact is on the next one. What somebody typed
is printed for them alone and kept nowhere.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.cache import cache
from django.http import HttpRequest

from letters.models import Allowance
from letters.paper.renderer import PressBusyError
from letters.writing.abuse import TooManyError, client_network

KEPT_SECONDS = 900
# How many documents one network may have printed anew at once, and within a day.
AT_ONCE, A_DAY = 40, 400
# Requests of this process that print at the same time; one more is told to come back instead of holding up a thread.
T = TypeVar("T")
_places = threading.BoundedSemaphore(2)


def public_pdf(request: HttpRequest, name: str, says: object, make: Callable[[], bytes]) -> bytes:
    """Return a document from the shelf, or have `make` print it.

    Args:
        request: who asks; only what has to be printed anew counts against their network's share.
        name: kind and size of the document.
        says: all that it says, as a value whose `repr` tells two texts apart.
        make: prints it.

    Raises:
        TooManyError: the network had its share.
        RenderingFailedError: there is none; PressBusyError where there soon may be.
    """
    key = f"paper.{name}.{hashlib.sha256(repr(says).encode()).hexdigest()}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = own_pdf(request, make)
        cache.set(key, found, KEPT_SECONDS)
    return found


def own_pdf(request: HttpRequest, make: Callable[[], T]) -> T:
    """Have `make` print what is for this reader alone. Raises the same."""
    if not Allowance.objects.take("paper", client_network(request), capacity=AT_ONCE, a_day=A_DAY):
        raise TooManyError
    with a_place():
        return make()


@contextmanager
def a_place() -> Iterator[None]:
    """Hold one of the places at the press. Raises PressBusyError when all are taken."""
    if not _places.acquire(blocking=False):
        raise PressBusyError("Too many documents are being printed.")
    try:
        yield
    finally:
        _places.release()
