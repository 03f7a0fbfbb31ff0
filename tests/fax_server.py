"""A real fax line for tests: a HylaFAX server, a modem that sends, one that receives, and what can go wrong."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from letters.sending.channels.fax.hfaxd import FaxServer
from tests import servers

PUT_AWAY_SECONDS = 20


@dataclass(frozen=True)
class FaxLine:
    """A running server at `address`. The site sends over the first modem, so the second always receives."""

    address: str

    @property
    def url(self) -> str:
        """Return what FAX_URL is for a site that uses it."""
        sender, _ = servers.fax_modems(self.folder)
        return f"hylafax://postbag@127.0.0.1:{self.port}?modem={sender}"

    @property
    def port(self) -> int:
        """Return hfaxd's port."""
        return urlsplit(self.address).port or 0

    @property
    def folder(self) -> Path:
        """Return the server's folder."""
        return servers.fax_folder(self.address)

    @property
    def spool(self) -> Path:
        """Return HylaFAX's own folder."""
        return self.folder / "spool"

    def received(self, number: int) -> list[Path]:
        """Wait until so many faxes have arrived and return their TIFF files, in order."""
        deadline = time.monotonic() + PUT_AWAY_SECONDS  # the receiver puts its file away after the sender has hung up
        while len(found := sorted((self.spool / "recvq").glob("fax*.tif"))) < number:
            assert time.monotonic() < deadline, f"{len(found)} of {number} faxes arrived"
            time.sleep(0.2)
        return found

    def kill9(self, *programs: str) -> None:
        """Kill programs of the server and wait until their keeper has started them again."""
        killed = {program: servers.users_of(self.spool, program) for program in programs}
        for program in programs:
            servers.kill_users_of(self.spool, program)
        servers.wait_for(lambda: all(self._is_new(program, killed[program]) for program in programs))
        servers.wait_for(lambda: servers.port_answers(self.port))

    def _is_new(self, program: str, killed: list[int]) -> bool:
        found = servers.users_of(self.spool, program)
        return bool(found) and not set(found) & set(killed)

    @contextmanager
    def nobody_answers(self) -> Iterator[Path]:
        """Keep the receiving modem from answering and return its device."""
        receiver = servers.fax_modems(self.folder)[1]
        (getty,) = servers.users_of(self.spool, receiver)
        os.kill(getty, signal.SIGSTOP)
        yield Path("/dev") / receiver
        os.kill(getty, signal.SIGCONT)

    @contextmanager
    def no_dialtone(self) -> Iterator[None]:
        """Have the receiving modem off the hook, so that the sending one finds no dial tone."""
        with self.nobody_answers() as device:
            device.write_bytes(b"ATH1\r")
            yield
            device.write_bytes(b"ATH0\r")


def fax_line_at() -> Iterator[FaxLine]:
    """Run a fax server with modems."""
    line = FaxLine(servers.new_fax_address("?modems"))
    server = servers.Server("hylafax", line.address)
    yield line
    server.stop()


def fax_server_at(query: str) -> Iterator[FaxServer]:
    """Run a fax server and return how to speak to it."""
    address = servers.new_fax_address(query)
    server = servers.Server("hylafax", address)
    yield FaxServer("127.0.0.1", urlsplit(address).port or 0, seconds=10)
    server.stop()
