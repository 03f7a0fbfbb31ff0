"""A letter, a way to the server of the tests, and what comes of handing it over."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.relay import Relay, Timeouts
from letters.sending.channels.smtp import SmtpChannel
from tests.smtp_faults import FaultySmtpServer

IMPATIENT = Timeouts(connect=5, command=1, data=1, final=1, quit=1)
LETTER = Message(
    message_id="<4711@postbag.test>",
    to="prosecutor@office.test",
    to_name="Chief Military Prosecutor",
    sender="letters@postbag.test",
    sender_name="Ada Lovelace",
    return_path="b+4711@bounces.postbag.test",
    subject="The trial of the six",
    text="Dear Sir,\n\nplease release them.\n\nAda Lovelace",
    date=datetime(2026, 11, 21, 12, tzinfo=UTC),
)

type_of_failure = tuple[Verdict, Phase, int]


def relay_of(server: FaultySmtpServer, **changes: Any) -> Relay:
    """Return how to reach the server."""
    return replace(Relay("127.0.0.1", server.port, timeouts=IMPATIENT, helo="postbag.test"), **changes)


def send(channel: SmtpChannel, message: Message = LETTER) -> Receipt:
    """Hand one message over in both steps."""
    channel.prepare(message)
    return channel.hand_over()


def preparing_fails(channel: SmtpChannel, message: Message = LETTER) -> type_of_failure:
    """Return how `prepare` failed."""
    return failure_of(lambda: channel.prepare(message))


def handing_over_fails(channel: SmtpChannel) -> type_of_failure:
    """Prepare well and return how `hand_over` failed."""
    channel.prepare(LETTER)
    return failure_of(channel.hand_over)


def failure_of(act: Callable[[], object]) -> type_of_failure:
    """Return verdict, phase and code of the failure."""
    with pytest.raises(ChannelError) as failure:
        act()
    return failure.value.verdict, failure.value.phase, failure.value.code


def body(data: bytes) -> bytes:
    """Return what stands after the headers."""
    return data.partition(b"\r\n\r\n")[2]
