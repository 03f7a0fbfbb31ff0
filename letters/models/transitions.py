"""The states of a delivery and the one table of moves between them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """The life of a delivery; `MOVES` says which way it can go."""

    QUEUED = "queued", _("waits for its turn")
    SENDING = "sending", _("being prepared")
    HANDING_OVER = "handing_over", _("being handed over")
    DEFERRED = "deferred", _("will be tried again")
    HELD = "held", _("held")
    ACCEPTED = "accepted", _("handed over")
    DELIVERED = "delivered", _("received, with a receipt")
    BOUNCED = "bounced", _("came back")
    FAILED = "failed", _("could not be sent")
    UNKNOWN = "unknown", _("not known whether it was taken")
    UNRESOLVED = "unresolved", _("not known, an organiser must decide")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("too late to be sent")
    CAPTURED = "captured", _("kept here, not sent (trial mode)")


class HoldReason(models.TextChoices):
    """Why a delivery waits for somebody."""

    NONE = "", _("not held")
    FACTS_CHANGED = "facts_changed", _("the facts changed after it was written")
    ASKED = "asked", _("the facts changed, and its writer was asked again")
    CAMPAIGN_PAUSED = "campaign_paused", _("the campaign is paused")
    OFFICE_PAUSED = "office_paused", _("the office is paused")
    MODERATION = "moderation", _("an organiser looks at it")


S = DeliveryState

MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    S.QUEUED: frozenset({S.SENDING, S.HELD, S.EXPIRED, S.CANCELLED, S.CAPTURED}),
    # Nothing of the text has left yet: every way back is safe.
    S.SENDING: frozenset({S.HANDING_OVER, S.QUEUED, S.DEFERRED, S.FAILED, S.CAPTURED}),
    # The text may have left. Only a clear answer leads out; there is no way back to the queue.
    S.HANDING_OVER: frozenset({S.ACCEPTED, S.DEFERRED, S.FAILED, S.UNKNOWN}),
    S.DEFERRED: frozenset({S.QUEUED, S.HELD, S.EXPIRED, S.CANCELLED, S.CAPTURED}),
    S.HELD: frozenset({S.QUEUED, S.EXPIRED, S.CANCELLED, S.CAPTURED}),
    # Evidence moves these two, and for the second also an organiser who resends or drops it knowingly.
    S.UNKNOWN: frozenset({S.ACCEPTED, S.QUEUED, S.UNRESOLVED}),
    S.UNRESOLVED: frozenset({S.ACCEPTED, S.QUEUED, S.CANCELLED}),
    # A fax service took the job and then says how the call ended: nobody answered, never will, or perhaps in part.
    S.ACCEPTED: frozenset({S.DELIVERED, S.BOUNCED, S.DEFERRED, S.FAILED, S.UNRESOLVED}),
    # A mail server's receipt is not the last word: it may find later that it can't deliver.
    S.DELIVERED: frozenset({S.BOUNCED}),
    # What failed or came back is replaced by a new delivery, never revived.
    S.BOUNCED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
    S.EXPIRED: frozenset(),
    S.CAPTURED: frozenset(),
}

IN_HAND = frozenset({S.SENDING, S.HANDING_OVER})
WAITING = frozenset({S.QUEUED, S.DEFERRED, S.HELD})
LEFT = frozenset({S.ACCEPTED, S.DELIVERED, S.BOUNCED})
NEVER_LEFT = frozenset({S.FAILED, S.CANCELLED, S.EXPIRED, S.CAPTURED})
SETTLED = LEFT | NEVER_LEFT


class IllegalMoveError(Exception):
    """The table has no such move."""

    def __init__(self, start: str, end: str) -> None:
        super().__init__(f"A delivery cannot go from {start} to {end}.")


class OvertakenError(Exception):
    """Somebody else moved the delivery since it was read, or its lease passed to another worker."""


def check_move(start: str, end: str) -> None:
    """Raise `IllegalMoveError` unless a delivery may go from `start` to `end`."""
    if S(end) not in MOVES[S(start)]:
        raise IllegalMoveError(start, end)
