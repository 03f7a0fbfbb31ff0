"""Every way in which an SMTP server can fail, and what may be done about it."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from letters.sending.channels.contract import ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.relay import Relay, Security, Timeouts
from letters.sending.channels.smtp import SmtpChannel
from tests.smtp_faults import LAX_ENDS, FaultySmtpServer, running, wait_until

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


def test_a_taken_message_gives_the_servers_own_reference(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    assert send(channel) == Receipt("2.0.0 Ok: queued as 1")

    (received,) = server.received
    assert received.mail_from.startswith("MAIL FROM:<b+4711@bounces.postbag.test>")
    assert received.rcpt_to == ("RCPT TO:<prosecutor@office.test>",)


# ── Before the text: nothing can have been taken ──────────────────────────────────────────────────────────────────────


def test_a_server_that_is_not_there_is_tried_again() -> None:
    server = FaultySmtpServer()
    server.stop()

    assert preparing_fails(SmtpChannel(relay_of(server))) == (Verdict.RETRY, Phase.CONNECT, 0)


def test_a_server_without_a_banner_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("banner", silent=True)

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.CONNECT, 0)


def test_a_421_banner_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("banner", "421 4.3.2 too busy")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.CONNECT, 421)


def test_a_554_banner_is_about_us_and_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("banner", "554 5.7.1 your address is on a list")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.CONNECT, 554)


def test_a_drop_at_the_banner_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("banner")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.CONNECT, 0)


def test_a_drop_at_ehlo_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("EHLO")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.CONNECT, 0)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_drop_at_mail_or_rcpt_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel, command: str) -> None:
    server.fault(command)

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.ENVELOPE, 0)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_silence_at_mail_or_rcpt_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel, command: str) -> None:
    server.fault(command, silent=True)

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.ENVELOPE, 0)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_4xx_at_mail_or_rcpt_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel, command: str) -> None:
    server.fault(command, "450 4.2.0 greylisted")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.ENVELOPE, 450)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_5xx_at_mail_or_rcpt_is_final(server: FaultySmtpServer, channel: SmtpChannel, command: str) -> None:
    server.fault(command, "550 5.1.1 user unknown")

    assert preparing_fails(channel) == (Verdict.FINAL, Phase.ENVELOPE, 550)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_421_at_mail_or_rcpt_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel, command: str) -> None:
    server.fault(command, "421 4.3.2 shutting down")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.ENVELOPE, 421)


def test_a_garbled_reply_before_the_text_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("RCPT", "@@ what")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.ENVELOPE, 0)


def test_a_demand_to_authenticate_is_not_the_letters_fault(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("MAIL", "530 5.7.0 Authentication required")

    assert preparing_fails(channel) == (Verdict.RETRY, Phase.ENVELOPE, 530)


def test_a_4xx_at_data_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("DATA", "451 4.3.0 disk full")

    assert handing_over_fails(channel) == (Verdict.RETRY, Phase.DATA, 451)


def test_a_5xx_at_data_is_final(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("DATA", "554 5.7.1 no")

    assert handing_over_fails(channel) == (Verdict.FINAL, Phase.DATA, 554)


def test_a_drop_at_data_is_tried_again_because_no_text_had_left(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("DATA")

    assert handing_over_fails(channel) == (Verdict.RETRY, Phase.DATA, 0)


# ── After the text has begun to leave ─────────────────────────────────────────────────────────────────────────────────


def test_a_drop_in_mid_body_is_unknown(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("body")

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 0)
    assert server.received == []


def test_a_server_that_refuses_in_mid_body_and_hangs_up_is_believed(
    server: FaultySmtpServer, channel: SmtpChannel
) -> None:
    server.fault("body", "552 5.3.4 too big", closes=True)

    assert handing_over_fails(channel) == (Verdict.FINAL, Phase.BODY, 552)


def test_a_4xx_after_the_dot_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("dot", "451 4.3.0 try later")

    assert handing_over_fails(channel) == (Verdict.RETRY, Phase.BODY, 451)


def test_a_5xx_after_the_dot_is_final(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("dot", "550 5.7.1 looks like spam")

    assert handing_over_fails(channel) == (Verdict.FINAL, Phase.BODY, 550)


def test_a_garbled_reply_after_the_dot_is_unknown(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("dot", "2x0 hm", taken=True)

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 0)


def test_an_endless_reply_after_the_dot_is_unknown(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    """A line over its limit is reported by smtplib as a reply of 500: that is not the server's word."""
    server.fault("dot", "250 " + "x" * 20_000, taken=True)

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 0)


