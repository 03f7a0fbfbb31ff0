"""A real SMTP server on a loopback socket that misbehaves on request, at any moment of a session.

Say what goes wrong and when (`server.fault("RCPT", reply="450 4.2.0 greylisted")`); faults of a moment are used up one
by one, then the server behaves. The moments are `banner`, the commands (`EHLO`, `STARTTLS`, `AUTH`, `MAIL`, `RCPT`,
`DATA`, `RSET`, `QUIT`), `body` (after its first octets) and `dot` (after the last).
"""

import re
import socket
import ssl
import struct
import sys
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

STRICT_END = (b"\r\n.\r\n",)
LAX_ENDS = (b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r\n")  # what the victims of SMTP smuggling accept


@dataclass(frozen=True)
class Fault:
    """What happens instead of a good answer: `reply`, else silence, else the connection drops.

    `taken`: at the dot, whether the message is stored all the same. `closes`: hang up after the reply.
    """

    reply: str = ""
    silent: bool = False
    taken: bool = False
    closes: bool = False


@dataclass(frozen=True)
class Received:
    """One transaction that the server completed. `data` is as transmitted, dots unstuffed."""

    session: int
    mail_from: str
    rcpt_to: tuple[str, ...]
    data: bytes


class HangupError(Exception):
    """The server closes the connection now."""


@dataclass
class FaultySmtpServer:
    """The server. `extensions` are the EHLO keywords; `tls` makes STARTTLS work, `implicit` speaks TLS at once.

    `pause`: seconds that it thinks about each text before it answers.
    """

    extensions: tuple[str, ...] = ("SIZE 1000000", "8BITMIME", "ENHANCEDSTATUSCODES")
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    ends: tuple[bytes, ...] = STRICT_END
    pause: float = 0
    received: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    sessions: int = 0

    def __post_init__(self) -> None:
        self._faults: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def fault(
        self,
        moment: str,
        reply: str = "",
        *,
        silent: bool = False,
        taken: bool = False,
        closes: bool = False,
        after: int = 0,
    ) -> None:
        """Plan a fault for the next such moment, or for a later one (`after` good ones)."""
        self._faults[moment].extend([None] * after)
        self._faults[moment].append(Fault(reply, silent, taken, closes))

    def take(self, moment: str) -> Fault | None:
        """The planned fault of this moment, used up."""
        planned = self._faults[moment]
        return planned.popleft() if planned else None

    def end(self, message: Received, fault: Fault | None) -> None:
        """Keep a message whose dot has come, unless it is refused."""
        if fault is None or fault.taken:
            self.received.append(message)

    def stop(self) -> None:
        """End all sessions, silent ones too."""
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept()
        self._listener.close()

    def hold(self) -> None:
        """Stay silent until the client or the test gives up."""
        self._stopping.wait(30)
        raise HangupError

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.sessions += 1
                threading.Thread(target=self._serve, args=(client, self.sessions), daemon=True).start()

    def _serve(self, client: socket.socket, number: int) -> None:
        with suppress(HangupError, OSError):
            if self.implicit and self.tls:
                client = self.tls.wrap_socket(client, server_side=True)
            Session(self, client, number).run()
        with suppress(OSError):
            client.close()


class Session:
    """One client's connection."""

    def __init__(self, server: FaultySmtpServer, client: socket.socket, number: int) -> None:
        self.server, self.client, self.number = server, client, number
        self.buffer = b""
        self.mail_from, self.rcpt_to = "", list[str]()

    def run(self) -> None:
        """Answer until the client leaves."""
        self.answer("banner", "220 test.invalid ESMTP")
        while line := self.line():
            verb, space, rest = line.partition(" ")
            self.server.commands.append(f"{verb.upper()}{space}{rest}")
            self.obey(verb.upper(), line)

    def obey(self, verb: str, line: str) -> None:
        """One command."""
        commands = {"EHLO": self.ehlo, "MAIL": self.mail, "RCPT": self.rcpt, "DATA": self.data, "QUIT": self.quit}
        commands |= {"STARTTLS": self.starttls, "AUTH": self.auth, "RSET": self.rset}
        if verb in commands:
            commands[verb](line)
        else:
            self.say("502 5.5.2 Command not recognized")

    def ehlo(self, _line: str) -> None:
        """Say what we can do."""
        self.answer("EHLO", "\r\n".join(self.greeting()))

    def auth(self, _line: str) -> None:
        """Any password will do."""
        self.answer("AUTH", "235 2.7.0 Authentication successful")

    def mail(self, line: str) -> None:
        """Open a transaction; a second one inside the first is an error (RFC 5321 section 4.1.4)."""
        good = "503 5.5.1 nested MAIL" if self.mail_from else self.size_answer(line)
        if self.answer("MAIL", good):
            self.mail_from, self.rcpt_to = line, []

    def size_answer(self, line: str) -> str:
        """Refuse a declared size over the limit (RFC 1870)."""
        limit = next((int(name[5:]) for name in self.server.extensions if name.startswith("SIZE ")), sys.maxsize)
        declared = re.search(r" SIZE=(\d+)", line)
        too_big = declared and int(declared[1]) > limit
        return "552 5.3.4 Message size exceeds fixed limit" if too_big else "250 2.1.0 Ok"

    def rcpt(self, line: str) -> None:
        """Name a recipient."""
        if self.answer("RCPT", "250 2.1.5 Ok" if self.mail_from else "503 5.5.1 MAIL first"):
            self.rcpt_to.append(line)

    def rset(self, _line: str) -> None:
        """Give the transaction up."""
        if self.answer("RSET", "250 2.0.0 Ok"):
            self.mail_from = ""

    def quit(self, _line: str) -> None:
        """Say goodbye."""
        self.answer("QUIT", "221 2.0.0 Bye")
        raise HangupError

    def greeting(self) -> list[str]:
        """The EHLO answer."""
        offered = ["test.invalid", *self.server.extensions]
        if self.server.tls and not isinstance(self.client, ssl.SSLSocket):
            offered.append("STARTTLS")
        return [f"250-{name}" for name in offered[:-1]] + [f"250 {offered[-1]}"]

    def starttls(self, _line: str) -> None:
        """Go on in TLS."""
        assert self.server.tls
        self.answer("STARTTLS", "220 2.0.0 Ready to start TLS")
        self.client = self.server.tls.wrap_socket(self.client, server_side=True)

    def data(self, _line: str) -> None:
        """Receive one text."""
        if not self.answer("DATA", "354 End data with <CR><LF>.<CR><LF>"):
            return
        if fault := self.server.take("body"):
            self.receive()
            self.fail(fault)
        data = self.text()
        time.sleep(self.server.pause)
        fault = self.server.take("dot")
        self.server.end(Received(self.number, self.mail_from, tuple(self.rcpt_to), data), fault)
        self.mail_from, self.rcpt_to = "", []
        if fault:
            self.fail(fault)
        else:
            self.say(f"250 2.0.0 Ok: queued as {len(self.server.received)}")

    def text(self) -> bytes:
        """Octets up to the first end of data that this server believes in."""
        self.buffer = b"\r\n" + self.buffer
        while (found := self.end()) is None:
            self.receive()
        start, length = found
        text, self.buffer = self.buffer[2:start], self.buffer[start + length :]
        return (text + b"\r\n").replace(b"\r\n..", b"\r\n.")

    def end(self) -> tuple[int, int] | None:
        """Position and length of the earliest end of data in the buffer."""
        places = [(self.buffer.find(end), len(end)) for end in self.server.ends]
        return min(((place, length) for place, length in places if place >= 0), default=None)

    def answer(self, moment: str, good: str) -> bool:
        """The good answer or the planned fault. True when the command succeeded."""
        fault = self.server.take(moment)
        if fault:
            self.fail(fault)
            return False
        self.say(good)
        return good[0] in "23"

    def fail(self, fault: Fault) -> None:
        """Misbehave."""
        if fault.silent:
            self.server.hold()
        if not fault.reply:
            self.reset()
        self.say(fault.reply)
        if fault.closes or fault.reply.startswith("421"):
            raise HangupError

    def reset(self) -> None:
        """Drop the connection with a TCP reset."""
        linger = struct.pack("ii", 1, 0)
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        raise HangupError

    def say(self, text: str) -> None:
        """Send reply lines."""
        self.client.sendall(text.encode() + b"\r\n")

    def receive(self) -> None:
        """Wait for more octets."""
        octets = self.client.recv(65536)
        if not octets:
            raise HangupError
        self.buffer += octets

    def line(self) -> str:
        """One command line."""
        while b"\r\n" not in self.buffer:
            self.receive()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode(errors="replace")


@contextmanager
def running(server: FaultySmtpServer) -> Iterator[FaultySmtpServer]:
    """The server for the length of a block."""
    try:
        yield server
    finally:
        server.stop()


def wait_until(condition: object, seconds: float = 2) -> None:
    """Give the server's threads a moment: `condition` is called until it is true."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()
