"""The mailbox where bounces and answers arrive. A mail leaves the inbox only once it is taken in."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from imap_tools import AND, BaseMailBox

from letters.sending.bounces.incoming import Outcome, receive
from letters.sending.bounces.mails import READ_BYTES
from letters.sending.mailbox import MailboxError, opened

# So many mails at a time: what is left comes with the next minute.
BATCH = 200
DONE, ASIDE = "Done", "Set aside"
# Copies of what was taken in help to find out what went wrong; they hold answers, and so names.
KEPT_DAYS = 30

logger = logging.getLogger(__name__)


def fetch() -> int:
    """Take in what lies in the inbox and return how many mails were moved out of it.

    A worker that dies in between repeats at most one mail, which then changes nothing (`receive`).
    """
    if not settings.INCOMING_MAILBOX_URL:
        return 0
    moved = 0
    try:
        with opened(settings.INCOMING_MAILBOX_URL) as mailbox:
            for folder in (DONE, ASIDE):
                if not mailbox.folder.exists(folder):
                    mailbox.folder.create(folder)
            for uid, raw in mails(mailbox):
                if place := place_for(raw):
                    mailbox.move([uid], place)
                    moved += 1
    except MailboxError as error:
        logger.warning("INCOMING_MAILBOX_URL can't be read: %s.", type(error).__name__)
    return moved


def mails(mailbox: BaseMailBox) -> Iterator[tuple[str, bytes]]:
    """Yield the oldest mails as they came, up to the size that is read of any."""
    for uid in mailbox.uids()[:BATCH]:
        _, parts = mailbox.client.uid("fetch", uid, f"(BODY.PEEK[]<0.{READ_BYTES}>)")
        found = [part[1] for part in parts if isinstance(part, tuple)]
        if found:
            yield uid, found[0]


def place_for(raw: bytes) -> str:
    """Take a mail in and return the folder where it belongs now; "": it stays in the inbox."""
    try:
        outcome = receive(raw)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("A mail could not be taken in; it lies in the folder “%s”.", ASIDE)
        return ASIDE
    if outcome is Outcome.LATER:
        return ""
    return ASIDE if outcome is Outcome.STRANGE else DONE


def forget() -> None:
    """Delete what was moved out of the inbox a month ago."""
    if not settings.INCOMING_MAILBOX_URL:
        return
    old = timezone.localdate() - dt.timedelta(days=KEPT_DAYS)
    with opened(settings.INCOMING_MAILBOX_URL) as mailbox:
        for folder in (DONE, ASIDE):
            if mailbox.folder.exists(folder):
                mailbox.folder.set(folder)
                mailbox.delete(mailbox.uids(AND(date_lt=old)))
