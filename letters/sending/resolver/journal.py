"""The journal mailbox: a copy of each letter that our relay took, for as long as it may be asked about."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from imap_tools import AND, BaseMailBox, H

from letters.models import Delivery
from letters.sending.mailbox import MailboxError, opened
from letters.sending.resolver.evidence import Evidence

# Longer than anything is unknown. IMAP knows days, not hours.
KEPT_DAYS = 3

logger = logging.getLogger(__name__)


def copies(rows: Sequence[Delivery]) -> dict[int, Evidence]:
    """What lies in the journal was taken: its copy left in the same transaction as the letter.

    What does not lie there may still be on its way, or the relay refused the copy: that proves nothing.
    """
    if not settings.JOURNAL_MAILBOX_URL:
        return {}
    found: dict[int, Evidence] = {}
    try:
        with opened(settings.JOURNAL_MAILBOX_URL) as mailbox:
            for row in rows:
                if _holds(mailbox, row.message_id):
                    found[row.pk] = Evidence(taken=True, source="journal mailbox")
    except MailboxError as error:
        logger.warning("JOURNAL_MAILBOX_URL can't be asked: %s.", type(error).__name__)
    return found


def forget() -> None:
    """Delete copies that nothing will be asked about any more: they hold texts and names of supporters."""
    if not settings.JOURNAL_MAILBOX_URL:
        return
    old = timezone.localdate() - dt.timedelta(days=KEPT_DAYS)
    with opened(settings.JOURNAL_MAILBOX_URL) as mailbox:
        mailbox.delete(mailbox.uids(AND(date_lt=old)))


def _holds(mailbox: BaseMailBox, message_id: str) -> bool:
    """SEARCH looks for a part of the header (RFC 3501, 6.4.4), so what it finds is compared."""
    found = mailbox.fetch(AND(header=H("Message-ID", message_id)), headers_only=True, mark_seen=False, limit=1)
    return any(f"<{message_id}>" in mail.obj.get_all("Message-ID", []) for mail in found)
