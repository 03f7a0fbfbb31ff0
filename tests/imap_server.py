"""A real IMAP server for tests, with as many mailboxes as one asks for."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from imap_tools import BaseMailBox, MailBoxUnencrypted

from tests import servers


@dataclass(frozen=True)
class Mailbox:
    """A mailbox of its own on the running server."""

    user: str
    password: str
    port: int
    tls_port: int

    @property
    def url(self) -> str:
        """Return the address without TLS, for loopback only."""
        return f"imap://{self.user}:{quote(self.password)}@127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        """Return the address with TLS; its certificate is the fixture `certificate`."""
        return f"imaps://{self.user}:{quote(self.password)}@127.0.0.1:{self.tls_port}"

    def opened(self) -> BaseMailBox:
        """Return a connection of one's own, to be closed by `with`."""
        return MailBoxUnencrypted("127.0.0.1", self.port).login(self.user, self.password)

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Let mails arrive."""
        with self.opened() as box:
            for mail in mails:
                box.append(mail, folder)

    def mails(self, folder: str = "INBOX") -> list[bytes]:
        """Return the mails of a folder as they arrived, read or not."""
        with self.opened() as box:
            box.folder.set(folder)
            return [bytes(mail.obj) for mail in box.fetch(mark_seen=False)]

    def folders(self) -> set[str]:
        """Return the names of all folders."""
        with self.opened() as box:
            return {folder.name for folder in box.folder.list()}


@dataclass(frozen=True)
class ImapServer:
    """A running Dovecot."""

    password: str
    port: int
    tls_port: int

    def mailbox(self) -> Mailbox:
        """Return an empty mailbox that nobody used before."""
        return Mailbox(f"box{secrets.token_hex(4)}", self.password, self.port, self.tls_port)


def imap_server(certificate: Path) -> Iterator[ImapServer]:
    """Run a server that shows `certificate`."""
    server = ImapServer(secrets.token_hex(16), servers.free_port(), servers.free_port())
    address = f"imap://:{server.password}@127.0.0.1:{server.port}?tls={server.tls_port}&certificate={certificate}"
    keeper = servers.Server("dovecot", address)
    yield server
    keeper.stop()


def self_signed(path: Path) -> Path:
    """Write a certificate for the loopback address to `path`, with its key in the same file, and return `path`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        signed.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, encryption_algorithm=plain)
    )
    return path
