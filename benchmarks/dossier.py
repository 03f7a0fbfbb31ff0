"""How long a dossier takes to print, and how much memory: `make bench`.

Prints one line a figure, separated by tabs: name, ours, limit, ratio (below 1 is within the limit), and puts them into
benchmarks/latest.tsv. Runs on a database and folder of its own.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import publish

ROOT = Path(__file__).resolve().parent.parent
LETTERS = 2_000
FEW = 200
# What an organiser waits for without wondering, and what a small server can spare beside its other work.
MOST_SECONDS = 600
MOST_MEGABYTES = 300
# Ten times the letters may need half as much memory again.
MOST_GROWTH = 1.5
TEXT = """Dear Prosecutor General,

I teach history in Leeds, and half of my pupils have family who once had to leave their homes.

I am writing about Vera Example, who was convicted for joining a union. She has committed no crime and has spent more
than four years behind bars, separated from her family. Nobody showed any credible evidence at her trial, and her
lawyers were not heard.

I ask you to end her prosecution, to release her at once and without conditions, and to clear her record.

Yours sincerely,

Ada Example {number}
Leeds, United Kingdom"""


def measure() -> tuple[float, float, float]:
    """Print the dossier that was asked for; return seconds, and peak memory of worker and press in megabytes."""
    from letters.models import Dossier  # noqa: PLC0415  # after django.setup()
    from letters.paper.dossier import go_on  # noqa: PLC0415
    from letters.paper.renderer import renderer  # noqa: PLC0415

    dossier = Dossier.objects.get()
    before = time.perf_counter()
    while go_on(dossier):
        pass
    seconds = time.perf_counter() - before
    dossier.refresh_from_db()
    assert (dossier.state, dossier.done) == ("ready", dossier.total), dossier.reason
    renderer.stop()  # so that its memory counts below
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    worker, press = (resource.getrusage(each).ru_maxrss / 1024 for each in who)
    return seconds, worker, press


def ask(letters: int) -> None:
    """Make so many confirmed letters to one office, and ask for the dossier of them."""
    from letters.models import Delivery, Dossier, Letter  # noqa: PLC0415
    from tests import factories  # noqa: PLC0415

    campaign = factories.make_campaign(factories.make_office())
    office = campaign.targets.get()
    now = {"confirmed_at": "2026-03-01T12:00Z", "confirmed_on": "2026-03-01", "expires_at": "2026-03-04T12:00Z"}
    Letter.objects.bulk_create(
        Letter(campaign=campaign, form_key=str(number), state="confirmed", facts_version=1, in_dossier=True, **now)
        for number in range(letters)
    )
    Delivery.objects.bulk_create(
        Delivery(
            campaign=campaign,
            letter=letter,
            office=office,
            target=office.target,
            channel="email",
            language="en",
            addressee="Prosecutor General",
            text=TEXT.format(number=number),
            state="captured",
        )
        for number, letter in enumerate(campaign.supporter_letters.iterator())
    )
    Dossier.objects.create(campaign=campaign, target=office.target, total=letters)


def alone(letters: int) -> tuple[float, float, float]:
    """Measure in a process of its own, whose memory the making of the letters has not filled."""
    with tempfile.TemporaryDirectory() as folder:
        known = {"DEBUG": "on", "ENV_FILE": os.devnull, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        known |= {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, __file__, str(letters)], env=os.environ | known, check=True)
        command = [sys.executable, __file__, "print"]
        done = subprocess.run(command, env=os.environ | known, stdout=subprocess.PIPE, text=True, check=True)
    seconds, worker, press = map(float, done.stdout.split())
    return seconds, worker, press


def figures() -> list[tuple[str, float, float]]:
    _seconds, few, _press = alone(FEW)
    seconds, worker, press = alone(LETTERS)
    return [
        (f" of {LETTERS} letters, seconds", seconds, MOST_SECONDS),
        (f" of {LETTERS} letters, peak memory of the worker, MB", worker, MOST_MEGABYTES),
        (f" of {LETTERS} letters, peak memory of the press, MB", press, MOST_MEGABYTES),
        (f", memory of the worker with {LETTERS} letters by that with {FEW}", worker / few, MOST_GROWTH),
    ]


def main() -> None:
    if len(sys.argv) > 1:
        import django  # noqa: PLC0415  # the settings are known only here
        from django.conf import settings  # noqa: PLC0415
        from django.core.management import call_command  # noqa: PLC0415

        django.setup()
        settings.DEBUG = False  # which would keep every query in memory
        if sys.argv[1] == "print":
            print(*measure())
        else:
            call_command("migrate", verbosity=0)
            ask(int(sys.argv[1]))
        return
    publish("dossier", figures())


if __name__ == "__main__":
    main()
