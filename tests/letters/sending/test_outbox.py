"""Confirmation: once, all or nothing, and what was seen is what is frozen."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import CampaignTarget, ContactState
from letters import tokens
from letters.models import Addressing, Delivery, DeliveryState, Letter, LetterState
from letters.sending import outbox
from letters.wording import text_hash
from tests.factories import add_office, make_campaign, make_contact, make_letter, make_office

pytestmark = pytest.mark.django_db


def test_the_mail_to_confirm_holds_the_link_and_nothing_that_was_typed() -> None:
    letter = make_letter(name="Mallory <b>", organisation="Evil Corp", own_words="Buy gold")

    outbox.request_confirmation(letter)

    mail = Delivery.objects.get()
    link = f"http://testserver/letters/{tokens.make(letter, tokens.Purpose.CONFIRM)}/confirm/"
    assert (mail.role, mail.purpose, mail.address) == ("service", "confirm", letter.email)
    assert (mail.state, mail.deliver_by) == (DeliveryState.QUEUED, letter.expires_at)
    assert link in mail.text
    assert link in mail.html
    for typed in ("Mallory", "Evil Corp", "Buy gold", letter.email):
        assert typed not in mail.subject + mail.text + mail.html


def test_the_mail_to_confirm_is_in_the_language_of_the_page() -> None:
    letter = make_letter(page_language="ar")

    outbox.request_confirmation(letter)

    mail = Delivery.objects.get()
    assert "http://testserver/ar/letters/" in mail.text
    assert 'dir="rtl"' in mail.html


def test_a_confirmation_makes_one_frozen_delivery_an_office() -> None:
    campaign = make_campaign(make_office("email", "fax"), make_office("fax"))
    letter = make_letter(campaign, text="Dear Prosecutor,\n\nSet her free.")

    assert outbox.confirm(letter)

    email, fax = Delivery.objects.order_by("pk")
    letter.refresh_from_db()
    assert (letter.state, letter.confirmed_on) == (LetterState.CONFIRMED, timezone.localdate())
    assert (email.channel, fax.channel) == ("email", "fax")
    assert email.contact
    assert (email.address, email.contact.channel) == (email.contact.value, "email")
    assert email.text == "Dear Prosecutor,\n\nSet her free."
    assert email.text_hash == text_hash(email.text)
    assert email.message_id != fax.message_id
    assert not Addressing.objects.exists()


def test_an_office_that_only_gets_a_copy_is_not_counted() -> None:
    campaign = make_campaign(make_office())
    add_office(campaign, make_office(), level=CampaignTarget.Level.COPY)

    outbox.confirm(make_letter(campaign))

    assert sorted(Delivery.objects.values_list("role", flat=True)) == ["copy", "primary"]


def test_the_first_working_of_two_mailboxes_gets_the_letter() -> None:
    dead, alive = make_contact(state=ContactState.BOUNCED), make_contact()
    letter = make_letter(make_campaign(make_office(dead, alive, make_contact())))

    outbox.confirm(letter)

    assert Delivery.objects.get().contact == alive


def test_a_repeat_confirmation_sends_nothing() -> None:
    letter = make_letter()

    assert outbox.confirm(letter)
    assert not outbox.confirm(letter)
    assert Delivery.objects.count() == 1


def test_a_letter_whose_time_is_over_can_not_be_confirmed() -> None:
    letter = make_letter(expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert not outbox.confirm(letter)
    assert not Delivery.objects.exists()


def test_the_office_gets_the_address_of_the_supporter_only_when_they_say_so() -> None:
    outbox.confirm(shy := make_letter())
    outbox.confirm(open_ := make_letter(reply_to_me=True))

    assert Delivery.objects.get(letter=shy).reply_to == ""
    assert Delivery.objects.get(letter=open_).reply_to == open_.email


def test_nothing_leaves_after_the_campaigns_last_day_in_the_sites_time_zone(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Moscow"
    day = timezone.localdate() + dt.timedelta(days=3)
    outbox.confirm(make_letter(make_campaign(make_office(), act_by=day)))

    deliver_by = Delivery.objects.get().deliver_by
    assert deliver_by
    assert deliver_by.astimezone(dt.UTC) == dt.datetime.combine(day, dt.time(21), dt.UTC)


@pytest.mark.django_db(transaction=True)
def test_fifty_confirmations_at_once_send_once() -> None:
    letter = make_letter(make_campaign(*(make_office() for _ in range(3))))

    def confirm(_turn: int) -> bool:
        try:
            return outbox.confirm(Letter.objects.get(pk=letter.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(confirm, range(50)))

    assert done.count(True) == 1
    assert Delivery.objects.count() == 3
