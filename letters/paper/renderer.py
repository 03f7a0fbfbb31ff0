"""The site's side of the press: starts it, feeds it, and replaces it when it hangs, dies or has worked long enough."""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "HOME", "LANG", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "LD_LIBRARY_PATH")
START_SECONDS = 20  # WeasyPrint and the fonts take a second, on a busy machine several


class RenderingFailedError(Exception):
    """There is no PDF. The text of the error says why in one sentence and holds nothing of the document."""


class PressBusyError(RenderingFailedError):
    """The same document may come out well later."""


@dataclass(frozen=True, slots=True)
class Typeset:
    """A finished document.

    `problems` are one line each, such as "No font has U+12345"; `places` tell of each element with an id on which page
    it begins, from 0, and how many millimetres below its top.
    """

    pdf: bytes
    pages: int
    problems: tuple[str, ...]
    places: Mapping[str, tuple[int, float]]


class Press:
    """A running press."""

    def __init__(self, megabytes: int) -> None:
        self._pipe, theirs = Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "letters.paper.press", str(theirs.fileno()), str(megabytes)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment(),
        )
        theirs.close()
        self.printed = 0

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    @property
    def worn(self) -> bool:
        """Say whether it is gone, or has printed so much that what its libraries leaked should go with it."""
        return self._process.poll() is not None or self.printed >= settings.PDF_DOCUMENTS

    def print(self, job: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Do one job and return the press's two answers.

        Raises:
            TimeoutError: it took longer.
            EOFError, OSError: the press is gone.
        """
        self._pipe.send_bytes(job)
        self.printed += 1
        if not self._pipe.poll(seconds + (START_SECONDS if self.printed == 1 else 0)):
            raise TimeoutError
        return json.loads(self._pipe.recv_bytes()), self._pipe.recv_bytes()

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()

    def let_go(self) -> None:
        """Close our copy of the pipe in a forked process: the press stays with the one that started it."""
        self._pipe.close()


class Renderer:
    """One press for all threads of this process, started with the first document."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._press: Press | None = None
        os.register_at_fork(after_in_child=self._after_fork)
        atexit.register(self.stop)

    @property
    def pid(self) -> int | None:
        """Return the press's process number while there is one."""
        return self._press.pid if self._press else None

    def render(self, html: str, styles: list[str]) -> Typeset:
        """Typeset a document in the press, waiting for other threads' documents first.

        Raises:
            RenderingFailedError: too long, too slow, too much memory, impossible, or too many waiting.
        """
        if len(html) > settings.PDF_CHARACTERS:
            raise RenderingFailedError("The document is too long.")
        if not self._turn.acquire(timeout=2 * settings.PDF_SECONDS):
            raise PressBusyError("Too many documents wait to be typeset.")
        try:
            return self._typeset(json.dumps({"html": html, "styles": styles}).encode())
        finally:
            self._turn.release()

    def _typeset(self, job: bytes) -> Typeset:
        try:
            header, pdf = self._ready().print(job, settings.PDF_SECONDS)
        except TimeoutError:
            self.stop()
            raise RenderingFailedError("It took too long to typeset.") from None
        except (EOFError, OSError):
            self.stop()
            raise RenderingFailedError("The press broke down over it.") from None
        if header["error"]:
            self.stop()  # after a failure its memory is in an unknown state
            raise RenderingFailedError(header["error"])
        return Typeset(pdf, header["pages"], tuple(header["problems"]), header["places"])

    def _ready(self) -> Press:
        if self._press and self._press.worn:
            self.stop()
        if self._press is None:
            self._press = Press(settings.PDF_MEGABYTES)
        return self._press

    def stop(self) -> None:
        """End the press; the next document starts another."""
        press, self._press = self._press, None
        if press:
            press.stop()

    def _after_fork(self) -> None:
        """A forked process gets a press of its own."""
        press, self._press, self._turn = self._press, None, threading.Lock()
        if press:
            press.let_go()


def environment() -> dict[str, str]:
    """Return what the press may know: where programs and fonts are, no secret. The date keeps PDFs reproducible."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"SOURCE_DATE_EPOCH": "0"}


renderer = Renderer()
