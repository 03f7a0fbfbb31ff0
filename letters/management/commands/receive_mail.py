"""`manage.py receive_mail`: takes in one mail from standard input, for the pipe of a mail server."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from letters.sending.bounces.incoming import Outcome, receive
from letters.sending.bounces.mails import READ_BYTES


class Command(BaseCommand):
    help = (
        "Take in one bounce or answer from standard input. Exit status 0: done, also when it is not for this site, "
        "since to send it back would only make another bounce; 75 (EX_TEMPFAIL): the mail server shall try again."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recipient", nargs="?", default="", help="the address that the mail came to")

    def handle(self, *_args: Any, recipient: str, **_options: Any) -> None:
        try:
            outcome = receive(sys.stdin.buffer.read(READ_BYTES), recipient)
        except DatabaseError as error:
            self.stderr.write(f"The database takes nothing now ({type(error).__name__}).")
            sys.exit(os.EX_TEMPFAIL)
        self.stdout.write(outcome.value)
        if outcome is Outcome.LATER:
            sys.exit(os.EX_TEMPFAIL)
