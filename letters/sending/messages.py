"""What a channel is given for a delivery: the frozen row as a message, the same at every attempt."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from campaigns.models import SiteIdentity
from letters.models import Delivery
from letters.sending.channels.contract import Message
from letters.sending.return_addresses import Kind, address_for
from letters.subscribing.mails import unsubscribe_link

# An automatic answer to an automatic mail would go round in circles (RFC 3834, section 5).
AUTOMATIC = (("Auto-Submitted", "auto-generated"),)


def message_for(delivery: Delivery, site: SiteIdentity | None = None) -> Message:
    """The message of a delivery. Its text is the frozen text and nothing else.

    From is our own address, with the supporter's name before it: only so can mail be signed by us (DMARC, RFC 7489).
    `site` spares a query to whoever has it.
    """
    ours = delivery.role == Delivery.Role.SERVICE
    return Message(
        message_id=delivery.message_id,
        to=delivery.address,
        subject=delivery.subject,
        text=delivery.text,
        html=delivery.html,
        addressee=delivery.addressee,
        attempt=attempt_of(delivery),
        date=delivery.created_at,
        sender=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        sender_name=delivery.sender if ours else on_behalf(delivery.sender, delivery.language, site),
        return_path=address_for(delivery, Kind.BOUNCE),
        reply_to="" if ours else delivery.reply_to or address_for(delivery, Kind.REPLY),
        language=delivery.language,
        headers=(*AUTOMATIC, *list_headers(delivery)) if ours else (),
        # Never mail of ours: its links open the letters of supporters.
        journal="" if ours else journal_for(delivery),
    )


def journal_for(delivery: Delivery) -> str:
    """Where a copy is kept as evidence; none of a letter that could endanger its writer, which is kept nowhere."""
    kept = settings.JOURNAL_ADDRESS
    return "" if kept and delivery.letter and delivery.letter.discreet else kept


def list_headers(delivery: Delivery) -> tuple[tuple[str, str], ...]:
    """What lets a reader's program unsubscribe by one click (RFC 8058), and sort news by their list (RFC 2919)."""
    if delivery.subscription is None:
        return ()
    return (
        ("List-Id", f"<news.{settings.MAIL_DOMAIN}>"),
        ("List-Unsubscribe", f"<{unsubscribe_link(delivery.subscription)}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


def attempt_of(delivery: Delivery) -> str:
    """The name of the hand-over that is under way, or was the last: each claim raises the fence."""
    return f"{delivery.message_id}.{delivery.fence}"


def on_behalf(name: str, language: str, site: SiteIdentity | None = None) -> str:
    """The sender's name as an office sees it; ours alone for a letter without a name."""
    ours = (site or SiteIdentity.current()).name
    if not name:
        return ours
    with translation.override(language):
        form = pgettext("the sender's name in a mail to an office", "%(name)s via %(site)s")
    return form % {"name": name, "site": ours}
