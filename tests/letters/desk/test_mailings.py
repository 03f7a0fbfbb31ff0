"""An organiser sees news as it will be mailed, tries it out, and nothing goes to anybody before a yes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign, Update
from letters.models import Delivery, Mailing, Pace
from letters.subscribing import book, mailing
from tests import factories
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def update() -> Update:
    return factories.make_update(factories.make_campaign(slug="free-vera"))


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff("organiser"))
    return client


def subscribers() -> None:
    for number, pace in enumerate([Pace.AT_ONCE, Pace.WEEKLY, Pace.WEEKLY]):
        book.subscribe(f"p{number}@supporter.test", ["all"], language="en", consent_version="1", pace=pace)


def page_of(update: Update) -> str:
    return f"/admin/letters/mailing/of/{update.pk}/"


def test_the_page_of_an_update_leads_there(desk: Client, update: Update) -> None:
    assert page_of(update) in desk.get(f"/admin/campaigns/update/{update.pk}/change/").content.decode()


def test_nothing_goes_out_before_a_yes(desk: Client, update: Update) -> None:
    subscribers()
    page = desk.get(page_of(update)).content.decode()
    assert "The court has sat" in page
    for count in ("At once: <strong>1</strong>", "Once a week: <strong>2</strong>"):
        assert count.lower() in page.lower()

    asked = desk.post(page_of(update), {"do": "start"})
    assert b"Yes, mail it" in asked.content
    assert not Mailing.objects.exists()

    for _click in range(2):
        desk.post(page_of(update), {"do": "start", "yes": "yes"})
    [row] = Mailing.objects.all()
    assert row.confirmed_by is not None
    mailing.mail()
    assert [mail.address for mail in Delivery.objects.filter(purpose="news")] == ["p0@supporter.test"]


def test_a_test_goes_to_the_organiser_alone_also_before_it_is_public(desk: Client, update: Update) -> None:
    subscribers()
    Update.objects.update(published_at=None)
    desk.post(page_of(update), {"do": "start", "yes": "yes"})
    assert not Mailing.objects.exists(), "a draft is not mailed"
    desk.post(page_of(update), {"do": "test", "language": "ar"})
    [mail] = Delivery.objects.all()
    assert mail.address.endswith("@desk.test")
    assert (mail.language, mail.subscription, mail.mailing) == ("ar", None, None)
    assert Delivery.objects.ready().count() == 1


def test_a_mailing_is_paused_goes_on_and_is_cancelled_after_a_yes(desk: Client, update: Update) -> None:
    desk.post(page_of(update), {"do": "start", "yes": "yes"})
    states = []
    for data in ({"do": "pause"}, {"do": "resume"}, {"do": "cancel"}, {"do": "cancel", "yes": "yes"}, {"do": "resume"}):
        desk.post(page_of(update), data)
        states.append(Mailing.objects.get().state)
    assert states == ["paused", "running", "running", "cancelled", "cancelled"]


def test_only_organisers_of_the_campaign_mail_its_news(client: Client, update: Update) -> None:
    for role in ("coordinator", "translator", "moderator"):
        client.force_login(make_staff(role))
        assert client.post(page_of(update), {"do": "start", "yes": "yes"}).status_code == 403
    update.campaign.editors.add(make_staff("organiser"))
    client.force_login(make_staff("organiser"))
    assert client.post(page_of(update), {"do": "start", "yes": "yes"}).status_code == 404
    assert not Mailing.objects.exists()


def test_the_list_of_mailings_says_how_far_they_are_and_names_no_subscriber(desk: Client, update: Update) -> None:
    subscribers()
    desk.post(page_of(update), {"do": "start", "yes": "yes"})
    Mailing.objects.create(week=timezone.localdate())
    mailing.mail()
    page = desk.get("/admin/letters/mailing/").content.decode()
    assert page_of(update) in page
    assert "Digest of" in page
    assert "supporter.test" not in page + desk.get(page_of(update)).content.decode()
    assert Campaign.objects.count() == 1
