"""Who could be in danger by writing: asked for less, told what to do instead, and forgotten once it has left."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Campaign
from letters import tokens
from letters.counting.tallies import Scope, tally
from letters.keeping.retention import forget_discreet
from letters.models import Delivery, DeliveryState, Letter, LetterState, LetterText
from letters.sending import notices, settling, tasks
from letters.sending.messages import message_for
from tests.letters.writing.supporter import Supporter, mailed_links

pytestmark = pytest.mark.django_db


def written(campaign: Campaign, country: str = "RU", quiet: str = "", **typed: str) -> Supporter:
    """Somebody at risk who wrote and asked for the link."""
    supporter = Supporter()
    supporter.open(f"/campaigns/{campaign.slug}/write/?from={country}{quiet and f'&quiet={quiet}'}")
    supporter.check(**{"name": "A Pseudonym", **typed})
    supporter.ask_for_link()
    return supporter


def confirmed(campaign: Campaign, **typed: str) -> tuple[Supporter, Letter]:
    supporter = written(campaign, **typed)
    supporter.open(mailed_links()[-1])
    supporter.submit()
    return supporter, Letter.objects.latest("pk")


def leave(state: DeliveryState = DeliveryState.ACCEPTED) -> None:
    """Let every letter that waits leave; the mail to confirm is asked for no more."""
    settling.cancel()
    for delivery in Delivery.objects.letters().filter(state="queued"):
        (claimed,) = Delivery.objects.filter(pk=delivery.pk).claim("worker", 1)
        for step in (DeliveryState.HANDING_OVER, state):
            claimed.advance(step)


@pytest.mark.parametrize(("country", "quiet", "asked"), [("RU", "", True), ("RU", "off", False), ("DE", "on", True)])
def test_risk_is_asked_for_itself_and_can_be_denied(
    campaign: Campaign, country: str, quiet: str, *, asked: bool
) -> None:
    supporter = Supporter()
    supporter.open(f"/campaigns/{campaign.slug}/write/?from={country}&quiet={quiet}")

    assert ("You may sign with a pseudonym, or not at all." in supporter.text) is asked
    assert ("The office may answer me directly" in supporter.text) is not asked


def test_the_choice_survives_errors_and_the_way_back_without_a_word_in_a_cookie(campaign: Campaign) -> None:
    supporter = Supporter()
    supporter.open(f"/campaigns/{campaign.slug}/write/?from=DE")
    supporter.page = supporter.client.post(
        f"/campaigns/{campaign.slug}/write/?from=DE&quiet=on",
        {**supporter.filled_in(), "step": "update", "own_words": "Kept words"},
        follow=True,
    )
    assert "Name or pseudonym" in supporter.text
    assert "Kept words" in supporter.text
    supporter.check(email="ada@", name="")
    assert "Name or pseudonym" in supporter.text
    supporter.check(name="")
    assert "no name" in supporter.text
    supporter.submit(step="change")
    supporter.check(name="")
    supporter.ask_for_link()

    assert Letter.objects.get().discreet
    assert set(supporter.client.cookies) == {"csrftoken"}


def test_the_one_mail_names_neither_us_nor_the_cause_in_its_head(campaign: Campaign) -> None:
    campaign.copy_addresses.create(email="group@campaign.test")
    written(campaign)
    letter = Letter.objects.get()
    (mail,) = Delivery.objects.all()

    assert (letter.copies, letter.reply_to_me, letter.in_dossier) == (False, False, False)
    assert (mail.subject, mail.sender) == ("Please confirm your message", "")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=30)):
        notices.remind()
    assert Delivery.objects.count() == 1


def test_a_letter_without_a_name_is_signed_by_nobody(campaign: Campaign) -> None:
    confirmed(campaign, name="")
    delivery = Delivery.objects.letters().first()

    assert delivery
    assert "Ada" not in delivery.text
    assert message_for(delivery).sender_name == "Postbag"


def test_what_only_the_confirmation_needed_is_forgotten_with_it(campaign: Campaign) -> None:
    supporter, letter = confirmed(campaign)

    assert (letter.name, letter.email, letter.own_words) == ("", "", "")
    assert not LetterText.objects.exists()
    assert Delivery.objects.get(purpose="confirm").address == ""
    assert "2 letters are on their way" in supporter.text
    assert all("I teach history" in delivery.text for delivery in Delivery.objects.letters())


def test_all_is_forgotten_when_the_last_letter_has_left_and_the_link_shows_states_only(
    campaign: Campaign, settings: Settings
) -> None:
    settings.DELIVERY_MODE = "live"
    supporter, letter = confirmed(campaign)
    forget_discreet()
    assert Delivery.objects.letters().exclude(text="").count() == 2

    leave()
    forget_discreet()
    letter.refresh_from_db()
    assert letter.state == LetterState.ERASED
    assert not Delivery.objects.letters().exclude(text="", sender="").exists()
    for purpose, name in ((tokens.Purpose.STATUS, ""), (tokens.Purpose.CONFIRM, "confirm/")):
        page = supporter.open(f"/letters/{tokens.make(letter, purpose)}/{name}")
        assert page.status_code == 200
        assert "2 letters were handed over" in supporter.text
        assert "Nothing is kept here any more" in supporter.text
        assert "Pseudonym" not in supporter.text
    assert tally(Scope([campaign.pk])).wrote == 1
    assert tally(Scope([campaign.pk])).in_own_words == 1


def test_a_fax_whose_call_is_under_way_keeps_its_text_for_another_call(campaign: Campaign, settings: Settings) -> None:
    settings.DELIVERY_MODE, settings.FAX_URL = "live", "hylafax://fax.test"
    confirmed(campaign)
    leave()
    Delivery.objects.filter(channel="fax").update(reference="job 7")
    forget_discreet()
    assert Delivery.objects.letters().exclude(text="").count() == 2

    Delivery.objects.get(channel="fax").advance(DeliveryState.DELIVERED)
    forget_discreet()
    assert not Delivery.objects.letters().exclude(text="").exists()


def test_no_news_of_a_failure_is_mailed_to_somebody_at_risk(campaign: Campaign, settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"
    _supporter, letter = confirmed(campaign)
    Delivery.objects.letters().move(DeliveryState.CANCELLED)
    notices.tell()

    assert not Delivery.objects.filter(purpose="failure").exists()
    assert letter.deliveries.letters().count() == 2


def test_the_sweep_forgets(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(campaign)
    Delivery.objects.letters().move(DeliveryState.CAPTURED)
    monkeypatch.setattr(tasks, "drain", lambda: None)
    tasks.sweep()

    assert Letter.objects.get().state == LetterState.ERASED
