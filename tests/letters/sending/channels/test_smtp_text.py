"""What travels over SMTP: the whole letter, nothing besides, and never to a server that can’t take it."""

from dataclasses import replace

import pytest

from letters.sending.channels.contract import ChannelError, Phase, Verdict
from letters.sending.channels.smtp import SmtpChannel
from tests.letters.sending.channels.smtp_letters import LETTER, body, preparing_fails, relay_of, send
from tests.smtp_faults import LAX_ENDS, FaultySmtpServer, running


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
