"""Email by SMTP, one command at a time, so that a failure is known for what it was.

Django's backend raises the same error for a connection lost before and after the final dot: only the first may be
tried again. Here smtplib is driven phase by phase, each with the time-out that RFC 5321 section 4.5.3.2 asks for, and
every answer becomes a receipt or a `ChannelError`:

=====================  ===========================  =================================
phase                  5xx                          4xx, 421, silence, drop, nonsense
=====================  ===========================  =================================
connect, TLS, AUTH     retry (it is about us)       retry
MAIL, RCPT, DATA       final                        retry
the text and its dot   final                        4xx: retry; all others: unknown
=====================  ===========================  =================================

A drop or silence at QUIT changes nothing: the 250 after the dot moved the responsibility to the server (RFC 5321
section 4.2.5).
"""

import logging
import re
import smtplib
from types import TracebackType
from typing import Self

from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.mime import Address, build, unbuildable
from letters.sending.channels.relay import Connection, Relay

logger = logging.getLogger(__name__)

ABOUT_US = frozenset({530, 534, 535, 538})  # "authenticate first" (RFC 4954 section 6): the message is not at fault
SERVICE_CLOSING = 421
TRANSIENT, PERMANENT = range(400, 500), range(500, 600)
DETAIL_LIMIT = 200
MAILBOX = re.compile(r"[^\s<>()\[\]\",;:=]+@[\w.-]+")


class SmtpChannel:
    """The channel "email". One connection serves many messages; a stale one is replaced before anything is lost."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._connection: Connection | None = None
        self._served = 0
        self._clean = True  # no transaction is open on the connection
        self._pending: tuple[Message, bytes] | None = None

    def prepare(self, message: Message) -> None:
        """Build the bytes, connect where needed, and name sender and recipient.

        Raises:
            ChannelError: FINAL when the message cannot be built or the server refuses it for good, else RETRY.
        """
        self._pending = None
        if self._served >= self._relay.messages_per_connection:
            self.close()
        reused = self._connection is not None
        try:
            octets = self._envelope(message)
        except ChannelError:
            if not reused or self._connection is not None:
                raise
            octets = self._envelope(message)  # the server had closed the old connection: nothing was lost with it
        self._pending = message, octets

    def hand_over(self) -> Receipt:
        """Transmit the prepared text and wait for the answer.

        Raises:
            ChannelError: see the table above.
        """
        if self._pending is None:
            raise RuntimeError("Nothing was prepared.")
        (message, octets), self._pending = self._pending, None
        times = self._relay.timeouts
        self._ask(Phase.DATA, "DATA", times.data, message, expected=354)
        self._transmit(octets.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        reference = self._answer(Phase.BODY, times.final, message)
        self._clean = True  # the end of data closes the transaction, RFC 5321 section 4.1.1.4
        self._served += 1
        return Receipt(reference)

    def close(self) -> None:
        """QUIT, politely but not patiently."""
        connection, self._connection = self._connection, None
        self._served, self._clean, self._pending = 0, True, None
        if connection is None:
            return
        try:
            connection.wait(self._relay.timeouts.quit)
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _envelope(self, message: Message) -> bytes:
        connection = self._connected()
        sender, recipient = Address.parse(message.return_path or message.sender), Address.parse(message.to)
        utf8 = sender.needs_utf8 or recipient.needs_utf8 or Address.parse(message.reply_to or message.to).needs_utf8
        if utf8 and not connection.has_extn("smtputf8"):
            raise unbuildable("The address needs SMTPUTF8 (RFC 6531), which the server does not offer.")
        octets = build(message, eight_bit=connection.has_extn("8bitmime"))
        wait = self._relay.timeouts.command
        if not self._clean:
            self._ask(Phase.ENVELOPE, "RSET", wait, message)
        self._clean = False
        self._ask(Phase.ENVELOPE, f"MAIL FROM:<{sender.spec}>{_options(connection, octets, utf8=utf8)}", wait, message)
        self._ask(Phase.ENVELOPE, f"RCPT TO:<{recipient.spec}>", wait, message)
        if message.journal:
            self._copy_to_journal(message)
        return octets

    def _copy_to_journal(self, message: Message) -> None:
        """Name the journal as one more recipient. The letter leaves without a copy where the server refuses that."""
        try:
            wait = self._relay.timeouts.command
            self._ask(Phase.ENVELOPE, f"RCPT TO:<{Address.parse(message.journal).spec}>", wait, message)
        except ChannelError as error:
            if self._connection is None:
                raise
            logger.warning("The relay takes no copy for the journal: %s.", error.code)

    def _connected(self) -> Connection:
        if self._connection is None:
            self._served, self._clean = 0, True
            self._connection = connect(self._relay)
        return self._connection

    def _ask(self, phase: Phase, command: str, wait: float, message: Message, expected: int = 250) -> None:
        try:
            self._open.wait(wait)
            self._open.putcmd(command)
        except (OSError, smtplib.SMTPException) as error:
            raise self._lost(phase, error) from None
        self._answer(phase, wait, message, expected)

    def _transmit(self, octets: bytes) -> None:
        """Send the text and its dot at once. A server may refuse midway and close: then its answer decides."""
        try:
            self._open.wait(self._relay.timeouts.data)
            self._open.transmit(octets)
        except TimeoutError as error:
            raise self._lost(Phase.BODY, error) from None
        except OSError:
            pass  # the answer, if there is one, is read next

    def _answer(self, phase: Phase, wait: float, message: Message, expected: int = 250) -> str:
        """One reply. Its text where it says what we expected, else the matching `ChannelError`."""
        try:
            self._open.wait(wait)
            code, text = self._open.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise self._lost(phase, error) from None
        if code // 100 == expected // 100:
            return readable(text, message)
        if code == SERVICE_CLOSING or not (code in TRANSIENT or code in PERMANENT):
            self._drop()
        raise ChannelError(verdict(phase, code), phase, readable(text, message), max(code, 0))

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise smtplib.SMTPServerDisconnected("The connection is closed.")
        return self._connection

    def _lost(self, phase: Phase, error: Exception) -> ChannelError:
        """The connection broke or fell silent. smtplib's own texts for it hold nothing of the message."""
        self._drop()
        return ChannelError(verdict(phase, 0), phase, f"No answer: {error}"[:DETAIL_LIMIT])

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def connect(relay: Relay) -> Connection:
    """An authenticated connection to the relay.

    Raises:
        ChannelError: always RETRY: whatever goes wrong here is not the message's fault.
    """
    try:
        return Connection(relay)
    except smtplib.SMTPResponseException as error:
        detail, code = _printable(error.smtp_error), max(error.smtp_code, 0)
    except (OSError, smtplib.SMTPException) as error:
        detail, code = f"{type(error).__name__}: {error}"[:DETAIL_LIMIT], 0
    raise ChannelError(Verdict.RETRY, Phase.CONNECT, detail, code)


