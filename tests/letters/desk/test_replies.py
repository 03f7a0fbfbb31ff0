"""A moderator's page on an office's answer."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from letters.models import Delivery, Reply, ReplyState
from letters.sending.bounces.incoming import receive
from tests.letters.sending.bounces.coming_back import comes_back, sent
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(settings: Settings) -> Reply:
    settings.DELIVERY_MODE = "live"
    receive(comes_back(sent(name="Ada Lovelace", city="Bristol"), "reply"))
    return Reply.objects.get()


def page(reply: Reply) -> str:
    return reverse("admin:letters_reply_change", args=[reply.pk])


def decided(client: Client, reply: Reply, **fields: str) -> str:
    """Post the form and return the page that comes."""
    content = client.post(page(reply), fields, follow=True).content.decode()
    reply.refresh_from_db()
    return content


def test_a_moderator_reads_it_and_publishes_a_text_without_the_supporter(client: Client, reply: Reply) -> None:
    client.force_login(make_staff("moderator"))
    shown = client.get(page(reply)).content.decode()
    assert "thank you for your letter" in shown

    refused = decided(client, reply, decision="published", published_text="Dear Ms Lovelace, we took note.")
    assert "This may name the supporter: “Lovelace”" in refused
    assert "Dear Ms Lovelace, we took note." in refused, "what was typed comes back"
    assert reply.state == ReplyState.WAITING

    decided(client, reply, decision="published", published_text="We took note.")
    assert (reply.state, reply.published_text) == (ReplyState.PUBLISHED, "We took note.")
    assert Delivery.objects.filter(purpose="answer").count() == 1


def test_a_word_that_means_somebody_else_can_be_published_knowingly(client: Client, reply: Reply) -> None:
    client.force_login(make_staff("moderator"))

    decided(client, reply, decision="published", published_text="The consul at Bristol.", knowingly="on")

    assert reply.published_text == "The consul at Bristol."


def test_to_pass_it_on_publishes_nothing(client: Client, reply: Reply) -> None:
    client.force_login(make_staff("organiser"))

    decided(client, reply, decision="kept", published_text="Dear Ms Lovelace, we took note.")

    assert (reply.state, reply.published_text) == (ReplyState.KEPT, "")


def test_a_decision_is_needed_and_so_is_a_text(client: Client, reply: Reply) -> None:
    client.force_login(make_staff("moderator"))

    assert "This field is required" in decided(client, reply, published_text="")
    assert "Write the text to be shown" in decided(client, reply, decision="published", published_text=" ")
    assert reply.state == ReplyState.WAITING


def test_others_see_nothing_of_it(client: Client, reply: Reply) -> None:
    client.force_login(make_staff("coordinator"))

    assert client.get(page(reply)).status_code == 403
    assert client.post(page(reply), {"decision": "kept"}).status_code == 403


def test_what_is_erased_is_shown_and_can_not_be_decided(client: Client, reply: Reply) -> None:
    Reply.objects.filter(pk=reply.pk).update(state="erased", sender="", subject="", text="", attachments="")
    client.force_login(make_staff("moderator"))

    assert "Decision" not in client.get(page(reply)).content.decode()
    assert client.post(page(reply), {"decision": "kept"}).status_code == 403
