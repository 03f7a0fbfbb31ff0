"""The worker's part in forgetting."""

from __future__ import annotations

from celery import shared_task

from letters.keeping import retention
from letters.sending.bounces import mailbox
from letters.sending.resolver import journal
from prisoners.photos import forget_photos


@shared_task
def forget() -> None:
    """Blank what is older than `RETENTION_DAYS`, delete photos whose last day is over and old mail in our mailboxes.

    Beat sends it every hour; `manage.py forget` does the same, but for the mailboxes.
    """
    retention.forget()
    forget_photos()
    journal.forget()
    mailbox.forget()
