"""News by mail: nothing before the button, one click to end it, and nobody learns who subscribed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign
from letters import tokens
from letters.models import Allowance, Delivery, Subscription
from letters.sending import outbox, settling
from tests import factories
from tests.letters.subscribing.conftest import ADDRESS, FORM, ask, links, make_subscription, page_of, subscribed
from tests.letters.writing.supporter import Supporter, at_once

pytestmark = pytest.mark.django_db
Purpose = tokens.Purpose


def later(**span: int) -> Any:
    return time_machine.travel(timezone.now() + dt.timedelta(**span))


def test_the_button_in_the_mail_subscribes_and_leads_to_what_one_gets(campaign: Campaign) -> None:
    supporter = ask("?campaign=free-vera", pace="weekly")
    assert "Check your email" in supporter.text
    assert ADDRESS in supporter.text
    assert not Subscription.objects.exists(), "nothing is stored before the button"

    page = Client().post(links()[0], follow=True)
    [row] = Subscription.objects.all()
    assert (row.email, row.topics, row.pace, row.language) == (ADDRESS, f"campaign:{campaign.pk}", "weekly", "en")
    assert b"You are subscribed" in page.content
    assert b"Free Vera Example" in page.content


def test_t15_a_link_that_is_opened_subscribes_nobody(campaign: Campaign) -> None:
    ask()
    [link] = links()
    for _number in range(3):
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
    assert not Subscription.objects.exists()

    assert Client().post(link, headers={"Origin": "https://evil.test"}).status_code == 403
    first, again = Client(enforce_csrf_checks=True).post(link), Client().post(link)
    assert first["Location"] == again["Location"] == Client().get(link)["Location"]
    assert Subscription.objects.count() == 1


def test_the_mail_to_confirm_names_nothing_that_was_chosen_or_typed(campaign: Campaign) -> None:
    ask("?campaign=free-vera", country="RU")
    mail = Delivery.objects.get(purpose="subscribe")
    for word in ("Vera", "Russia", "RU"):
        assert word not in mail.subject + re.sub(r"https?://\S+", "", mail.text)
    assert len(set(re.findall(r"https?://\S+/confirm/", mail.text))) == 1


def test_t17_nobody_can_tell_who_is_subscribed(campaign: Campaign) -> None:
    subscribed("?campaign=free-vera")
    with later(minutes=2):
        known, unknown = ask(), ask(email="eve@supporter.test")
    assert known.text.replace(ADDRESS, "") == unknown.text.replace("eve@supporter.test", "")
    assert known.page.status_code == unknown.page.status_code
    assert Delivery.objects.filter(purpose="subscribe").count() == 3, "the known one gets a link like everybody"


def test_a_second_request_adds_to_the_same_subscription_when_its_button_is_pressed(campaign: Campaign) -> None:
    old = subscribed("?campaign=free-vera", pace="at_once")
    with later(minutes=2):
        ask(email="Ada+news@Supporter.test", topics="all", country="RU", pace="weekly")
        assert Subscription.objects.get().topics == f"campaign:{campaign.pk}"
        Client().post(links()[-1])
    [row] = Subscription.objects.all()
    assert (row.pk, row.email, row.pace) == (old.pk, ADDRESS, "weekly")
    assert set(row.topics.split()) == {f"campaign:{campaign.pk}", "all", "country:RU"}


@pytest.mark.django_db(transaction=True)
def test_t14_parallel_confirmations_are_one_subscription(campaign: Campaign) -> None:
    ask()
    [link] = links()
    assert set(at_once(lambda: Client().post(link).status_code, times=20)) == {302}
    assert Subscription.objects.count() == 1


def test_t11_a_mailbox_gets_three_links_a_day_at_most(campaign: Campaign) -> None:
    for minute in range(0, 20, 2):
        with later(minutes=minute):
            ask()
    assert len(links()) == 3


def test_t12_a_network_has_its_share(campaign: Campaign, settings: Any) -> None:
    settings.NETWORK_ALLOWANCE = 4
    pages = [ask(email=f"p{number}@supporter.test") for number in range(4)]
    assert pages[-1].page.status_code == 429
    assert "p3@supporter.test" in pages[-1].page.content.decode(), "what was typed comes back"
    assert len(links()) == 2
    assert Allowance.objects.exists()


def test_t16_late_wrong_and_foreign_links_open_nothing(campaign: Campaign) -> None:
    row = make_subscription()
    ask(email="eve@supporter.test")
    token = links()[0].split("/")[2]
    for wrong in (token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1], token[1:], "x", "é"):
        assert Client().post(f"/subscriptions/{wrong}/confirm/").status_code == 410
    assert Client().post(f"/subscriptions/{token}/asked/").status_code == 410
    manage, leave = (tokens.make(row, purpose) for purpose in (Purpose.MANAGE, Purpose.UNSUBSCRIBE))
    assert Client().post(f"/subscriptions/{manage}/unsubscribe/").status_code == 410
    assert Client().get(f"/subscriptions/{leave}/").status_code == 410
    with later(hours=73):
        assert Client().post(links()[0]).status_code == 410
    assert Subscription.objects.count() == 1


@pytest.mark.parametrize(
    "typed", [{"email": "ada@"}, {"topics": None, "country": ""}, {"country": "XX"}, {"website": "x"}, {"pace": None}]
)
def test_a_form_with_an_error_keeps_what_was_typed(campaign: Campaign, typed: dict[str, Any]) -> None:
    supporter = ask("?campaign=free-vera", **{"email": "kept@supporter.test", **typed})
    assert supporter.page.status_code == 400
    assert "<title>Error:" in supporter.page.content.decode()
    assert (typed.get("email") or "kept@supporter.test") in supporter.page.content.decode()
    assert not links()


def test_the_address_of_an_office_is_refused(db: None) -> None:
    office = factories.make_contact(value="prosecutor@ministry.test")
    assert ask(email=office.value).page.status_code == 400


def test_one_changes_what_one_gets(campaign: Campaign) -> None:
    row = make_subscription(f"campaign:{campaign.pk}")
    supporter = Supporter()
    supporter.open(page_of(row, Purpose.MANAGE))
    supporter.submit(topics="all", country="RU", pace="weekly", language="ar")
    row.refresh_from_db()
    assert (row.topics, row.pace, row.language) == ("all country:RU", "weekly", "ar")
    assert "Saved." in supporter.text

    supporter.submit(topics=None, country="")
    assert supporter.page.status_code == 400
    assert Subscription.objects.get().topics == "all country:RU"


def test_unsubscribing_is_one_button_and_leaves_nothing(campaign: Campaign) -> None:
    row = make_subscription()
    address = page_of(row, Purpose.UNSUBSCRIBE)
    assert Client().get(address).content.count(b"<button") == 1
    assert Client().head(address).status_code == 200
    assert Subscription.objects.exists()

    assert b"You are unsubscribed" in Client(enforce_csrf_checks=True).post(address).content
    assert not Subscription.objects.exists()
    assert Client().post(address).status_code == 410


def test_a_mail_program_unsubscribes_by_one_post_without_cookie(campaign: Campaign) -> None:
    """RFC 8058, section 3.2: the POST comes from anywhere and brings nothing but its own field."""
    address = page_of(make_subscription(), Purpose.UNSUBSCRIBE)
    client = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies) == (200, {})
    assert not Subscription.objects.exists()


def test_the_tick_becomes_a_subscription_when_the_letter_is_confirmed_and_not_before(campaign: Campaign) -> None:
    with_tick = factories.make_letter(campaign, email=ADDRESS, updates=True, page_language="ru")
    without = factories.make_letter(campaign, email="eve@supporter.test")
    assert not Subscription.objects.exists()
    for letter in (with_tick, without, with_tick):
        outbox.confirm(letter)

    [row] = Subscription.objects.all()
    assert (row.email, row.topics, row.language) == (ADDRESS, f"campaign:{campaign.pk}", "ru")


def test_the_letter_form_offers_the_tick_and_does_not_tick_it(campaign: Campaign) -> None:
    factories.make_model_letter(campaign)
    page = Supporter().open_form(campaign).content.decode()
    [box] = re.findall(r'<input[^>]*name="updates"[^>]*>', page)
    assert "checked" not in box


def test_a_signature_with_the_tick_subscribes_when_it_is_confirmed(db: None) -> None:
    factories.make_campaign(slug="letter", kind=Campaign.Kind.OPEN_LETTER)
    supporter = Supporter()
    supporter.open("/campaigns/letter/sign/")
    supporter.submit(name="Ada", email=ADDRESS, is_public="no", updates="on")
    assert not Subscription.objects.exists()
    mail = Delivery.objects.get(purpose="sign")
    Client().post(re.findall(r"https?://[^/]+(/\S+/confirm/)", mail.text)[0])
    assert Subscription.objects.get().email == ADDRESS


def test_t35_neither_mailbox_nor_topic_stands_in_plain_in_the_database(campaign: Campaign) -> None:
    subscribed("?campaign=free-vera", country="RU")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM letters_subscription")
        [row] = cursor.fetchall()
    assert not [value for value in map(str, row) if "ada" in value.lower() or "country" in value or "campaign" in value]


def test_a_link_that_nobody_opened_leaves_no_address_after_72_hours(campaign: Campaign) -> None:
    ask()
    with later(hours=73):
        Delivery.objects.update(deliver_by=timezone.now() - dt.timedelta(hours=80))
        settling.forget_links()
    mail = Delivery.objects.get(purpose="subscribe")
    assert mail.address + mail.text + mail.html + mail.subject == ""


def test_pages_with_a_token_are_kept_by_no_cache(campaign: Campaign) -> None:
    row = make_subscription()
    for address in (FORM, page_of(row, Purpose.MANAGE), page_of(row, Purpose.UNSUBSCRIBE)):
        answer = Client().get(address)
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
