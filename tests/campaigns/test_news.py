"""News in feeds and sitemaps, days of action in calendars, embassies near the reader."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import Settings

from campaigns.models import CampaignState, MissionCoverage, SiteIdentity
from tests.factories import make_campaign, make_event, make_office, make_tag, make_update

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(path: str) -> list[str]:
    """Return the titles in an Atom feed."""
    root = ET.fromstring(Client().get(path).content)
    return [title.text or "" for title in root.iterfind(f"{ATOM}entry/{ATOM}title")]


def test_a_feed_holds_campaigns_and_news_of_its_own_and_nothing_hidden() -> None:
    campaign = make_campaign(slug="free-vera", title={"en": "Free Vera"})
    campaign.tags.add(make_tag("miners"))
    make_update(campaign, title={"en": "The court has sat"})
    make_update(campaign, title={"en": "Tomorrow"}, published_at=timezone.now() + dt.timedelta(days=1))
    make_campaign(title={"en": "Another"})
    make_update(make_campaign(state=CampaignState.DRAFT), title={"en": "Secret"})

    assert sorted(entries("/feeds/all/")) == ["Another", "Free Vera", "The court has sat"]
    assert sorted(entries("/feeds/campaigns/free-vera/")) == ["Free Vera", "The court has sat"]
    assert sorted(entries("/feeds/themes/miners/")) == ["Free Vera", "The court has sat"]


def test_a_feed_is_in_the_language_of_its_address() -> None:
    make_campaign(title={"en": "Free Vera", "ru": "Свободу Вере"})

    assert entries("/ru/feeds/all/") == ["Свободу Вере"]


def test_addresses_in_feeds_and_sitemaps_come_from_the_settings_alone(settings: Settings) -> None:
    settings.SITE_URL = "https://letters.test"
    settings.ALLOWED_HOSTS = ["evil.test"]
    make_campaign(slug="free-vera")

    for path in ("/feeds/all/", "/sitemap.xml", "/robots.txt", "/events/all.ics"):
        text = Client().get(path, headers={"Host": "evil.test"}).content.decode()
        assert "evil.test" not in text
        assert "https://letters.test/" in text or path.endswith(".ics")


def test_an_event_at_an_hour_is_that_hour_everywhere() -> None:
    starts = timezone.now().replace(microsecond=0) + dt.timedelta(days=3)
    event = make_event(make_campaign(), {"city": "London", "country": "GB"}, starts_at=starts)

    response = Client().get(f"/events/{event.pk}.ics")
    [component] = Calendar.from_ical(response.content).walk("VEVENT")

    assert response.headers["Content-Type"].startswith("text/calendar")
    assert component.decoded("dtstart") == starts
    assert component["location"] == "London, United Kingdom"


def test_days_of_action_end_on_their_last_day() -> None:
    first = timezone.localdate() + dt.timedelta(days=3)
    event = make_event(make_campaign(), date_start=first, date_end=first + dt.timedelta(days=3))

    [component] = Calendar.from_ical(Client().get("/events/all.ics").content).walk("VEVENT")

    assert component["uid"] == f"event-{event.pk}@testserver"
    assert component.decoded("dtend") == first + dt.timedelta(days=4)


def test_an_event_of_a_draft_is_nowhere() -> None:
    campaign = make_campaign(state=CampaignState.DRAFT)
    event = make_event(campaign, name={"en": "Secret picket"}, date_start=timezone.localdate())

    assert Client().get(f"/events/{event.pk}.ics").status_code == 404
    for path in ("/events/", "/events/all.ics", "/"):
        assert "Secret picket" not in Client().get(path).content.decode()


def test_events_stand_before_and_after_their_day() -> None:
    campaign, today = make_campaign(), timezone.localdate()
    make_event(campaign, name={"en": "To come"}, date_start=today)
    make_event(campaign, name={"en": "Long past"}, date_start=today - dt.timedelta(days=9))
    make_event(campaign, name={"en": "Sometime"})

    html = Client().get("/events/").content.decode()

    assert html.index(">To come</bdi>") < html.index("What happened") < html.index(">Long past</bdi>")
    assert ">Sometime</bdi>" in html


def test_the_mission_in_the_country_comes_before_one_that_covers_it() -> None:
    near = make_office(kind="mission", name={"en": "Embassy in Berlin"}, country="RU", host_country="DE")
    far = make_office(kind="mission", name={"en": "Embassy in Vienna"}, country="RU", host_country="AT")
    make_office(kind="mission", name={"en": "Embassy in Rome"}, country="RU", host_country="IT")
    MissionCoverage.objects.create(target=far, country="DE")

    html = Client().get("/missions/?of=RU&near=DE").content.decode()

    assert html.index("Embassy in Berlin") < html.index("Embassy in Vienna")
    assert "Embassy in Rome" not in html
    assert str(near.target_contacts.get().contact.value) in html


def test_where_no_mission_is_known_the_finder_says_what_to_do() -> None:
    make_office(kind="mission", country="RU", host_country="DE")

    assert "We know of no mission there." in Client().get("/missions/?of=RU&near=NZ").content.decode()


def test_security_txt_names_the_contact_and_is_absent_without_one() -> None:
    assert Client().get("/.well-known/security.txt").status_code == 404

    SiteIdentity.objects.create(pk=1, contact_email="office@postbag.test")
    text = Client().get("/.well-known/security.txt").content.decode()

    assert "Contact: mailto:office@postbag.test\n" in text
    assert "Expires: " in text


def test_only_the_embedded_frame_may_be_framed() -> None:
    make_campaign(make_office(), slug="free-vera")

    embed, page = Client().get("/embed/free-vera/"), Client().get("/campaigns/free-vera/")

    assert "frame-ancestors *" in embed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed.headers
    assert not embed.cookies
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("query", ["", "?of=", "?near=DE"])
def test_what_was_not_chosen_yet_is_no_error(query: str) -> None:
    html = Client().get(f"/missions/{query}").content.decode()
    assert "aria-invalid" not in html
    assert "We know of no mission there." not in html
