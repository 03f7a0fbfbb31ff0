"""Reading a real mailbox: every mail once, none lost, whatever happens in between."""

from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import OperationalError
from pytest_django import Settings

from letters.models import ContactEvent, Delivery, DeliveryState, Reply
from letters.sending.bounces import mailbox as room
from letters.sending.bounces.incoming import Outcome, receive
from tests.imap_server import ImapServer, Mailbox
from tests.letters.sending.bounces.coming_back import comes_back, sent, state_of

pytestmark = pytest.mark.django_db

S = DeliveryState


@pytest.fixture
def inbox(dovecot: ImapServer, settings: Settings) -> Mailbox:
    """Return the mailbox that the site reads, empty."""
    mailbox = dovecot.mailbox()
    settings.INCOMING_MAILBOX_URL = mailbox.url
    return mailbox


def test_bounces_and_answers_are_taken_in_and_moved(inbox: Mailbox) -> None:
    bounced, answered = sent(), sent()
    inbox.put(
        comes_back(bounced, "postfix-unknown"), comes_back(answered, "reply"), b"Subject: Win a prize\r\n\r\nNow.\r\n"
    )

    assert room.fetch() == 3

    assert (state_of(bounced), state_of(answered)) == (S.BOUNCED, S.ACCEPTED)
    assert Reply.objects.get().delivery == answered
    assert [len(inbox.mails(folder)) for folder in ("INBOX", room.DONE, room.ASIDE)] == [0, 2, 1]
    assert room.fetch() == 0


def test_a_worker_that_dies_before_it_moved_a_mail_repeats_it_without_effect(inbox: Mailbox) -> None:
    delivery = sent()
    inbox.put(comes_back(delivery, "yahoo-full"))
    with patch("imap_tools.BaseMailBox.move", side_effect=OSError), inbox.opened():
        room.fetch()
    assert (len(inbox.mails()), ContactEvent.objects.count()) == (1, 1)

    room.fetch()

    assert (len(inbox.mails()), len(inbox.mails(room.DONE)), ContactEvent.objects.count()) == (0, 1, 1)


def test_a_mail_over_which_our_own_code_stumbles_is_set_aside_and_holds_up_nothing(inbox: Mailbox) -> None:
    first, second = sent(), sent()
    inbox.put(comes_back(first, "postfix-unknown"), comes_back(second, "postfix-unknown"))

    def stumbles(raw: bytes) -> Outcome:
        if first.message_id.encode() in raw:
            raise ZeroDivisionError
        return receive(raw)

    with patch.object(room, "receive", stumbles):
        room.fetch()

    assert (state_of(first), state_of(second)) == (S.ACCEPTED, S.BOUNCED)
    assert [len(inbox.mails(folder)) for folder in ("INBOX", room.DONE, room.ASIDE)] == [0, 1, 1]


def test_a_mail_stays_where_it_is_while_the_database_is_gone(inbox: Mailbox) -> None:
    inbox.put(comes_back(sent(), "postfix-unknown"))

    with patch.object(room, "receive", side_effect=OperationalError), pytest.raises(OperationalError):
        room.fetch()

    assert len(inbox.mails()) == 1


def test_a_bounce_that_comes_too_early_stays_for_the_next_look(inbox: Mailbox) -> None:
    delivery = sent()
    Delivery.objects.filter(pk=delivery.pk).update(state=S.HANDING_OVER, lease_until="2100-01-01T00:00Z")
    inbox.put(comes_back(delivery, "postfix-unknown"))

    assert room.fetch() == 0
    Delivery.objects.filter(pk=delivery.pk).update(state=S.ACCEPTED, lease_until=None)
    assert room.fetch() == 1
    assert state_of(delivery) == S.BOUNCED


def test_many_mails_are_read_in_portions_the_oldest_first(inbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BATCH", 2)
    inbox.put(*(f"Subject: {number}\r\n\r\nspam\r\n".encode() for number in range(3)))

    assert (room.fetch(), [b"Subject: 2" in mail for mail in inbox.mails()]) == (2, [True])


def test_a_broken_mail_is_not_lost(inbox: Mailbox) -> None:
    inbox.put(b"\xff\xfe broken \x01\r\nContent-Type: multipart/x; boundary=\r\n\r\n--\r\n", b"no header at all\r\n")

    assert room.fetch() == 2
    assert len(inbox.mails(room.ASIDE)) == 2


def test_over_tls(inbox: Mailbox, settings: Settings, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = sent()
    inbox.put(comes_back(delivery, "postfix-unknown"))
    settings.INCOMING_MAILBOX_URL = inbox.tls_url
    assert room.fetch() == 0, "a certificate that nobody vouches for is refused"

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert room.fetch() == 1


def test_a_mailbox_that_can_not_be_reached_is_said_and_breaks_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.INCOMING_MAILBOX_URL = "imap://letters:secret@127.0.0.1:9/INBOX"

    assert room.fetch() == 0
    assert "INCOMING_MAILBOX_URL can't be read" in caplog.text
    assert "secret" not in caplog.text


def test_without_a_mailbox_there_is_nothing_to_do(settings: Settings) -> None:
    settings.INCOMING_MAILBOX_URL = ""

    assert room.fetch() == 0
    room.forget()


def test_copies_are_deleted_after_a_month(inbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.put(b"Subject: Win a prize\r\n\r\nNow.\r\n")
    room.fetch()
    room.forget()
    assert len(inbox.mails(room.ASIDE)) == 1

    monkeypatch.setattr(room, "KEPT_DAYS", -1)
    room.forget()

    assert inbox.mails(room.ASIDE) == []
