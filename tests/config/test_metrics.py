"""/metrics tells an operator how the outbox does, and nobody who wrote to whom."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from letters.models import Brake, Heartbeat
from tests import factories
from tests.letters.counting.conftest import delivery, letter

pytestmark = pytest.mark.django_db
TOKEN = "scrape-" * 6


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape(client: Client) -> dict[tuple[str, ...], float]:
    """Return each sample by its name and the values of its labels, which come in alphabetical order."""
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    families = text_string_to_metric_families(response.content.decode())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_without_the_setting_there_is_no_such_page(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Bearer ключ", TOKEN[:-1]])
def test_whoever_lacks_the_token_sees_nothing(client: Client, header: str) -> None:
    response = client.get("/metrics", headers={"Authorization": header} if header else {})

    assert (response.status_code, response.content) == (401, b"")


def test_the_outbox_is_told_in_numbers(client: Client) -> None:
    campaign = factories.make_campaign(factories.make_office())
    office = campaign.targets.get()
    now = timezone.now()
    for state, number in {"queued": 3, "accepted": 4, "bounced": 1, "unknown": 2}.items():
        for _ in range(number):
            delivery(letter(campaign), office, state, on=now - dt.timedelta(minutes=5), settled_at=now)
    Brake.objects.create(channel="fax")
    Heartbeat.objects.beat("machine:1")

    found = scrape(client)

    assert found["postbag_deliveries", "email", "letter", "queued"] == 3
    assert found["postbag_deliveries", "fax", "letter", "held"] == 0, "a series is there before it is needed"
    assert found["postbag_letters_ready",] == 3
    assert found["postbag_handed_over_last_hour", "email"] == 4
    assert found["postbag_ended_last_day", "bounced"] == 1
    assert found["postbag_bounce_ratio_last_day",] == pytest.approx(0.2)
    assert (found["postbag_brake_on", "fax"], found["postbag_brake_on", "everything"]) == (1, 0)
    assert found["postbag_heartbeat_age_seconds", "worker"] < 10
    assert found["postbag_heartbeat_age_seconds", "sweep"] == float("inf")


def test_no_number_is_about_an_office_a_campaign_or_a_person(client: Client) -> None:
    office = factories.make_office(slug="secret-office", name={"en": "Secret Office"})
    campaign = factories.make_campaign(office, slug="secret-campaign")
    delivery(letter(campaign, country="KZ", name="CANARY"), campaign.targets.get(), "failed")
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode().lower()

    assert "postbag_" in response
    assert [word for word in ("secret", "canary", "kz", "python_info") if word in response] == []


def test_a_scrape_asks_as_much_of_a_full_site_as_of_an_empty_one(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        campaign = factories.make_campaign(factories.make_office("email", "fax"))
        for state in ("queued", "failed", "accepted"):
            delivery(letter(campaign), campaign.targets.get(), state)

    with django_assert_max_num_queries(15):
        scrape(client)
