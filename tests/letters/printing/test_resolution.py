"""A resolution of a branch: filled in or blank, never stored."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client

from campaigns.models import Campaign
from letters.paper.renderer import RenderingFailedError
from letters.printing import resolution as resolution_page
from tests import factories
from tests.letters.paper.reading import pages
from tests.letters.writing.supporter import Supporter

pytestmark = pytest.mark.django_db

URL = "/campaigns/free-vera/resolution/"


@pytest.fixture
def campaign() -> Campaign:
    made = factories.make_campaign(factories.make_office(name={"en": "Prosecutor General"}), slug="free-vera")
    factories.make_demand(made)
    return made


def pdf(supporter: Supporter, **typed: str) -> str:
    supporter.open(URL)
    response = supporter.submit(**typed)
    assert response["Content-Type"] == "application/pdf"
    return pages(response.content)[0]


def test_who_adopts_it_stands_on_it_with_what_is_demanded(campaign: Campaign, supporter: Supporter) -> None:
    text = pdf(supporter, organisation="NUM Durham", members="412", meeting="14 March", name="Ada", role="secretary")

    assert "Organisation NUM Durham" in text
    assert "Members represented 412" in text
    assert "Adopted by, on 14 March" in text
    assert "We have learned Framed for joining a union. We demand 1. Release her at once" in text
    assert "This resolution goes to" in text
    assert "Prosecutor General" in text
    assert "Ada secretary" in text


def test_the_organisers_own_text_wins(campaign: Campaign, supporter: Supporter) -> None:
    factories.make_model_letter(campaign, kind="resolution", body={"en": "{{organisation}} resolves to stand by Vera."})
    text = pdf(supporter, organisation="NUM Durham")

    assert "NUM Durham resolves to stand by Vera." in text
    assert "We have learned" not in text


def test_a_blank_one_is_for_the_pen_and_nothing_is_stored(campaign: Campaign, supporter: Supporter) -> None:
    tables = [model for model in apps.get_app_config("letters").get_models() if model.__name__ != "Allowance"]
    before = [model._default_manager.count() for model in tables]

    assert "Members represented Adopted by, on We have learned" in pdf(supporter)
    assert [model._default_manager.count() for model in tables] == before
    assert not supporter.client.cookies


def test_a_number_that_is_none_gives_the_form_back(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open(URL)
    assert supporter.submit(members="-3", organisation="NUM Durham").status_code == 400
    assert "NUM Durham" in supporter.page.content.decode()


def test_a_press_that_fails_leaves_the_page(
    campaign: Campaign, supporter: Supporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> bytes:
        raise RenderingFailedError("It took too long to typeset.")

    monkeypatch.setattr(resolution_page, "resolution_pdf", broken)
    supporter.open(URL)

    assert supporter.submit().status_code == 503
    assert "Print this page instead" in supporter.text


def test_only_an_open_letter_is_printed_as_one(client: Client, campaign: Campaign) -> None:
    assert client.get("/campaigns/free-vera/open-letter.pdf").status_code == 404
    Campaign.objects.update(kind="open_letter")
    assert client.get("/campaigns/free-vera/open-letter.pdf")["Content-Type"] == "application/pdf"
