"""Links in mails: confirmed by a button, never by being opened; over, used and wrong ones say nothing (T14-T16)."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from campaigns.models import Campaign
from letters import tokens
from letters.models import Delivery, DeliveryState, Letter, LetterState
from tests.letters.writing.supporter import Supporter, at_once, mailed_links, written

pytestmark = pytest.mark.django_db

SECRETS = ("Ada Example", "ada@supporter.test", "I teach history")


@pytest.fixture
def link(campaign: Campaign) -> str:
    written(campaign)
    return mailed_links()[0]


def letter() -> Letter:
    return Letter.objects.get()


def letters_out() -> int:
    return Delivery.objects.letters().count()


def test_t15_a_link_that_is_opened_changes_nothing(link: str, client: Client) -> None:
    for _number in range(20):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200

    assert letter().state == LetterState.PENDING
    assert letters_out() == 0


def test_t15_the_button_works_without_a_cookie_and_a_repeat_sends_nothing(link: str) -> None:
    first = Client(enforce_csrf_checks=True).post(link)
    again = Client(enforce_csrf_checks=True).post(link)

    assert letters_out() == 2
    assert first["Location"] == again["Location"] == Client().get(link)["Location"]


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
def test_t15_a_form_of_another_site_is_refused(link: str, client: Client, origin: str) -> None:
    assert client.post(link, headers={"Origin": origin}).status_code == 403
    assert client.post(link, headers={"Origin": "http://testserver"}).status_code == 302


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_t14_fifty_parallel_confirmations_are_one(link: str) -> None:
    answers = at_once(lambda: Client().post(link))

    assert {answer.status_code for answer in answers} == {302}
    assert letters_out() == 2
    assert Letter.objects.confirmed().count() == 1


def test_t16_no_wrong_link_opens_anything(link: str, client: Client) -> None:
    token = link.split("/")[2]
    wrong = [token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(len(token))]
    wrong += [token[:-1], token + "A", "x", tokens.make(letter(), tokens.Purpose.STATUS), "%00", "a" * 5000]

    assert {client.get(f"/letters/{other}/confirm/").status_code for other in wrong} == {404}
    assert {client.post(f"/letters/{other}/confirm/").status_code for other in wrong} == {404}
    assert letters_out() == 0


def test_t16_each_token_opens_its_own_page_only(link: str, client: Client) -> None:
    confirm, status, erase = (
        tokens.make(letter(), tokens.Purpose(purpose)) for purpose in ("confirm", "status", "erase")
    )
    assert client.get(f"/letters/{confirm}/").status_code == 404
    assert client.get(f"/letters/{confirm}/erase/").status_code == 404
    assert client.get(f"/letters/{status}/erase/").status_code == 404
    assert client.get(f"/letters/{erase}/asked/").status_code == 404


def test_t16_after_72_hours_the_link_is_over_and_says_so(link: str, client: Client) -> None:
    with time_machine.travel(timezone.now() + dt.timedelta(hours=73)):
        page = client.get(link)
        assert client.post(link).status_code == 410

    assert page.status_code == 410
    assert "This link is over" in page.content.decode()
    assert letters_out() == 0


def test_over_used_and_wrong_links_reveal_nothing(link: str, campaign: Campaign, client: Client) -> None:
    wrong = client.get("/letters/wrong/confirm/").content.decode()
    client.post(link)
    used = client.get(link, follow=True).content.decode()
    Letter.objects.update(state=LetterState.PENDING, confirmed_at=None, confirmed_on=None, expires_at=timezone.now())
    over = client.get(link).content.decode()

    for page in (wrong, used, over):
        assert not [secret for secret in SECRETS if secret in page]


def test_the_status_page_tells_each_offices_state_in_plain_words(link: str, client: Client) -> None:
    page = client.post(link, follow=True)
    address = page.redirect_chain[-1][0]
    first, second = Delivery.objects.letters().order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(
        state=DeliveryState.BOUNCED, handed_over_at=timezone.now(), handed_over_on=timezone.localdate()
    )
    Delivery.objects.filter(pk=second.pk).update(state=DeliveryState.CAPTURED)
    text = client.get(address).content.decode()

    assert "Chief Prosecutor" in text
    assert "Came back" in text
    assert "Trial mode" in text


def test_pages_of_a_letter_are_kept_out_of_caches_and_search_engines(link: str, client: Client) -> None:
    status = client.post(link)["Location"]
    for address in (link, status, "/letters/wrong/"):
        page = client.get(address)
        assert page["Cache-Control"] == "no-store"
        assert "noindex" in page["X-Robots-Tag"]
        assert not page.cookies


def test_t31_a_page_with_a_fake_file_name_does_not_exist(link: str, client: Client) -> None:
    token = link.split("/")[2]
    assert client.get(f"/letters/{token}/a.css").status_code == 404
    assert client.get(f"/letters/{token}/confirm/a.css").status_code == 404


def test_t32_links_are_made_from_the_settings_not_from_the_request(campaign: Campaign) -> None:
    supporter = Supporter(Client(headers={"X-Forwarded-Host": "evil.test"}))
    supporter.open_form(campaign)
    supporter.check()
    supporter.ask_for_link()

    assert "evil" not in Delivery.objects.get(purpose="confirm").text
    assert Client().get("/campaigns/free-vera/write/?from=US", headers={"Host": "evil.test"}).status_code == 400


def test_a_campaign_that_closed_before_the_click_sends_nothing_and_gives_the_text_back(
    link: str, campaign: Campaign, client: Client
) -> None:
    campaign.state = "stopped"
    campaign.save()
    page = client.post(link)

    assert page.status_code == 409
    assert "I teach history" in page.content.decode()
    assert letters_out() == 0


def test_erasure_asks_first_and_then_leaves_only_the_count(link: str, client: Client) -> None:
    client.post(link)
    erase = f"/letters/{tokens.make(letter(), tokens.Purpose.ERASE)}/erase/"
    assert client.get(erase).status_code == 200
    assert letter().name == "Ada Example"

    assert "Your data is erased" in client.post(erase).content.decode()
    erased = letter()
    assert erased.state == LetterState.ERASED
    assert (erased.name, erased.email, erased.own_words) == ("", "", "")
    assert Letter.objects.confirmed().count() == 1
    for delivery in Delivery.objects.all():
        assert delivery.state == DeliveryState.CANCELLED
        assert not delivery.text + delivery.sender + delivery.html
    assert client.post(erase).status_code == 200
    assert client.get(f"/letters/{tokens.make(erased, tokens.Purpose.STATUS)}/").status_code == 410


def test_a_form_of_another_site_can_not_erase(link: str, client: Client) -> None:
    client.post(link)
    erase = f"/letters/{tokens.make(letter(), tokens.Purpose.ERASE)}/erase/"
    assert client.post(erase, headers={"Origin": "https://evil.test"}).status_code == 403
    assert letter().state == LetterState.CONFIRMED
