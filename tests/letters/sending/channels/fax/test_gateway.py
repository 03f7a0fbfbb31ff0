"""Faxes by mail to a gateway."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from letters.sending.channels.contract import ChannelError, Message, Receipt
from letters.sending.channels.fax.gateway import Gateway
from letters.sending.channels.fax.reports import Answering
from letters.sending.channels.fax.services import open_fax
from tests.sink import Sink


def test_a_gateway_gets_the_fax_and_nothing_else(settings: Settings, smtp_sink: Sink, letter: Message) -> None:
    settings.EMAIL_URL = smtp_sink.url
    settings.FAX_URL = "mailto:{digits}@fax.gateway.test?subject=12025550100"

    with open_fax() as channel:
        channel.prepare(letter)
        receipt = channel.hand_over()

    (mail,) = smtp_sink.received
    assert mail.rcpt_tos == ["442079460000@fax.gateway.test"]
    parsed = mail.message
    assert (parsed["From"], parsed["Subject"]) == ("letters@postbag.test", "12025550100")
    (pdf,) = parsed.iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_content().startswith(b"%PDF")
    body = parsed.get_body()
    assert body
    assert body.get_content().strip() == ""
    assert b"Lovelace" not in mail.content
    assert receipt == Receipt()


def test_a_gateway_never_tells_what_became_of_a_fax(settings: Settings, smtp_sink: Sink) -> None:
    settings.EMAIL_URL = smtp_sink.url
    settings.FAX_URL = "mailto:{digits}@fax.gateway.test"

    assert not isinstance(open_fax(), Answering)


def test_a_letter_that_cannot_be_typeset_is_not_mailed(settings: Settings, smtp_sink: Sink, letter: Message) -> None:
    settings.EMAIL_URL = smtp_sink.url
    settings.FAX_URL, settings.FAX_MAX_PAGES = "mailto:{digits}@fax.gateway.test", 0

    with open_fax() as channel, pytest.raises(ChannelError):
        channel.prepare(letter)

    assert not smtp_sink.received


@pytest.mark.parametrize("url", ["mailto:442079460000@fax.gateway.test", "mailto:{digits}"])
def test_a_pattern_has_a_place_for_the_number(settings: Settings, url: str) -> None:
    settings.FAX_URL = url

    with pytest.raises(ImproperlyConfigured):
        Gateway.from_settings()


@pytest.mark.parametrize("url", ["", "fax://host", "https://fax.example.org"])
def test_a_service_that_nobody_knows_is_told_at_once(settings: Settings, url: str) -> None:
    settings.FAX_URL = url

    with pytest.raises(ImproperlyConfigured):
        open_fax()
