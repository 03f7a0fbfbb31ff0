"""What bounces say of an address. The rules are few, so that an organiser can tell why an address rests.

- There is no such mailbox or domain, it has moved or is closed: it bounced, at once.
- Another refusal that would be repeated (policy, spam): it is watched, and bounced when a second day brings another.
- Full, busy, not reached: it is watched, and bounced after five such days within five weeks.
- An answer of any kind, an organiser who knows better, or five weeks without a bounce: it works.
- A letter that was too large, or a fault of ours or on the way, says nothing of the address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from campaigns.models import Channel, ContactDetail, ContactState
from letters.models import Cause, ContactEvent, Delivery

WITHIN = dt.timedelta(days=35)
HARD_DAYS, SOFT_DAYS = 2, 5
GONE = frozenset({Cause.NO_MAILBOX, Cause.NO_DOMAIN, Cause.MOVED, Cause.CLOSED})
NOT_ITS_FAULT = frozenset({Cause.SIZE, Cause.UNSIGNED, Cause.LOOP, Cause.SERVER})

K = ContactEvent.Kind
JUDGED = (ContactState.OK, ContactState.UNVERIFIED, ContactState.SOFT_BOUNCING)


def note(delivery: Delivery, kind: K, *, cause: Cause | None = None, status: str = "", words: str = "") -> None:
    """Note what became of a letter, if the directory still has the address that it went to, and judge that address."""
    contact = delivery.contact
    if contact is None or delivery.channel != Channel.EMAIL or contact.value != delivery.address:
        return
    ContactEvent.objects.create(
        contact=contact, delivery=delivery, kind=kind, cause=cause or "", status=status[:12], words=words
    )
    judge(contact)


def judge(contact: ContactDetail) -> None:
    """Set the state that the latest events ask for, unless an organiser has said that it is lost or not to be used."""
    latest = ContactEvent.objects.of(contact).first()
    if latest and latest.kind == K.ARRIVED:
        mark(contact, ContactState.OK, [ContactState.UNVERIFIED, ContactState.SOFT_BOUNCING])
        return
    found = [event for event in ContactEvent.objects.counting(contact, WITHIN) if event.cause not in NOT_ITS_FAULT]
    if is_dead(found):
        mark(contact, ContactState.BOUNCED, JUDGED)
    elif found:
        mark(contact, ContactState.SOFT_BOUNCING, [ContactState.OK, ContactState.UNVERIFIED])


def is_dead(events: list[ContactEvent]) -> bool:
    """Whether events that count are enough to give an address up."""
    if any(event.kind == K.HARD and event.cause in GONE for event in events):
        return True
    hard = {timezone.localdate(event.at) for event in events if event.kind == K.HARD}
    return len(hard) >= HARD_DAYS or len({timezone.localdate(event.at) for event in events}) >= SOFT_DAYS


def restore(contact: ContactDetail, by: int | None) -> None:
    """Mark an address as working again, on the word of the user `by`; what came back before counts no more."""
    with transaction.atomic():
        ContactEvent.objects.create(contact=contact, kind=K.RESTORED, by_id=by)
        today = timezone.localdate()
        ContactDetail.objects.filter(pk=contact.pk).update(state=ContactState.OK, checked_on=today)


def mend() -> None:
    """Trust addresses again from which nothing came back for five weeks."""
    lately = ContactEvent.objects.filter(
        contact=OuterRef("pk"), kind__in=[K.HARD, K.SOFT], at__gt=timezone.now() - WITHIN
    )
    ever = ContactEvent.objects.filter(contact=OuterRef("pk"))
    watched = ContactDetail.objects.filter(channel=Channel.EMAIL, state=ContactState.SOFT_BOUNCING)
    watched.filter(Exists(ever)).exclude(Exists(lately)).update(state=ContactState.OK)


def mark(contact: ContactDetail, state: ContactState, known_as: Sequence[ContactState]) -> None:
    """Set the state of an address that is still `known_as` one of some states."""
    ContactDetail.objects.filter(pk=contact.pk, state__in=known_as).update(state=state)
