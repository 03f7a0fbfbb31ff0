"""A way to an SMTP server that can be cut where it hurts most."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum

END = b"\r\n.\r\n"


class Cut(Enum):
    """Where the next text's connection breaks."""

    NOWHERE = "nowhere"
    IN_THE_TEXT = "in the text"  # the server does not get its end
    AFTER_THE_DOT = "after the dot"  # the server gets all of it; its answer gets lost


@dataclass
class Wire:
    """Passes on what both sides say, until the text that it is to cut."""

    server: int
    cut: Cut = Cut.NOWHERE
    port: int = 0

    def serve(self, client: socket.socket) -> None:
        """Carry one connection."""
        with client, socket.create_connection(("127.0.0.1", self.server)) as server, suppress(OSError):
            answers = threading.Thread(target=self._answers, args=(server, client), daemon=True)
            answers.start()
            self._commands(client, server)
            answers.join(5)

    def _commands(self, client: socket.socket, server: socket.socket) -> None:
        text = b""
        while octets := client.recv(65536):
            text = text + octets if text or b"Message-ID:" in octets else b""
            if text and self.cut is Cut.IN_THE_TEXT:
                server.sendall(octets.removesuffix(END))
                client.shutdown(socket.SHUT_RDWR)
                break
            if text and self.cut is Cut.AFTER_THE_DOT and text.endswith(END):
                client.shutdown(socket.SHUT_RDWR)
            server.sendall(octets)
        server.shutdown(socket.SHUT_WR)

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        while octets := server.recv(65536):
            with suppress(OSError):
                client.sendall(octets)


@contextmanager
def wire_to(server: int) -> Iterator[Wire]:
    """Lay a wire to the server at a port, for the length of a block."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = Wire(server, port=listener.getsockname()[1])

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    threading.Thread(target=wire.serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield wire
        listener.shutdown(socket.SHUT_RDWR)
