"""How a fax's call ended, and what follows for the letter and for the number."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import ContactDetail, ContactState
from letters.models import Delivery, FaxCall, FaxOutcome, OvertakenError
from letters.sending import fax_calls, resolver
from letters.sending.channels.fax.hfaxd import FaxServer
from letters.sending.channels.fax.reports import Report
from tests import servers
from tests.fax_faults import Wire, wire_to
from tests.letters.sending.fax_rows import confirmed_faxes, states, turn

pytestmark = [
    pytest.mark.django_db,
]

RECEIPT = Report("7", FaxOutcome.DELIVERED, pages=1, remote_id="Office\x00 1", ended_at=timezone.now())


@pytest.fixture
def wire(fax_queue: FaxServer) -> Iterator[Wire]:
    """Return a wire to a fax server that takes jobs and dials nobody."""
    with wire_to(fax_queue.port) as wire:
        yield wire


@pytest.fixture(autouse=True)
def live_site(settings: Settings, wire: Wire) -> None:
    """Send over the wire."""
    settings.DELIVERY_MODE, settings.FAX_SECONDS, settings.FAX_PER_HOUR = "live", 5, 0
    settings.FAX_URL = f"hylafax://postbag@127.0.0.1:{wire.port}"


def accepted(number: int = 1) -> list[Delivery]:
    """Return confirmed faxes to one number, of which the service has taken the first."""
    faxes = confirmed_faxes(number)
    turn()
    assert states(faxes) == ["accepted", *["queued"] * (number - 1)]
    return [fresh(fax) for fax in faxes]


def fresh(fax: Delivery) -> Delivery:
    return Delivery.objects.select_related("contact", "target").get(pk=fax.pk)


def end(fax: Delivery, outcome: FaxOutcome) -> Delivery:
    """End the call of an accepted fax and return how the fax stands."""
    fax_calls.settle(fresh(fax), Report(fax.reference, outcome, pages=int(outcome == FaxOutcome.DELIVERED)))
    return fresh(fax)


def contact_of(fax: Delivery) -> ContactDetail:
    contact = fresh(fax).contact
    assert contact
    return contact


def called(fax: Delivery, outcomes: list[FaxOutcome], *, hours: float) -> None:
    """Write down calls in the past, the first so many hours ago."""
    for number, outcome in enumerate(outcomes):
        ended = timezone.now() - dt.timedelta(hours=hours * (1 - number / len(outcomes)))
        FaxCall.objects.create(delivery=fax, attempt=100 + number, outcome=outcome, pages=1, ended_at=ended)


def test_a_submission_is_a_claim_and_one_number_is_called_once_at_a_time() -> None:
    faxes = accepted(3)

    turn()

    assert states(faxes) == ["accepted", "queued", "queued"]
    assert not FaxCall.objects.exists()


def test_two_numbers_are_called_at_once() -> None:
    faxes = [*confirmed_faxes(1), *confirmed_faxes(1)]

    turn()

    assert states(faxes) == ["accepted", "accepted"]


def test_a_delivered_fax_has_a_receipt_and_lets_the_next_one_go() -> None:
    faxes = accepted(2)
    ContactDetail.objects.update(state=ContactState.SOFT_BOUNCING)

    fax_calls.settle(faxes[0], RECEIPT)
    turn()

    assert states(faxes) == ["delivered", "accepted"]
    receipt = faxes[0].calls.get()
    assert (receipt.pages, receipt.remote_id, receipt.attempt) == (1, "Office 1", 1)
    assert contact_of(faxes[0]).state == ContactState.OK


def test_an_ending_is_written_down_once() -> None:
    (fax,) = accepted()
    same = fresh(fax)

    fax_calls.settle(fax, RECEIPT)
    with pytest.raises(OvertakenError):
        fax_calls.settle(same, Report("7", FaxOutcome.BUSY))

    assert states([fax]) == ["delivered"]
    assert fax.calls.count() == 1


@pytest.mark.parametrize("outcome", [FaxOutcome.BUSY, FaxOutcome.NO_ANSWER, FaxOutcome.NO_FAX, FaxOutcome.LINE])
def test_a_call_in_vain_is_made_again_later_and_nobody_else_calls_meanwhile(outcome: FaxOutcome) -> None:
    faxes = accepted(2)

    fax = end(faxes[0], outcome)
    turn()

    assert states(faxes) == ["deferred", "queued"]
    assert fax.handed_over_at is None
    assert fax.next_attempt_at
    assert dt.timedelta(minutes=19) < fax.next_attempt_at - timezone.now() <= dt.timedelta(minutes=20)


def test_the_wait_grows_with_the_calls_in_vain_whichever_letter_they_were_for() -> None:
    fax, other = accepted(2)
    called(other, [FaxOutcome.DELIVERED, FaxOutcome.BUSY, FaxOutcome.BUSY], hours=3)

    again = end(fax, FaxOutcome.BUSY).next_attempt_at

    assert again
    assert round((again - timezone.now()) / dt.timedelta(minutes=1)) == round(20 * 1.9**2)


def test_the_tenth_call_in_vain_is_the_last() -> None:
    (fax,) = accepted()
    Delivery.objects.update(attempts=9)

    assert end(fax, FaxOutcome.BUSY).state == "failed"


def test_no_call_is_made_after_the_last_moment_of_the_letter() -> None:
    (fax,) = accepted()
    Delivery.objects.update(deliver_by=timezone.now() + dt.timedelta(minutes=10))

    assert end(fax, FaxOutcome.BUSY).state == "failed"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (FaxOutcome.INVALID, "failed"),
        (FaxOutcome.DOCUMENT, "failed"),
        (FaxOutcome.BROKEN_OFF, "unresolved"),
    ],
)
def test_what_may_have_been_printed_or_never_will_is_not_sent_again(outcome: FaxOutcome, state: str) -> None:
    (fax,) = accepted()

    assert end(fax, outcome).state == state


def test_a_number_that_does_not_exist_is_retired_at_once() -> None:
    faxes = accepted(2)

    end(faxes[0], FaxOutcome.INVALID)
    turn()

    assert contact_of(faxes[0]).state == ContactState.BOUNCED
    assert states(faxes) == ["failed", "failed"]


def test_a_number_that_nobody_answers_for_days_is_retired() -> None:
    (fax,) = accepted()
    called(fax, [FaxOutcome.NO_ANSWER, FaxOutcome.NO_FAX] * 4 + [FaxOutcome.NO_ANSWER], hours=72)

    end(fax, FaxOutcome.NO_ANSWER)

    assert contact_of(fax).state == ContactState.BOUNCED


@pytest.mark.parametrize(
    ("outcomes", "hours"),
    [
        ([FaxOutcome.NO_ANSWER] * 9, 5),
        ([FaxOutcome.NO_ANSWER] * 8 + [FaxOutcome.BUSY], 72),
        ([FaxOutcome.DELIVERED] + [FaxOutcome.NO_ANSWER] * 8, 72),
    ],
)
def test_a_number_that_is_only_closed_busy_or_worked_lately_stays(outcomes: list[FaxOutcome], hours: float) -> None:
    (fax,) = accepted()
    called(fax, outcomes, hours=hours)

    end(fax, FaxOutcome.NO_ANSWER)

    assert contact_of(fax).state == ContactState.SOFT_BOUNCING


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T10:30", "2026-11-23T10:30"),  # a Monday
        ("2026-11-23T05:00", "2026-11-23T06:00"),
        ("2026-11-23T15:00", "2026-11-24T06:00"),
        ("2026-11-27T15:00", "2026-11-30T06:00"),
        ("2026-11-28T10:00", "2026-11-30T06:00"),
    ],
)
def test_a_number_is_called_again_in_the_hours_of_the_office(moment: str, expected: str) -> None:
    utc = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)

    assert fax_calls.in_office_hours(utc, "Europe/Moscow") == dt.datetime.fromisoformat(expected).replace(tzinfo=dt.UTC)
    assert fax_calls.in_office_hours(utc, "") == utc


@pytest.mark.parametrize(("after", "state"), [(True, "accepted"), (False, "queued")])
def test_after_an_unclear_hand_over_the_job_tag_is_looked_for_before_redialling(
    wire: Wire, *, after: bool, state: str
) -> None:
    faxes = confirmed_faxes(2)
    wire.cut("JSUBM", after=after)
    turn()
    assert states(faxes) == ["unknown", "queued"]

    resolver.resolve()

    assert states(faxes) == [state, "queued"]
    assert bool(fresh(faxes[0]).reference) is after


def test_a_fax_server_that_is_down_delays_and_loses_nothing(settings: Settings, wire: Wire) -> None:
    faxes = confirmed_faxes(1)
    working = settings.FAX_URL
    settings.FAX_URL = f"hylafax://127.0.0.1:{servers.free_port()}"
    turn()
    assert states(faxes) == ["deferred"]
    assert fresh(faxes[0]).attempts == 0

    settings.FAX_URL = working
    Delivery.objects.update(state="queued", next_attempt_at=None)
    turn()

    assert states(faxes) == ["accepted"]


def test_a_job_that_the_server_lost_is_for_an_organiser_to_decide() -> None:
    (fax,) = accepted()
    Delivery.objects.filter(pk=fax.pk).update(reference="99999", message_id="other@postbag.test")

    fax_calls.follow()

    assert states([fax]) == ["unresolved"]


def test_a_call_whose_end_nobody_ever_told_is_for_an_organiser_to_decide() -> None:
    (fax,) = accepted()
    Delivery.objects.update(handed_over_at=timezone.now() - dt.timedelta(days=2))

    fax_calls.give_up()

    assert states([fax]) == ["unresolved"]
