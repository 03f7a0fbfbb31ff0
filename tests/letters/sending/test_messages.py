"""What a supporter types reaches the office as text and name, and as nothing else."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from pytest_django import Settings

from letters.models import Delivery, DeliveryState
from letters.sending import outbox, tasks
from tests.factories import make_campaign, make_letter, make_office
from tests.smtp_faults import LAX_ENDS, FaultySmtpServer, running

pytestmark = pytest.mark.django_db

NAMES = [
    '"Ada" <v@evil.test>, Bob',
    "Ada, v@evil.test",
    'Ada" <v@evil.test>, "',
    "Ада <v@evil.test>",
    "=?utf-8?q?=2C?=",
]
ONCE = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID"]


@pytest.fixture
def server(settings: Settings) -> Iterator[FaultySmtpServer]:
    """Return a relay that believes in every end of data that a careless server ever believed in."""
    with running(FaultySmtpServer(ends=LAX_ENDS)) as server:
        settings.DELIVERY_MODE, settings.EMAIL_URL = "live", f"smtp://127.0.0.1:{server.port}"
        yield server


def send(**fields: object) -> Delivery:
    """Confirm a letter to one office and drain the outbox."""
    letter = make_letter(make_campaign(make_office()), **fields)
    assert outbox.confirm(letter)
    tasks.drain()
    return Delivery.objects.get(letter=letter)


def parsed(server: FaultySmtpServer) -> EmailMessage:
    """Return the only mail that arrived."""
    (received,) = server.received
    return message_from_bytes(received.data, policy=policy.default)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_looks_like_an_address_adds_none(server: FaultySmtpServer, name: str) -> None:
    delivery = send(name=name)

    mail = parsed(server)
    assert delivery.state == DeliveryState.ACCEPTED
    assert [len(mail.get_all(header, [])) for header in ONCE] == [1] * len(ONCE)
    assert [address for _, address in getaddresses(mail.get_all("From", []))] == ["letters@postbag.test"]
    assert [address for _, address in getaddresses(mail.get_all("To", []))] == [delivery.address]
    assert len(getaddresses(mail.get_all("Reply-To", []))) == 1
    assert server.received[0].rcpt_to == (f"RCPT TO:<{delivery.address}>",)


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028"], ids=ascii)
def test_a_name_with_a_line_break_that_got_past_the_forms_is_not_sent(
    server: FaultySmtpServer, line_break: str
) -> None:
    delivery = send(name=f"Ada{line_break}Bcc: v@evil.test")

    assert delivery.state == DeliveryState.FAILED
    assert server.received == []
    assert "evil" not in delivery.reason


@pytest.mark.parametrize("end", LAX_ENDS)
def test_a_text_cannot_end_its_own_mail(server: FaultySmtpServer, end: bytes) -> None:
    text = f"Dear Sir,{end.decode()}MAIL FROM:<x@evil.test>\r\nRCPT TO:<y@evil.test>\r\nDATA\r\nSubject: x\r\n\r\nx"

    delivery = send(text=text)

    assert delivery.state == DeliveryState.ACCEPTED
    assert len(server.received) == 1


def test_the_supporters_own_address_stays_here_unless_they_want_an_answer(server: FaultySmtpServer) -> None:
    send(email="ada@supporter.test")
    assert b"ada@supporter.test" not in server.received[0].data

    server.received.clear()
    send(email="ada@supporter.test", reply_to_me=True)
    assert parsed(server)["Reply-To"] == "ada@supporter.test"
    assert server.received[0].data.count(b"ada@supporter.test") == 1
