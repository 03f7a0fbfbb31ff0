"""`manage.py forget`: blank texts and personal data that are older than RETENTION_DAYS, now."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from letters.keeping import retention


class Command(BaseCommand):
    help = "Blank texts and personal fields of letters whose last news is older than RETENTION_DAYS; counts stay."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"Letters forgotten: {retention.forget()}.")
