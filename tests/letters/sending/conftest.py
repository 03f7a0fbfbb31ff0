"""Fax servers, started once for a run."""

from collections.abc import Iterator

import pytest

from letters.sending.channels.fax.hfaxd import FaxServer
from tests import servers
from tests.fax_server import FaxLine, fax_line_at, fax_server_at


@pytest.fixture(scope="session")
def fax_programs() -> None:
    """Skip what needs a fax server where none can be run."""
    if not servers.fax_programs():
        pytest.skip("needs root and HylaFAX")


@pytest.fixture(scope="session")
def fax_queue(fax_programs: None) -> Iterator[FaxServer]:
    """Return a fax server without a modem: it takes jobs and dials nobody."""
    yield from fax_server_at("")


@pytest.fixture(scope="session")
def fax_line(fax_programs: None) -> Iterator[FaxLine]:
    """Return a fax server with two modems: what one dials, the other answers."""
    yield from fax_line_at()
