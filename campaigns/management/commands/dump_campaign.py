"""`manage.py dump_campaign SLUG`: a campaign file out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.files.dumper import dump
from campaigns.models import Campaign


class Command(BaseCommand):
    help = "Print the campaign file of a campaign (docs/campaign-file.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the last part of the campaign's address")

    def handle(self, *, slug: str, **options: Any) -> None:  # noqa: ARG002  # Django's.
        campaign = Campaign.objects.filter(slug=slug).first()
        if campaign is None:
            known = ", ".join(Campaign.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no campaign “{slug}”. There are: {known or 'none yet'}.")
        self.stdout.write(dump(campaign), ending="")
