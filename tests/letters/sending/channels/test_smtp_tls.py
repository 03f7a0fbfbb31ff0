"""TLS and passwords: without the protection that was asked for, nothing leaves."""

import ssl
from pathlib import Path

import pytest

from letters.sending.channels.contract import Phase, Verdict
from letters.sending.channels.relay import Security
from letters.sending.channels.smtp import SmtpChannel
from tests.letters.sending.channels.smtp_letters import (
    preparing_fails,
    relay_of,
    send,
)
from tests.smtp_faults import FaultySmtpServer, running


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
