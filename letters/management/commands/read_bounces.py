"""`manage.py read_bounces FOLDER`: what the reader makes of mails that came back. It touches no database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from letters.sending.bounces.mails import READ_BYTES
from letters.sending.bounces.reader import Reading, read

# RFC 4155: a line "From ", an address and a date, after a blank line.
SEPARATOR = re.compile(rb"(?:\A|\r?\n\r?\n)From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d[^\n]*\n")


class Command(BaseCommand):
    help = (
        "Print a line for each mail: file, verdict, status code, failed recipients, cause, separated by tabs. A folder "
        "is read with all below it, so a Maildir is one; a file of several mails (mbox) has a line for each of them."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE_OR_FOLDER")

    def handle(self, *_args: Any, paths: list[Path], **_options: Any) -> None:
        if missing := [str(path) for path in paths if not path.exists()]:
            raise CommandError(f"There is no {', '.join(missing)}.")
        for path in files(paths):
            for name, mail in mails(path):
                self.stdout.write(line(name, read(mail)))


def files(paths: list[Path]) -> Iterator[Path]:
    """Yield the files, and those of folders in order, hidden ones left out."""
    for path in paths:
        if path.is_dir():
            yield from files(sorted(inner for inner in path.iterdir() if not inner.name.startswith(".")))
        elif path.is_file():
            yield path


def mails(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the mails of a file, each with a name."""
    with path.open("rb") as file:
        if len(SEPARATOR.findall(file.read(READ_BYTES))) < 2:  # noqa: PLR2004  # one mail, and maybe its separator
            file.seek(0)
            yield str(path), file.read(READ_BYTES)
            return
    for number, mail in enumerate(SEPARATOR.split(path.read_bytes())[1:], 1):
        yield f"{path}:{number}", mail


def line(name: str, reading: Reading) -> str:
    """What is printed of one mail."""
    cause = str(reading.cause.label) if reading.cause else ""
    return "\t".join([name, reading.verdict, reading.status, ",".join(reading.recipients), cause])
