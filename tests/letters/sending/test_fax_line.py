"""Letters over a real telephone line: HylaFAX and two modems that speak T.30 to each other."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image, ImageChops, ImageStat
from pytest_django import Settings

from campaigns.models import ContactState
from letters.models import Delivery, FaxCall, FaxOutcome
from letters.sending.channels.fax.document import document
from letters.sending.channels.fax.hfaxd import FaxServer, Session
from letters.sending.channels.fax.hylafax import HylafaxChannel
from letters.sending.messages import attempt_of, message_for
from tests.fax_server import FaxLine
from tests.letters.sending.fax_rows import confirmed_faxes, states, turn

pytestmark = [
    pytest.mark.fax,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

FAX_WIDTH = 1728  # dots, ITU-T T.4
CALL_SECONDS = 120


@pytest.fixture(autouse=True)
def live_site(settings: Settings, fax_line: FaxLine) -> None:
    """Send over the line."""
    settings.DELIVERY_MODE, settings.FAX_URL, settings.FAX_SECONDS = "live", fax_line.url, 5
    settings.FAX_PER_HOUR = 0


def wait_until(condition: Callable[[], bool], seconds: float = CALL_SECONDS) -> None:
    """Sweep until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        turn()
        time.sleep(0.5)


def as_fax(pdf: bytes, folder: Path) -> Image.Image:
    """Return the only page of a PDF as Ghostscript draws it for a fax machine."""
    (folder / "letter.pdf").write_bytes(pdf)
    options = [
        "-q",
        "-dBATCH",
        "-dNOPAUSE",
        "-dSAFER",
        "-sDEVICE=tiffg4",
        "-r204x196",
        "-sPAPERSIZE=a4",
        "-dPDFFitPage",
    ]
    subprocess.run(["gs", *options, f"-sOutputFile={folder}/page.tif", folder / "letter.pdf"], check=True)
    return Image.open(folder / "page.tif")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pages are apart in the mean, 0 to 255, seen from so far that a single dot does not count."""
    small = [page.convert("L").resize((54, 70), Image.Resampling.BOX) for page in (one, other)]
    body = [page.crop((0, 4, 54, 70)) for page in small]  # HylaFAX writes its own line across the top
    return ImageStat.Stat(ImageChops.difference(*body)).mean[0]


def test_two_letters_to_one_number_arrive_one_after_the_other(fax_line: FaxLine, tmp_path: Path) -> None:
    faxes = confirmed_faxes(2)
    before = len(fax_line.received(0))

    turn()
    assert states(faxes) == ["accepted", "queued"]
    wait_until(lambda: states(faxes) == ["delivered", "accepted"])
    wait_until(lambda: states(faxes) == ["delivered", "delivered"])

    arrived = fax_line.received(before + 2)[before:]
    for fax, file in zip(faxes, arrived, strict=True):
        with Image.open(file) as page:
            assert (page.n_frames, page.width) == (1, FAX_WIDTH)  # type: ignore[attr-defined]  # of TIFF images only
            sent = as_fax(document(message_for(fax)).pdf, tmp_path)
            blank = Image.new("1", page.size, 1)
            assert difference(sent, page) < difference(sent, blank) / 4
        call = FaxCall.objects.get(delivery=fax)
        assert (call.outcome, call.pages, call.remote_id) == (FaxOutcome.DELIVERED, 1, "IAXmodem")


def test_a_number_that_nobody_answers_rests_and_is_called_again_later(fax_line: FaxLine) -> None:
    faxes = confirmed_faxes(2)

    with fax_line.nobody_answers():
        turn()
        wait_until(lambda: states(faxes)[0] != "accepted")
        turn()

    assert states(faxes) == ["deferred", "queued"]
    fax = Delivery.objects.select_related("contact").get(pk=faxes[0].pk)
    assert fax.calls.get().outcome == FaxOutcome.NO_ANSWER
    assert fax.contact
    assert fax.contact.state == ContactState.SOFT_BOUNCING


def test_a_line_without_a_dial_tone_says_nothing_about_the_number(fax_line: FaxLine) -> None:
    faxes = confirmed_faxes(1)

    with fax_line.no_dialtone():
        turn()
        wait_until(lambda: states(faxes) == ["deferred"])

    fax = Delivery.objects.select_related("contact").get(pk=faxes[0].pk)
    assert fax.calls.get().outcome == FaxOutcome.LINE
    assert fax.contact
    assert fax.contact.state == ContactState.OK


def test_a_document_that_the_server_cannot_print_has_failed(fax_line: FaxLine) -> None:
    server, attempt = FaxServer.from_settings(), f"{uuid4().hex}@postbag.test.1"
    session = Session(server)
    session.describe("+442079460000", b"%PDF-1.4 nonsense", attempt, "A4")
    session.submit()

    with HylafaxChannel(server) as channel:
        deadline = time.monotonic() + CALL_SECONDS
        while (report := channel.report(attempt)) is None or report.outcome is None:
            assert time.monotonic() < deadline, "the job is not over"
            time.sleep(0.5)

    assert report.outcome is FaxOutcome.DOCUMENT


def test_a_job_outlives_the_sudden_death_of_the_fax_server(fax_line: FaxLine, settings: Settings) -> None:
    with HylafaxChannel(FaxServer.from_settings()) as channel, fax_line.nobody_answers():
        faxes = confirmed_faxes(1)
        turn()
        fax_line.kill9("faxq", "hfaxd")

        found = channel.report(attempt_of(Delivery.objects.get(pk=faxes[0].pk)))
        assert found
        assert found.reference == Delivery.objects.get(pk=faxes[0].pk).reference
