"""The worker's part in dossiers: one part a message, so that letters to be sent never wait behind a thousand pages."""

from __future__ import annotations

import logging

from celery import shared_task
from django.conf import settings
from django.db import transaction

from letters.models import Dossier
from letters.paper import dossier as paper
from letters.paper.renderer import PressBusyError

BUSY_SECONDS = 20
logger = logging.getLogger(__name__)


@shared_task
def print_dossier(pk: int) -> None:
    """Print the next part of a dossier and ask for the one after it."""
    dossier = Dossier.objects.filter(pk=pk).first()
    try:
        if dossier and paper.go_on(dossier):
            print_dossier.delay(pk)
    except PressBusyError:
        print_dossier.apply_async((pk,), countdown=BUSY_SECONDS)


@shared_task
def tend_dossiers() -> None:
    """Wake what a lost message or a dead worker left, and delete what is old."""
    paper.tidy(settings.DOSSIER_DAYS)
    for pk in Dossier.objects.filter(state=Dossier.State.WAITING).values_list("pk", flat=True):
        print_dossier.delay(pk)


def wake(dossier: Dossier) -> None:
    """Start printing once the row is committed. A message that can't be sent is made up for by `tend_dossiers`."""

    def send() -> None:
        try:
            print_dossier.delay(dossier.pk)
        except Exception as error:  # noqa: BLE001  # whatever the broker's library raises
            logger.warning("No wake-up could be sent (%s); the dossier starts a little later.", type(error).__name__)

    transaction.on_commit(send, robust=True)
