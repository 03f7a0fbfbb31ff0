"""The Celery app and the one beat schedule.

Messages carry ids only and are wake-ups: the truth is in the database, and a sweep finds what a lost message left
behind.
"""

import os

from celery import Celery, signals
from django.conf import settings
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Rooms of the apps that have a tasks module.
ROOMS_WITH_TASKS = ["letters.keeping", "letters.sending", "letters.sending.bounces", "letters.printing"]
TEND_SECONDS = 120
FORGET_SECONDS = 3600
MAILBOX_SECONDS = 60


def defaults() -> dict[str, object]:
    """Return the beat schedule; Celery asks for it when it is first needed, and not before the settings are known."""
    return {
        "beat_schedule": {
            # A sweep that nobody took before the next one is sent is not needed any more.
            "sweep": {
                "task": "letters.sending.tasks.sweep",
                "schedule": settings.SWEEP_SECONDS,
                "options": {"expires": settings.SWEEP_SECONDS},
            },
            "dossiers": {
                "task": "letters.printing.tasks.tend_dossiers",
                "schedule": TEND_SECONDS,
                "options": {"expires": TEND_SECONDS},
            },
            "mailbox": {
                "task": "letters.sending.bounces.tasks.read_mailbox",
                "schedule": MAILBOX_SECONDS,
                "options": {"expires": MAILBOX_SECONDS},
            },
            "forget": {
                "task": "letters.keeping.tasks.forget",
                "schedule": FORGET_SECONDS,
                "options": {"expires": FORGET_SECONDS},
            },
        },
    }


app = Celery("postbag")
app.add_defaults(defaults)
app.config_from_object("django.conf:settings", namespace="CELERY")
# The Django fixup reads this name from the app itself, never from the settings: keep one connection for many tasks.
app.conf.CELERY_DB_REUSE_MAX = 1000
# What the fixup would have closed: a connection that is too old, or whose server went away.
signals.task_prerun.connect(lambda **_: close_old_connections(), weak=False)
app.autodiscover_tasks(ROOMS_WITH_TASKS)
