"""The one function that checks deliveries after a journey can fail: each promise, broken by hand, is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from letters.counting.tallies import Tally
from letters.models import Delivery, DeliveryLog, Letter
from letters.sending import outbox, tasks
from tests.factories import make_campaign, make_letter, make_office
from tests.invariants import check_deliveries
from tests.smtp_faults import FaultySmtpServer

pytestmark = pytest.mark.django_db

OFFICES, LETTERS = 2, 2
Break = Callable[[list[bytes]], object]


@pytest.fixture
def arrived(settings: Settings) -> Iterator[list[bytes]]:
    """Two letters that reached two offices each, as a server received them."""
    server = FaultySmtpServer()
    settings.DELIVERY_MODE, settings.EMAIL_URL = "live", f"smtp://127.0.0.1:{server.port}"
    settings.MAILBOX_PER_HOUR = settings.MAIL_DOMAIN_PER_HOUR = settings.FAX_PER_HOUR = 0
    campaign = make_campaign(*(make_office() for _ in range(OFFICES)))
    for _ in range(LETTERS):
        outbox.confirm(make_letter(campaign))
    tasks.drain()
    yield [message.data for message in server.received]
    server.stop()


def last() -> Delivery:
    """The row that the rest of a test is about."""
    return Delivery.objects.latest("pk")


def rows(**columns: object) -> Break:
    """Write into the last row behind the back of the outbox."""
    return lambda _messages: Delivery.objects.filter(pk=last().pk).update(**columns)


def forget_a_row(messages: list[bytes]) -> None:
    name = last().message_id.encode()
    messages[:] = [message for message in messages if name not in message]
    DeliveryLog.objects.filter(delivery=last()).delete()
    last().delete()


def count_too_many(_messages: list[bytes]) -> None:
    """A letter that nobody confirmed, confirmed without a delivery."""
    again = make_letter(Letter.objects.latest("pk").campaign)
    Letter.objects.filter(pk=again.pk).update(
        state="confirmed", confirmed_at="2026-01-01T00:00Z", confirmed_on="2026-01-01"
    )


BROKEN: dict[str, tuple[str, Break]] = {
    "a row is lost": ("I1", forget_a_row),
    "a letter has no deliveries": ("I1", count_too_many),
    "a text arrives twice": ("I3", lambda messages: messages.append(messages[0])),
    "a text never arrives": ("I4", lambda messages: messages.pop()),
    "a cancelled text arrives": ("I5", rows(state="cancelled")),
    "a row rests in a queue": ("I5", rows(state="queued", handed_over_at=None, handed_over_on=None)),
    "a row is unknown for no reason": ("I10", rows(state="unknown")),
    "a text is changed on the way": ("I9", lambda messages: messages.append(messages.pop().replace(b"Vera", b"Ivan"))),
    "a move is not logged": ("I10", lambda _messages: DeliveryLog.objects.latest("pk").delete()),
    "a move is not in the table": ("I10", lambda _messages: DeliveryLog.objects.update(from_state="failed")),
}


def test_a_quiet_outbox_breaks_no_promise(arrived: list[bytes]) -> None:
    assert check_deliveries(arrived, offices=OFFICES) == {"accepted": OFFICES * LETTERS}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_promise_is_noticed(what: str, arrived: list[bytes]) -> None:
    number, break_it = BROKEN[what]
    break_it(arrived)

    with pytest.raises(AssertionError, match=f"{number}: "):
        check_deliveries(arrived, offices=OFFICES)


def test_more_questions_than_can_be_explained_are_noticed(arrived: list[bytes]) -> None:
    moves = [("sending", "handing_over"), ("handing_over", "unknown"), ("unknown", "accepted")]
    row = last()
    row.log.exclude(from_state="queued").delete()
    for start, end in moves:
        DeliveryLog.objects.create(delivery=row, from_state=start, to_state=end)

    check_deliveries(arrived, offices=OFFICES, most_unknown=1)
    with pytest.raises(AssertionError, match="I7: "):
        check_deliveries(arrived, offices=OFFICES)
    with pytest.raises(AssertionError, match="I6: "):
        check_deliveries(arrived, offices=OFFICES, most_unknown=1, unresolved={row.message_id})


def test_a_page_that_shows_too_much_is_noticed(
    arrived: list[bytes], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TALLY_MINIMUM = 1
    check_deliveries(arrived, offices=OFFICES)
    monkeypatch.setattr("letters.counting.public.tally", lambda _scope: Tally(wrote=2, handed_over=5))

    with pytest.raises(AssertionError, match="I8: the page"):
        check_deliveries(arrived, offices=OFFICES)
