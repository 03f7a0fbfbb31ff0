"""The public pages over HTTP."""

import datetime as dt

import html5lib
import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from campaigns.models import CampaignState, CampaignTarget, ContactState
from prisoners.models import Custody
from tests.factories import (
    add_office,
    make_ask,
    make_campaign,
    make_case,
    make_contact,
    make_demand,
    make_entry,
    make_event,
    make_member,
    make_model_letter,
    make_office,
    make_person,
    make_tag,
    make_update,
)

pytestmark = pytest.mark.django_db

ANONYMOUS_PAGES = [
    "/",
    "/campaigns/free-vera/",
    "/embed/free-vera/",
    "/prisoners/",
    "/prisoners/vera/",
    "/past/",
    "/themes/trade-unions/",
    "/missions/",
    "/events/",
    "/events/all.ics",
    "/updates/",
    "/feeds/all/",
    "/feeds/campaigns/free-vera/",
    "/feeds/themes/trade-unions/",
    "/about/",
    "/help/",
    "/privacy/",
    "/safety/",
    "/robots.txt",
    "/sitemap.xml",
]


def page(path: str, client: Client | None = None) -> str:
    """Return what a visitor reads at `path`."""
    response = (client or Client()).get(path)
    assert response.status_code == 200
    return response.content.decode()


def free_vera(slug: str = "free-vera", person: str = "vera") -> None:
    """Make a campaign that has something in every part of its page."""
    vera = make_person(f"Vera Example of {slug}", slug=person)
    case = make_case(vera)
    make_member(case)
    make_entry(case, "She is arrested", custody=Custody.DETAINED)
    office = make_office("email", "fax", holder=make_person())
    campaign = make_campaign(office, case=case, slug=slug)
    make_demand(campaign).offices.add(campaign.targets.get())
    make_ask(campaign)
    make_model_letter(campaign, campaign.targets.get(), points=["She did nothing wrong."])
    make_update(campaign)
    make_event(campaign, {"city": "London", "country": "GB"}, date_start=timezone.localdate())
    campaign.tags.add(make_tag(f"theme-of-{slug}" if slug != "free-vera" else "trade-unions"))


@pytest.mark.parametrize("path", ANONYMOUS_PAGES)
def test_every_cache_may_keep_an_anonymous_page(path: str, settings: Settings) -> None:
    settings.PUBLIC_PAGE_SECONDS = 10
    free_vera()

    response = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": response.headers["ETag"]})

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=10"
    assert "Cookie" not in response.headers.get("Vary", "")
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["/", "/campaigns/free-vera/", "/prisoners/", "/prisoners/vera/", "/events/", "/past/"]
)
def test_a_page_needs_no_more_queries_for_three_than_for_one(
    path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    # The first campaign leads the home page; the second is the first in its list.
    free_vera()
    free_vera("second", "second")
    with django_assert_max_num_queries(60) as one:
        Client().get(path)
    for number in range(2):
        free_vera(f"also-{number}", f"person-{number}")
        make_member(make_case(), make_person())

    with django_assert_max_num_queries(len(one)):
        Client().get(path)


@pytest.mark.parametrize("state", [CampaignState.DRAFT, CampaignState.SCHEDULED])
def test_what_is_not_public_yet_does_not_exist(state: CampaignState) -> None:
    make_campaign(slug="soon", state=state, opens_at=timezone.now() + dt.timedelta(hours=1))

    for path in ("/campaigns/soon/", "/embed/soon/", "/feeds/campaigns/soon/"):
        assert Client().get(path).status_code == 404
    assert "soon" not in page("/") + page("/sitemap.xml") + page("/feeds/all/")


def test_a_scheduled_campaign_is_public_from_its_hour_on() -> None:
    make_campaign(slug="now", state=CampaignState.SCHEDULED, opens_at=timezone.now() - dt.timedelta(minutes=1))

    assert "Free Vera Example" in page("/campaigns/now/")


def test_an_editor_sees_a_draft_with_a_banner_that_no_cache_keeps() -> None:
    campaign = make_campaign(slug="soon", state=CampaignState.DRAFT)
    editor = User.objects.create_user("editor", is_staff=True)
    campaign.editors.add(editor)
    client = Client()
    client.force_login(editor)

    response = client.get("/campaigns/soon/")

    assert "Only organisers see this page" in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_an_organiser_of_other_campaigns_does_not_see_a_draft() -> None:
    make_campaign(slug="soon", state=CampaignState.DRAFT)
    other = User.objects.create_user("other", is_staff=True)
    client = Client()
    client.force_login(other)

    assert client.get("/campaigns/soon/").status_code == 404

    other.user_permissions.add(Permission.objects.get(codename="change_campaign"))
    assert client.get("/campaigns/soon/").status_code == 200


def test_a_withdrawn_campaign_says_only_that_it_is_not_available() -> None:
    vera = make_person("Vera Example", slug="vera")
    make_campaign(case=make_case(vera), slug="free-vera", state=CampaignState.WITHDRAWN)

    response = Client().get("/campaigns/free-vera/")

    assert response.status_code == 410
    assert "Not available" in response.content.decode()
    assert "vera" not in response.content.decode().lower()
    assert Client().get("/prisoners/vera/").status_code == 404
    assert "Vera" not in page("/prisoners/") + page("/") + page("/past/") + page("/sitemap.xml")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CampaignState.PAUSED, "This campaign rests for now"),
        (CampaignState.EXPIRED, "The time for this action is over"),
        (CampaignState.STOPPED, "Please stop writing"),
        (CampaignState.ENDED, "She came home"),
        (CampaignState.CONTINUED, "This action goes on in the next one"),
    ],
)
def test_a_campaign_that_is_not_open_says_so_and_offers_no_letter(state: CampaignState, words: str) -> None:
    make_campaign(make_office(), slug="over", state=state, outcome={"en": "She came home"})

    html = page("/campaigns/over/")

    assert words in html
    assert "/campaigns/over/write/" not in html


