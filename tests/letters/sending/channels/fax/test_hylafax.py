"""Faxes through a real HylaFAX server: what may be tried again, and what became of a fax."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from letters.models import FaxOutcome
from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.fax.document import document
from letters.sending.channels.fax.hfaxd import FAILED, FaxServer, Job
from letters.sending.channels.fax.hylafax import HylafaxChannel, outcome_of
from letters.sending.channels.fax.reports import Report
from tests import servers
from tests.fax_faults import Wire, wire_to


@pytest.fixture
def wire(fax_queue: FaxServer) -> Iterator[Wire]:
    """Return a wire to the server that can be cut."""
    with wire_to(fax_queue.port) as wire:
        yield wire


@pytest.fixture
def channel(wire: Wire) -> Iterator[HylafaxChannel]:
    """Return a channel at the near end of the wire."""
    with HylafaxChannel(FaxServer("127.0.0.1", wire.port, seconds=10)) as channel:
        yield channel


def failure_of(act: Callable[[], object]) -> tuple[Verdict, Phase, int]:
    """Return verdict, phase and code of the failure."""
    with pytest.raises(ChannelError) as failure:
        act()
    return failure.value.verdict, failure.value.phase, failure.value.code


def known(server: FaxServer, letter: Message) -> bool:
    """Say whether the server has a job for this letter, asked without the wire."""
    with HylafaxChannel(server) as channel:
        return channel.report(letter.attempt) is not None


def test_a_fax_is_taken_once_and_found_by_the_name_of_its_attempt(
    fax_queue: FaxServer, channel: HylafaxChannel, letter: Message
) -> None:
    channel.prepare(letter)
    receipt = channel.hand_over()

    assert channel.report(letter.attempt) == Report(receipt.reference)
    assert channel.report(letter.attempt, receipt.reference) == Report(receipt.reference)
    assert known(fax_queue, letter)


def test_a_job_number_that_came_round_again_is_not_taken_for_ours(channel: HylafaxChannel, letter: Message) -> None:
    channel.prepare(letter)
    number = channel.hand_over().reference

    assert channel.report("another@postbag.test.1", number) is None


def test_a_fax_that_is_prepared_and_not_handed_over_is_forgotten(
    fax_queue: FaxServer, channel: HylafaxChannel, letter: Message
) -> None:
    channel.prepare(letter)
    channel.close()

    time.sleep(0.2)
    assert not known(fax_queue, letter)


def test_one_session_serves_many_faxes(wire: Wire, channel: HylafaxChannel, letter: Message) -> None:
    receipts = set[Receipt]()
    for number in range(3):
        channel.prepare(replace(letter, attempt=f"{number}{letter.attempt}"))
        receipts.add(channel.hand_over())

    assert len(receipts) == 3
    assert wire.sessions == 1


def test_a_session_that_broke_between_faxes_is_replaced(wire: Wire, channel: HylafaxChannel, letter: Message) -> None:
    channel.prepare(letter)
    channel.hand_over()
    wire.cut("JNEW")

    channel.prepare(replace(letter, attempt=f"2{letter.attempt}"))
    channel.hand_over()

    assert wire.sessions == 2


def test_a_server_that_is_not_there_is_tried_again(letter: Message) -> None:
    channel = HylafaxChannel(FaxServer("127.0.0.1", servers.free_port(), seconds=1))

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.CONNECT, 0)


@pytest.mark.parametrize("command", ["PASV", "STOT", "JNEW", "JPARM"])
def test_a_break_before_the_job_is_submitted_is_tried_again(
    fax_queue: FaxServer, wire: Wire, channel: HylafaxChannel, letter: Message, command: str
) -> None:
    wire.cut(command)

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.ENVELOPE, 0)
    assert not known(fax_queue, letter)


def test_a_refusal_for_now_is_tried_again(wire: Wire, channel: HylafaxChannel, letter: Message) -> None:
    wire.cut("JNEW", "421 Too many jobs")

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.ENVELOPE, 421)


def test_a_refusal_for_good_is_final(wire: Wire, channel: HylafaxChannel, letter: Message) -> None:
    wire.cut("JPARM", "504 Cannot dial that")

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.FINAL, Phase.ENVELOPE, 504)


def test_a_login_that_is_refused_is_about_us(wire: Wire, channel: HylafaxChannel, letter: Message) -> None:
    wire.cut("USER", "530 Unknown user")

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.CONNECT, 530)


def test_a_job_that_the_scheduler_refuses_for_now_is_tried_again(
    wire: Wire, channel: HylafaxChannel, letter: Message
) -> None:
    channel.prepare(letter)
    wire.cut("JSUBM", "460 Failed to submit job")

    assert failure_of(channel.hand_over) == (Verdict.RETRY, Phase.BODY, 460)


@pytest.mark.parametrize("after", [True, False])
def test_a_break_at_the_submission_is_unknown_and_the_server_can_be_asked(
    fax_queue: FaxServer, wire: Wire, channel: HylafaxChannel, letter: Message, *, after: bool
) -> None:
    channel.prepare(letter)
    wire.cut("JSUBM", after=after)

    assert failure_of(channel.hand_over) == (Verdict.UNKNOWN, Phase.BODY, 0)
    deadline = time.monotonic() + 10
    while after and not known(fax_queue, letter) and time.monotonic() < deadline:
        time.sleep(0.1)  # the scheduler of a real server takes its time on a busy machine
    assert known(fax_queue, letter) is after


def test_nonsense_at_the_submission_is_unknown(wire: Wire, channel: HylafaxChannel, letter: Message) -> None:
    channel.prepare(letter)
    wire.cut("JSUBM", "what?")

    assert failure_of(channel.hand_over) == (Verdict.UNKNOWN, Phase.BODY, 0)


@pytest.mark.parametrize("number", ['+44"', "+44\r\nJSUBM", "+44 20", "", "+44;rm"])
def test_a_number_cannot_carry_a_command(fax_queue: FaxServer, letter: Message, number: str) -> None:
    with HylafaxChannel(fax_queue) as channel:
        assert failure_of(lambda: channel.prepare(replace(letter, to=number))) == (Verdict.FINAL, Phase.BUILD, 0)


def test_a_letter_that_no_font_can_draw_is_final(fax_queue: FaxServer, letter: Message) -> None:
    with HylafaxChannel(fax_queue) as channel:
        boxed = replace(letter, text="\U000f0000")
        assert failure_of(lambda: channel.prepare(boxed)) == (Verdict.FINAL, Phase.BUILD, 0)


@pytest.mark.parametrize(("number", "size"), [("+442079460000", (595, 841)), ("+12025550100", (612, 792))])
def test_the_paper_is_what_the_called_country_uses(letter: Message, number: str, size: tuple[int, int]) -> None:
    page = PdfReader(BytesIO(document(replace(letter, to=number)).pdf)).pages[0]

    assert (int(page.mediabox.width), int(page.mediabox.height)) == size


def test_the_fax_says_where_an_answer_can_go(letter: Message) -> None:
    text = PdfReader(BytesIO(document(letter).pdf)).pages[0].extract_text()

    for part in (
        "The Ambassador",
        "Ada Lovelace via Postbag",
        "r+4711@postbag.test",
        "+44 20 7946 0000",
        "21 November 2026",
    ):
        assert part in text


def test_fax_url_names_the_server(settings: Settings) -> None:
    settings.FAX_URL = "hylafax://us:p%40ss@fax.example.org:4560?modem=ttyS0"

    named = FaxServer("fax.example.org", 4560, "us", "p@ss", "ttyS0", settings.FAX_SECONDS)
    assert FaxServer.from_settings() == named


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Busy signal detected; too many attempts to dial", FaxOutcome.BUSY),
        ("No answer from remote; too many attempts to dial", FaxOutcome.NO_ANSWER),
        ("No carrier detected; too many attempts to dial", FaxOutcome.NO_FAX),
        ("No local dialtone; too many attempts to dial", FaxOutcome.LINE),
        ("Kill time expired", FaxOutcome.LINE),
        ("REJECT: Unable to convert dial string to canonical format", FaxOutcome.INVALID),
        ("Could not reopen converted document to verify format", FaxOutcome.DOCUMENT),
        ("Job aborted by request", FaxOutcome.DOCUMENT),
        ("No response to EOP repeated 3 tries", FaxOutcome.BROKEN_OFF),
        ("Words of another version", FaxOutcome.BROKEN_OFF),
    ],
)
def test_only_a_call_that_surely_printed_nothing_may_be_repeated(status: str, outcome: FaxOutcome) -> None:
    assert outcome_of(Job("1", "tag", FAILED, 0, status, "", 0)) is outcome


def test_a_call_that_broke_after_a_page_may_not_be_repeated() -> None:
    assert outcome_of(Job("1", "tag", FAILED, 1, "No carrier detected", "", 0)) is FaxOutcome.BROKEN_OFF


@pytest.mark.parametrize(
    "number", ["+44 20 7946 0000", "02079460000", "+442079460", "+449098790000", "+999123456789", "fax"]
)
def test_a_number_is_one_that_its_country_has_and_that_costs_no_extra(letter: Message, number: str) -> None:
    with HylafaxChannel(FaxServer("127.0.0.1", servers.free_port())) as channel:
        assert failure_of(lambda: channel.prepare(replace(letter, to=number))) == (Verdict.FINAL, Phase.BUILD, 0)


def test_a_letter_over_the_limit_of_pages_is_not_faxed(settings: Settings, letter: Message) -> None:
    settings.FAX_MAX_PAGES = 1
    with HylafaxChannel(FaxServer("127.0.0.1", servers.free_port())) as channel:
        long = replace(letter, text="Please release them.\n\n" * 60)
        assert failure_of(lambda: channel.prepare(long)) == (Verdict.FINAL, Phase.BUILD, 0)
