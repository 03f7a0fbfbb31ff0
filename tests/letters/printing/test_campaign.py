"""Asking for the documents of a campaign."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign
from letters.models import Signature
from letters.paper.facts import Facts
from letters.paper.renderer import RenderingFailedError
from letters.printing import campaign as printing
from letters.printing import shelf
from tests import factories
from tests.letters.paper.reading import pages, size

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_shelf() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def campaign() -> Campaign:
    made = factories.make_campaign(factories.make_office("post"), slug="free-vera")
    factories.make_model_letter(made)
    return made


@pytest.mark.parametrize("name", ["leaflet", "bulletin"])
def test_everybody_gets_the_document_without_a_cookie(client: Client, campaign: Campaign, name: str) -> None:
    response = client.get(f"/campaigns/free-vera/{name}.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies
    assert "Free Vera Example" in pages(response.content)[0]


def test_it_is_printed_once_and_anew_when_a_fact_changes(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def counted(facts: Facts, **options: object) -> bytes:
        printed.append(facts.title.text)
        return b"%PDF"

    monkeypatch.setattr(printing, "bulletin_pdf", counted)
    for _time in range(3):
        client.get("/campaigns/free-vera/bulletin.pdf")
    assert printed == ["Free Vera Example"]

    Campaign.objects.update(title={"en": "Vera is out on bail"})
    client.get("/campaigns/free-vera/bulletin.pdf")
    assert printed == ["Free Vera Example", "Vera is out on bail"]


def test_paper_and_language_are_those_that_were_asked_for(client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(title={"en": "Free Vera", "uk": "Свободу Вірі"})

    response = client.get("/campaigns/free-vera/bulletin.pdf?paper=letter&language=uk")
    assert size(response.content) == (216, 279)
    assert "Свободу Вірі" in pages(response.content)[0]
    assert size(client.get("/campaigns/free-vera/bulletin.pdf?paper=A0&language=xx").content) == (210, 297)
    assert "Free Vera" in pages(client.get("/ru/campaigns/free-vera/bulletin.pdf").content)[0]


def test_a_press_that_fails_leaves_a_page_to_print(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> bytes:
        raise RenderingFailedError("It took too long to typeset.")

    monkeypatch.setattr(printing, "leaflet_pdf", broken)
    response = client.get("/campaigns/free-vera/leaflet.pdf")

    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"
    assert "Or print this page: it holds the same." in response.content.decode()
    assert "Framed for joining a union." in response.content.decode()


def test_a_press_with_all_places_taken_answers_at_once(client: Client, campaign: Campaign) -> None:
    with shelf.a_place(), shelf.a_place():
        assert client.get("/campaigns/free-vera/leaflet.pdf").status_code == 503
    assert client.get("/campaigns/free-vera/leaflet.pdf").status_code == 200


def test_a_network_that_asks_for_too_much_still_gets_what_is_on_the_shelf(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "AT_ONCE", 1)
    monkeypatch.setattr(shelf, "A_DAY", 0)

    assert client.get("/campaigns/free-vera/bulletin.pdf").status_code == 200
    refused = client.get("/campaigns/free-vera/bulletin.pdf?paper=letter")
    assert refused.status_code == 429
    assert "Try again in an hour." in refused.content.decode()
    assert client.get("/campaigns/free-vera/bulletin.pdf").status_code == 200


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_a_campaign_without_a_page_has_no_documents(client: Client, campaign: Campaign, state: str) -> None:
    Campaign.objects.update(state=state)

    for name in ("leaflet.pdf", "bulletin.pdf", "bulletin.txt", "bulletin/"):
        assert client.get(f"/campaigns/free-vera/{name}").status_code == 404


def test_the_page_of_a_campaign_links_to_its_documents(client: Client, campaign: Campaign) -> None:
    page = client.get("/campaigns/free-vera/").content.decode()

    for name in ("leaflet.pdf", "bulletin.pdf", "bulletin.txt", "bulletin/"):
        assert f'href="/campaigns/free-vera/{name}"' in page


def test_an_open_letter_is_delivered_with_the_names_of_those_who_agreed(client: Client, campaign: Campaign) -> None:
    Campaign.objects.update(kind="open_letter")
    for number, is_public in enumerate((True, False)):
        Signature.objects.create(
            campaign=campaign,
            state="signed",
            form_key=f"form-{number}",
            form_digest="digest",
            person_key=f"person-{number}",
            page_language="en",
            name=f"Ada Example {number}",
            role="teacher",
            is_public=is_public,
            consent_version="1",
            expires_at=timezone.now(),
            confirmed_at=timezone.now(),
            confirmed_on=timezone.localdate(),
        )
    text = " ".join(pages(client.get("/campaigns/free-vera/open-letter.pdf").content))

    assert "And by Ada Example 0, teacher" in text
    assert "Ada Example 1" not in text
