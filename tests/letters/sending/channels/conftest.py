"""A server that can misbehave, and a channel to it."""

from collections.abc import Iterator

import pytest

from letters.sending.channels.smtp import SmtpChannel
from tests.letters.sending.channels.smtp_letters import relay_of
from tests.smtp_faults import FaultySmtpServer, running


@pytest.fixture
def server() -> Iterator[FaultySmtpServer]:
    """Return a server that behaves until told otherwise."""
    with running(FaultySmtpServer()) as server:
        yield server


@pytest.fixture
def channel(server: FaultySmtpServer) -> Iterator[SmtpChannel]:
    """Return a channel to the server that does not wait long."""
    with SmtpChannel(relay_of(server)) as channel:
        yield channel
