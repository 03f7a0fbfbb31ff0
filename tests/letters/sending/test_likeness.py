"""Many letters in one hand's words wait for an organiser; everybody else's don't."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from campaigns.models import Campaign
from letters.models import Allowance, Delivery, Letter
from letters.sending import outbox
from letters.sending.likeness import marks, shingles
from tests import factories

pytestmark = pytest.mark.django_db

HATE = "These so called prisoners are criminals and whoever writes for them should be ashamed of what they do to us all"
WORDS = "I have taught history in Leeds for thirty years and my pupils ask each week why nobody lets these men go home"


@pytest.fixture(autouse=True)
def two_a_day(settings: Settings) -> None:
    settings.SAME_WORDS_A_DAY = 2


@pytest.fixture
def campaign() -> Campaign:
    campaign = factories.make_campaign(factories.make_office())
    factories.make_model_letter(campaign, key="model")
    return campaign


def state_of(campaign: Campaign, own_words: str = "", body: str = "") -> str:
    """The state in which a letter with these words leaves its confirmation."""
    letter = factories.make_letter(campaign, own_words=own_words)
    letter.texts.create(model_letter=campaign.letters.get(), language="en", body=body, edited=bool(body))
    assert outbox.confirm(letter)
    delivery = Delivery.objects.letters().get(letter=letter)
    return f"{delivery.state} {delivery.hold_reason}".strip()


def test_t12_nearly_the_same_own_words_from_many_mailboxes_are_held(campaign: Campaign) -> None:
    spun = [HATE, HATE.upper() + "!!!", HATE.replace("ashamed", "very sorry"), HATE.replace("prisoners", "heroes")]

    assert [state_of(campaign, text) for text in spun] == ["queued", "queued", "held moderation", "held moderation"]
    assert state_of(campaign, WORDS) == "queued"


def test_model_letters_and_short_sentences_may_be_alike(campaign: Campaign) -> None:
    assert {state_of(campaign) for _ in range(5)} == {"queued"}
    assert {state_of(campaign, "Please release her at once, she did nothing wrong.") for _ in range(5)} == {"queued"}


def test_of_an_edited_text_only_what_is_not_the_organisers_is_compared(campaign: Campaign) -> None:
    model = factories.LETTER
    assert {state_of(campaign, body=f"{model} I am nurse number {n} of us.") for n in range(5)} == {"queued"}
    assert [state_of(campaign, body=f"{model}\n\n{HATE}") for _ in range(3)][-1] == "held moderation"


def test_no_text_and_no_mark_of_it_is_stored(campaign: Campaign) -> None:
    state_of(campaign, HATE)
    keys = set(Allowance.objects.values_list("key", flat=True))

    assert len(keys) == 4
    assert keys.isdisjoint(marks(shingles(HATE)))
    assert Letter.objects.count() == 1


def test_zero_is_no_limit(campaign: Campaign, settings: Settings) -> None:
    settings.SAME_WORDS_A_DAY = 0
    assert {state_of(campaign, HATE) for _ in range(5)} == {"queued"}
