"""What every page says besides its own content: who runs the site, that nothing leaves it, its other languages."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from campaigns.models import SiteIdentity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _style_pages(settings: Settings) -> None:
    settings.DEBUG = True


def test_a_page_links_to_itself_in_every_other_language_by_its_own_name(client: Client) -> None:
    html = client.get("/ru/style/home/?from=SE").content.decode()

    assert '<html lang="ru" dir="ltr">' in html
    assert '<a href="/ar/style/home/?from=SE" lang="ar" hreflang="ar" dir="rtl">العربيّة</a>' in html
    assert '<a href="/style/home/?from=SE" lang="en" hreflang="en" dir="ltr">English</a>' in html
    assert '<a href="/ru/style/home/?from=SE" lang="ru" hreflang="ru" dir="ltr" aria-current="true">Русский</a>' in html


def test_an_arabic_page_reads_from_the_right(client: Client) -> None:
    assert '<html lang="ar" dir="rtl">' in client.get("/ar/style/home/").content.decode()


def test_a_page_says_that_letters_are_captured_and_a_live_one_does_not(client: Client, settings: Settings) -> None:
    settings.DELIVERY_MODE = "capture"
    assert "demo-banner" in client.get("/style/home/").content.decode()

    settings.DELIVERY_MODE = "live"
    assert "demo-banner" not in client.get("/style/home/").content.decode()


def test_a_page_bears_the_name_of_who_runs_the_site(client: Client) -> None:
    SiteIdentity.objects.create(pk=1, name="Letters of Solidarity", contact_email="hello@solidarity.test")

    html = client.get("/style/home/").content.decode()

    assert "<bdi>Letters of Solidarity</bdi>" in html
    assert 'href="mailto:hello@solidarity.test"' in html


def test_the_frame_of_a_page_sets_no_cookie_and_varies_with_none(client: Client) -> None:
    response = client.get("/style/home/")

    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
