"""A letter that failed or came back goes out again, to the address that its office has now, and counts once."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from campaigns.directory.reach import DIRECTORY, Office
from campaigns.models import ContactDetail, Target
from letters.models import Delivery, DeliveryState, LetterState
from letters.models.queue import DeliveryQuerySet
from letters.sending import tasks

# What stays the same: the words, the offices and the promise when it leaves at the latest.
KEPT = [
    *("campaign", "letter", "role", "office", "target", "trial", "released_facts_version", "deliver_by"),
    *("addressee", "reply_to", "sender", "language", "subject", "text", "text_hash"),
]


def replaceable() -> DeliveryQuerySet:
    """Letters that never arrived, whose words are still there and which would not be too late."""
    ended = Delivery.objects.letters().filter(state__in=[DeliveryState.FAILED, DeliveryState.BOUNCED])
    return ended.filter(replaced_at__isnull=True, letter__state=LetterState.CONFIRMED).exclude(text="").in_time()


def replace(delivery: Delivery) -> Delivery | None:
    """Send the words of `delivery` again, to an address of its office that works now, if there is one.

    Returns the new delivery; None, and nothing changed, when no address works or somebody else was faster.
    """
    contact = working_contact(delivery)
    if contact is None:
        return None
    with transaction.atomic():
        if not replaceable().filter(pk=delivery.pk).update(replaced_at=Now()):
            return None
        kept = {name: getattr(delivery, name) for name in KEPT}
        again = Delivery.objects.create(
            **kept, contact=contact, channel=contact.channel, address=contact.value, replaces=delivery
        )
        tasks.wake_on_commit()
    return again


def working_contact(delivery: Delivery) -> ContactDetail | None:
    """The office's working address of the same channel, else of the first channel over which this site can send."""
    if delivery.office is None or delivery.target is None:
        return None
    target = Target.objects.prefetch_related(*DIRECTORY).get(pk=delivery.target.pk)
    office = Office(delivery.office, target)
    channels = [channel for channel in (delivery.channel, *office.sendable) if channel in office.sendable]
    return office.contact(channels[0]) if channels else None
