"""Faxes through a real HylaFAX server: what may be tried again, and what became of a fax."""

import ftplib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.fax import FaxChannel, document
from letters.sending.channels.hylafax import Fate, FaxServer, Job, Session
from tests import servers
from tests.fax_faults import Wire, wire_to

pytestmark = pytest.mark.skipif(not servers.fax_programs(), reason="needs root and HylaFAX")

LETTER = Message(
    message_id="<4711@postbag.test>",
    to="+442079460000",
    addressee="The Ambassador\nEmbassy of the Russian Federation",
    sender_name="Ada Lovelace via Postbag",
    reply_to="r+4711@postbag.test",
    subject="The trial of the six",
    text="Dear Ambassador,\n\nplease release them.\n\nAda Lovelace",
    language="en",
    date=datetime(2026, 11, 21, 12, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def queue() -> Iterator[FaxServer]:
    """Return a fax server without a modem: it takes jobs and dials nobody."""
    yield from running("")


@pytest.fixture(scope="module")
def line() -> Iterator[FaxServer]:
    """Return a fax server with two modems: whatever one dials, the other answers."""
    yield from running("?modems")


def running(query: str) -> Iterator[FaxServer]:
    """Run a fax server."""
    address = f"hylafax://127.0.0.1:{servers.free_port()}{query}"
    server = servers.Server("hylafax", address)
    yield FaxServer("127.0.0.1", urlsplit(address).port or 0, seconds=10)
    server.stop()


@pytest.fixture
def wire(queue: FaxServer) -> Iterator[Wire]:
    """Return a wire to the server that can be cut."""
    with wire_to(queue.port) as wire:
        yield wire


@pytest.fixture
def channel(wire: Wire) -> Iterator[FaxChannel]:
    """Return a channel at the near end of the wire."""
    with FaxChannel(FaxServer("127.0.0.1", wire.port, seconds=10)) as channel:
        yield channel


@pytest.fixture
def letter() -> Message:
    """Return a letter that no other test sends."""
    return replace(LETTER, message_id=f"<{uuid4().hex}@postbag.test>")


def failure_of(act: Callable[[], object]) -> tuple[Verdict, Phase, int]:
    """Return verdict, phase and code of the failure."""
    with pytest.raises(ChannelError) as failure:
        act()
    return failure.value.verdict, failure.value.phase, failure.value.code


def known(queue: FaxServer, letter: Message) -> bool:
    """Say whether the server has a job for this letter, asked without the wire."""
    with FaxChannel(queue) as channel:
        return channel.find(letter.message_id) is not None


def test_a_fax_is_taken_once_and_found_by_its_message_id(
    queue: FaxServer, channel: FaxChannel, letter: Message
) -> None:
    channel.prepare(letter)
    receipt = channel.hand_over()

    found = channel.find(letter.message_id)
    assert found == Job(receipt.reference.removeprefix("fax job "), Fate.WAITING, "0:0", letter.message_id, "")
    assert known(queue, letter)


def test_a_fax_that_is_prepared_and_not_handed_over_is_forgotten(
    queue: FaxServer, channel: FaxChannel, letter: Message
) -> None:
    channel.prepare(letter)
    channel.close()

    time.sleep(0.2)
    assert not known(queue, letter)


def test_one_session_serves_many_faxes(wire: Wire, channel: FaxChannel, letter: Message) -> None:
    receipts = set[Receipt]()
    for number in range(3):
        channel.prepare(replace(letter, message_id=f"<{number}{letter.message_id[1:]}"))
        receipts.add(channel.hand_over())

    assert len(receipts) == 3
    assert wire.sessions == 1


def test_a_session_that_broke_between_faxes_is_replaced(wire: Wire, channel: FaxChannel, letter: Message) -> None:
    channel.prepare(letter)
    channel.hand_over()
    wire.cut("JNEW")

    channel.prepare(replace(letter, message_id=f"<2{letter.message_id[1:]}"))
    channel.hand_over()

    assert wire.sessions == 2


def test_a_server_that_is_not_there_is_tried_again(letter: Message) -> None:
    channel = FaxChannel(FaxServer("127.0.0.1", servers.free_port(), seconds=1))

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.CONNECT, 0)


@pytest.mark.parametrize("command", ["PASV", "STOT", "JNEW", "JPARM"])
def test_a_break_before_the_job_is_submitted_is_tried_again(
    queue: FaxServer, wire: Wire, channel: FaxChannel, letter: Message, command: str
) -> None:
    wire.cut(command)

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.ENVELOPE, 0)
    assert not known(queue, letter)


