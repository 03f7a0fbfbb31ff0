"""The worker's part in forgetting."""

from __future__ import annotations

from celery import shared_task

from letters.keeping import retention


@shared_task
def forget() -> None:
    """Blank what is older than `RETENTION_DAYS`. Beat sends it every hour; `manage.py forget` does the same."""
    retention.forget()
