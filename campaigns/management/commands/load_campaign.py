"""`manage.py load_campaign FILE...`: campaign files in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from campaigns.files.loader import load
from campaigns.files.problems import RefusedError
from campaigns.files.writer import Changes


class Command(BaseCommand):
    help = "Load campaign files (docs/campaign-file.md). All of them are loaded, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--update", action="store_true", help="the files win over what the site says")
        parser.add_argument("--check", action="store_true", help="only say what is wrong and what would change")

    def handle(self, *, files: list[Path], update: bool, check: bool, **options: Any) -> None:  # noqa: ARG002  # Django's.
        try:
            changes = load(files, update=update, check=check)
        except RefusedError as error:
            raise CommandError(f"{error}\n\nNothing was loaded: {len(error.problems)} to put right.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        self.report(changes, check=check)

    def report(self, changes: Changes, *, check: bool) -> None:
        """Say what changed, or what would."""
        if not changes:
            self.stdout.write("Nothing changed.")
            return
        if check:
            self.stdout.write("Only checked, nothing was written. Loading would do this:")
        if changes.created:
            self.stdout.write("new: " + ", ".join(f"{noun} {count}" for noun, count in changes.created.items()))
        for verb, lines in (("changed", changes.altered), ("removed", changes.removed)):
            for line in lines:
                self.stdout.write(f"{verb}: {line}")