def test_a_campaign_past_its_last_day_offers_no_letter() -> None:
    make_campaign(make_office(), slug="late", closes_on=timezone.localdate() - dt.timedelta(days=1))

    assert "The time for this action is over" in page("/campaigns/late/")


def test_a_campaign_leads_to_the_next_of_its_series_and_back() -> None:
    first = make_campaign(slug="first", state=CampaignState.CONTINUED)
    make_campaign(slug="second", follows=first, title={"en": "The second call"})
    make_campaign(slug="third", follows=first, title={"en": "Not yet"}, state=CampaignState.DRAFT)

    assert "The second call" in page("/campaigns/first/")
    assert "Not yet" not in page("/campaigns/first/")
    assert 'href="/campaigns/first/"' in page("/campaigns/second/")


def test_a_released_person_stands_on_the_home_page_and_their_campaign_page() -> None:
    vera = make_person("Vera Example")
    case = make_case(vera)
    make_entry(case, "Her conviction is overturned", custody=Custody.BAIL)
    make_campaign(case=case, slug="free-vera")

    assert "free on bail" in page("/")
    assert "Free on bail" in page("/campaigns/free-vera/")


def test_a_later_conviction_takes_a_person_from_among_the_released() -> None:
    vera = make_person("Vera Example")
    case = make_case(vera)
    make_entry(case, "She is let out", custody=Custody.BAIL)
    make_entry(case, "The conviction is confirmed", custody=Custody.IMPRISONED)
    make_campaign(case=case)

    assert "free on bail" not in page("/")


def test_an_office_shows_each_address_with_what_is_wrong_with_it() -> None:
    office = make_office(
        make_contact("fax", "+442079460123"),
        make_contact("email", state=ContactState.LOST),
        make_contact("post", state=ContactState.REFUSED, restriction={"en": "No mail, please"}, route="embassy"),
    )
    make_campaign(office, slug="free-vera")

    html = page("/campaigns/free-vera/")

    assert "+44 20 7946 0123" in html
    assert "Lost in the source" in html
    assert "No mail, please" in html
    assert "Write to the embassy near you" in html


def test_an_office_for_people_in_one_country_says_for_whom_it_is() -> None:
    campaign = make_campaign(slug="free-vera")
    add_office(campaign, make_office(), audience=["DE"])

    assert "For people in Germany" in page("/campaigns/free-vera/")


def test_the_mission_near_the_reader_leads_to_the_finder() -> None:
    campaign = make_campaign(slug="free-vera")
    add_office(campaign, mission_of="RU", level=CampaignTarget.Level.PRIMARY)

    assert "/missions/?of=RU" in page("/campaigns/free-vera/")


def test_text_that_is_not_translated_carries_its_language_and_a_note() -> None:
    make_campaign(slug="free-vera", title={"en": "Free Vera", "ru": "Свободу Вере"}, story={"en": "Arrested."})

    html = page("/ru/campaigns/free-vera/")

    assert "<bdi>Свободу Вере</bdi>" in html
    assert '<div lang="en" dir="ltr"><p>Arrested.</p>' in html


def test_a_story_can_not_bring_its_own_html_scripts_or_pictures() -> None:
    story = '<script>alert(1)</script> ![x](https://elsewhere.test/x.png) [x](javascript:alert(1)) <b onclick="x">b</b>'
    make_campaign(slug="free-vera", story={"en": story})

    document = html5lib.parse(page("/campaigns/free-vera/"), namespaceHTMLElements=False)

    assert not list(document.iter("script"))
    assert not [element for element in document.iter() if "onclick" in element.attrib]
    assert not [element for element in document.iter() if "elsewhere" in element.get("src", "")]
    assert not [element for element in document.iter("a") if "javascript" in element.get("href", "")]
