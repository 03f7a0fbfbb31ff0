"""The Celery app is set up for wake-ups that may be lost, and never loads the settings by being imported."""

import os
import subprocess
import sys
from pathlib import Path

from celery import current_app

ROOT = Path(__file__).parents[2]


def test_every_task_of_the_schedule_exists() -> None:
    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in current_app.conf.beat_schedule.values()}

    assert scheduled
    assert scheduled <= set(current_app.tasks)


def test_messages_are_json_and_leave_no_result() -> None:
    conf = current_app.conf

    assert (conf.task_ignore_result, conf.accept_content) == (True, ["json"])
    assert conf.CELERY_DB_REUSE_MAX > 1


def test_importing_the_app_does_not_read_the_settings() -> None:
    """Else the demo, which chooses its settings after the import, would run on the developer's."""
    script = "import config; from django.conf import settings; print(settings.configured)"
    env = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )

    assert result.stdout == "False\n", result.stderr


def test_a_fresh_checkout_has_a_folder_for_the_schedule_of_the_beat(tmp_path: Path) -> None:
    env = {**os.environ, "VAR_DIR": str(tmp_path / "var")}
    subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=env, capture_output=True, check=True)

    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
