"""`manage.py send_test_fax +12025550100`: a fax to one's own machine, to see that the service works."""

from __future__ import annotations

import secrets
import time
from argparse import ArgumentParser
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.directory.contacts import normalise
from campaigns.models import Channel, ContactDetail, SiteIdentity
from letters.models import FaxOutcome
from letters.sending.channels.contract import ChannelError, Message
from letters.sending.channels.fax.reports import Answering, Report
from letters.sending.channels.registry import open_channel

WAIT_SECONDS = 300
LOOK_SECONDS = 3


class Command(BaseCommand):
    """Sends in every DELIVERY_MODE, but never to a number of the directory: offices are not there to be tested on."""

    help = "Send a test fax to a number of your own and wait for its receipt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", help="in E.164, such as +12025550100")
        parser.add_argument("--wait", type=int, default=WAIT_SECONDS, help="seconds to wait for the receipt")

    def handle(self, *_args: Any, number: str, wait: int, **_options: Any) -> None:
        if not settings.FAX_URL:
            raise CommandError("FAX_URL names no fax service.")
        message = test_message(own_number(number))
        try:
            with open_channel(Channel.FAX) as service:
                service.prepare(message)
                reference = service.hand_over().reference
                self.stdout.write(f"Handed over. {f'Job {reference}.' if reference else ''}".strip())
                if isinstance(service, Answering):
                    self.tell(outcome(service, message.attempt, reference, wait))
        except (ChannelError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from None

    def tell(self, report: Report | None) -> None:
        """Say how the call ended."""
        if report is None or report.outcome is None:
            raise CommandError("The call is not over yet; look at the fax service.")
        words = f"{FaxOutcome(report.outcome).label}. {report.status}".strip()
        if report.outcome != FaxOutcome.DELIVERED:
            raise CommandError(words)
        self.stdout.write(f"{words} Pages: {report.pages}. Machine: {report.remote_id or 'gave no name'}.")


def own_number(text: str) -> str:
    """The number in E.164.

    Raises:
        CommandError: it is none, or an office's.
    """
    try:
        number = normalise(Channel.FAX, text)
    except ValidationError as error:
        raise CommandError(error.messages[0]) from None
    if ContactDetail.objects.filter(value=number).exists():
        raise CommandError("This is the number of an office. Use one of your own.")
    return number


def test_message(number: str) -> Message:
    """The page that is sent."""
    attempt = f"test-{secrets.token_hex(8)}@{settings.MAIL_DOMAIN}"
    name, address = SiteIdentity.current().name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return Message(
        message_id=attempt,
        attempt=attempt,
        to=number,
        subject="Test",
        text=f"This is a test of {name}.\n\nABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789\n\nАБВГД еёжз · أبجد هوز · 12 ≥ 9",
        date=timezone.now(),
        sender=address,
        sender_name=name,
        return_path=address,
        language="en",
    )


def outcome(service: Answering, attempt: str, reference: str, wait: int) -> Report | None:
    """What the service knows once the call is over, or when the time is."""
    ends = time.monotonic() + wait
    while True:
        report = service.report(attempt, reference)
        if report is None or report.outcome or time.monotonic() > ends:
            return report
        time.sleep(LOOK_SECONDS)
