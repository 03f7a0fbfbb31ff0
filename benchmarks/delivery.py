"""What a letter costs on its way out, next to the least that it could cost: `make bench`.

Both sides are measured in turns in one run, against one SMTP server in a process of its own, in seconds of processor
time of the sending process: so a busy machine changes the figures little. The limits are bare loops: smtplib for the
same text, and the same rows inserted by psycopg.
"""

from __future__ import annotations

import os
import smtplib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figure, publish
from tests import servers

if TYPE_CHECKING:
    from campaigns.models import Campaign

ROUNDS, LETTERS = 5, 300
OFFICES = 2
SINK = """
import sys, time
from tests.smtp_faults import FaultySmtpServer
server = FaultySmtpServer()
print(server.port, flush=True)
sys.stdin.read()
"""


@contextmanager
def sink() -> Iterator[int]:
    """Run an SMTP server that takes everything in a process of its own, and give its port."""
    command = [sys.executable, "-c", SINK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        yield int(process.stdout.readline())
        process.stdin.close()


def milliseconds(work: Callable[[], Any], number: int) -> float:
    """Processor time of this process for each of `number` things that `work` does."""
    before = time.process_time()
    work()
    return 1000 * (time.process_time() - before) / number


def confirming(campaign: Campaign) -> tuple[float, float]:
    """A confirmation, with its rows for two offices, and the same rows inserted as they are."""
    from django.db import connection, transaction  # noqa: PLC0415  # after django.setup()

    from letters.sending import outbox  # noqa: PLC0415
    from tests.factories import make_letter  # noqa: PLC0415

    letters = [make_letter(campaign) for _ in range(LETTERS)]
    ours = milliseconds(lambda: [outbox.confirm(letter) for letter in letters], LETTERS)
    columns = "campaign_id, letter_id, office_id, target_id, contact_id, role, channel, language, subject, text, state"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bare AS SELECT * FROM letters_delivery WHERE false")
        cursor.execute(f"SELECT {columns} FROM letters_delivery WHERE role = 'primary' LIMIT %s", [LETTERS * OFFICES])
        rows = cursor.fetchall()
        marks = ", ".join(["%s"] * len(rows[0]))

        def insert() -> None:
            for start in range(0, len(rows), OFFICES):
                with transaction.atomic():
                    cursor.execute("UPDATE letters_letter SET state = state WHERE id = %s", [letters[0].pk])
                    cursor.executemany(f"INSERT INTO bare ({columns}) VALUES ({marks})", rows[start : start + OFFICES])

        bare = milliseconds(insert, LETTERS)
        cursor.execute("DROP TABLE bare")
    return ours, bare


def draining(port: int) -> tuple[float, float]:
    """A row of the outbox from queued to accepted, claim, log and all; and smtplib with the same text."""
    from letters.models import Delivery  # noqa: PLC0415
    from letters.sending import tasks  # noqa: PLC0415

    waiting = Delivery.objects.filter(state="queued")
    number, text = waiting.count(), waiting[0].text
    ours = milliseconds(tasks.drain, number)
    assert Delivery.objects.filter(state="accepted").count() >= number
    octets = f"From: a@bench.test\nTo: b@bench.test\nSubject: Vera\n\n{text}".encode()

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for _ in range(number):
                client.sendmail("a@bench.test", ["b@bench.test"], octets)

    return ours, milliseconds(send, number)


def rounds(port: int) -> list[Figure]:
    """Measure in turns; the ratio of a figure is that of the medians."""
    from tests.factories import make_campaign, make_office  # noqa: PLC0415

    campaign = make_campaign(*(make_office() for _ in range(OFFICES)))
    found: dict[str, list[tuple[float, float]]] = {"confirm": [], "drain": []}
    for number in range(ROUNDS + 1):
        each = {"confirm": confirming(campaign), "drain": draining(port)}
        if number:  # the first warms up
            for name, figures in each.items():
                found[name].append(figures)
    names = {"confirm": "confirmation of a letter to 2 offices, CPU ms", "drain": "row sent, CPU ms"}
    return [
        (names[name], *(statistics.median(side) for side in zip(*pairs, strict=True)))  # type: ignore[misc]  # two sides
        for name, pairs in found.items()
    ]


def main() -> None:
    address = servers.new_postgres_address()
    server = servers.Server("postgres", address)
    known = {"DEBUG": "on", "ENV_FILE": os.devnull, "DATABASE_URL": address, "DELIVERY_MODE": "live"}
    unpaced = dict.fromkeys(("MAILBOX_PER_HOUR", "MAIL_DOMAIN_PER_HOUR", "FAX_PER_HOUR"), "0")
    try:
        with sink() as port:
            relay = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "DRAIN_SECONDS": "600", "BROKER_URL": "memory://"}
            os.environ.update(known | unpaced | relay | {"DJANGO_SETTINGS_MODULE": "config.settings"})
            import django  # noqa: PLC0415  # its settings are known only now

            django.setup()
            from django.conf import settings  # noqa: PLC0415
            from django.core.management import call_command  # noqa: PLC0415

            settings.DEBUG = False  # which would keep every query in memory
            call_command("migrate", verbosity=0)
            publish("delivery: ", rounds(port))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
