"""Letters that left, and mail that comes back for them."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from campaigns.models import Campaign
from letters.models import Delivery, DeliveryState
from letters.sending import outbox
from letters.sending.return_addresses import Kind, address_for
from tests.factories import make_letter

MAILS = Path(__file__).parent / "mails"
SOMEBODY = b"1a.0123456789abcdef01234567@postbag.test"


def sent(state: DeliveryState = DeliveryState.ACCEPTED, campaign: Campaign | None = None, **fields: Any) -> Delivery:
    """Make a letter to one office that a relay has taken."""
    letter = make_letter(campaign, **fields)
    outbox.confirm(letter)
    delivery = Delivery.objects.get(letter=letter)
    left = {"handed_over_at": timezone.now(), "handed_over_on": timezone.localdate(), "settled_at": timezone.now()}
    Delivery.objects.filter(pk=delivery.pk).update(state=state, **left)
    delivery.refresh_from_db()
    return delivery


def comes_back(delivery: Delivery, name: str) -> bytes:
    """Return the mail `name` of our collection as it would come for this delivery."""
    raw = (MAILS / f"{name}.eml").read_bytes()
    for kind in Kind:
        raw = raw.replace(f"{kind}+".encode() + SOMEBODY, address_for(delivery, kind).encode())
    raw = raw.replace(b"0123456789abcdef0123456789abcdef@postbag.test", delivery.message_id.encode())
    return raw.replace(b"office@embassy.test", delivery.address.encode())


def contact_state(delivery: Delivery) -> str:
    """Return the state of the address that it went to."""
    assert delivery.contact
    delivery.contact.refresh_from_db()
    return delivery.contact.state


def state_of(delivery: Delivery) -> str:
    """Return the state it has now."""
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)
