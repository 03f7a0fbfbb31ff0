"""The press: the process that turns HTML into PDF, one document after the other.

It runs apart from the site (`python -m letters.paper.press`), since WeasyPrint can be made to spend minutes or all
memory on a document. It knows nothing of Django, the database or any secret. It ends when the process that started it
ends, even by kill -9: its pipe then says so.

A job is one message, JSON: `html`, and `styles`, names of style sheets in ASSETS. The answer is two: JSON with `error`
(empty when all went well), `pages`, `places` and `problems`, then the PDF.
"""

import json
import logging
import os
import resource
import signal
import sys
import threading
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pydyf
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "postbag:"
# All that a document may ever load: our own static files, by name.
ASSETS = {
    "css/pdf/sheet.css": "text/css",
    "css/pdf/a4.css": "text/css",
    "css/pdf/us-letter.css": "text/css",
    "css/pdf/a5.css": "text/css",
    "css/pdf/us-half.css": "text/css",
    "css/pdf/letter.css": "text/css",
    "css/pdf/fax.css": "text/css",
    "css/pdf/receipt.css": "text/css",
    "css/pdf/campaign.css": "text/css",
    "css/pdf/leaflet.css": "text/css",
    "css/pdf/bulletin.css": "text/css",
    "css/pdf/card.css": "text/css",
    "css/pdf/open_letter.css": "text/css",
    "css/pdf/resolution.css": "text/css",
    "css/pdf/envelope.css": "text/css",
    "css/pdf/labels.css": "text/css",
    "css/pdf/dossier.css": "text/css",
    "css/pdf/dossier_cover.css": "text/css",
}
STATIC = Path(__file__).resolve().parents[2] / "static"
PIXELS_A_MM = 96 / 25.4  # CSS Values and Units, 5.2
MISSING_GLYPH = ".notdef glyph"


class BundledAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """A fetcher that opens no connection and no file but the assets named above (`postbag:css/pdf/letter.css`)."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - the base class has it
        """Return one of our files.

        Raises:
            ValueError: any other URL.
        """
        scheme, name = url[: len(SCHEME)], url[len(SCHEME) :]
        if scheme != SCHEME or name not in ASSETS:
            raise ValueError("Only files of our own may be loaded.")
        return URLFetcherResponse(url, (STATIC / name).read_bytes(), {"Content-Type": ASSETS[name]})


class Problems(logging.Handler):
    """Collects what WeasyPrint complains about, without a word of the document."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message without its arguments, but for the number of a character that no font has."""
        template = str(record.msg)
        if template.startswith(MISSING_GLYPH) and isinstance(record.args, tuple):
            template = f"No font has U+{record.args[-1]:04X}"
        self.found.add(template)

    def take(self) -> list[str]:
        """Return what was found and forget it."""
        found, self.found = sorted(self.found), set()
        return found


FETCHER = BundledAssets()
FONTS = FontConfiguration()
PROBLEMS = Problems()


@cache
def style(name: str) -> CSS:
    """Return a style sheet of ours, parsed once."""
    return CSS(f"{SCHEME}{name}", url_fetcher=FETCHER, font_config=FONTS)


def typeset(html: str, styles: list[str]) -> tuple[dict[str, Any], bytes]:
    """Return what to know of a document, and the PDF. Its bytes depend on the document alone, not on day or machine."""
    page = HTML(string=html, base_url=SCHEME, url_fetcher=FETCHER)
    document = page.render(stylesheets=[style(name) for name in styles], font_config=FONTS)
    known = {"pages": len(document.pages), "places": places(document)}
    return known, document.write_pdf(finisher=_without_producer, pdf_tags=True)


def places(document: Document) -> dict[str, tuple[int, float]]:
    """Where each element with an id begins: the number of its page, from 0, and millimetres from the page's top."""
    numbered = reversed(list(enumerate(document.pages)))  # so that the first page of an element wins
    return {name: (number, at[1] / PIXELS_A_MM) for number, page in numbered for name, at in page.anchors.items()}


def _without_producer(_document: Document, pdf: pydyf.PDF) -> None:
    pdf.info.pop("Producer", None)


def answer(job: bytes) -> tuple[dict[str, Any], bytes]:
    """Do one job. Any failure is an answer: the site decides what becomes of it."""
    known: dict[str, Any] = {"pages": 0, "places": {}}
    pdf, error = b"", ""
    try:
        known, pdf = typeset(**json.loads(job))
    except MemoryError:
        error = "It needs more memory than it may have."
    except Exception as failure:  # noqa: BLE001 - whatever a document does, the press goes on
        error = f"It cannot be typeset ({type(failure).__name__})."
    return {"error": error, "problems": PROBLEMS.take(), **known}, pdf


def read_jobs(pipe: Connection, jobs: "SimpleQueue[bytes]") -> None:
    """Queue what comes in; when the other end is gone there is nobody left to print for."""
    try:
        while True:
            jobs.put(pipe.recv_bytes())
    finally:  # also when a job alone needs more memory than there is
        os._exit(0)


def main(descriptor: int, megabytes: int) -> None:
    """Serve the pipe with this file descriptor, within so much address space."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the site, which then lets go of the pipe
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold the letter
    logger = logging.getLogger("weasyprint")
    logger.handlers, logger.propagate = [PROBLEMS], False
    pipe, jobs = Connection(descriptor), SimpleQueue[bytes]()
    threading.Thread(target=read_jobs, args=(pipe, jobs), daemon=True).start()
    while True:
        header, pdf = answer(jobs.get())
        pipe.send_bytes(json.dumps(header).encode())
        pipe.send_bytes(pdf)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
