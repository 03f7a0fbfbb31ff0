"""The moments at which something enters the outbox: it asks for its confirmation, or a letter is confirmed.

They write rows only. A worker takes it from there (`letters.sending.tasks`), and the rows are the truth: the wake-up
that goes out after the commit may get lost.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.directory.reach import DIRECTORY, Office
from campaigns.models import CampaignTarget, KeptFacts
from letters.keeping.erasure import forget_writer
from letters.models import Addressing, Delivery, DeliveryState, HoldReason, Letter, LetterState, Signature
from letters.models.queue import DeliveryQuerySet
from letters.sending import pacing, service_mails, tasks
from letters.sending.likeness import is_one_of_many
from letters.subscribing import book
from letters.subscribing.topics import of_campaign
from letters.wording import text_hash


def request_confirmation(letter: Letter) -> None:
    """Put the mail with the confirmation link into the outbox; call it in the transaction that writes the letter."""
    with transaction.atomic():
        service_mails.confirmation(letter).save(force_insert=True)
        tasks.wake_on_commit()


def request_signature(signature: Signature) -> None:
    """Put the mail with the link to sign into the outbox; call it in the transaction that writes the signature."""
    with transaction.atomic():
        service_mails.signing(signature).save(force_insert=True)
        tasks.wake_on_commit()


def confirm(letter: Letter) -> bool:
    """Confirm a pending letter and make one frozen delivery for each of its offices, in one transaction.

    Returns False, and changes nothing, when the letter was confirmed before, or is not pending any more: a second
    click, a parallel request, a letter that expired.
    """
    with transaction.atomic():
        now = timezone.now()
        pending = Letter.objects.filter(pk=letter.pk, state=LetterState.PENDING, expires_at__gt=Now())
        if not pending.update(state=LetterState.CONFIRMED, confirmed_at=now, confirmed_on=timezone.localdate(now)):
            return False
        letter.refresh_from_db()
        Delivery.objects.bulk_create(_deliveries(letter, is_held=is_one_of_many(letter)))
        KeptFacts.objects.keep(letter.campaign, letter.facts_version)
        letter.addressings.all().delete()
        if letter.updates:
            _subscribe(letter)
        if letter.discreet:
            forget_writer(letter)
        tasks.wake_on_commit()
    return True


def _subscribe(letter: Letter) -> None:
    """The tick for updates becomes a subscription: the link that confirmed the letter confirmed the address too."""
    topics = [of_campaign(letter.campaign)]
    book.subscribe(letter.email, topics, language=letter.page_language, consent_version=letter.consent_version)


def ask_again(letter: Letter, among: DeliveryQuerySet) -> int:
    """Ask the writer of a letter whether those of its deliveries that changed facts hold shall still leave.

    They stay held until the answer, or their last moment. Returns how many; none when we have no address any more.
    """
    with transaction.atomic():
        held = among.filter(letter=letter, state=DeliveryState.HELD, hold_reason=HoldReason.FACTS_CHANGED)
        rows = list(held.select_related("office", "target").select_for_update(of=("self",)).order_by("pk"))
        if not rows or not letter.email:
            return 0
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(hold_reason=HoldReason.ASKED)
        Delivery.objects.bulk_create([service_mails.again(letter, rows)], ignore_conflicts=True)
        tasks.wake_on_commit()
    return len(rows)


def answer(letter: Letter, *, send: bool, version: int) -> int:
    """Carry out what the writer of a letter answered, who saw this version of the facts; return for how many."""
    asked = letter.deliveries.letters().filter(state=DeliveryState.HELD, hold_reason=HoldReason.ASKED)
    if not send:
        return asked.move(DeliveryState.CANCELLED, reason="its writer took it back", told_at=Now())
    seen = {"released_facts_version": version, "next_attempt_at": None}
    moved = asked.move(DeliveryState.QUEUED, reason="its writer wants it sent", **seen)
    tasks.wake_on_commit()
    return moved


def _deliveries(letter: Letter, *, is_held: bool) -> list[Delivery]:
    addressings = list(letter.addressings.select_related("office", "target"))
    prefetch_related_objects([addressing.target for addressing in addressings], *DIRECTORY)
    leave_by = pacing.last_moment(letter.campaign, letter.confirmed_at or timezone.now())
    frozen = [_frozen(letter, addressing, leave_by) for addressing in addressings]
    for delivery in frozen if is_held else []:
        delivery.state, delivery.hold_reason = DeliveryState.HELD, HoldReason.MODERATION
    return frozen


def _frozen(letter: Letter, addressing: Addressing, leave_by: dt.datetime) -> Delivery:
    """What the check page showed for one office, with the address that works now."""
    office = Office(addressing.office, addressing.target)
    contact = office.contact(addressing.channel)
    copy = addressing.office.level == CampaignTarget.Level.COPY
    return Delivery(
        campaign=letter.campaign,
        letter=letter,
        role=Delivery.Role.COPY if copy else Delivery.Role.PRIMARY,
        office=addressing.office,
        target=addressing.target,
        contact=contact,
        channel=addressing.channel,
        address=contact.value if contact else "",
        addressee=office.addressee(addressing.language),
        reply_to=letter.email if letter.reply_to_me else "",
        sender=letter.name,
        language=addressing.language,
        subject=addressing.subject,
        text=addressing.text,
        text_hash=text_hash(addressing.text),
        trial=letter.trial,
        deliver_by=leave_by,
    )
