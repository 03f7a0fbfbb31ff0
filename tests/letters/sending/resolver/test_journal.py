"""The journal: a copy of each letter in a real mailbox is evidence that the relay took it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from letters.models import DeliveryState
from letters.sending import outbox, resolver
from letters.sending.resolver import journal
from tests.factories import make_letter
from tests.imap_server import ImapServer, Mailbox
from tests.invariants import check_log
from tests.letters.sending.resolver.unknowns import handed_over, state_of, unknown
from tests.smtp_faults import FaultySmtpServer, running

pytestmark = pytest.mark.django_db

S = DeliveryState
ADDRESS = "journal@postbag.test"
TO_THE_JOURNAL = f"RCPT TO:<{ADDRESS}>"


@pytest.fixture
def server(settings: Settings) -> Iterator[FaultySmtpServer]:
    """Return the relay."""
    with running(FaultySmtpServer()) as server:
        settings.EMAIL_URL, settings.SMTP_FINAL_SECONDS = f"smtp://127.0.0.1:{server.port}", 1
        yield server


@pytest.fixture
def mailbox(dovecot: ImapServer, settings: Settings) -> Mailbox:
    """Return the journal's mailbox, empty."""
    mailbox = dovecot.mailbox()
    settings.JOURNAL_ADDRESS, settings.JOURNAL_MAILBOX_URL = ADDRESS, mailbox.url
    return mailbox


def test_a_letter_whose_copy_lies_in_the_journal_was_taken(server: FaultySmtpServer, mailbox: Mailbox) -> None:
    server.fault("dot", taken=True)
    server.fault("dot", taken=False)
    taken, lost = handed_over(), handed_over()
    assert (taken.state, lost.state) == (S.UNKNOWN, S.UNKNOWN)
    [received] = server.received
    assert received.rcpt_to == (f"RCPT TO:<{taken.address}>", TO_THE_JOURNAL)
    assert ADDRESS.encode() not in received.data, "the office does not see it"
    mailbox.put(received.data, b"Message-ID: <x." + taken.message_id.encode() + b">\r\n\r\nanother\r\n")

    resolver.resolve()

    assert (state_of(taken), state_of(lost)) == (S.ACCEPTED, S.UNKNOWN)
    check_log()


def test_a_name_that_only_holds_ours_is_no_evidence(mailbox: Mailbox) -> None:
    delivery = unknown()
    mailbox.put(b"Message-ID: <x" + delivery.message_id.encode() + b">\r\n\r\nanother\r\n")

    resolver.resolve()

    assert state_of(delivery) == S.UNKNOWN


def test_a_letter_leaves_without_a_copy_where_the_relay_takes_none(server: FaultySmtpServer, mailbox: Mailbox) -> None:
    server.fault("RCPT", "550 5.1.1 no such journal", after=1)

    delivery = handed_over()

    assert delivery.state == S.ACCEPTED
    assert server.received[0].rcpt_to == (f"RCPT TO:<{delivery.address}>",)


def test_a_relay_that_hangs_up_at_the_copy_is_tried_again(server: FaultySmtpServer, mailbox: Mailbox) -> None:
    server.fault("RCPT", after=1)

    assert handed_over().state == S.DEFERRED
    assert server.received == []


def test_links_of_supporters_are_never_copied(server: FaultySmtpServer, mailbox: Mailbox) -> None:
    letter = make_letter()
    outbox.request_confirmation(letter)
    handed_over(letter.deliveries.get())

    assert server.received[0].rcpt_to == (f"RCPT TO:<{letter.email}>",)


def test_copies_are_deleted_after_three_days(mailbox: Mailbox) -> None:
    old, new = b"Subject: old\r\n\r\n", b"Subject: new\r\n\r\n"
    mailbox.put(new)
    with mailbox.opened() as box:
        box.append(old, dt=timezone.now() - dt.timedelta(days=journal.KEPT_DAYS + 1))
    assert len(mailbox.mails()) == 2

    journal.forget()

    assert [mail.strip() for mail in mailbox.mails()] == [new.strip()]


@pytest.mark.parametrize("url", ["imap://nobody:wrong@127.0.0.1:1", "imaps://nobody:wrong@127.0.0.1:1/INBOX"])
def test_a_journal_that_can_not_be_read_decides_nothing(settings: Settings, url: str) -> None:
    settings.JOURNAL_MAILBOX_URL = url
    delivery = unknown()

    resolver.resolve()

    assert state_of(delivery) == S.UNKNOWN


def test_a_wrong_password_decides_nothing(mailbox: Mailbox, settings: Settings) -> None:
    settings.JOURNAL_MAILBOX_URL = mailbox.url.replace(f"{mailbox.user}:", f"{mailbox.user}:not")
    delivery = unknown()

    resolver.resolve()

    assert state_of(delivery) == S.UNKNOWN
