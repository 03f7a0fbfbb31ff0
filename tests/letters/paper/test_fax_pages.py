"""How a fax will look, and its receipt."""

from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone, translation
from PIL import Image
from pypdf import PdfReader

from campaigns.templatetags.offices import address
from letters.models import FaxCall
from letters.paper.fax_pages import as_received
from letters.paper.receipt import receipt_pdf
from letters.paper.renderer import RenderingFailedError
from letters.paper.sheets import FaxSheet, fax_pdf
from tests.letters.sending.fax_rows import confirmed_faxes


def test_a_fax_is_shown_in_the_dots_of_the_machine_and_in_black_and_white() -> None:
    sheet = FaxSheet(language="en", addressee_lines=("The Ambassador",), text="Release them.\n\n" * 40, number="+44")

    pages = [Image.open(BytesIO(page)) for page in as_received(fax_pdf(sheet).pdf)]

    assert len(pages) > 1
    for page in pages:
        assert page.mode == "1"
        assert (page.width, page.height) == (1687, 2292)  # A4 at 204 x 196 dots an inch
        assert page.getextrema() == (0, 255)


def test_what_is_no_pdf_can_not_be_shown() -> None:
    with pytest.raises(RenderingFailedError):
        as_received(b"no PDF")


def test_without_ghostscript_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RenderingFailedError, match="not installed"):
        as_received(b"%PDF")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ru", "ar"])
def test_a_receipt_is_one_page_and_names_no_supporter(language: str) -> None:
    (fax,) = confirmed_faxes(1)
    call = FaxCall(
        delivery=fax, outcome="delivered", pages=2, remote_id="OFFICE 7", reference="42", ended_at=timezone.now()
    )

    with translation.override(language):
        document = receipt_pdf(call)

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(document.pdf)).pages)
    assert document.pages == 1
    assert fax.contact
    for part in ("OFFICE 7", "42", address(fax.contact), fax.message_id):
        assert part in text
    assert fax.sender not in text
