"""What a text will be as a fax, before anybody has sent it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Channel
from letters.paper.renderer import RenderingFailedError, Typeset
from letters.sending.channels.contract import Message
from letters.sending.channels.fax.document import document
from letters.sending.messages import on_behalf
from letters.writing.abuse import TooManyError
from letters.writing.cards import Card

Printing = Callable[[Callable[[], Typeset]], Typeset]


def fax_of(card: Card, name: str) -> Typeset:
    """The fax of a text that `name` signs. Its address for answers is made when it is sent.

    Raises:
        RenderingFailedError: there is none.
    """
    contact = card.office.contact(Channel.FAX)
    message = Message(
        message_id="",
        to=contact.value if contact else "",
        subject=card.subject,
        text=card.text,
        date=timezone.now(),
        sender_name=on_behalf(name, card.language),
        reply_to=f"reply+…@{settings.MAIL_DOMAIN}",
        language=card.language,
        addressee=card.addressee,
    )
    return document(message)


def too_long(cards: Iterable[Card], name: str, printed: Printing) -> str:
    """Which of these no fax of ours may hold, in a sentence; "" when all are short enough.

    `printed` has a document typeset for this reader, or refuses.
    """
    for card in cards:
        pages = pages_of(card, name, printed)
        if pages > settings.FAX_MAX_PAGES:
            return _(
                "As a fax the letter to %(office)s would have %(pages)s pages, and this site sends at most %(most)s. "
                "Shorten it or choose another way."
            ) % {"office": card.office.name(), "pages": pages, "most": settings.FAX_MAX_PAGES}
    return ""


def pages_of(card: Card, name: str, printed: Printing) -> int:
    """The number of its pages. Typesetting takes a second, so only what is not surely short is typeset to count."""
    if card.fax_pages * 2 <= settings.FAX_MAX_PAGES:
        return card.fax_pages
    try:
        return printed(lambda: fax_of(card, name)).pages
    except (RenderingFailedError, TooManyError):
        return card.fax_pages
