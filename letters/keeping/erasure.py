"""A supporter takes their letter back, or its time is over: the person goes, the count stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from letters.models import (
    Addressing,
    Delivery,
    DeliveryState,
    Letter,
    LetterState,
    LetterText,
    Reply,
    ReplyState,
)
from letters.models.transitions import SETTLED
from letters.subscribing import book

PERSONAL = ("name", "email", "city", "organisation", "role", "own_words")
WRITTEN = ("reply_to", "sender", "text", "html")
ANSWERED = ("sender", "subject", "text", "attachments")


def erase(letter: Letter) -> None:
    """Blank what tells who wrote and what, cancel what has not left, and keep row, day, country and channel.

    What a worker holds this moment does not leave either: the last look before a hand-over asks whether the letter
    is still confirmed. Copies that wait for the campaign's own addresses are bundled anew, without it. News by mail
    to the same mailbox ends.
    """
    with transaction.atomic():
        Delivery.objects.filter(letter=letter).waiting().move(
            DeliveryState.CANCELLED, reason="taken back by the supporter"
        )
        book.end_of(letter.email)
        blank([letter.pk])
        if letter.confirmed_on:
            forget_copies(letter.campaign_id, letter.confirmed_on)


def forget_writer(letter: Letter) -> None:
    """Blank at once what a confirmed letter needs no more: its frozen texts go when they have left (`retention`)."""
    letter.deliveries.filter(role=Delivery.Role.SERVICE).update(address="", text="", html="")
    letter.texts.all().delete()
    Letter.objects.filter(pk=letter.pk).update(**dict.fromkeys(PERSONAL, ""))


def blank(letters: Collection[int]) -> None:
    """Blank the personal columns of these letters (keys) and of all that belongs to them, whatever state they are in.

    One that was confirmed stays in the ledger of counts; one that was not is as good as expired.
    """
    with transaction.atomic():
        rows = Letter.objects.filter(pk__in=letters)
        # Nobody confirms them meanwhile.
        list(rows.select_for_update().values_list("pk", flat=True))
        deliveries = Delivery.objects.filter(letter__in=letters)
        deliveries.update(**dict.fromkeys(WRITTEN, ""))
        deliveries.filter(role=Delivery.Role.SERVICE).update(address="")
        LetterText.objects.filter(letter__in=letters).delete()
        Addressing.objects.filter(letter__in=letters).delete()
        blank_answers(letters)
        gone = {"erased_at": timezone.now(), **dict.fromkeys(PERSONAL, "")}
        rows.filter(confirmed_at__isnull=False).update(state=LetterState.ERASED, **gone)
        rows.filter(confirmed_at__isnull=True).update(state=LetterState.EXPIRED, **gone)


def blank_answers(letters: Collection[int]) -> None:
    """Blank what offices answered to these letters; what a moderator published of it names no supporter and stays."""
    answers = Reply.objects.filter(delivery__letter__in=letters)
    answers.update(**dict.fromkeys(ANSWERED, ""))
    answers.exclude(state=ReplyState.PUBLISHED).update(state=ReplyState.ERASED)


def forget_copies(campaign: int, day: dt.date) -> None:
    """Blank the bundles of copies of a day that are settled; those that wait are made again by the sweep."""
    bundles = Delivery.objects.filter(campaign=campaign, purpose=Delivery.Purpose.COPIES, occasion__contains=f":{day}:")
    bundles.filter(state__in=SETTLED).update(text="", html="")
    bundles.waiting().delete()
