"""The person goes, the count stays (T36)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import CopyAddress
from letters import tokens
from letters.keeping.erasure import erase
from letters.models import Delivery, DeliveryState, Letter, LetterState
from letters.sending import notices, outbox
from tests.factories import make_campaign, make_letter, make_office

pytestmark = pytest.mark.django_db


def test_t36_a_letter_that_waits_for_its_confirmation_can_be_erased_too(client: Client) -> None:
    letter = make_letter()
    outbox.request_confirmation(letter)

    assert client.post(f"/letters/{tokens.make(letter, tokens.Purpose.ERASE)}/erase/").status_code == 200
    letter.refresh_from_db()
    assert (letter.state, letter.email) == (LetterState.EXPIRED, "")
    assert Delivery.objects.get().state == DeliveryState.CANCELLED
    assert not outbox.confirm(letter)


def test_t36_a_copy_that_waits_is_bundled_anew_and_one_that_left_is_blanked(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"
    campaign = make_campaign(make_office())
    CopyAddress.objects.create(campaign=campaign, email="committee@campaign.test")
    CopyAddress.objects.create(campaign=campaign, email="lawyers@campaign.test")
    letters = [make_letter(campaign, name=name) for name in ("Ada Erased", "Bea Stays")]
    for letter in letters:
        outbox.confirm(letter)
    tomorrow = dt.datetime.combine(timezone.localdate() + dt.timedelta(days=1), dt.time(3), dt.UTC)
    with time_machine.travel(tomorrow):
        notices.bundle()
        sent, waiting = Delivery.objects.filter(purpose="copies").order_by("pk")
        left = {"handed_over_at": tomorrow, "handed_over_on": tomorrow.date(), "settled_at": tomorrow}
        Delivery.objects.filter(pk=sent.pk).update(state=DeliveryState.ACCEPTED, **left)
        erase(Letter.objects.get(pk=letters[0].pk))
        notices.bundle()

    sent.refresh_from_db()
    [again] = Delivery.objects.filter(purpose="copies").exclude(pk=sent.pk)
    assert not sent.text + sent.html
    assert again.address == waiting.address
    assert "Bea Stays" in again.text
    assert "Ada Erased" not in again.text
