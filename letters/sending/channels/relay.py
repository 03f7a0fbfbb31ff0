"""The server that takes our mail, and a connection to it that is ready for use."""

import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Security(StrEnum):
    """How the connection to the relay is protected; certificates are always checked."""

    NONE = "none"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


# The schemes of EMAIL_URL (as django-environ names them) with their usual ports.
SCHEMES = {
    "smtp": (Security.NONE, 25),
    "smtp+tls": (Security.STARTTLS, 587),
    "smtp+ssl": (Security.IMPLICIT, 465),
    "smtps": (Security.IMPLICIT, 465),
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait in each phase. The defaults are the minima of RFC 5321 section 4.5.3.2 where it has one."""

    connect: float = 30  # for the TCP connection, not in the RFC
    command: float = 300  # for the greeting and for an answer to MAIL or RCPT
    data: float = 180  # for the answer to DATA, and for the server to take some of the text
    final: float = 600  # for the answer to the dot
    quit: float = 5  # for a farewell that changes nothing


@dataclass(frozen=True, slots=True)
class Relay:
    """The server that takes our mail, and how to speak to it. `helo` is our own name in EHLO."""

    host: str
    port: int = 25
    security: Security = Security.NONE
    username: str = ""
    password: str = field(default="", repr=False)
    helo: str = "localhost"
    messages_per_connection: int = 100
    timeouts: Timeouts = Timeouts()
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    @classmethod
    def from_settings(cls) -> "Relay":
        """Read EMAIL_URL and the SMTP_* settings.

        Raises:
            ImproperlyConfigured: EMAIL_URL is not `smtp://`, `smtp+tls://` (STARTTLS) or `smtps://` (TLS at once)
                with a host.
        """
        url = urlsplit(settings.EMAIL_URL)
        if url.scheme not in SCHEMES or not url.hostname:
            raise ImproperlyConfigured("EMAIL_URL must look like smtp+tls://user:password@relay.example.org:587.")
        security, port = SCHEMES[url.scheme]
        return cls(
            host=url.hostname,
            port=url.port or port,
            security=security,
            username=unquote(url.username or ""),
            password=unquote(url.password or ""),
            helo=settings.MAIL_DOMAIN or "localhost",
            messages_per_connection=settings.SMTP_MESSAGES_PER_CONNECTION,
            timeouts=Timeouts(
                connect=settings.SMTP_CONNECT_SECONDS,
                command=settings.SMTP_COMMAND_SECONDS,
                data=settings.SMTP_DATA_SECONDS,
                final=settings.SMTP_FINAL_SECONDS,
            ),
        )


class Connection(smtplib.SMTP):
    """An smtplib connection that is let in when its constructor returns. Each wait has its own time-out."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        super().__init__(relay.host, relay.port, local_hostname=relay.helo, timeout=relay.timeouts.connect)
        self.command_encoding = "utf-8"  # for SMTPUTF8 addresses; all others are ASCII by then
        try:
            self._be_let_in(relay)
        except BaseException:
            self.close()
            raise

    def _be_let_in(self, relay: Relay) -> None:
        self.wait(relay.timeouts.command)
        if relay.security is Security.STARTTLS:
            self.starttls(context=relay.tls)
        self.ehlo_or_helo_if_needed()
        if relay.username:
            self.login(relay.username, relay.password)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The hook that smtplib's own TLS class uses: the greeting may take longer than the connection."""
        plain = socket.create_connection((host, port), timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a text's last packet waits for an old ACK
        implicit = self._relay.security is Security.IMPLICIT
        connected = self._relay.tls.wrap_socket(plain, server_hostname=host) if implicit else plain
        connected.settimeout(self._relay.timeouts.command)
        return connected

    def wait(self, seconds: float) -> None:
        """How long the next answer may take."""
        if self.sock is not None:
            self.sock.settimeout(seconds)

    def transmit(self, octets: bytes) -> None:
        """All octets at once; smtplib's own `send` would close the connection on a failure, and lose the answer."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("The connection is closed.")
        self.sock.sendall(octets)
