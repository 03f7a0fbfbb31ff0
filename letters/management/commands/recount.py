"""Check that what the site says was done is what its rows say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.models import Campaign
from letters.counting.recount import differences
from letters.counting.tallies import KEYS, Scope, campaigns_in


class Command(BaseCommand):
    help = "Count letters, deliveries and reports row by row and compare with the tallies. Exit status 1: they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaigns", nargs="*", metavar="SLUG", help="campaigns to recount; all if none is named")

    def handle(self, *_args: Any, campaigns: list[str], **_options: Any) -> None:
        slugs = dict(Campaign.objects.values_list("pk", "slug"))
        if unknown := sorted(set(campaigns) - set(slugs.values())):
            raise CommandError(f"There is no campaign {', '.join(unknown)}.")
        wrong = 0
        for campaign in campaigns_in(Scope()):
            if not campaigns or slugs[campaign] in campaigns:
                wrong += self.compare(slugs[campaign], Scope([campaign]))
        if wrong:
            raise CommandError(f"{wrong} numbers differ.")
        self.stdout.write("Tallies and rows agree.")

    def compare(self, slug: str, scope: Scope) -> int:
        """Print what differs in one campaign, by each key alone and by all, and return how much that is."""
        wrong = 0
        for keys in ((), *((key,) for key in KEYS), KEYS):
            for group, number, counted, found in differences(scope, keys):
                wrong += 1
                where = ", ".join(f"{key} {value}" for key, value in zip(keys, group, strict=True))
                self.stdout.write(f"{slug}: {number} {where}: tally {counted}, rows {found}")
        return wrong