def test_a_refusal_for_now_is_tried_again(wire: Wire, channel: FaxChannel, letter: Message) -> None:
    wire.cut("JNEW", "421 Too many jobs")

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.ENVELOPE, 421)


def test_a_refusal_for_good_is_final(wire: Wire, channel: FaxChannel, letter: Message) -> None:
    wire.cut("JPARM", "504 Cannot dial that")

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.FINAL, Phase.ENVELOPE, 504)


def test_a_login_that_is_refused_is_about_us(wire: Wire, channel: FaxChannel, letter: Message) -> None:
    wire.cut("USER", "530 Unknown user")

    assert failure_of(lambda: channel.prepare(letter)) == (Verdict.RETRY, Phase.CONNECT, 530)


def test_a_job_that_the_scheduler_refuses_for_now_is_tried_again(
    wire: Wire, channel: FaxChannel, letter: Message
) -> None:
    channel.prepare(letter)
    wire.cut("JSUBM", "460 Failed to submit job")

    assert failure_of(channel.hand_over) == (Verdict.RETRY, Phase.BODY, 460)


@pytest.mark.parametrize("after", [True, False])
def test_a_break_at_the_submission_is_unknown_and_the_server_can_be_asked(
    queue: FaxServer, wire: Wire, channel: FaxChannel, letter: Message, *, after: bool
) -> None:
    channel.prepare(letter)
    wire.cut("JSUBM", after=after)

    assert failure_of(channel.hand_over) == (Verdict.UNKNOWN, Phase.BODY, 0)
    time.sleep(0.2)
    assert known(queue, letter) is after


def test_nonsense_at_the_submission_is_unknown(wire: Wire, channel: FaxChannel, letter: Message) -> None:
    channel.prepare(letter)
    wire.cut("JSUBM", "what?")

    assert failure_of(channel.hand_over) == (Verdict.UNKNOWN, Phase.BODY, 0)


@pytest.mark.parametrize("number", ['+44"', "+44\r\nJSUBM", "+44 20", "", "+44;rm"])
def test_a_number_cannot_carry_a_command(queue: FaxServer, letter: Message, number: str) -> None:
    with FaxChannel(queue) as channel:
        assert failure_of(lambda: channel.prepare(replace(letter, to=number))) == (Verdict.FINAL, Phase.ENVELOPE, 0)


def test_a_letter_that_no_font_can_draw_is_final(queue: FaxServer, letter: Message) -> None:
    with FaxChannel(queue) as channel:
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
        "+442079460000",
        "21 November 2026",
    ):
        assert part in text


def test_fax_url_names_the_server(settings: Settings) -> None:
    settings.FAX_URL = "hylafax://us:p%40ss@fax.example.org:4560"

    assert FaxServer.from_settings() == FaxServer("fax.example.org", 4560, "us", "p@ss", settings.FAX_SECONDS)


@pytest.mark.fax
@pytest.mark.slow
def test_a_fax_arrives_at_the_other_end_of_a_real_line(line: FaxServer, letter: Message) -> None:
    with FaxChannel(line) as channel:
        channel.prepare(letter)
        channel.hand_over()

    job = settled(Session(line), letter, seconds=180)

    assert (job.fate, job.pages) == (Fate.DONE, "1:1")
    assert received_pages(line) == ["1"]


@pytest.mark.fax
@pytest.mark.slow
def test_a_document_that_the_server_cannot_print_has_failed(line: FaxServer, letter: Message) -> None:
    session = Session(line)
    session.describe(letter.to, b"%PDF-1.4 nonsense", letter.message_id, "A4")
    session.submit()

    job = settled(session, letter, seconds=20)

    assert job.fate is Fate.FAILED
    assert job.status


def settled(session: Session, letter: Message, seconds: float) -> Job:
    """Wait until the job is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        job = session.find(letter.message_id)
        if job and job.fate is not Fate.WAITING:
            return job
        time.sleep(0.5)
    raise AssertionError(f"The job is not over: {job}.")


def received_pages(server: FaxServer) -> list[str]:
    """Wait until a fax has arrived and return the number of pages of each."""
    lines: list[str] = []
    deadline = time.monotonic() + 20  # the receiving modem puts its file away after the sender has hung up
    with ftplib.FTP() as ftp:
        ftp.connect(server.host, server.port)
        ftp.sendcmd("USER postbag")
        ftp.sendcmd('RCVFMT "%p"')
        while not lines and time.monotonic() < deadline:
            time.sleep(0.5)
            ftp.retrlines("LIST recvq", lines.append)
    return [line.strip() for line in lines]