def verdict(phase: Phase, code: int) -> Verdict:
    """What an SMTP reply that is not a success allows; `code` is 0 for no reply and -1 for nonsense."""
    if code in PERMANENT and code not in ABOUT_US:
        return Verdict.FINAL
    refused = code in PERMANENT or (code in TRANSIENT and code != SERVICE_CLOSING)
    return Verdict.RETRY if refused or phase is not Phase.BODY else Verdict.UNKNOWN


def _options(connection: Connection, octets: bytes, *, utf8: bool) -> str:
    """MAIL parameters that the server knows: SIZE (RFC 1870), 8BITMIME (6152), SMTPUTF8 (6531), DSN's RET (3461).

    RET=HDRS keeps the supporter's text out of bounces.
    """
    wanted = {
        "size": f"SIZE={len(octets)}",
        "8bitmime": "" if octets.isascii() else "BODY=8BITMIME",
        "smtputf8": "SMTPUTF8" if utf8 else "",
        "dsn": "RET=HDRS",
    }
    return "".join(f" {option}" for name, option in wanted.items() if option and connection.has_extn(name))


def readable(text: bytes | str, message: Message) -> str:
    """The server's words without any address: the recipient may be a supporter, and servers spell it as they like."""
    return MAILBOX.sub("(address)", _printable(text).replace(message.to, "(address)"))


def _printable(text: bytes | str) -> str:
    line = text.decode(errors="replace") if isinstance(text, bytes) else text
    return "".join(c if c.isprintable() else " " for c in line)[:DETAIL_LIMIT]
