"""A document can neither reach the network nor read a file of the machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from letters.paper.press import ASSETS, STATIC
from letters.paper.renderer import Renderer, RenderingFailedError

SECRET = "the-canary-in-the-file"
# URL stands for the canary server, FILE for a file of the machine.
CORPUS = [
    '<img src="URL/img">',
    '<img src="FILE">',
    '<img srcset="URL/set 1x" src="URL/fallback">',
    '<object data="URL/object" type="image/svg+xml"></object>',
    '<object data="FILE"></object>',
    '<embed src="URL/embed">',
    '<iframe src="URL/frame"></iframe><iframe src="FILE"></iframe>',
    '<link rel="stylesheet" href="URL/style.css">',
    '<link rel="stylesheet" href="FILE">',
    '<link rel="attachment" href="URL/attachment">',
    '<link rel="attachment" href="FILE">',
    '<a rel="attachment" href="FILE">attached</a>',
    '<a rel="attachment" href="URL/a">attached</a>',
    '<style>@import url("URL/import.css");</style>',
    '<style>@import "FILE";</style>',
    '<style>@font-face { font-family: F; src: url("URL/font.ttf"); } p { font-family: F }</style><p>x</p>',
    '<style>@font-face { font-family: F; src: local("F"), url("FILE"); } p { font-family: F }</style><p>x</p>',
    '<p style="background: url(URL/background)">x</p>',
    '<p style="list-style: url(URL/list) inside; display: list-item">x</p>',
    '<p style="border-image: url(URL/border) 1">x</p>',
    '<style>p::before { content: url("URL/content") }</style><p>x</p>',
    '<style>@page { background: url("URL/page") }</style>',
    '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="URL/svg" width="9" height="9"/></svg>',
    '<svg><use href="URL/sprite.svg#x"/></svg>',
    '<svg><image href="FILE" width="9" height="9"/></svg>',
    '<svg><style>@import "URL/svg.css"; rect { fill: url("URL/fill#x") }</style><rect width="9" height="9"/></svg>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='URL/inner'/></svg>\">",
    '<base href="URL/base/"><img src="relative.png"><link rel="stylesheet" href="s.css">',
    '<meta http-equiv="refresh" content="0; url=URL/refresh">',
    '<script src="URL/script.js"></script>',
    '<input type="image" src="URL/input">',
    '<video poster="URL/poster" src="URL/video"></video>',
    '<img src="postbag:../config/settings.py"><img src="postbag:/etc/passwd"><img src="postbag:css/pdf/../../../x">',
    '<img src="postbag:css/pdf/sheet.css?URL/query"><img src="POSTBAG:css/pdf/sheet.css"><img src="/etc/passwd">',
    '<img src="ftp://127.0.0.1/x"><img src="jar:FILE!/x"><img src="//127.0.0.1/x"><img src="\\\\127.0.0.1\\x">',
]


class Canary(ThreadingHTTPServer):
    """A web server that notes who asks."""

    hits: list[str]


class Note(BaseHTTPRequestHandler):
    """Answers every request with the secret."""

    server: Canary

    def do_GET(self) -> None:
        """Note the path."""
        self.server.hits.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(SECRET.encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def canary() -> Iterator[Canary]:
    """Return a web server on loopback."""
    server = Canary(("127.0.0.1", 0), Note)
    server.hits = []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """Return a renderer."""
    renderer = Renderer()
    yield renderer
    renderer.stop()


@pytest.mark.parametrize("payload", CORPUS)
def test_no_html_reaches_the_network_or_a_file(
    renderer: Renderer, canary: Canary, tmp_path: Path, payload: str
) -> None:
    file = tmp_path / "secret.txt"
    file.write_text(SECRET)
    html = payload.replace("URL", f"http://127.0.0.1:{canary.server_port}").replace("FILE", file.as_uri())

    pdf = renderer.render(f"<p>before</p>{html}<p>after</p>", []).pdf

    reader = PdfReader(BytesIO(pdf))
    assert canary.hits == []
    assert SECRET not in "".join(page.extract_text() for page in reader.pages)
    assert not list(reader.attachments)
    assert b"EmbeddedFile" not in pdf


def test_the_canary_would_sing(canary: Canary) -> None:
    """The same payloads do reach the network with WeasyPrint's own fetcher, or the test above would prove nothing."""
    from weasyprint import HTML  # noqa: PLC0415 - nowhere else is it loaded into this process

    HTML(string=f'<img src="http://127.0.0.1:{canary.server_port}/img">').write_pdf()

    assert canary.hits == ["/img"]


def test_our_own_style_sheets_are_loaded_by_name(renderer: Renderer) -> None:
    link = '<link rel="stylesheet" href="postbag:css/pdf/us-letter.css">'
    document = renderer.render(f'<html lang="en">{link}<title>t</title><p>x</p>', [])

    page = PdfReader(BytesIO(document.pdf)).pages[0]
    assert (page.mediabox.width, page.mediabox.height) == (612, 792)
    assert document.problems == ()


def test_a_style_sheet_that_is_not_ours_is_a_failure(renderer: Renderer) -> None:
    with pytest.raises(RenderingFailedError, match="cannot be typeset"):
        renderer.render("<p>x</p>", ["css/tokens.css"])


@pytest.mark.parametrize("name", ASSETS)
def test_every_bundled_file_is_there(name: str) -> None:
    assert (STATIC / name).is_file()
