"""/healthz tells whether the process can do its work."""

from datetime import timedelta

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from letters.counting import traffic
from letters.models import Delivery, Heartbeat
from letters.sending import tasks
from tests import factories
from tests.letters.counting.conftest import delivery, letter

pytestmark = pytest.mark.django_db


def test_a_healthy_site_says_so_without_cookie_or_query(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "broker": True,
        "sweep": True,
        "oldest_due_seconds": 0,
        "worker_seen_seconds": None,
        "sweep_seen_seconds": None,
    }
    assert not response.cookies
    assert "no-store" in response.headers["Cache-Control"]


def test_a_lost_broker_shows(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["broker"] is False


def test_the_last_sign_of_life_of_a_worker_shows(client: Client) -> None:
    for minutes in (9, 3):
        Heartbeat.objects.create(worker=f"w{minutes}", at=timezone.now() - timedelta(minutes=minutes))

    assert 180 <= client.get("/healthz").json()["worker_seen_seconds"] < 190


def test_a_dead_sweep_is_an_alarm_though_a_worker_still_hears_wake_ups(client: Client) -> None:
    tasks.sweep()
    assert client.get("/healthz").json()["sweep_seen_seconds"] < 10
    Heartbeat.objects.filter(worker=Heartbeat.SWEEP).update(
        at=timezone.now() - traffic.silence() - timedelta(minutes=1)
    )
    tasks.drain()

    response = client.get("/healthz")

    assert response.status_code == 503
    assert (response.json()["sweep"], response.json()["worker_seen_seconds"] < 10) == (False, True)
    assert client.get("/healthz/web").status_code == 200, "a web process that serves pages is not taken away"


def test_a_site_that_was_never_swept_is_well_until_something_waits_too_long(client: Client) -> None:
    campaign = factories.make_campaign(factories.make_office())
    waits = delivery(letter(campaign), campaign.targets.get(), "queued")
    assert client.get("/healthz").status_code == 200

    Delivery.objects.filter(pk=waits.pk).update(created_at=timezone.now() - traffic.silence() - timedelta(minutes=1))

    assert client.get("/healthz").status_code == 503
