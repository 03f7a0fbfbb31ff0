"""TLS and passwords: without the protection that was asked for, nothing leaves."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from letters.sending.channels.contract import Phase, Verdict
from letters.sending.channels.relay import Security
from letters.sending.channels.smtp import SmtpChannel
from tests.letters.sending.channels.smtp_letters import (
    preparing_fails,
    relay_of,
    send,
)
from tests.smtp_faults import FaultySmtpServer, running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a self-signed certificate for the loopback address, with its key in the same file."""
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
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        signed.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, encryption_algorithm=plain)
    )
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    """Return the server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return a client's side that knows this certificate."""
    return ssl.create_default_context(cafile=str(certificate))


def test_starttls_and_a_password(certificate: Path, server_tls: ssl.SSLContext) -> None:
    with running(FaultySmtpServer(tls=server_tls, extensions=("AUTH PLAIN",))) as server:
        relay = relay_of(server, security=Security.STARTTLS, tls=trusting(certificate), username="u", password="p")
        with SmtpChannel(relay) as channel:
            send(channel)

    assert [command.split()[0] for command in server.commands[:4]] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]
    assert len(server.received) == 1


def test_tls_from_the_first_octet(certificate: Path, server_tls: ssl.SSLContext) -> None:
    server = FaultySmtpServer(tls=server_tls, implicit=True)
    relay = relay_of(server, security=Security.IMPLICIT, tls=trusting(certificate))
    with running(server), SmtpChannel(relay) as channel:
        send(channel)

    assert len(server.received) == 1


def test_a_server_that_cannot_do_starttls_gets_nothing(server: FaultySmtpServer) -> None:
    channel = SmtpChannel(relay_of(server, security=Security.STARTTLS))

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.CONNECT, 0)
    assert not any(command.startswith("MAIL") for command in server.commands)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.IMPLICIT])
def test_a_certificate_that_nobody_vouches_for_gets_nothing(server_tls: ssl.SSLContext, security: Security) -> None:
    with running(FaultySmtpServer(tls=server_tls, implicit=security is Security.IMPLICIT)) as server:
        assert preparing_fails(SmtpChannel(relay_of(server, security=security))) == (Verdict.RETRY, Phase.CONNECT, 0)


def test_a_wrong_password_is_about_us_and_tried_again(certificate: Path, server_tls: ssl.SSLContext) -> None:
    with running(FaultySmtpServer(tls=server_tls, extensions=("AUTH PLAIN",))) as server:
        server.fault("AUTH", "535 5.7.8 wrong")
        relay = relay_of(server, security=Security.STARTTLS, tls=trusting(certificate), username="u", password="p")

        assert preparing_fails(SmtpChannel(relay)) == (Verdict.RETRY, Phase.CONNECT, 535)
