"""A text for one office: the same everywhere, filled once, never run as a template."""

import datetime as dt

import pytest
from pytest_django import Settings

from campaigns.directory.reach import Office
from campaigns.models import Campaign, CampaignTarget, LetterPoint, ModelLetter, Target
from campaigns.models.placeholders import unknown_placeholders
from letters.wording import Sender, compose, model_body, text_hash


@pytest.fixture
def office(db: None) -> Office:
    target = Target.objects.create(slug="p", name={"en": "Prosecutor"}, salutation={"en": "Dear Prosecutor,"})
    return Office(CampaignTarget(key="p", target=target), target)


def test_a_letter_reads_salutation_own_words_text_closing_signature(office: Office) -> None:
    sender = Sender(name="Ada Example", role="Secretary", organisation="Branch 7", city="Leeds", country="GB")
    text = compose(office, "en", sender, own_words="I teach.", body="Free them.", closing="Yours sincerely,")

    assert text == (
        "Dear Prosecutor,\n\nI teach.\n\nFree them.\n\nYours sincerely,\n\n"
        "Ada Example\nSecretary, Branch 7\nLeeds, United Kingdom"
    )


def test_a_text_with_its_own_salutation_gets_no_second_one(office: Office) -> None:
    text = compose(office, "en", Sender(name="Ada"), body="To {{ salutation }} - free them.")
    assert text.count("Dear Prosecutor,") == 1


@pytest.mark.parametrize("name", ["{{city}}", "{{ 7*7 }}", "{name!r:>999999999}", "%(city)s", "{% debug %}"])
def test_what_a_supporter_types_is_never_run(office: Office, name: str) -> None:
    text = compose(office, "en", Sender(name=name, city="Leeds"), own_words=name, body="By {{name}}.")
    assert text.count(name) == 3
    assert "49" not in text


def test_placeholders_are_filled_in_the_letters_language(office: Office) -> None:
    body = "From {{country}} on {{date}}."
    text = compose(office, "en", Sender(country="DE"), body=body, date=dt.date(2026, 3, 14))
    assert "From Germany on 14 March 2026." in text


def test_an_unknown_placeholder_is_found_with_the_nearest_that_exists() -> None:
    assert unknown_placeholders("Dear {{salutaton}}, {{name}} {{zzz}}") == {"salutaton": "salutation", "zzz": ""}


@pytest.mark.django_db
def test_chosen_points_and_locked_ones_make_the_text() -> None:
    campaign = Campaign.objects.create(slug="c", title={"en": "C"})
    letter = ModelLetter.objects.create(campaign=campaign, key="l", opening={"en": "I write to you."})
    core = LetterPoint.objects.create(letter=letter, position=1, text={"en": "Free them."}, locked=True)
    LetterPoint.objects.create(letter=letter, position=2, text={"en": "Pay their wages."})
    third = LetterPoint.objects.create(letter=letter, position=3, text={"en": "Let doctors in."})

    assert model_body(letter, "en", points={third.pk}) == "I write to you.\n\nFree them.\n\nLet doctors in."
    assert core.text["en"] in model_body(letter, "en", points=set())
    assert model_body(letter, "ru") == ""


def test_the_hash_of_a_text_needs_the_key(settings: Settings) -> None:
    first = text_hash("Free them.")
    settings.TOKEN_KEY = "another"
    assert text_hash("Free them.") != first
