"""Who owns a mailbox gets a copy of all that is stored about it, or has it erased; nobody else learns a word (T36)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign
from letters.counting.tallies import Scope, rows_by
from letters.models import Allowance, Delivery, Letter, LetterState, Subscription
from letters.sending import settling
from tests import factories
from tests.letters.subscribing.conftest import make_subscription
from tests.letters.writing.supporter import Supporter, mailed_links, written

pytestmark = pytest.mark.django_db
ADDRESS = "ada@supporter.test"


@pytest.fixture
def campaign() -> Campaign:
    campaign = factories.make_campaign(factories.make_office(), slug="free-vera", kind="open_letter")
    factories.make_model_letter(campaign, key="model")
    return campaign


def everything(campaign: Campaign) -> None:
    """A letter, a signature and a subscription of one mailbox, and a letter of another."""
    written(campaign, own_words="CANARY of Ada")
    Client().post(mailed_links()[-1])
    written(campaign, email="eve@supporter.test", own_words="CANARY of Eve")
    Client().post(mailed_links()[-1])
    signer = Supporter()
    Allowance.objects.all().delete()
    signer.open("/campaigns/free-vera/sign/")
    signer.submit(name="CANARY signer", email=ADDRESS, is_public="no", role="teacher")
    mail = Delivery.objects.get(purpose="sign")
    Client().post(re.findall(r"https?://[^/]+(/\S+/confirm/)", mail.text)[0])
    make_subscription("country:RU", email=ADDRESS)


def ask(email: str = ADDRESS) -> tuple[Supporter, str]:
    """Ask for the link and return the page and the link's path."""
    Allowance.objects.all().delete()  # as if the last mail was long ago
    supporter = Supporter()
    supporter.open("/my-data/")
    supporter.submit(email=email)
    mail = Delivery.objects.filter(purpose="export").latest("pk")
    return supporter, urlsplit(re.findall(r"https?://\S+", mail.text)[0]).path


def test_t36_the_file_holds_every_word_of_ones_own_and_none_of_others(campaign: Campaign) -> None:
    everything(campaign)
    _page, link = ask()
    answer = Client().post(link, {"do": "download"})
    data = answer.json()

    [letter] = data["letters"]
    assert (letter["own_words"], letter["email"], letter["state"]) == ("CANARY of Ada", ADDRESS, "confirmed")
    assert "CANARY of Ada" in letter["sent"][-1]["text"]
    assert [signature["name"] for signature in data["signatures"]] == ["CANARY signer"]
    assert data["news_by_email"]["about"] == ["Russia"]
    assert "Eve" not in answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_t15_opening_the_link_shows_no_word_and_erases_nothing(campaign: Campaign) -> None:
    everything(campaign)
    _page, link = ask()
    for _number in range(2):
        page = Client().get(link)
        assert page.status_code == 200
        assert "CANARY" not in page.content.decode()
    assert Client().post(link, {"do": "download"}, headers={"Origin": "https://evil.test"}).status_code == 403
    assert b"Erase everything?" in Client().post(link, {"do": "erase"}).content
    assert Letter.objects.filter(state=LetterState.CONFIRMED).count() == 2


def test_t36_erasing_everything_leaves_the_count_and_nothing_else(campaign: Campaign) -> None:
    everything(campaign)
    before = list(rows_by(Scope(), ["campaign", "country", "day"]))
    _page, link = ask()
    Client().post(link, {"do": "erase", "yes": "yes"})

    models = [model for model in apps.get_app_config("letters").get_models() if not model._meta.proxy]
    values = [str(value) for model in models for row in model._default_manager.values() for value in row.values()]
    assert not [value for value in values if "CANARY of Ada" in value or "CANARY signer" in value]
    assert not Subscription.objects.exists()
    assert Letter.objects.get(state=LetterState.CONFIRMED).email == "eve@supporter.test"
    assert list(rows_by(Scope(), ["campaign", "country", "day"])) == before


def test_t17_the_page_and_the_mail_are_the_same_for_everybody(campaign: Campaign) -> None:
    everything(campaign)
    known, _link = ask()
    unknown, link = ask("nobody@supporter.test")
    assert known.text.replace(ADDRESS, "") == unknown.text.replace("nobody@supporter.test", "")
    first, second = Delivery.objects.filter(purpose="export").order_by("pk")
    assert (first.subject, len(first.text.split())) == (second.subject, len(second.text.split()))
    assert Client().post(link, {"do": "download"}).json()["letters"] == []


def test_what_another_typed_with_this_address_and_nobody_confirmed_is_not_given_out(campaign: Campaign) -> None:
    written(campaign, own_words="CANARY of somebody who mistyped")
    _page, link = ask()
    answer = Client().post(link, {"do": "download"})
    assert [letter["state"] for letter in answer.json()["letters"]] == ["pending"]
    assert "CANARY" not in answer.content.decode()


def test_t16_the_link_is_over_after_an_hour_and_its_mail_is_blanked(campaign: Campaign) -> None:
    _page, link = ask()
    token = link.split("/")[2]
    for wrong in (token[1:], "x", "é", token[:-3] + ("A" if token[-3] != "A" else "B") + token[-2:]):
        assert Client().post(f"/my-data/{wrong}/", {"do": "download"}).status_code == 410
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=66)):
        assert Client().post(link, {"do": "download"}).status_code == 410
    Delivery.objects.update(deliver_by=timezone.now() - dt.timedelta(hours=1))
    settling.forget_links()
    assert not Delivery.objects.exclude(address="", text="").exists()


def test_t11_a_mailbox_is_not_bombed_with_links(campaign: Campaign) -> None:
    for _number in range(4):
        Supporter().open("/my-data/")
        supporter = Supporter()
        supporter.open("/my-data/")
        supporter.submit(email=ADDRESS)
    assert Delivery.objects.filter(purpose="export").count() == 1


@pytest.mark.parametrize("typed", [{"email": "ada@"}, {"website": "spam"}])
def test_a_wrong_address_is_said_to_be_wrong_and_comes_back(campaign: Campaign, typed: dict[str, Any]) -> None:
    supporter = Supporter()
    supporter.open("/my-data/")
    supporter.submit(**{"email": "kept@supporter.test", **typed})
    assert supporter.page.status_code == 400
    assert (typed.get("email") or "kept@supporter.test") in supporter.page.content.decode()
