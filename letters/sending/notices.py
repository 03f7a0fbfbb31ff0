"""Mail of ours that nobody asks for: the one reminder, news of what could not be delivered, copies for a campaign.

None goes to somebody whom it could endanger; their page says the same. Each goes out once, however often and wherever
the sweep runs: a condition or the `occasion` of the mail sees to it.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.models import CopyAddress
from letters.models import Delivery, DeliveryState, Letter, LetterState
from letters.models.letters import on_trial
from letters.models.queue import DeliveryQuerySet
from letters.sending import service_mails
from letters.writing.abuse import may_mail

REMIND_AFTER = dt.timedelta(hours=24)
# Time for an organiser to correct an address, so that nobody is told of a failure that is none in the end.
TELL_AFTER = dt.timedelta(hours=24)
BATCH = 200
# Copies are bundled when a day is surely over, and made good for so many days when no worker ran.
BUNDLE_HOUR = 1
BUNDLE_DAYS = 7
LETTERS_A_MAIL = 100


def remind() -> None:
    """Remind, once, whoever has not confirmed within a day, unless their mailbox had its share of mail today."""
    forgotten = Letter.objects.filter(
        state=LetterState.PENDING, reminded_at__isnull=True, created_at__lte=Now() - REMIND_AFTER, expires_at__gt=Now()
    ).exclude(discreet=True)
    for letter in forgotten.select_related("campaign")[:BATCH]:
        with transaction.atomic():
            if forgotten.filter(pk=letter.pk).update(reminded_at=Now()) and may_mail(letter.email):
                service_mails.reminder(letter).save(force_insert=True)


def tell() -> None:
    """Tell supporters what did not reach an office, and what they can do instead."""
    for pk in untold().values_list("letter", flat=True).order_by("letter").distinct()[:BATCH]:
        with transaction.atomic():
            rows = list(untold().filter(letter=pk).select_for_update(skip_locked=True, of=("self",)))
            Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=Now())
            letter = Letter.objects.select_related("campaign").get(pk=pk)
            if rows and letter.state == LetterState.CONFIRMED and letter.email:
                service_mails.failure(letter, rows).save(force_insert=True)


def untold() -> DeliveryQuerySet:
    """Letters that ended before they arrived, and whose writers do not know it."""
    too_late = Q(state__in=[DeliveryState.EXPIRED, DeliveryState.CANCELLED])
    broken = Q(state__in=[DeliveryState.FAILED, DeliveryState.BOUNCED], settled_at__lte=Now() - TELL_AFTER)
    mine = Q(role=Delivery.Role.PRIMARY, told_at__isnull=True, replaced_at__isnull=True, letter__discreet=False)
    return Delivery.objects.filter(mine, too_late | broken).select_related("office", "target")


def bundle() -> None:
    """Send each campaign the copies of yesterday's letters, as far as their writers agreed."""
    now = timezone.localtime()
    if now.hour < BUNDLE_HOUR:
        return
    for days in range(BUNDLE_DAYS, 0, -1):
        _bundle(now.date() - dt.timedelta(days=days))


def _bundle(day: dt.date) -> None:
    letters = Letter.objects.filter(
        confirmed_on=day, copies=True, state=LetterState.CONFIRMED, trial=on_trial()
    ).order_by("pk")
    wanted = Exists(letters.filter(campaign=OuterRef("campaign")))
    for address in CopyAddress.objects.filter(wanted).select_related("campaign"):
        _copies(address, day, letters.filter(campaign=address.campaign))


def _copies(address: CopyAddress, day: dt.date, letters: QuerySet[Letter]) -> None:
    """Put the mails for one address and day into the outbox, unless they are there."""
    occasion = f"copies:{address.pk}:{day}"
    if Delivery.objects.filter(occasion__startswith=f"{occasion}:").exists():
        return
    sent = Prefetch("deliveries", Delivery.objects.letters().filter(replaced_at__isnull=True).select_related("target"))
    found = list(letters.prefetch_related(sent))
    parts = [found[start : start + LETTERS_A_MAIL] for start in range(0, len(found), LETTERS_A_MAIL)]
    mails = [service_mails.copies(address, day, part) for part in parts]
    for number, mail in enumerate(mails, 1):
        mail.occasion = f"{occasion}:{number}"
    Delivery.objects.bulk_create(mails, ignore_conflicts=True)


STEPS = (remind, tell, bundle)
