"""The desk's first page says what needs somebody, to each role what it may see."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, ContactState
from letters.desk.dashboard import dashboard
from letters.models import Heartbeat, ReportedAction
from tests import factories
from tests.letters.counting.conftest import delivery, letter, report
from tests.staff import make_staff


@pytest.fixture
def campaign(db: None) -> Campaign:
    office = factories.make_office("email", "fax", name={"en": "Prosecutor", "ru": "Прокурор"})
    return factories.make_campaign(office, act_by=timezone.localdate() + dt.timedelta(days=3))


def page(client: Client, role: str) -> str:
    """Return the words of the first page as somebody of `role` sees it."""
    client.force_login(make_staff(role))
    response = client.get(reverse("admin:index"))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_an_empty_site_says_how_to_begin(client: Client, db: None) -> None:
    words = page(client, "organiser")

    assert reverse("admin:campaigns_campaign_add") in words
    assert "Create your first campaign" in words
    assert "load_campaign" in words
    assert "Create your first campaign" not in page(client, "moderator"), "they may not"


def test_what_needs_somebody_stands_on_the_first_page(client: Client, campaign: Campaign) -> None:
    office = campaign.targets.get()
    now = timezone.now()
    for state, fields in (
        ("accepted", {"on": now}),
        ("accepted", {"on": now - dt.timedelta(days=2)}),
        ("queued", {}),
        ("failed", {"settled_at": now}),
        ("unresolved", {}),
        ("held", {"hold_reason": "facts_changed"}),
    ):
        delivery(letter(campaign, in_own_words=state == "accepted"), office, state, **fields)
    letter(campaign, state="pending", expires_at=now + dt.timedelta(days=1))
    letter(campaign, state="expired", expires_at=now - dt.timedelta(days=1))
    report(campaign, state=ReportedAction.State.WAITING)
    ReportedAction.objects.update(created_at=now - dt.timedelta(days=2))
    assert office.target
    office.target.contacts.filter(channel="fax").update(state=ContactState.BOUNCED)
    Heartbeat.objects.create(worker="machine:1", at=now - dt.timedelta(minutes=12))

    words = page(client, "organiser")

    for said in (
        "The worker has been silent for 12 minutes.",
        '?state__exact=waiting">Reported actions: 1</a>, the oldest for 2 days',
        '<td class="number">1</td><td class="number">1</td><td class="number">1</td><td>less than a minute</td>',
        "1 of which nobody knows whether it arrived",
        "1 held, because facts changed",
        "1 letter waits for its confirmation.",
        "1 was not confirmed in time within a week.",
        "33 % of the people who wrote said something of their own.",
        "Campaigns that end within 7 days",
        "Free Vera Example</bdi></a>: Russian, Arabic",
        office.target.contacts.get(channel="fax").value,
    ):
        assert said in words, said


def test_each_role_sees_its_part(client: Client, campaign: Campaign) -> None:
    delivery(letter(campaign, name="CANARY"), campaign.targets.get(), "queued")

    parts = {role: page(client, role) for role in ("organiser", "coordinator", "translator", "moderator")}

    assert {role for role, words in parts.items() if "Delivery within 24 hours" in words} == {"organiser", "moderator"}
    assert {role for role, words in parts.items() if "In their own words" in words} == {"organiser", "coordinator"}
    assert all("Translations missing" in words for words in parts.values())
    assert not any("CANARY" in words for words in parts.values())


def test_what_others_edit_is_not_counted(campaign: Campaign) -> None:
    delivery(letter(campaign), campaign.targets.get(), "unresolved", on=timezone.now())
    report(campaign, state=ReportedAction.State.WAITING)
    campaign.editors.add(make_staff("organiser"))

    found = dashboard(make_staff("organiser"))

    assert (
        sum(row.number for row in found["moderation"]),
        found["asked"]["unresolved"],
        found["channels"],
        found["ending"],
    ) == (0, 0, [], [])


def test_the_page_asks_as_much_of_a_full_site(campaign: Campaign) -> None:
    user = make_staff("organiser")

    def questions() -> int:
        fresh = type(user).objects.get(pk=user.pk)
        with CaptureQueriesContext(connection) as found:
            dashboard(fresh)
        return len(found)

    delivery(letter(campaign), campaign.targets.get(), "queued")
    before = questions()
    for _ in range(3):
        other = factories.make_campaign(factories.make_office())
        delivery(letter(other), other.targets.get(), "failed", settled_at=timezone.now())

    assert questions() == before


def test_the_page_of_a_campaign_shows_how_its_letters_do(client: Client, campaign: Campaign) -> None:
    for state in ("queued", "queued", "accepted"):
        delivery(letter(campaign), campaign.targets.get(), state, on=timezone.now())
    other = factories.make_campaign(factories.make_office())
    delivery(letter(other), other.targets.get(), "queued")
    client.force_login(make_staff("organiser"))

    words = " ".join(
        client.get(reverse("admin:campaigns_campaign_change", args=[campaign.pk])).content.decode().split()
    )

    assert "<dt>wait</dt><dd>2</dd>" in words
    assert "<dt>handed over within 24 hours</dt><dd>1</dd>" in words
    assert f"{reverse('admin:letters_queue')}?campaign={campaign.pk}" in words
    client.force_login(make_staff("translator"))
    translators = client.get(reverse("admin:campaigns_campaign_change", args=[campaign.pk])).content.decode()
    assert "handed over within 24 hours" not in translators
