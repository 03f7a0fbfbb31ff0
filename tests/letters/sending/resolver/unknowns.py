"""Deliveries of which nobody knows whether they were taken."""

import datetime as dt

from django.utils import timezone

from letters.models import Delivery, DeliveryState
from letters.sending import outbox
from letters.sending.carrier import Carrier
from tests.factories import make_letter

S = DeliveryState


def unknown(hours_ago: float = 0) -> Delivery:
    """Make one without handing anything over."""
    outbox.confirm(make_letter())
    [row] = Delivery.objects.ready().claim("w", 1)
    row.advance(S.HANDING_OVER)
    row.advance(S.UNKNOWN)
    Delivery.objects.filter(pk=row.pk).update(handed_over_at=timezone.now() - dt.timedelta(hours=hours_ago))
    return Delivery.objects.get(pk=row.pk)


def handed_over(delivery: Delivery | None = None) -> Delivery:
    """Confirm a letter, unless one is given that waits, and hand it over as far as it goes."""
    if delivery is None:
        outbox.confirm(make_letter())
    with Carrier(lambda: False) as hands:
        hands.carry(Delivery.objects.ready().claim("w", 1))
    return Delivery.objects.order_by("-pk")[0]


def state_of(delivery: Delivery) -> str:
    """Return the state that it has now."""
    delivery.refresh_from_db()
    return delivery.state
