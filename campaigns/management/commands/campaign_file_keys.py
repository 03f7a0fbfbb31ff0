"""`manage.py campaign_file_keys`: the tables of docs/campaign-file.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from campaigns.files.reference import reference


class Command(BaseCommand):
    help = "Print the tables of keys in docs/campaign-file.md."

    def handle(self, **options: Any) -> None:  # noqa: ARG002  # Django's.
        self.stdout.write(reference())
