"""What is long past is forgotten: `RETENTION_DAYS` after the last news of a letter only its count is left."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from campaigns.models import Channel
from letters.keeping.erasure import blank
from letters.models import (
    Delivery,
    DeliveryState,
    Letter,
    LetterState,
    Proposal,
    ReceivedMail,
    ReportedAction,
    Subscription,
)
from letters.models.letters import on_trial
from letters.models.transitions import SETTLED
from letters.subscribing import book

BATCH = 500
P = Delivery.Purpose
PERSONAL_MAIL = (P.SIGN, P.SUBSCRIBE, P.NEWS, P.DIGEST, P.EXPORT)


def forget() -> int:
    """Blank whatever is old enough and return the number of letters that were; running it again does no harm.

    A letter that nobody knows whether it arrived, and about which no organiser decided in all that time, is given up
    first: its writer is told, and then it is forgotten like the others.
    """
    before = timezone.now() - dt.timedelta(days=settings.RETENTION_DAYS)
    undecided = Delivery.objects.filter(state=DeliveryState.UNRESOLVED, handed_over_at__lt=before)
    undecided.move(DeliveryState.CANCELLED, reason="nobody decided in time")
    forgotten = 0
    while keys := list(due(before).values_list("pk", flat=True)[:BATCH]):
        blank(keys)
        forgotten += len(keys)
    forget_mails(before)
    if not on_trial():
        forget_trial()
    Proposal.objects.filter(created_at__lt=before).delete()
    ReportedAction.objects.filter(created_at__lt=before).exclude(note="").update(note="")
    ReceivedMail.objects.filter(at__lt=before).delete()
    return forgotten


def forget_trial() -> None:
    """Delete who subscribed on trial: the live site never mails them."""
    for subscription in Subscription.objects.filter(trial=True):
        book.end(subscription)


def due(before: dt.datetime) -> QuerySet[Letter]:
    """Confirmed letters with no delivery that has not come to its end, or came to it after `before`."""
    lively = Delivery.objects.filter(letter=OuterRef("pk")).exclude(state__in=SETTLED, settled_at__lt=before)
    old = Letter.objects.filter(state=LetterState.CONFIRMED, confirmed_at__lt=before)
    return old.exclude(Exists(lively)).order_by("pk")


def forget_discreet() -> None:
    """Blank letters that could endanger their writers as soon as nothing of them is on its way."""
    # A fax service may still ask for another call, which needs the text.
    calling = Q(state=DeliveryState.ACCEPTED, channel=Channel.FAX) & ~Q(reference="")
    moving = Delivery.objects.filter(~Q(state__in=SETTLED) | calling, letter=OuterRef("pk"))
    discreet = Letter.objects.filter(state=LetterState.CONFIRMED, discreet=True).exclude(Exists(moving)).order_by("pk")
    while keys := list(discreet.values_list("pk", flat=True)[:BATCH]):
        blank(keys)


def forget_mails(before: dt.datetime) -> None:
    """Blank mail of ours that belongs to no single letter: bundles of copies, links to sign or subscribe, news."""
    with transaction.atomic():
        mails = Delivery.objects.filter(state__in=SETTLED, settled_at__lt=before).exclude(text="")
        mails.filter(purpose__in=PERSONAL_MAIL).update(address="", subject="", text="", html="")
        mails.filter(purpose=Delivery.Purpose.COPIES).update(text="", html="")
