"""A supporter takes their letter back: the person goes, the count stays."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from letters.models import Delivery, DeliveryState, Letter, LetterState

PERSONAL = ("name", "email", "city", "organisation", "role", "own_words")
WRITTEN = ("reply_to", "sender", "text", "html")


def erase(letter: Letter) -> None:
    """Blank what tells who wrote and what, cancel what has not left, and keep row, day, country and channel.

    What a worker holds this moment does not leave either: the last look before a hand-over asks whether the letter
    is still confirmed.
    """
    with transaction.atomic():
        deliveries = Delivery.objects.filter(letter=letter)
        deliveries.waiting().move(DeliveryState.CANCELLED, reason="taken back by the supporter")
        deliveries.update(**dict.fromkeys(WRITTEN, ""))
        deliveries.filter(role=Delivery.Role.SERVICE).update(address="")
        letter.texts.all().delete()
        letter.addressings.all().delete()
        Letter.objects.filter(pk=letter.pk).update(
            state=LetterState.ERASED, erased_at=timezone.now(), **dict.fromkeys(PERSONAL, "")
        )
