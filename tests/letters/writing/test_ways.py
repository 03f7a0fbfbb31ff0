"""What supporters do by themselves, each on a page of its own that leads to the report."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.models import Ask, Campaign, Channel, ContactDetail
from letters.models import ReportedAction
from letters.writing.zones import usual_hours, zone_of
from tests import factories
from tests.letters.writing.supporter import Supporter

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 3, 2, 10, 30, tzinfo=dt.UTC)


@pytest.fixture
def campaign() -> Campaign:
    """An office with a telephone, an account, and a form on its website; an embassy to visit."""
    fax_and_more = (Channel.PHONE, Channel.TWITTER, Channel.WEB_FORM)
    ministry = factories.make_office(*fax_and_more, name={"en": "Ministry"}, time_zone="Europe/Moscow")
    embassy = factories.make_office(Channel.POST, kind="mission", host_country="DE", name={"en": "Embassy"})
    campaign = factories.make_campaign(
        ministry, embassy, slug="free-vera", delivery_note={"en": "Her lawyers can deliver letters."}
    )
    factories.make_demand(campaign, "Release her at once.")
    factories.make_model_letter(campaign, key="model")
    return campaign


@time_machine.travel(MONDAY, tick=False)
def test_a_call_has_a_number_both_clocks_a_script_and_its_report(campaign: Campaign, supporter: Supporter) -> None:
    number = campaign.targets.first().target.contacts.get(channel="phone").value  # type: ignore[union-attr]  # it has one
    page = supporter.open(f"{reverse('letters:call', args=[campaign.slug])}?from=DE")

    html = page.content.decode()
    assert f'href="tel:{number}"' in html
    assert "It is 13:30 there now, on Monday." in supporter.text
    assert "which is 07:00 to 15:00 in your time" in supporter.text
    assert "I ask for this: Release her at once." in supporter.text
    for label, note in (("I called", ""), ("No answer", "Nobody answered.")):
        assert label in supporter.text
        report = Supporter()
        report.open(f"{reverse('letters:report', args=[campaign.slug])}?way=phone&office={key(campaign)}&note={note}")
        report.submit()
        action = ReportedAction.objects.latest("pk")
        assert (action.way, action.office, action.note) == ("phone", campaign.targets.first(), note)


def key(campaign: Campaign) -> str:
    first = campaign.targets.first()
    assert first
    return first.key


def test_a_text_for_social_media_links_to_us_and_names_accounts_as_text(
    campaign: Campaign, supporter: Supporter
) -> None:
    page = supporter.open(reverse("letters:social", args=[campaign.slug]))

    assert "Free Vera Example http://testserver/campaigns/free-vera/" in supporter.text
    assert "Ministry: X (Twitter), @" in supporter.text
    assert "x.com" not in page.content.decode()


def test_a_visit_says_where_to_go_and_what_to_bring(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open(reverse("letters:visit", args=[campaign.slug]))
    assert "Embassy" in supporter.text
    assert "Ministry" not in supporter.text
    assert "Bring the letter twice" in supporter.text


def test_a_web_form_has_the_text_to_paste_and_no_mail(campaign: Campaign, supporter: Supporter) -> None:
    page = supporter.open(f"{reverse('letters:web_form', args=[campaign.slug])}?from=DE")
    assert "Open the office’s form" in supporter.text
    assert "I urge you to see that she is released" in supporter.text
    assert "mailto:" not in page.content.decode()

    ContactDetail.objects.filter(channel="web_form").update(most_characters=100)
    supporter.open(f"{reverse('letters:web_form', args=[campaign.slug])}?from=DE")
    assert "characters, of at most 100: too long. Shorten it above" in supporter.text
    factories.add_office(campaign, factories.make_office())
    supporter.open_form(campaign, "DE")
    assert "It takes messages of at most 100 characters on its own website." in supporter.text


def test_letters_by_hand_say_what_the_campaign_says(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open(reverse("letters:by_hand", args=[campaign.slug]))
    assert "Her lawyers can deliver letters." in supporter.text


@pytest.mark.parametrize("way", ["call", "social", "visit", "by_hand"])
def test_a_way_that_is_not_open_has_no_page_and_a_closed_campaign_says_so(way: str, client: Client) -> None:
    campaign = factories.make_campaign(factories.make_office())
    assert client.get(reverse(f"letters:{way}", args=[campaign.slug])).status_code == 404
    campaign.state = "paused"
    campaign.save()
    assert "takes no letters now" in client.get(reverse(f"letters:{way}", args=[campaign.slug])).content.decode()


def test_the_campaigns_page_leads_to_what_it_asks_for(campaign: Campaign, client: Client) -> None:
    for kind in (Ask.Kind.CALL, Ask.Kind.SOCIAL, Ask.Kind.VISIT):
        factories.make_ask(campaign, kind)
    html = client.get(campaign.get_absolute_url()).content.decode()
    for way in ("call", "social", "visit"):
        assert reverse(f"letters:{way}", args=[campaign.slug]) in html


def test_a_country_with_one_clock_has_a_time_zone_and_one_with_many_has_none() -> None:
    berlin = zone_of("DE", MONDAY)
    assert berlin
    assert berlin.key == "Europe/Berlin"
    assert zone_of("US", MONDAY) is None
    assert zone_of("", MONDAY) is None
    moscow = zoneinfo.ZoneInfo("Europe/Moscow")
    assert [str(hour) for hour in usual_hours(moscow, berlin, MONDAY)] == ["07:00:00", "15:00:00"]
