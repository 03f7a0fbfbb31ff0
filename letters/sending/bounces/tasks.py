"""The worker's part in reading mail."""

from __future__ import annotations

from celery import shared_task

from letters.sending.bounces import contacts, mailbox


@shared_task
def read_mailbox() -> None:
    """Take in what came back. Beat sends it; it does nothing without INCOMING_MAILBOX_URL."""
    mailbox.fetch()
    contacts.mend()
