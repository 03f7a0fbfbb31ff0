"""What every channel promises to the outbox.

A channel hands over one message at a time, in two steps, because "never lost" and "never twice" cannot both hold
(RFC 1047) and the moment between the two must be written down by the caller::

    with open_channel("email") as channel:
        channel.prepare(message)        # everything that may fail without consequences
        ...                             # the caller commits "handing over" here
        receipt = channel.hand_over()   # from here on, what is not answered is unknown

Success is a receipt. Failure is one exception, `ChannelError`, that says what the caller may do about it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self


class Verdict(StrEnum):
    """What a failure allows."""

    RETRY = "retry"  # certainly not taken; the same attempt may succeed later
    FINAL = "final"  # certainly not taken; it will never succeed as it is
    UNKNOWN = "unknown"  # perhaps taken: only evidence may decide, never a second attempt


class Phase(StrEnum):
    """How far a hand-over got."""

    BUILD = "build"  # the message itself, before anyone was contacted
    CONNECT = "connect"  # reaching the relay, provider or line, and being let in
    ENVELOPE = "envelope"  # naming sender and recipient
    DATA = "data"  # asking to transmit; no part of the text has left
    BODY = "body"  # the text has begun to leave


class ChannelError(Exception):
    """The message was not, or not certainly, handed over.

    `code` is the answer of the other side where it gave one (an SMTP reply code, an HTTP status), else 0. `detail`
    is one printable line for the organisers' log; it never holds the recipient's address or the letter's text.
    """

    def __init__(self, verdict: Verdict, phase: Phase, detail: str, code: int = 0) -> None:
        super().__init__(f"{verdict} at {phase}: {detail}")
        self.verdict = verdict
        self.phase = phase
        self.detail = detail
        self.code = code


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a message."""

    name: str
    content_type: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One text for one address, with nothing of the database in it.

    `to` is what the channel understands: an email address or a fax number in E.164. `message_id` stays the same for
    every attempt, and so does `date`, so that a repeat is byte for byte the first message. `subject` and `text` are
    plain text; nothing in them is ever interpreted. `addressee` is the address block in lines, for paper.
    `attempt` names this hand-over and no other, for services that can be asked about it afterwards. `journal` is an
    address of ours that gets the same octets in the same transaction, named in the envelope alone.
    """

    message_id: str
    to: str
    subject: str
    text: str
    date: datetime
    to_name: str = ""
    sender: str = ""
    sender_name: str = ""
    return_path: str = ""
    reply_to: str = ""
    language: str = ""
    html: str = ""
    addressee: str = ""
    attempt: str = ""
    journal: str = ""
    attachment: Attachment | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side took the message. `reference` is its own name for it, where it gave one: evidence for later."""

    reference: str = ""


class Channel(Protocol):
    """One way out, kept open for the many messages of a drain. Used by one thread at a time."""

    def prepare(self, message: Message) -> None:
        """Do everything that can fail safely. A message that was prepared before and not handed over is given up.

        Raises:
            ChannelError: with verdict RETRY or FINAL, never UNKNOWN.
        """
        ...

    def hand_over(self) -> Receipt:
        """Let the prepared message go, once.

        Raises:
            ChannelError: UNKNOWN whenever the text has begun to leave and no clear answer came back.
        """
        ...

    def close(self) -> None:
        """Take leave. Never raises: what was taken stays taken."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
