"""A letter that changed facts hold: what has changed, and who decides."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from campaigns.models import Campaign, Demand, ModelLetter
from letters import tokens
from letters.models import Delivery, DeliveryState, HoldReason, Letter
from letters.sending import notices, outbox, settling
from tests.factories import make_campaign, make_letter, make_office
from tests.invariants import check_log
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

LIST = "admin:letters_delivery_changelist"
S = DeliveryState


@pytest.fixture
def letters(settings: Settings) -> list[Letter]:
    """Two confirmed letters that wait, after the demand of their campaign has changed."""
    settings.DELIVERY_MODE = "live"
    campaign = make_campaign(make_office(), make_office())
    Demand.objects.create(campaign=campaign, text={"en": "Drop the charge of 14 March."})
    ModelLetter.objects.create(campaign=campaign, key="main", body={"en": "She faces three years."})
    letters = [make_letter(campaign) for _ in range(2)]
    assert all(outbox.confirm(letter) for letter in letters)
    campaign.demands.update(text={"en": "Drop the charge of 2 April."})
    Campaign.objects.update(facts_version=2)
    settling.hold()
    return letters


@pytest.fixture
def organiser(client: Client) -> Client:
    client.force_login(make_staff("organiser"))
    return client


def rows() -> list[Delivery]:
    return list(Delivery.objects.letters().order_by("pk"))


def ask(client: Client, action: str, *chosen: Delivery, **more: Any) -> Any:
    return client.post(reverse(LIST), {"action": action, "_selected_action": [row.pk for row in chosen], **more})


def decide(client: Client, action: str, *chosen: Delivery) -> None:
    """Ask, and say yes to what the page shows."""
    facts = ask(client, action, *chosen).context["facts"]
    ask(client, action, *chosen, yes="yes", **{f"facts_{pk}": version for pk, version in facts.items()})


def test_the_question_shows_what_has_changed_with_its_words_marked(letters: list[Letter], organiser: Client) -> None:
    assert {row.hold_reason for row in rows()} == {HoldReason.FACTS_CHANGED}

    page = ask(organiser, "release", *rows()).content.decode()

    assert "Drop the charge of<del> 14 March.</del><ins> 2 April.</ins>" in page
    assert "4 letters of" in page
    assert "three years" not in page, "what has not changed is not shown"


def test_one_letter_has_a_page_with_its_text_beside_what_has_changed(letters: list[Letter], organiser: Client) -> None:
    row = rows()[0]
    change_page = organiser.get(reverse("admin:letters_delivery_change", args=[row.pk])).content.decode()
    address = reverse("admin:letters_delivery_facts", args=[row.pk])
    assert address in change_page

    page = organiser.get(address).content.decode()

    assert "<del> 14 March.</del><ins> 2 April.</ins>" in page
    assert "I am writing about Vera Example" in page
    for name in ("release", "ask_again", "drop"):
        assert f'name="action" value="{name}"' in page


def test_who_may_not_read_letters_sees_what_has_changed_and_no_text(letters: list[Letter], client: Client) -> None:
    client.force_login(make_staff("coordinator"))

    answer = client.get(reverse("admin:letters_delivery_facts", args=[rows()[0].pk]))

    assert "I am writing about" not in answer.content.decode()
    assert 'name="action"' not in answer.content.decode()


def test_what_is_released_leaves_and_is_not_held_again(letters: list[Letter], organiser: Client) -> None:
    decide(organiser, "release", rows()[0])
    settling.hold()

    assert [row.state for row in rows()] == [S.QUEUED, S.HELD, S.HELD, S.HELD]
    check_log()


def test_a_writer_who_is_asked_gets_one_mail_with_their_own_words(letters: list[Letter], organiser: Client) -> None:
    decide(organiser, "ask_again", *rows())
    decide(organiser, "ask_again", *rows())

    mails = Delivery.objects.filter(purpose="again")
    assert sorted(mail.address for mail in mails) == sorted(letter.email for letter in letters)
    assert {row.hold_reason for row in rows()} == {HoldReason.ASKED}
    mail = mails.get(letter=letters[0])
    assert letters[0].deliveries.letters()[0].text in mail.text
    assert reverse("letters:again", args=[tokens.make(letters[0], tokens.Purpose.AGAIN)]) in mail.text
    assert LogEntry.objects.filter(object_repr="ask_again: 4").exists()


def answer(letter: Letter, choice: str, facts: str = "2") -> Any:
    address = reverse("letters:again", args=[tokens.make(letter, tokens.Purpose.AGAIN)])
    return Client(enforce_csrf_checks=True).post(address, {"answer": choice, "facts": facts})


@pytest.fixture
def asked(letters: list[Letter], organiser: Client) -> Letter:
    """The first letter, whose writer was asked."""
    decide(organiser, "ask_again", *rows())
    return letters[0]


def test_the_page_shows_what_has_changed_and_opening_it_changes_nothing(asked: Letter) -> None:
    address = reverse("letters:again", args=[tokens.make(asked, tokens.Purpose.AGAIN)])

    page = Client().get(address)

    assert "<del> 14 March.</del><ins> 2 April.</ins>" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert {row.hold_reason for row in rows()} == {HoldReason.ASKED}


def test_a_yes_sends_the_letter_as_it_was(asked: Letter) -> None:
    before = list(asked.deliveries.letters().values_list("text_hash", flat=True))

    assert answer(asked, "send").status_code == 302
    settling.hold()

    mine = asked.deliveries.letters()
    assert set(mine.values_list("state", flat=True)) == {S.QUEUED}
    assert list(mine.values_list("text_hash", flat=True)) == before
    assert {row.state for row in rows() if row.letter != asked} == {S.HELD}
    check_log()


def test_a_no_cancels_it_and_tells_nobody_what_they_know(asked: Letter) -> None:
    answer(asked, "drop")
    notices.tell()

    assert set(asked.deliveries.letters().values_list("state", flat=True)) == {S.CANCELLED}
    assert not Delivery.objects.filter(purpose="failure").exists()
    check_log()


def test_a_second_answer_changes_nothing(asked: Letter) -> None:
    answer(asked, "drop")

    assert answer(asked, "send").status_code == 302

    assert set(asked.deliveries.letters().values_list("state", flat=True)) == {S.CANCELLED}


@pytest.mark.parametrize(("choice", "facts"), [("", "2"), ("send", ""), ("send", "many"), ("burn", "2")])
def test_what_is_no_answer_shows_the_page_again(asked: Letter, choice: str, facts: str) -> None:
    assert answer(asked, choice, facts).status_code == 200
    assert {row.hold_reason for row in rows()} == {HoldReason.ASKED}


def test_a_yes_to_what_has_changed_once_more_is_asked_again(asked: Letter) -> None:
    Campaign.objects.update(facts_version=3)

    answer(asked, "send", facts="2")
    settling.hold()

    held = asked.deliveries.letters()
    assert set(held.values_list("state", "hold_reason")) == {(S.HELD, HoldReason.FACTS_CHANGED)}


def test_nobody_releases_the_future(asked: Letter) -> None:
    answer(asked, "send", facts="99")

    assert set(asked.deliveries.letters().values_list("released_facts_version", flat=True)) == {2}


def test_a_wrong_link_opens_nothing(asked: Letter) -> None:
    status = tokens.make(asked, tokens.Purpose.STATUS)
    assert Client().get(reverse("letters:again", args=[status])).status_code == 404
