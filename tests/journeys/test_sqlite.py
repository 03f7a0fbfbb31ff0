"""The demo's database does what PostgreSQL does: whatever touches a database runs once more on SQLite."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import servers

ROOT = Path(__file__).parents[2]
FOLDERS = [f"tests/{name}" for name in ("journeys", "campaigns", "letters", "prisoners")]
# The press of PDFs has no database, and a browser shows the same pages.
LEFT_OUT = ["--ignore=tests/letters/paper", "-m", "not browser and not fax and not faults and not slow"]


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.skipif(
    os.environ.get("TEST_DATABASE") == "sqlite" or not servers.postgres_programs(),
    reason="this run is on SQLite itself",
)
def test_everything_with_a_database_passes_on_sqlite_too() -> None:
    folders = [folder for folder in FOLDERS if (ROOT / folder).exists()]
    command = [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", *folders, *LEFT_OUT]
    # Without what this run has set, or the other one would take itself for a part of it.
    ours = ("PYTEST_", "DJANGO_SETTINGS_MODULE")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    result = subprocess.run(
        command, cwd=ROOT, env={**env, "TEST_DATABASE": "sqlite"}, capture_output=True, text=True, check=False
    )

    assert result.returncode == 0, result.stdout[-4000:]
    passed = re.search(r"(\d+) passed", result.stdout)
    assert passed
    assert int(passed[1]) > 100
