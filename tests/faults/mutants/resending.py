"""A worker whose reaper does as most outboxes do: when the lease of a hand-over is over, it sends again."""

from __future__ import annotations

from django.db.models.functions import Now

from letters.models import Delivery, DeliveryState
from letters.models.transitions import MOVES
from letters.sending import settling


def send_again() -> None:
    left = Delivery.objects.filter(lease_until__lt=Now(), state=DeliveryState.HANDING_OVER)
    left.move(DeliveryState.QUEUED, reason="its worker was gone, so once more")


MOVES[DeliveryState.HANDING_OVER] |= {DeliveryState.QUEUED}
settling.STEPS = (send_again, *settling.STEPS)  # type: ignore[assignment]  # that is the mutation
