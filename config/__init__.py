"""How the site is put together. The Celery app is imported here so that web processes publish to the right broker."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
