"""Lists of campaigns: order, filters, search."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaigns.listing import FindForm, listed
from campaigns.models import Ask, Campaign, CampaignState, ContactState
from prisoners.models import Custody, PersonName
from tests.factories import (
    add_office,
    make_ask,
    make_campaign,
    make_case,
    make_contact,
    make_letter,
    make_member,
    make_model_letter,
    make_office,
    make_person,
    make_tag,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
CONFIRMED: dict[str, object] = {"state": "confirmed", "confirmed_at": NOW, "confirmed_on": timezone.localdate(NOW)}


def found(query: str) -> list[str]:
    """Return the slugs of the campaigns that a query finds."""
    form = FindForm(QueryDict(query), listed(Campaign.objects.open()))
    return [item.campaign.slug for item in form.results()]


def test_the_nearest_deadline_comes_first_then_urgency_then_what_is_new() -> None:
    today = timezone.localdate()
    make_campaign(slug="old")
    make_campaign(slug="urgent", kind=Campaign.Kind.URGENT_ACTION)
    make_campaign(slug="late", act_by=today + dt.timedelta(days=20))
    make_campaign(slug="soon", closes_on=today + dt.timedelta(days=2))
    make_campaign(slug="new")

    assert [item.campaign.slug for item in listed(Campaign.objects.open())] == ["soon", "late", "urgent", "new", "old"]


def test_a_day_that_is_past_does_not_press_any_more() -> None:
    campaign = make_campaign(slug="new")
    campaign.cases.get().timeline.create(text={"en": "Hearing"}, kind="hearing", date_start=dt.date(2009, 5, 12))

    assert listed(Campaign.objects.open())[0].next_day is None


@pytest.mark.parametrize(
    "query",
    [
        "q=УРУСОВ",
        "q=urusov+valentin",
        "q=УрУсОв",
        "q=якутия",
        "country=RU",
        "theme=miners",
        "how=fax",
        "how=visit",
        "language=ru",
        "by=7",
        "q=urusov&country=RU&how=fax",
    ],
)
def test_a_filter_finds_what_it_names_and_nothing_else(query: str) -> None:
    urusov = make_person("Valentin Urusov")
    PersonName.objects.create(person=urusov, text="Валентин Урусов", kind=PersonName.Kind.NATIVE)
    urusov.refresh_search_text()
    case = make_case(urusov, states=["RU"], places={"ru": "Якутия"})
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    campaign = make_campaign(make_office("fax"), case=case, slug="urusov", act_by=tomorrow)
    campaign.tags.add(make_tag("miners", "Miners"))
    make_ask(campaign, Ask.Kind.VISIT)
    make_model_letter(campaign, body={"ru": "Освободите его"})
    make_campaign(make_office("email"), case=make_case(make_person("Other"), states=["KZ"]), slug="other")

    assert found(query) == ["urusov"]


def test_a_search_for_what_nobody_has_finds_nothing() -> None:
    make_campaign()

    assert found("q=nobody") == []
    assert found("country=XX") == []


def test_an_address_that_does_not_work_is_no_way_to_write() -> None:
    make_campaign(make_office(make_contact("fax", "+442079460321", state=ContactState.BOUNCED)))

    [item] = listed(Campaign.objects.open())

    assert item.channels == []


def test_the_mission_near_the_reader_is_reached_as_the_missions_of_that_state_are() -> None:
    make_office("post", make_contact("fax", state=ContactState.LOST), kind="mission", country="RU", host_country="DE")
    make_office("email", kind="mission", country="KZ", host_country="DE")
    add_office(make_campaign(), mission_of="RU")

    [item] = listed(Campaign.objects.open())

    assert item.channels == ["post"]


def test_all_who_are_named_must_be_out_for_a_campaign_to_say_released() -> None:
    half = make_case(make_person())
    make_member(half, make_person(), custody=Custody.RELEASED)
    make_campaign(case=half, slug="half")
    whole = make_case()
    make_member(whole, make_person(), custody=Custody.RELEASED)
    make_campaign(case=whole, slug="whole")

    marks = {item.campaign.slug: item.mark[1] for item in listed(Campaign.objects.open())}

    assert marks == {"half": "", "whole": "free"}


def test_a_page_with_filters_shows_each_with_its_way_out() -> None:
    make_campaign(slug="a")

    html = Client().get("/?country=RU&q=vera").content.decode()

    assert '<a href="?country=RU">' in html
    assert "Russia" in html


def test_no_match_offers_the_nearest_and_the_way_back() -> None:
    make_campaign(slug="nearest")

    html = Client().get("/?country=RU&q=nobody").content.decode()

    assert "No campaign matches." in html
    assert "/campaigns/nearest/" in html


def test_a_site_without_open_campaigns_says_so_and_leads_to_the_past() -> None:
    make_campaign(slug="over", state=CampaignState.EXPIRED)

    html = Client().get("/").content.decode()

    assert "There is no open campaign just now." in html
    assert "/campaigns/over/" in Client().get("/past/").content.decode()


def test_a_card_tells_how_many_wrote_only_when_they_are_enough(settings: Settings) -> None:
    settings.TALLY_MINIMUM = 3
    many, few = make_campaign(slug="many"), make_campaign(slug="few")
    make_campaign(slug="lead", kind=Campaign.Kind.URGENT_ACTION)
    for number in range(3):
        make_letter(many, person_key=f"person-{number}", **CONFIRMED)
    make_letter(few, person_key="person", **CONFIRMED)

    html = Client().get("/").content.decode()

    assert "3 people wrote" in html
    assert "1 person wrote" not in html


def test_who_got_the_fewest_letters_stands_first_among_the_least_written_to() -> None:
    for slug in ("lead", "much", "little", "least"):
        make_campaign(make_office(), slug=slug, kind="urgent_action" if slug == "lead" else "appeal")
    for number, slug in enumerate(["much", "much", "little"]):
        make_letter(Campaign.objects.get(slug=slug), person_key=f"person-{number}", **CONFIRMED)

    html = Client().get("/").content.decode().partition("Written to least")[2]

    assert html.index("/campaigns/least/") < html.index("/campaigns/little/") < html.index("/campaigns/much/")
