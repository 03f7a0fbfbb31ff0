"""A wire to a real fax server that breaks on request, at any command."""

import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cut:
    """At this command: reply in the server's place, else break; `after` the server has obeyed, or before it hears."""

    command: str
    reply: str = ""
    after: bool = False


@dataclass
class Wire:
    """Listens on a loopback port and passes commands and replies between its clients and the server's port."""

    server_port: int
    sessions: int = 0
    commands: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cuts: deque[Cut] = deque()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, command: str, reply: str = "", *, after: bool = False) -> None:
        """Plan the next fault."""
        self._cuts.append(Cut(command, reply, after))

    def stop(self) -> None:
        """Take no more clients."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.sessions += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection(("127.0.0.1", self.server_port)) as server:
            threading.Thread(target=self._pass_replies, args=(server, client), daemon=True).start()
            for line in client.makefile("rb"):
                if not self._pass(line, client, server):
                    break

    def _pass(self, line: bytes, client: socket.socket, server: socket.socket) -> bool:
        """Pass one command on. False: the wire breaks now."""
        command = line.decode().split()[0]
        self.commands.append(command)
        cut = self._cuts.popleft() if self._cuts and self._cuts[0].command == command else None
        if cut and cut.reply:
            client.sendall(f"{cut.reply}\r\n".encode())
            return True
        if cut and cut.after:
            client.shutdown(socket.SHUT_WR)  # the answer will find nobody
        if cut is None or cut.after:
            server.sendall(line)
        return cut is None

    def _pass_replies(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while reply := server.recv(65536):
                client.sendall(reply)


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A wire for the length of a block."""
    wire = Wire(port)
    try:
        yield wire
    finally:
        wire.stop()
