"""A signature is taken back: unlike a letter, which was sent, nothing of it stays in the counts."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from letters.models import Delivery, DeliveryState, Signature, SignatureState

BLANK = dict.fromkeys(("name", "role", "email", "contact", "search_text"), "")


def take_back(signature: Signature) -> None:
    """Blank who signed; it counts no more, and the same mailbox may sign again."""
    with transaction.atomic():
        mails = Delivery.objects.filter(signature=signature)
        mails.waiting().move(DeliveryState.CANCELLED, reason="taken back by the supporter")
        mails.update(address="", sender="", text="", html="")
        confirmed = Signature.objects.filter(pk=signature.pk, confirmed_at__isnull=False)
        confirmed.update(state=SignatureState.ERASED, erased_at=timezone.now(), members=None, **BLANK)
