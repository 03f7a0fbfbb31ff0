"""Asking for a dossier and taking it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from letters.keeping.erasure import erase
from letters.models import Dossier
from letters.printing import tasks
from tests import factories
from tests.letters.paper.test_dossier import ask, printed, write
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def client_of(*roles: str) -> Client:
    client = Client()
    client.force_login(make_staff(*roles))
    return client


def test_an_organiser_asks_for_a_dossier_and_takes_it(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks.print_dossier, "delay", asked.append)
    campaign = factories.make_campaign(factories.make_office())
    office = campaign.targets.get()
    write(office, "Release her.")
    organiser = client_of("organiser")
    with django_capture_on_commit_callbacks(execute=True):
        organiser.post(
            "/admin/letters/dossier/add/",
            {"campaign": campaign.pk, "target": office.target_id, "language": "en", "paper": "A4"},
        )
    dossier = Dossier.objects.get()
    assert (dossier.total, asked) == (1, [dossier.pk])
    url = f"/admin/letters/dossier/{dossier.pk}/dossier.pdf"
    assert organiser.get(url).status_code == 404

    printed(dossier)
    assert url in organiser.get("/admin/letters/dossier/").content.decode()
    response = organiser.get(url)
    assert b"".join(response).startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]
    assert LogEntry.objects.filter(object_id=str(dossier.pk), change_message__contains="Downloaded").exists()


@pytest.mark.parametrize("role", ["coordinator", "translator", "moderator"])
def test_who_may_not_read_or_gather_letters_gets_none(role: str) -> None:
    office = factories.make_campaign(factories.make_office()).targets.get()
    write(office, "Release her.")
    dossier = printed(ask(office))

    assert client_of(role).get(f"/admin/letters/dossier/{dossier.pk}/dossier.pdf").status_code == 403
    assert client_of(role).get("/admin/letters/dossier/add/").status_code == 403


def test_a_letter_taken_back_takes_the_file_with_it() -> None:
    office = factories.make_campaign(factories.make_office()).targets.get()
    letter = write(office, "Release her.")
    dossier = printed(ask(office))
    erase(letter)

    assert client_of("organiser").get(f"/admin/letters/dossier/{dossier.pk}/dossier.pdf").status_code == 404
    assert not dossier.file.exists()
