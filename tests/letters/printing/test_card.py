"""A card to a person in prison: address, name and rules as the mail there wants them, and nothing stored."""

from __future__ import annotations

import pytest
from django.apps import apps

from letters.paper.renderer import RenderingFailedError
from letters.printing import card as card_page
from prisoners.models import MailRules, Person
from tests import factories
from tests.letters.paper.reading import pages, size
from tests.letters.writing.supporter import Supporter

pytestmark = pytest.mark.django_db

URL = "/prisoners/vera-example/card/"


@pytest.fixture
def vera() -> Person:
    person = factories.make_person("Vera Example", slug="vera-example")
    factories.make_campaign(factories.make_office(), case=factories.make_case(person))
    return person


@pytest.fixture
def addressed(vera: Person) -> Person:
    address = factories.make_prison_address(
        vera,
        envelope_name="Примерова Вера Ивановна, 1980 г. р.",
        prisoner_number="No. 17",
        lines="ул. Примерная, 1\nг. Примерск 123456",
        latin_lines="ul. Primernaya 1\nPrimersk 123456",
    )
    MailRules.objects.create(
        address=address,
        languages=["ru"],
        write_about={"en": "Books and birds."},
        avoid={"en": "The war and the case."},
        name_organisation=False,
        return_address="required",
    )
    return vera


def pdf(supporter: Supporter, **typed: str) -> bytes:
    supporter.open(URL)
    response = supporter.submit(pdf="1", **typed)
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    return bytes(response.content)


def test_the_card_holds_the_words_and_the_page_to_keep_the_envelope_and_the_rules(
    addressed: Person, supporter: Supporter
) -> None:
    card, keep = pages(pdf(supporter, own_words="The first geese came over.", name="Ada"))

    assert card == "The first geese came over. Ada"
    assert "Примерова Вера Ивановна, 1980 г. р. No. 17 ул. Примерная, 1 г. Примерск 123456 RUSSIA" in keep
    assert "Vera Example No. 17 ul. Primernaya 1 Primersk 123456 RUSSIA" in keep
    supporter.open(URL)
    for rule in (
        "Languages: Russian",
        "What to write: Books and birds.",
        "What to leave out: The war and the case.",
        "Name an organisation: No",
        "Your own address: required",
    ):
        assert rule in keep
        assert rule.partition(": ")[2] in supporter.text


def test_a_blank_card_has_no_word_on_it(addressed: Person, supporter: Supporter) -> None:
    assert pages(pdf(supporter))[0] == ""


def test_the_country_is_in_the_senders_language(addressed: Person, supporter: Supporter) -> None:
    supporter.open(f"/ru{URL}")
    assert "РОССИЯ" in supporter.text


def test_the_paper_is_the_one_that_was_asked_for(addressed: Person, supporter: Supporter) -> None:
    assert size(pdf(supporter, paper="letter")) == (216, 279)


def test_nothing_is_stored_and_no_cookie_is_set(addressed: Person, supporter: Supporter) -> None:
    tables = [*apps.get_app_config("letters").get_models()]
    known = [model for model in tables if model.__name__ != "Allowance"]
    before = [model._default_manager.count() for model in known]
    pdf(supporter, own_words="Dear Vera", name="Ada")

    assert [model._default_manager.count() for model in known] == before
    assert not supporter.client.cookies


@pytest.mark.parametrize("fields", [{"withdrawn": True}, {"kind": "none_yet", "lines": ""}, None])
def test_without_an_address_the_organisers_print_and_post(
    vera: Person, supporter: Supporter, fields: dict[str, object] | None
) -> None:
    if fields:
        factories.make_prison_address(vera, **fields)
    keep = pages(pdf(supporter))[1]

    assert "No address yet: the organisers print and post" in keep
    assert "Colony 7" not in keep


def test_who_is_free_gets_no_card(vera: Person, supporter: Supporter) -> None:
    vera.memberships.update(custody="released")
    assert supporter.client.get(URL).status_code == 404


def test_a_press_that_fails_leaves_the_page_with_what_was_typed(
    addressed: Person, supporter: Supporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> bytes:
        raise RenderingFailedError("It took too long to typeset.")

    monkeypatch.setattr(card_page, "card_pdf", broken)
    supporter.open(URL)
    response = supporter.submit(pdf="1", own_words="The first geese")

    assert response.status_code == 503
    assert "Print this page instead" in supporter.text
    assert supporter.text.count("The first geese") >= 2


def test_a_model_text_for_cards_is_there_to_start_from(vera: Person, supporter: Supporter) -> None:
    campaign = factories.make_campaign(case=vera.memberships.get().case)
    factories.make_model_letter(campaign, kind="prisoner", body={"en": "Greetings from the sea."})
    supporter.open(URL)

    assert "Greetings from the sea." in supporter.text


def test_the_page_of_a_prisoner_links_to_the_card(addressed: Person, supporter: Supporter) -> None:
    supporter.open("/prisoners/vera-example/")
    assert f'href="{URL}"' in supporter.page.content.decode()
