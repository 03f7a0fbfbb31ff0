"""Asking for news by mail: the wish travels in the mailed link, and nothing is stored before its button is pressed."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from django.db import transaction
from django.utils import timezone

from letters.models import Pace, Subscription
from letters.sealing import Sealed, seal, unseal
from letters.sending import tasks
from letters.subscribing import book, mails
from letters.writing.abuse import mail_was_welcome, may_mail
from letters.writing.store import CONSENT_VERSION, TIME_TO_CONFIRM


@dataclass(frozen=True)
class Wish:
    """What somebody asked for, in another's name perhaps: only the mailbox's owner can say."""

    email: str
    topics: list[str]
    pace: str
    language: str

    @classmethod
    def read(cls, purpose: Sealed, token: str) -> Wish | None:
        """The wish in a sealed link that is not too old; None for any other text."""
        values = unseal(purpose, token, int(TIME_TO_CONFIRM.total_seconds()))
        return cls(*values) if values else None

    def sealed(self, purpose: Sealed) -> str:
        return seal(purpose, astuple(self))

    @property
    def is_fulfilled(self) -> bool:
        """Whether the mailbox has all of it already."""
        found = book.find(self.email)
        return found is not None and set(self.topics) <= set(found.topics.split())


def mail_link(wish: Wish) -> None:
    """Mail the link that subscribes, unless this mailbox had its share; nobody can tell from outside which it was."""
    if may_mail(wish.email):
        until = timezone.now() + TIME_TO_CONFIRM
        with transaction.atomic():
            mails.asking(wish.email, wish.sealed(Sealed.SUBSCRIBE), wish.language, until).save(force_insert=True)
            tasks.wake_on_commit()


def fulfil(wish: Wish) -> Subscription:
    """Subscribe the owner of the mailbox, who has just pressed the button in the mail."""
    subscription = book.subscribe(
        wish.email, wish.topics, language=wish.language, consent_version=CONSENT_VERSION, pace=Pace(wish.pace)
    )
    mail_was_welcome(wish.email)
    return subscription
