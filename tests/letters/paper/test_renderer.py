"""The press is fast, shared, and can be neither hung nor bled dry nor orphaned."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytest_django import Settings

from letters.paper.renderer import ROOT, Renderer, RenderingFailedError

# Each takes WeasyPrint minutes or gigabytes, and none can come from a supporter: their text is escaped.
BOMBS = {
    "fifty thousand nested boxes": "<div>" * 50_000,
    "a cell across a billion columns": "<table><tr><td colspan=1000000000>x</td></tr></table>" * 3,
    "twenty thousand nested bold": "<b>" * 20_000 + "x",
    "a letter as large as a country": "<p style='font-size: 1000000000px'>x</p>",
}


@pytest.fixture(scope="module")
def shared() -> Iterator[Renderer]:
    """Return a renderer that is warm."""
    renderer = Renderer()
    renderer.render("<p>warm</p>", [])
    yield renderer
    renderer.stop()


@pytest.fixture
def renderer(shared: Renderer) -> Renderer:
    """Return the warm renderer; a test that broke its press leaves a new one to the next."""
    shared.render("<p>warm</p>", [])
    return shared


def text_of(pdf: bytes) -> str:
    """Return the text of all pages."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def alive(pid: int | None) -> bool:
    """Say whether a process runs (a zombie does not)."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def gone_soon(pid: int | None) -> bool:
    """Say whether a process ends within five seconds."""
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_one_press_prints_many_documents(renderer: Renderer) -> None:
    pid = renderer.pid

    pages = [renderer.render("<p style='break-after: page'>x</p>" * count, []).pages for count in (1, 2, 3)]

    assert pages == [1, 2, 3]
    assert renderer.pid == pid


def test_the_same_document_is_the_same_bytes_on_another_day_and_in_another_press(renderer: Renderer) -> None:
    html = "<title>Letter</title><p lang=ru>Освободите их</p>"
    first = renderer.render(html, []).pdf
    renderer.stop()
    time.sleep(1.1)

    assert renderer.render(html, []).pdf == first


def test_eight_threads_each_get_their_own_document(renderer: Renderer) -> None:
    pid = renderer.pid

    with ThreadPoolExecutor(8) as threads:
        texts = list(threads.map(lambda n: text_of(renderer.render(f"<p>number {n}</p>", []).pdf), range(40)))

    assert texts == [f"number {n}" for n in range(40)]
    assert renderer.pid == pid


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_in_a_clear_failure_and_the_next_document_is_printed(
    renderer: Renderer, settings: Settings, bomb: str
) -> None:
    settings.PDF_SECONDS = 1
    started = time.monotonic()

    with pytest.raises(RenderingFailedError, match=r"It took too long|It cannot be typeset|more memory|broke down"):
        renderer.render(BOMBS[bomb], [])

    assert time.monotonic() - started < 3
    settings.PDF_SECONDS = 20
    assert text_of(renderer.render("<p>still here</p>", []).pdf) == "still here"


def test_a_document_that_takes_too_long_costs_the_press_its_life(renderer: Renderer, settings: Settings) -> None:
    pid = renderer.pid
    settings.PDF_SECONDS = 0.5

    with pytest.raises(RenderingFailedError, match="It took too long to typeset"):
        renderer.render("<p>a word </p>" * 30_000, [])

    assert gone_soon(pid)


def test_a_document_that_needs_too_much_memory_is_refused(settings: Settings) -> None:
    settings.PDF_MEGABYTES, settings.PDF_CHARACTERS = 360, 100_000_000
    renderer = Renderer()
    assert renderer.render("<p>a small one</p>", []).pages == 1

    with pytest.raises(RenderingFailedError, match=r"more memory|broke down"):
        renderer.render(f"<!--{'x' * 60_000_000}-->", [])

    assert renderer.render("<p>a small one</p>", []).pages == 1
    renderer.stop()


def test_a_document_that_is_too_long_is_refused_before_it_is_tried(renderer: Renderer, settings: Settings) -> None:
    settings.PDF_CHARACTERS = 1000

    with pytest.raises(RenderingFailedError, match="too long"):
        renderer.render("x" * 1001, [])


def test_a_press_that_was_killed_is_replaced_without_losing_a_document(renderer: Renderer) -> None:
    killed = renderer.pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert gone_soon(killed)

    assert text_of(renderer.render("<p>next</p>", []).pdf) == "next"
    assert renderer.pid != killed


def test_a_press_is_replaced_after_so_many_documents(renderer: Renderer, settings: Settings) -> None:
    renderer.stop()
    settings.PDF_DOCUMENTS = 2
    presses = []
    for _ in range(4):
        renderer.render("<p>x</p>", [])
        presses.append(renderer.pid)

    assert presses[0] == presses[1] != presses[2] == presses[3]


def test_too_many_waiting_documents_are_refused_instead_of_waiting_for_ever(
    renderer: Renderer, settings: Settings
) -> None:
    settings.PDF_SECONDS = 0.05

    with renderer._turn, pytest.raises(RenderingFailedError, match="Too many documents wait"):
        renderer.render("<p>x</p>", [])


def test_the_press_knows_no_secret(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a-secret-that-nobody-else-has")
    renderer.stop()
    renderer.render("<p>x</p>", [])

    assert b"a-secret" not in Path(f"/proc/{renderer.pid}/environ").read_bytes()


def test_the_press_ends_with_its_process_even_by_kill_9() -> None:
    program = (
        "import os, time, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "django.setup()\n"
        "from letters.paper.renderer import renderer\n"
        "renderer.render('<p>x</p>', [])\n"
        "print(renderer.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT) as site:
        assert site.stdout
        press = int(site.stdout.readline())
        assert alive(press)
        site.kill()

    assert gone_soon(press)


def test_the_press_survives_the_thread_that_started_it(renderer: Renderer) -> None:
    renderer.stop()
    with ThreadPoolExecutor(1) as threads:
        threads.submit(renderer.render, "<p>x</p>", []).result()
    pid = renderer.pid

    assert renderer.render("<p>x</p>", []).pages == 1
    assert renderer.pid == pid


def test_a_forked_process_gets_a_press_of_its_own(renderer: Renderer) -> None:
    ours = renderer.pid
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        text = text_of(renderer.render("<p>from the child</p>", []).pdf)
        os.write(writing, f"{text} {renderer.pid == ours}".encode())
        renderer.stop()
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reading, 100) == b"from the child False"
    assert renderer.pid == ours
    assert text_of(renderer.render("<p>ours</p>", []).pdf) == "ours"


def test_a_character_that_no_font_has_is_reported_by_its_number_only(renderer: Renderer) -> None:
    document = renderer.render('<html lang="en"><title>t</title><p>secret \U000f0000 words</p>', [])

    assert document.problems == ("No font has U+F0000",)
