"""/healthz tells whether the process can do its work."""

from datetime import timedelta

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from letters.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_a_healthy_site_says_so_without_cookie_or_query(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {
        "database": True,
        "broker": True,
        "oldest_due_seconds": 0,
        "worker_seen_seconds": None,
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
