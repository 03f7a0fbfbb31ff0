"""Bombs of mail, and races between a confirmation and another address (T11, T18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from letters import tokens
from letters.models import Delivery, Letter, LetterState
from letters.sending import notices, outbox
from letters.writing.store import mail_link
from letters.writing.views.asked import readdress
from tests.factories import make_campaign, make_letter, make_office

pytestmark = pytest.mark.django_db

VICTIM = "victim@supporter.test"


@pytest.fixture
def noon() -> Iterator[dt.datetime]:
    at = timezone.now().replace(hour=12, minute=0)
    with time_machine.travel(at, tick=False):
        yield at


def test_t11_reminders_count_among_the_three_mails_of_a_day(noon: dt.datetime) -> None:
    """Letters in a victim's name on one day must not bring links and reminders on the next."""
    campaigns = [make_campaign(make_office()) for _number in range(3)]
    for day in range(3):
        for minute in range(0, 60, 2):
            at = noon + dt.timedelta(days=day, minutes=minute)
            with time_machine.travel(at, tick=False):
                mail_link(make_letter(campaigns[minute % 3], email=VICTIM, expires_at=at + dt.timedelta(hours=72)))
                notices.remind()
        with time_machine.travel(noon + dt.timedelta(days=day), tick=False):
            Letter.objects.update(created_at=timezone.now() - dt.timedelta(days=2))

    sent = [mail.created_at.date() for mail in Delivery.objects.filter(role="service")]
    assert sent
    assert max(sent.count(day) for day in sent) <= 3


def test_t18_who_confirms_at_the_moment_of_a_move_signs_with_the_confirmed_address() -> None:
    letter = make_letter(email="ada@supporter.test")
    key = letter.person_key
    seen = Letter.objects.get(pk=letter.pk)
    outbox.confirm(letter)
    assert not readdress(seen, VICTIM)

    stored = Letter.objects.get(pk=letter.pk)
    assert (stored.email, stored.person_key, stored.token_generation) == ("ada@supporter.test", key, 1)


def test_t18_a_confirmed_letter_moves_to_no_other_address(client: Client) -> None:
    letter = make_letter(state=LetterState.PENDING)
    address = f"/letters/{tokens.make(letter, tokens.Purpose.ASKED)}/asked/"
    outbox.confirm(letter)
    client.post(address, {"email": VICTIM})

    assert Letter.objects.get().email == letter.email
    assert not Delivery.objects.filter(role="service").exists()
