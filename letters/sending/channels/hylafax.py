"""A HylaFAX server, spoken to over its own protocol: FTP (RFC 959) with commands for jobs, see hfaxd(8).

A fax is stored, a job is described, and one last command (JSUBM) hands it to the scheduler. Before that command nothing
is dialled; a session that breaks off leaves nothing behind. The job carries the Message-ID as its tag, so that it can
be found again when the answer to JSUBM got lost.
"""

from __future__ import annotations

import ftplib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# A session in which a command gets no sense out of the server raises one of these.
ProtocolError = (ftplib.Error, OSError, EOFError, ValueError)

KILL_TIME = "000200"  # days, hours, minutes until the server gives up
DIALS, TRIES = 12, 3  # calls, and calls that were answered by a fax machine
PAGE_MILLIMETRES = {"A4": (209, 296), "letter": (215, 279)}
_SAFE = re.compile(r"[\w.+@<>=-]+", re.ASCII)
_STORED = re.compile(r"FILE: (\S+\.pdf)")
_JOB_NUMBER = re.compile(r"jobid: (\d+)")
_LISTED = "%j|%a|%P|%J|%s"


@dataclass(frozen=True, slots=True)
class FaxServer:
    """Where the server is. It speaks no TLS: it belongs on the same machine or private network."""

    host: str
    port: int = 4559
    user: str = "postbag"
    password: str = field(default="", repr=False)
    seconds: float = 60  # for each answer

    @classmethod
    def from_settings(cls) -> FaxServer:
        """Read FAX_URL and FAX_SECONDS.

        Raises:
            ImproperlyConfigured: FAX_URL is not `hylafax://` with a host.
        """
        url = urlsplit(settings.FAX_URL)
        if url.scheme != "hylafax" or not url.hostname:
            raise ImproperlyConfigured("FAX_URL must look like hylafax://user@fax.example.org:4559.")
        user, password = unquote(url.username or "postbag"), unquote(url.password or "")
        return cls(url.hostname, url.port or 4559, user, password, settings.FAX_SECONDS)


class Fate(StrEnum):
    """What became of a job."""

    WAITING = "waiting"  # not dialled yet, dialling, or to be dialled again
    DONE = "done"  # the other machine confirmed the last page
    FAILED = "failed"  # given up


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the server lists it. `pages` is "sent:all"; `status` are the server's words about a failure."""

    number: str
    fate: Fate
    pages: str
    tag: str
    status: str

    @classmethod
    def parse(cls, line: str) -> Job:
        """Read a line of a listing: D is done, F is failed, all other states are on their way (sendq(5F))."""
        number, state, pages, tag, status = line.split("|", 4)
        fate = {"D": Fate.DONE, "F": Fate.FAILED}.get(state, Fate.WAITING)
        return cls(number, fate, pages.replace(" ", ""), tag, status.strip())


class Session:
    """A logged-in session.

    Every method raises one of ProtocolError: `ftplib.error_temp` and `error_perm` are the server's refusals, for now
    and for good; all others say that the session is lost.
    """

    def __init__(self, server: FaxServer) -> None:
        self._ftp = ftplib.FTP(timeout=server.seconds)  # noqa: S321 - HylaFAX speaks it without TLS
        self._ftp.connect(server.host, server.port)
        self._ftp.encoding = "utf-8"
        if self._ftp.sendcmd(f"USER {_safe(server.user)}").startswith("3"):
            self._ftp.sendcmd(f"PASS {server.password}")
        self._ftp.sendcmd("FORM PDF")
        self._ftp.sendcmd("TYPE I")

    def describe(self, number: str, pdf: bytes, tag: str, paper: str) -> str:
        """Store the document and describe its job; return the job's number. Nothing is dialled yet."""
        document = _found(_STORED, self._store(pdf))
        job = _found(_JOB_NUMBER, self._ftp.sendcmd("JNEW"))
        width, length = PAGE_MILLIMETRES[paper]
        parameters = {
            "FROMUSER": '"postbag"',
            "DIALSTRING": f'"{_safe(number)}"',
            "EXTERNAL": f'"{_safe(number)}"',
            "JOBINFO": f'"{_safe(tag)}"',
            "LASTTIME": KILL_TIME,
            "MAXDIALS": DIALS,
            "MAXTRIES": TRIES,
            "VRES": 196,
            "PAGEWIDTH": width,
            "PAGELENGTH": length,
            "PAGECHOP": '"none"',
            "NOTIFY": '"none"',
            "DOCUMENT": document,
        }
        for name, value in parameters.items():
            self._ftp.sendcmd(f"JPARM {name} {value}")
        return job

    def submit(self) -> None:
        """Hand the described job to the scheduler."""
        self._ftp.sendcmd("JSUBM")

    def find(self, tag: str) -> Job | None:
        """The job with this tag, whether it waits or is over; None when the server knows of none."""
        self._ftp.sendcmd(f'JOBFMT "{_LISTED}"')
        lines: list[str] = []
        for queue in ("sendq", "doneq"):
            self._ftp.retrlines(f"LIST {queue}", lines.append)
        jobs = (Job.parse(line) for line in lines if line.count("|") >= _LISTED.count("|"))
        return next((job for job in jobs if job.tag == tag), None)

    def close(self) -> None:
        """End the session; what was described and not submitted is forgotten."""
        try:
            self._ftp.quit()
        except ProtocolError:
            self._ftp.close()

    def _store(self, pdf: bytes) -> str:
        """Upload a file that lives as long as the session or its job; return the reply, which names it."""
        with self._ftp.transfercmd("STOT") as data:
            data.sendall(pdf)
        return self._ftp.voidresp()


def _found(pattern: re.Pattern[str], reply: str) -> str:
    """What the server calls something.

    Raises:
        ftplib.error_reply: it did not say.
    """
    match = pattern.search(reply)
    if match is None:
        raise ftplib.error_reply("The server gave no name.")  # noqa: S321 - the protocol is FTP's
    return match[1]


def _safe(value: str) -> str:
    """The value, when it can stand in a command and its quotes.

    Raises:
        ValueError: it can't.
    """
    if not _SAFE.fullmatch(value):
        raise ValueError("A fax job holds letters, digits and few signs.")
    return value