def test_a_421_after_the_dot_is_unknown_although_the_message_was_taken(
    server: FaultySmtpServer, channel: SmtpChannel
) -> None:
    server.fault("dot", "421 4.3.2 shutting down", taken=True)

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 421)
    assert len(server.received) == 1


def test_a_drop_after_the_dot_is_unknown_although_the_message_was_taken(
    server: FaultySmtpServer, channel: SmtpChannel
) -> None:
    server.fault("dot", taken=True)

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 0)
    assert len(server.received) == 1


def test_silence_after_the_dot_is_unknown(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("dot", silent=True, taken=True)

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 0)


def test_half_a_reply_after_the_dot_is_unknown(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("dot", "250-and then", taken=True, closes=True)

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 0)


def test_a_redirecting_reply_after_the_dot_is_unknown(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("dot", "354 go on", taken=True)

    assert handing_over_fails(channel) == (Verdict.UNKNOWN, Phase.BODY, 354)


@pytest.mark.parametrize("silent", [True, False])
def test_silence_or_a_drop_at_quit_changes_nothing(
    server: FaultySmtpServer, channel: SmtpChannel, *, silent: bool
) -> None:
    server.fault("QUIT", silent=silent)

    receipt = send(channel)
    channel.close()

    assert receipt.reference == "2.0.0 Ok: queued as 1"
    assert server.commands[-1] == "QUIT"


@pytest.mark.parametrize("moment", ["MAIL", "RCPT", "DATA", "body", "dot"])
def test_after_each_failure_the_next_message_arrives(
    server: FaultySmtpServer, channel: SmtpChannel, moment: str
) -> None:
    for reply in ("", "450 4.0.0 later", "550 5.0.0 never", "421 4.3.2 bye", "nonsense"):
        server.received.clear()
        server.fault(moment, reply, closes=moment == "body")
        with suppress(ChannelError):
            send(channel, replace(LETTER, subject="the one that fails"))

        send(channel, replace(LETTER, subject="the next"))

        assert b"Subject: the next\r\n" in server.received[-1].data


# ── One connection for many messages ──────────────────────────────────────────────────────────────────────────────────


def test_one_connection_serves_many_messages(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    for _ in range(5):
        send(channel)

    assert server.sessions == 1
    assert [received.session for received in server.received] == [1] * 5


def test_a_connection_is_renewed_after_so_many_messages(server: FaultySmtpServer) -> None:
    with SmtpChannel(relay_of(server, messages_per_connection=2)) as channel:
        for _ in range(5):
            send(channel)

    assert [received.session for received in server.received] == [1, 1, 2, 2, 3]
    wait_until(lambda: server.commands.count("QUIT") == 3)


def test_a_server_that_hung_up_between_messages_is_called_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    send(channel)
    server.fault("MAIL")

    send(channel)

    assert [received.session for received in server.received] == [1, 2]


def test_a_server_that_says_421_between_messages_is_called_again(
    server: FaultySmtpServer, channel: SmtpChannel
) -> None:
    send(channel)
    server.fault("MAIL", "421 4.7.0 too many messages on one connection")

    send(channel)

    assert [received.session for received in server.received] == [1, 2]


def test_a_refused_recipient_does_not_cost_the_connection(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("RCPT", "550 5.1.1 user unknown")
    assert preparing_fails(channel) == (Verdict.FINAL, Phase.ENVELOPE, 550)

    send(channel)

    assert server.sessions == 1
    assert "RSET" in server.commands


def test_a_message_that_is_not_handed_over_is_given_up(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    channel.prepare(replace(LETTER, to="somebody.else@office.test"))
    send(channel)

    (received,) = server.received
    assert received.rcpt_to == ("RCPT TO:<prosecutor@office.test>",)


def test_a_prepared_message_is_handed_over_once(channel: SmtpChannel) -> None:
    send(channel)

    with pytest.raises(RuntimeError):
        channel.hand_over()


# ── What travels ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_dots_at_the_start_of_lines_survive(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    send(channel, replace(LETTER, text=".\n..\n.hidden\nend"))

    assert body(server.received[0].data) == b".\r\n..\r\n.hidden\r\nend\r\n"


@pytest.mark.parametrize("end", [b"\r\n.\r\n", *LAX_ENDS])
def test_a_text_cannot_smuggle_a_second_message(end: bytes) -> None:
    smuggled = end.decode() + "MAIL FROM:<x@evil.test>\r\nRCPT TO:<y@evil.test>\r\nDATA\r\nSubject: spam\r\n\r\nspam"
    with running(FaultySmtpServer(ends=LAX_ENDS)) as server, SmtpChannel(relay_of(server)) as channel:
        send(channel, replace(LETTER, text=f"Dear Sir,{smuggled}"))
        send(channel)

    assert len(server.received) == 2
    assert b"spam" in server.received[0].data


def test_a_long_text_arrives_whole(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    text = "".join(f"{number}: a line of a very long letter\n" for number in range(20_000))

    send(channel, replace(LETTER, text=text))

    assert body(server.received[0].data).decode().replace("\r\n", "\n") == text


def test_utf8_travels_as_it_is_where_the_server_allows_it(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    send(channel, replace(LETTER, text="Освободите их."))

    assert "BODY=8BITMIME" in server.received[0].mail_from
    assert body(server.received[0].data).decode() == "Освободите их.\r\n"


def test_utf8_travels_as_ascii_where_the_server_does_not_allow_it() -> None:
    with running(FaultySmtpServer(extensions=())) as server, SmtpChannel(relay_of(server)) as channel:
        send(channel, replace(LETTER, text="Освободите их."))

    assert server.received[0].mail_from == "MAIL FROM:<b+4711@bounces.postbag.test>"
    assert server.received[0].data.isascii()


def test_a_text_over_the_servers_limit_is_refused_before_it_leaves() -> None:
    with running(FaultySmtpServer(extensions=("SIZE 1000",))) as server, SmtpChannel(relay_of(server)) as channel:
        assert preparing_fails(channel, replace(LETTER, text="x\n" * 1000)) == (Verdict.FINAL, Phase.ENVELOPE, 552)
        send(channel)


def test_bounces_are_asked_to_leave_the_text_out() -> None:
    with running(FaultySmtpServer(extensions=("DSN",))) as server, SmtpChannel(relay_of(server)) as channel:
        send(channel)

    assert server.received[0].mail_from.endswith(" RET=HDRS")


def test_an_address_that_needs_smtputf8_is_refused_by_a_server_without_it(channel: SmtpChannel) -> None:
    assert preparing_fails(channel, replace(LETTER, to="юзер@почта.test")) == (Verdict.FINAL, Phase.BUILD, 0)


def test_an_address_that_needs_smtputf8_is_sent_with_it() -> None:
    server = FaultySmtpServer(extensions=("SMTPUTF8", "8BITMIME"))
    with running(server), SmtpChannel(relay_of(server)) as channel:
        send(channel, replace(LETTER, to="юзер@почта.test"))

    assert server.received[0].rcpt_to == ("RCPT TO:<юзер@xn--80a1acny.test>",)
    assert "SMTPUTF8" in server.received[0].mail_from


def test_an_international_domain_travels_as_punycode(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    send(channel, replace(LETTER, to="office@почта.test"))

    assert server.received[0].rcpt_to == ("RCPT TO:<office@xn--80a1acny.test>",)


@pytest.mark.parametrize("spelling", ["prosecutor@office.test", "Prosecutor@OFFICE.test", "private@elsewhere.test"])
def test_the_servers_words_are_kept_without_the_recipients_address(
    server: FaultySmtpServer, channel: SmtpChannel, spelling: str
) -> None:
    server.fault("RCPT", f"550 5.1.1 <{spelling}>:\t user unknown")

    with pytest.raises(ChannelError) as failure:
        channel.prepare(LETTER)

    assert failure.value.detail == "5.1.1 <(address)>:  user unknown"


# ── TLS and passwords ─────────────────────────────────────────────────────────────────────────────────────────────────


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


def body(data: bytes) -> bytes:
    """Return what stands after the headers."""
    return data.partition(b"\r\n\r\n")[2]
