"""The worker's part in forgetting."""

from __future__ import annotations

from celery import shared_task

from letters.keeping import retention
from prisoners.photos import forget_photos


@shared_task
def forget() -> None:
    """Blank what is older than `RETENTION_DAYS`, and delete photos whose last day is over.

    Beat sends it every hour; `manage.py forget` does the same.
    """
    retention.forget()
    forget_photos()
