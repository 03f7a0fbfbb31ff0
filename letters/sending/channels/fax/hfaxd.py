"""A HylaFAX server, spoken to over its own protocol: FTP (RFC 959) with commands for jobs, see hfaxd(8).

A fax is stored, a job is described, and one last command (JSUBM) hands it to the scheduler. Before that command nothing
is dialled; a session that breaks off leaves nothing behind. The job carries the name of our attempt as its tag, so that
it can be found again when the answer to JSUBM got lost. A job is one call: when to call again is for us to say.
"""

from __future__ import annotations

import ftplib
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# A session in which a command gets no sense out of the server raises one of these.
ProtocolError = (ftplib.Error, OSError, EOFError, ValueError)

# Days, hours, minutes until the server gives up a job for which no line was free.
KILL_TIME = "000100"
PAGE_MILLIMETRES = {"A4": (209, 296), "letter": (215, 279)}
_SAFE = re.compile(r"[\w.+@<>=-]+", re.ASCII)
_STORED = re.compile(r"FILE: (\S+\.pdf)")
_JOB_NUMBER = re.compile(r"jobid: (\d+)")
_LISTED = "%j|%J"
DONE, FAILED = "7", "8"  # sendq(5F), as the scheduler writes them; all other states are on their way


@dataclass(frozen=True, slots=True)
class FaxServer:
    """Where the server is. It speaks no TLS: it belongs on the same machine or private network."""

    host: str
    port: int = 4559
    user: str = "postbag"
    password: str = field(default="", repr=False)
    modem: str = ""  # or any that is free
    seconds: float = 60  # for each answer

    @classmethod
    def from_settings(cls) -> FaxServer:
        """Read FAX_URL and FAX_SECONDS.

        Raises:
            ImproperlyConfigured: FAX_URL is not `hylafax://` with a host.
        """
        url = urlsplit(settings.FAX_URL)
        if url.scheme != "hylafax" or not url.hostname:
            raise ImproperlyConfigured(
                "FAX_URL must look like hylafax://user:password@fax.example.org:4559?modem=ttyS0."
            )
        user, password = unquote(url.username or "postbag"), unquote(url.password or "")
        modem = parse_qs(url.query).get("modem", [""])[0]
        return cls(url.hostname, url.port or 4559, user, password, modem, settings.FAX_SECONDS)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the scheduler describes it; `status` are its words about a failure, `csi` is the machine that answered.

    `ended` counts seconds since 1970 and means something once the job is over.
    """

    number: str
    tag: str
    state: str
    pages: int
    status: str
    csi: str
    ended: int

    @classmethod
    def parse(cls, lines: list[str]) -> Job:
        """Read a job's file: lines of `tag:value`."""
        found = dict(line.split(":", 1) for line in lines if ":" in line)
        return cls(
            number=found.get("jobid", ""),
            tag=found.get("jobtag", ""),
            state=found.get("state", ""),
            pages=int(found.get("npages") or 0),
            status=found.get("status", "").strip(),
            csi=found.get("csi", "").strip(),
            ended=int(found.get("tts") or 0),
        )

    @property
    def is_over(self) -> bool:
        """Whether its call is over."""
        return self.state in (DONE, FAILED)


class Session:
    """A logged-in session.

    Every method raises one of ProtocolError: `ftplib.error_temp` and `error_perm` are the server's refusals, for now
    and for good; all others say that the session is lost.
    """

    def __init__(self, server: FaxServer) -> None:
        self._modem = server.modem
        self._ftp = ftplib.FTP(timeout=server.seconds)  # noqa: S321 - HylaFAX speaks it without TLS
        self._ftp.connect(server.host, server.port)
        self._ftp.encoding = "utf-8"
        if self._ftp.sendcmd(f"USER {_safe(server.user)}").startswith("3"):
            self._ftp.sendcmd(f"PASS {server.password}")
        self._ftp.sendcmd("FORM PDF")

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
            "MAXDIALS": 1,
            "MAXTRIES": 1,
            "VRES": 196,
            "PAGEWIDTH": width,
            "PAGELENGTH": length,
            "PAGECHOP": '"none"',
            "NOTIFY": '"none"',
            "DOCUMENT": document,
            **({"MODEM": f'"{_safe(self._modem)}"'} if self._modem else {}),
        }
        for name, value in parameters.items():
            self._ftp.sendcmd(f"JPARM {name} {value}")
        return job

    def submit(self) -> None:
        """Hand the described job to the scheduler."""
        self._ftp.sendcmd("JSUBM")

    def job(self, number: str) -> Job | None:
        """The job with this number, as far as the server knows it."""
        files = (f"{queue}/q{_safe(number)}" for queue in ("sendq", "doneq"))
        file = next(filter(self._has, files), None)
        if file is None:
            return None
        lines: list[str] = []
        self._ftp.retrlines(f"RETR {file}", lines.append)
        return Job.parse(lines)

    def find(self, tag: str) -> Job | None:
        """The job with this tag, whether it waits or is over; None when the server knows of none."""
        self._ftp.sendcmd(f'JOBFMT "{_LISTED}"')
        lines: list[str] = []
        for queue in ("sendq", "doneq"):
            self._ftp.retrlines(f"LIST {queue}", lines.append)
        numbers = (line.split("|")[0].strip() for line in lines if line.partition("|")[2].strip() == tag)
        return next((job for number in numbers if (job := self.job(number))), None)

    def close(self) -> None:
        """End the session; what was described and not submitted is forgotten."""
        try:
            self._ftp.quit()
        except ProtocolError:
            self._ftp.close()

    def _has(self, file: str) -> bool:
        """Ask first: after a RETR that is refused, hfaxd takes the data connection of the next one for the old one."""
        try:
            self._ftp.sendcmd("TYPE I")
            return self._ftp.size(file) is not None
        except ftplib.error_perm:
            return False

    def _store(self, pdf: bytes) -> str:
        """Upload a file that lives as long as the session or its job; return the reply, which names it."""
        self._ftp.sendcmd("TYPE I")
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
