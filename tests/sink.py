"""An SMTP server for tests that takes everything and forgets nothing."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers import free_port


@dataclass(frozen=True)
class Received:
    """One SMTP transaction: the envelope's addresses and the bytes of the message."""

    mail_from: str
    rcpt_tos: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """Return the parsed message."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class Sink:
    """Where the server listens and what it received, in order."""

    host: str
    port: int
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return the value of EMAIL_URL that sends here."""
        return f"smtp://{self.host}:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep a message and accept it."""
        self.received.append(
            Received(envelope.mail_from or "", envelope.rcpt_tos, bytes(envelope.original_content or b""))
        )
        return "250 2.0.0 Taken"


@contextlib.contextmanager
def listen() -> Iterator[Sink]:
    """Run a sink on a free port of loopback for as long as the context lasts."""
    sink = Sink("127.0.0.1", free_port())
    controller = Controller(sink, hostname=sink.host, port=sink.port, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
