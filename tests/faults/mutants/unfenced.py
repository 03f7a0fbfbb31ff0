"""A worker that writes without looking whether the row is still its own."""

from __future__ import annotations

from typing import Any

from letters.models import Delivery, DeliveryState
from letters.models.transitions import check_move


def advance(self: Delivery, to: DeliveryState, *, reason: str = "", **changes: Any) -> None:
    check_move(self.state, to)
    Delivery.objects.filter(pk=self.pk).move_one(self, to, reason=reason, **changes)
    self.state, self.reason = to, reason


Delivery.advance = advance  # type: ignore[method-assign]  # that is the mutation
