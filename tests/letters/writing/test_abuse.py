"""Bots, double clicks and odd input (T1, T2, T4, T5, T10, T12, T13, T24, T28)."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client, RequestFactory

from campaigns.models import Campaign
from letters.models import Addressing, Delivery, Letter
from letters.writing.abuse import client_network
from letters.writing.store import TIME_TO_CONFIRM
from tests.letters.writing.supporter import ANSWERS, Supporter, at_once, tree, values, written

pytestmark = pytest.mark.django_db

FIELDS = ("name", "email", "city", "organisation", "role")
BREAKS = ("\r\n", "\r", "\n", "\v", "\f", "\x1c", "\x1d", "\x85", "\u2028", "\u2029", "\x00")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("break_", BREAKS)
def test_t1_a_line_break_in_a_name_is_a_field_error(
    campaign: Campaign, supporter: Supporter, field: str, break_: str
) -> None:
    supporter.open_form(campaign)
    page = supporter.check(**{field: f"ada@supporter.test{break_}Bcc: victim@supporter.test"})

    assert page.status_code == 400
    assert f'href="#id_{field}"' in page.content.decode()


@pytest.mark.parametrize(
    "name", ['"Ada" <v@victim.test>, Bob', "{{city}}", "{{ 7*7 }}", "{name!r:>999999999}", "{% debug %}"]
)
def test_t2_t4_t5_a_name_is_text_and_nothing_else(campaign: Campaign, name: str) -> None:
    written(campaign, name=name, own_words=f"I am {name}.", city="Leeds")

    for text in Addressing.objects.values_list("text", flat=True):
        assert f"I am {name}." in text
        assert text.endswith(f"{name}\nLeeds, United States of America")


def test_t4_an_edited_text_is_taken_literally(campaign: Campaign) -> None:
    written(campaign, body_model="My {{name}} and {{salutation}} and {0.__class__}.")
    assert "My {{name}} and {{salutation}} and {0.__class__}." in Addressing.objects.all()[0].text


def test_t10_nobody_but_the_campaigns_offices_can_be_addressed(campaign: Campaign, supporter: Supporter) -> None:
    foreign = {"to": "v@victim.test", "cc": "v@victim.test", "bcc": "v@victim.test", "target_email": "v@victim.test"}
    supporter.open_form(campaign)
    assert supporter.check(targets=["victim", "1", "2"]).status_code == 400
    supporter.check(**foreign, targets=[campaign.targets.all()[0].key])
    supporter.ask_for_link()

    assert [addressing.office.campaign for addressing in Addressing.objects.all()] == [campaign]
    assert set(Delivery.objects.values_list("role", flat=True)) == {"service"}
    assert Delivery.objects.get().address == ANSWERS["email"]
    assert not mail.outbox


def test_t12_a_network_has_its_share_and_a_refused_letter_is_not_lost(campaign: Campaign, settings: Any) -> None:
    settings.NETWORK_ALLOWANCE = 10
    settings.TRUSTED_PROXIES = 0
    for number in range(8):
        supporter = Supporter(Client(enforce_csrf_checks=True, headers={"X-Forwarded-For": f"198.51.100.{number}"}))
        supporter.open_form(campaign)
        supporter.check(email=f"ada{number}@supporter.test", own_words="Kept words")
        supporter.ask_for_link()

    # A program costs two each time.
    assert Letter.objects.count() == 5
    assert supporter.page.status_code == 429
    assert "Kept words" in supporter.text
    with time_machine.travel("2099-01-01 10:00Z"):
        supporter.ask_for_link()
    assert Letter.objects.count() == 6


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "198.51.100.1", "192.0.2.7"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.1, 203.0.113.5, 203.0.113.6", "203.0.113.5"),
        (2, "203.0.113.5", "203.0.113.5"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "nonsense", ""),
    ],
)
def test_t12_only_our_own_proxies_are_believed(settings: Any, proxies: int, forwarded: str, network: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": forwarded})
    assert client_network(request) == network


def test_t12_the_field_for_programs_stops_them_and_tells_a_human(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    page = supporter.check(website="http://spam.test", own_words="Kept words")

    assert page.status_code == 400
    assert "Leave this field empty" in supporter.text
    assert "Kept words" in supporter.text


def sends(supporter: Supporter, **changed: str) -> Any:
    """The check page's button, pressed in another tab."""
    form = next(form for form in tree(supporter.page).iter("form") if form.get("method") == "post")
    client = Client(enforce_csrf_checks=True)
    client.cookies = supporter.client.cookies
    return client.post(form.get("action"), {**values(form), "step": "send", **changed})


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_t13_fifty_parallel_submits_are_one_letter_and_one_mail(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    supporter.check()
    answers = at_once(lambda: sends(supporter))

    assert {answer.status_code for answer in answers} == {302}
    assert len({answer["Location"] for answer in answers}) == 1
    assert Letter.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_t13_another_letter_from_the_same_form_is_a_conflict_that_loses_nothing(
    campaign: Campaign, supporter: Supporter
) -> None:
    supporter.open_form(campaign)
    form = supporter.page
    supporter.check(own_words="The first.")
    supporter.ask_for_link()

    supporter.page = form
    supporter.check(own_words="The second.")
    page = supporter.ask_for_link()
    assert page.status_code == 409
    assert "The second." in supporter.text
    assert Letter.objects.count() == 1
    supporter.ask_for_link()
    assert Letter.objects.count() == 2


def test_t13_a_draft_that_was_tampered_with_brings_nothing(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    supporter.check()
    assert sends(supporter, draft="x").status_code == 400
    assert not Letter.objects.exists()


@pytest.mark.parametrize("name", ["next", "return_url", "redirect", "from"])
def test_t24_no_field_leads_to_another_site(campaign: Campaign, supporter: Supporter, name: str) -> None:
    supporter.open_form(campaign)
    supporter.check()
    assert sends(supporter, **{name: "https://evil.test/"})["Location"].startswith("/letters/")


@pytest.mark.parametrize(
    "field", ["own_words", "name", "city", "body_model", "email", "targets", "language_model", "stamp"]
)
@pytest.mark.parametrize(
    "odd",
    ["\x00", "\ud800", "\u202eabc", "e\u0301" * 10, "🏳️‍🌈", "x" * 1_000_000, "﷽" * 30_000, "\ufeff", "\uffff", "'\";--"],
)
def test_t28_odd_input_is_taken_or_refused_and_never_breaks(
    campaign: Campaign, supporter: Supporter, field: str, odd: str
) -> None:
    supporter.open_form(campaign)
    page = supporter.check(**{field: odd.encode("utf-8", "surrogatepass").decode("utf-8", "replace")})
    assert page.status_code in {200, 400}
    if page.status_code == 200:
        assert supporter.ask_for_link().status_code in {200, 400}


def test_a_form_without_its_cookie_gives_the_text_back(campaign: Campaign, supporter: Supporter) -> None:
    supporter.open_form(campaign)
    supporter.client.cookies.clear()
    page = supporter.check(own_words="Kept words", body_model="Kept text")

    assert page.status_code == 403
    assert "Kept words" in supporter.text
    assert "Kept text" in supporter.text
    assert "cookie" in supporter.text


def test_a_letter_is_kept_for_three_days_and_its_form_key_once(campaign: Campaign) -> None:
    written(campaign)
    letter = Letter.objects.get()
    assert abs(letter.expires_at - letter.created_at - TIME_TO_CONFIRM).total_seconds() < 60
    assert letter.facts_version == campaign.facts_version
