"""Answers of offices on their way to the supporter and to everybody."""

import pytest
from django.test import Client
from pytest_django import Settings

from letters import tokens
from letters.keeping.erasure import erase
from letters.models import Delivery, Reply, ReplyState
from letters.sending.answers import decide, traces
from letters.sending.bounces.incoming import receive
from tests.letters.sending.bounces.coming_back import comes_back, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(settings: Settings) -> Reply:
    """Return an answer that waits for a moderator, to a letter of a site that is live."""
    settings.DELIVERY_MODE = "live"
    receive(comes_back(sent(name="Ada Lovelace", city="Bristol"), "reply"))
    return Reply.objects.get()


def mails() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose=Delivery.Purpose.ANSWER))


def test_the_supporter_is_told_once_a_moderator_let_it_through(reply: Reply) -> None:
    assert mails() == []

    decide(reply, ReplyState.KEPT)
    decide(reply, ReplyState.PUBLISHED, "The Embassy has taken note of it.")

    [mail] = mails()
    letter = reply.delivery.letter
    assert letter
    assert mail.address == letter.email
    assert mail.subject.startswith("An office answered: ")
    assert "The Embassy has taken note of it." in mail.text
    assert tokens.make(letter, tokens.Purpose.STATUS) in mail.text


@pytest.mark.parametrize("state", [ReplyState.REJECTED])
def test_what_is_no_answer_is_told_to_nobody(reply: Reply, state: ReplyState, client: Client) -> None:
    decide(reply, state)

    assert mails() == []
    assert "Answers" not in status_page(reply, client)


def test_whoever_wrote_discreetly_gets_no_mail(reply: Reply) -> None:
    letter = reply.delivery.letter
    assert letter
    letter.discreet, letter.updates = True, False
    letter.save()

    decide(Reply.objects.get(), ReplyState.KEPT)

    assert mails() == []


def status_page(reply: Reply, client: Client) -> str:
    letter = reply.delivery.letter
    assert letter
    return client.get(f"/letters/{tokens.make(letter, tokens.Purpose.STATUS)}/").content.decode()


def test_the_status_page_says_that_an_answer_came_and_never_what(reply: Reply, client: Client) -> None:
    page = status_page(reply, client)
    assert "This office answered on" in page
    assert "We read it first" in page

    decide(reply, ReplyState.KEPT)

    page = status_page(reply, client)
    assert "We have sent you its answer by email." in page
    assert "taken note" not in page


def test_the_campaigns_page_shows_what_was_published_and_nothing_else(reply: Reply, client: Client) -> None:
    url = f"/campaigns/{reply.campaign.slug}/"
    decide(reply, ReplyState.KEPT)
    assert "Answers of offices" not in client.get(url).content.decode()

    decide(reply, ReplyState.PUBLISHED, "<b>The Embassy</b> has taken note.")

    page = client.get(url).content.decode()
    assert "Answers of offices" in page
    assert "&lt;b&gt;The Embassy&lt;/b&gt; has taken note." in page
    assert "Lovelace" not in page

    decide(reply, ReplyState.KEPT)
    assert "taken note" not in client.get(url).content.decode()


def test_t36_erasure_takes_the_answer_along_and_leaves_what_was_published(reply: Reply, client: Client) -> None:
    decide(reply, ReplyState.PUBLISHED, "Noted.")
    letter = reply.delivery.letter
    assert letter

    erase(letter)

    reply.refresh_from_db()
    assert (reply.state, reply.published_text) == (ReplyState.PUBLISHED, "Noted.")
    assert not reply.sender + reply.subject + reply.text + reply.attachments
    assert not mails()[0].text


def test_t36_an_answer_to_an_erased_letter_is_not_kept(reply: Reply) -> None:
    letter = reply.delivery.letter
    assert letter
    erase(letter)
    reply.refresh_from_db()
    assert (reply.state, reply.text) == (ReplyState.ERASED, "")

    receive(comes_back(reply.delivery, "reply-html"))

    again = Reply.objects.exclude(pk=reply.pk).get()
    assert (again.state, again.text) == (ReplyState.ERASED, "")


def test_words_that_name_the_supporter_are_found_as_words(reply: Reply) -> None:
    letter = reply.delivery.letter
    assert letter

    assert traces("Dear Ms LOVELACE of Bristol,", letter) == ["Lovelace", "Bristol"]
    assert traces(f"You wrote from {letter.email}.", letter)[0] == letter.email
    assert traces("The loveless Bristolians of Nevada.", letter) == []
    assert traces("Dear Ms Lovelace", None) == []
