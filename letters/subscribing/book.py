"""The book of subscribers: whose mailbox gets news, from the confirmation to the end. Nothing here asks or mails."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from letters.models import Delivery, DeliveryState, Pace, Subscription
from letters.models.letters import on_trial
from letters.writing.identity import mailbox_key

BLANK = dict.fromkeys(("address", "subject", "text", "html"), "")


def subscribe(
    email: str, topics: Iterable[str], *, language: str, consent_version: str, pace: Pace | None = None
) -> Subscription:
    """Add `topics` to the subscription of a mailbox whose owner has just confirmed; make it where there is none.

    Call it in the transaction of that confirmation. Without a `pace` the one that was chosen stays, at first at once.
    """
    values = {
        "email": email,
        "topics": " ".join(sorted(set(topics))),
        "pace": pace or Pace.AT_ONCE,
        "language": language,
        "consent_version": consent_version,
    }
    with transaction.atomic():
        rows = Subscription.objects.select_for_update()
        subscription, is_new = rows.get_or_create(mailbox_key=mailbox_key(email), defaults=values)
        if not is_new:
            # What was made on trial becomes real with the first confirmation on the live site, and never the reverse.
            subscription.trial = subscription.trial and on_trial()
            subscription.consent_version = consent_version
            change(subscription, [*subscription.topics.split(), *topics], pace or Pace(subscription.pace), language)
    return subscription


def change(subscription: Subscription, topics: Iterable[str], pace: Pace, language: str) -> None:
    """Write down what the subscriber wants from now on."""
    if subscription.pace != pace:
        # What went out at the old pace must not come again at the new one.
        subscription.pace, subscription.since = pace, timezone.now()
    subscription.topics, subscription.language = " ".join(sorted(set(topics))), language
    subscription.save()


def end(subscription: Subscription) -> None:
    """Delete a subscription and what was mailed for it; what has not left is cancelled."""
    with transaction.atomic():
        mails = Delivery.objects.filter(subscription=subscription)
        mails.waiting().move(DeliveryState.CANCELLED, reason="unsubscribed")
        mails.update(**BLANK)
        subscription.delete()


def end_of(email: str) -> None:
    """End the subscription of a mailbox, if it has one."""
    subscription = find(email)
    if subscription:
        end(subscription)


def end_after_bounce(delivery: Delivery) -> None:
    """End the subscription whose mail came back for good: call it for a hard bounce of a mail of ours.

    Any other delivery is left alone, and so is a subscription after a soft bounce: the caller tells the two apart.
    """
    if delivery.subscription:
        end(delivery.subscription)


def find(email: str) -> Subscription | None:
    """The subscription of a mailbox."""
    return Subscription.objects.filter(mailbox_key=mailbox_key(email)).first() if email else None
