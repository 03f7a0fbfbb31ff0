"""`manage.py forget`: blank what is older than RETENTION_DAYS, and delete photos whose last day is over, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from letters.keeping import retention
from prisoners.photos import forget_photos


class Command(BaseCommand):
    help = "Blank texts and personal fields of letters whose last news is older than RETENTION_DAYS; end photos."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"Letters forgotten: {retention.forget()}. Photos deleted: {forget_photos()}.")
