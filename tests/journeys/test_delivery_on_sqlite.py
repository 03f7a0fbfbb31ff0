"""The demo's database and broker: the same journeys on SQLite and kombu's filesystem transport."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
JOURNEYS = "link_to_the_offices or killed_in_mid_delivery or two_beats or trial or at_the_same_time"


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.skipif(connection.vendor == "sqlite", reason="This is that run.")
def test_letters_go_their_way_on_sqlite_with_a_broker_of_files() -> None:
    # Not this run's own: settings that are named before conftest.py runs would be read with the wrong database.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    files = ["tests/journeys/test_delivery_live.py", "tests/journeys/test_delivery_capture.py"]
    files += ["tests/letters/models/test_queue.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", JOURNEYS]

    run = subprocess.run(
        command, cwd=ROOT, env={**env, "TEST_DATABASE": "sqlite"}, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout
    assert "6 passed" in run.stdout
