"""Takes in a mail that came to one of our own addresses: what it changes, once, and for its own delivery alone.

A mail counts only by the sealed address that it came to, which nobody knows but whoever got the letter. Nothing here
answers anybody (RFC 3834, section 2): a loop needs two.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from enum import Enum

from django.db import transaction
from django.utils import translation

from letters.models import ContactEvent, Delivery, DeliveryState, LetterState, ReceivedMail, Reply, ReplyState, Verdict
from letters.models.transitions import IN_HAND, MOVES
from letters.sending.bounces import contacts
from letters.sending.bounces.mails import READ_BYTES, Mail, opened
from letters.sending.bounces.reader import Reading, read
from letters.sending.return_addresses import Kind, delivery_for
from letters.subscribing import book

S = DeliveryState
# Where the address that a mail was really sent to may stand, the surest first.
HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
# A header with more addresses of ours than this was made to keep us busy.
MOST_ADDRESSES, MOST_CHARACTERS = 20, 4000
BETWEEN = re.compile(r"[\s<>,;:()\"]+")


class Outcome(Enum):
    """What became of a mail: it was for a delivery, for none, taken in before, or comes too early to say."""

    TAKEN = "taken in"
    STRANGE = "not for us"
    KNOWN = "taken in before"
    LATER = "for a delivery that is being handed over"


def receive(raw: bytes, recipient: str = "") -> Outcome:
    """Take in a mail that came to `recipient`, or to whom its headers say, in one transaction.

    Repeating it is safe: the same bytes change nothing a second time. `LATER` leaves no trace; try again.
    """
    raw = raw[:READ_BYTES]
    mail = opened(raw)
    with transaction.atomic():
        found = meant(mail, recipient)
        if found and found[1].state in IN_HAND:
            return Outcome.LATER
        reading = read(raw)
        verdict = verdict_at(found[0], reading) if found else reading.verdict
        defaults = {"verdict": verdict, "delivery": found[1] if found else None}
        _, new = ReceivedMail.objects.get_or_create(digest=hashlib.sha256(raw).hexdigest(), defaults=defaults)
        if not new:
            return Outcome.KNOWN
        if found is None:
            return Outcome.STRANGE
        apply(found[1], verdict, reading, mail)
    return Outcome.TAKEN


def meant(mail: Mail, recipient: str) -> tuple[Kind, Delivery] | None:
    """The delivery that a mail is about, locked, with the kind of address; None: no address in it is ours and true."""
    for address in addresses(mail, recipient):
        if (found := delivery_for(address)) and found[1].handed_over_at:
            rows = Delivery.objects.select_for_update(of=("self",)).select_related("contact", "letter")
            return found[0], rows.get(pk=found[1].pk)
    return None


def addresses(mail: Mail, recipient: str) -> Iterator[str]:
    """Yield what looks like an address, the surest first."""
    named = [str(value) for name in HEADERS for value in mail.headers.get_all(name) or ()]
    for place in (recipient, *named):
        yield from [word for word in BETWEEN.split(place[:MOST_CHARACTERS]) if "@" in word][:MOST_ADDRESSES]


def verdict_at(kind: Kind, reading: Reading) -> Verdict:
    """The verdict of a mail at an address of `kind`: to the return path nobody writes but machines."""
    if kind == Kind.BOUNCE and reading.verdict == Verdict.REPLY:
        return Verdict.AUTO_REPLY
    return reading.verdict


def apply(delivery: Delivery, verdict: Verdict, reading: Reading, mail: Mail) -> None:
    """Write down what a mail says of its delivery and of the address that this went to."""
    if verdict == Verdict.OTHER:
        return
    if delivery.state in (S.UNKNOWN, S.UNRESOLVED):
        # Whatever comes back for a letter proves that our relay took it.
        delivery.advance(S.ACCEPTED, reason="evidence: a mail came back for it")
    if reading.came_back and S.BOUNCED in MOVES[S(delivery.state)]:
        delivery.advance(S.BOUNCED, reason=reason(reading))
    if delivery.role != Delivery.Role.SERVICE:
        code = reading.status or reading.reply
        contacts.note(delivery, KINDS[verdict], cause=reading.cause, status=code, words=reading.words)
        if verdict == Verdict.REPLY:
            keep(delivery, mail)
    elif verdict == Verdict.HARD and reading.cause in contacts.GONE:
        book.end_after_bounce(delivery)


def reason(reading: Reading) -> str:
    """Why a letter came back, in a line of the log, which is in English like the others."""
    code = reading.status or reading.reply
    with translation.override(None):
        cause = str(reading.cause.label) if reading.cause else ""
    return f"{cause} ({code})" if code else cause


KINDS = {
    Verdict.HARD: ContactEvent.Kind.HARD,
    Verdict.SOFT: ContactEvent.Kind.SOFT,
    Verdict.DELAYED: ContactEvent.Kind.DELAYED,
    Verdict.AUTO_REPLY: ContactEvent.Kind.ARRIVED,
    Verdict.REPLY: ContactEvent.Kind.ARRIVED,
}


def keep(delivery: Delivery, mail: Mail) -> None:
    """Keep an office's answer for a moderator; of one to an erased letter only that it came."""
    letter, office = delivery.letter, delivery.office
    if letter is None or office is None or delivery.campaign is None:
        return
    answer = Reply(delivery=delivery, campaign=delivery.campaign, office=office, trial=delivery.trial)
    if letter.state == LetterState.CONFIRMED:
        answer.sender, answer.subject = mail.header("from"), mail.subject
        answer.text, answer.attachments = unquoted(mail.text), "\n".join(mail.attachments)
    else:
        answer.state = ReplyState.ERASED
    answer.save(force_insert=True)


def unquoted(text: str) -> str:
    """What an office wrote, without the letter that it quotes and with single blank lines."""
    own = [line.rstrip() for line in text.splitlines() if not line.lstrip().startswith(">")]
    kept = [line for line, before in zip(own, ["", *own], strict=False) if line or before]
    return "\n".join(kept).strip()
