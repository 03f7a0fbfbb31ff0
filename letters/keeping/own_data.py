"""What is stored about one mailbox, for its owner: as data that a program can read, or to be erased.

Letters and signatures are found by their keyed hash, which stays when the address itself is gone.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign
from letters.keeping.erasure import erase
from letters.keeping.signatures import BLANK, take_back
from letters.models import Delivery, Letter, LetterState, Signature, SignatureState, Subscription
from letters.subscribing import book, topics
from letters.writing.identity import person_key


def letters_of(email: str) -> list[Letter]:
    """The letters that were written with a mailbox, in the order in which they were."""
    keys = [person_key(campaign, email) for campaign in Campaign.objects.all()]
    return list(Letter.objects.filter(person_key__in=keys).select_related("campaign").order_by("pk"))


def signatures_of(email: str) -> list[Signature]:
    keys = [person_key(campaign, email) for campaign in Campaign.objects.all()]
    return list(Signature.objects.filter(person_key__in=keys).select_related("campaign").order_by("pk"))


def export(email: str) -> dict[str, Any]:
    """All that is stored about a mailbox, as JSON values.

    Of what nobody confirmed only the fact: somebody else may have typed this address by mistake, and their words are
    not its owner's to read.
    """
    subscription = book.find(email)
    return {
        "mailbox": email,
        "site": settings.SITE_URL,
        "exported_at": timezone.now(),
        "letters": [_letter(letter) for letter in letters_of(email)],
        "signatures": [_signature(signature) for signature in signatures_of(email)],
        "news_by_email": _subscription(subscription) if subscription else None,
    }


def erase_all(email: str) -> None:
    """Erase what is stored about a mailbox. Letters that were confirmed stay in the counts, without saying who."""
    with transaction.atomic():
        for letter in letters_of(email):
            if letter.state in (LetterState.PENDING, LetterState.CONFIRMED):
                erase(letter)
        for signature in signatures_of(email):
            take_back(signature)
            pending = Signature.objects.filter(pk=signature.pk, state=SignatureState.PENDING)
            pending.update(state=SignatureState.EXPIRED, members=None, **BLANK)
        book.end_of(email)


LETTER = (
    *("public_id", "state", "page_language", "name", "email", "city", "organisation", "role", "own_words"),
    *("reply_to_me", "copies", "updates", "in_dossier", "consent_version"),
    *("created_at", "confirmed_at", "erased_at"),
)
SIGNATURE = (
    *("public_id", "kind", "state", "page_language", "name", "role", "email", "contact", "members", "is_public"),
    *("updates", "consent_version", "created_at", "confirmed_at", "erased_at"),
)
DELIVERY = ("role", "channel", "language", "subject", "text", "state", "created_at", "handed_over_at", "delivered_at")
SUBSCRIPTION = ("email", "pace", "language", "consent_version", "confirmed_at")
UNCONFIRMED = ("state", "created_at", "expires_at")


def _letter(letter: Letter) -> dict[str, Any]:
    if letter.state == LetterState.PENDING:
        return _facts(letter, UNCONFIRMED)
    texts = [{"language": text.language, "text": text.body, "edited": text.edited} for text in letter.texts.all()]
    deliveries = letter.deliveries.select_related("target").order_by("pk")
    return {
        **_facts(letter, LETTER),
        "texts": texts,
        "sent": [_delivery(delivery) for delivery in deliveries],
    }


def _signature(signature: Signature) -> dict[str, Any]:
    is_pending = signature.state == SignatureState.PENDING
    return _facts(signature, UNCONFIRMED if is_pending else SIGNATURE)


def _facts(row: Letter | Signature, columns: tuple[str, ...]) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in columns}
    return {"campaign": str(row.campaign.title), "country": str(row.country), **facts}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    to = str(delivery.target.name) if delivery.target else "you"
    return {"to": to, **{name: getattr(delivery, name) for name in DELIVERY}}


def _subscription(subscription: Subscription) -> dict[str, Any]:
    about = list(topics.named(subscription.topics.split()).values())
    return {"about": about, **{name: getattr(subscription, name) for name in SUBSCRIPTION}}
