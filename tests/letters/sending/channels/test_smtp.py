"""Every way in which an SMTP server can fail, and what may be done about it."""

from contextlib import suppress
from dataclasses import replace

import pytest

from letters.sending.channels.contract import ChannelError, Phase, Receipt, Verdict
from letters.sending.channels.smtp import SmtpChannel
from tests.letters.sending.channels.smtp_letters import LETTER, handing_over_fails, preparing_fails, relay_of, send
from tests.smtp_faults import FaultySmtpServer, wait_until


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


@pytest.mark.parametrize("reply", ["421 4.3.2 too busy", "451 4.3.0 later", "550 5.7.1 not you"])
def test_a_refusal_at_ehlo_is_about_us_and_tried_again(
    server: FaultySmtpServer, channel: SmtpChannel, reply: str
) -> None:
    server.fault("EHLO", reply, closes=True)

    verdict, phase, _code = preparing_fails(channel)

    assert (verdict, phase) == (Verdict.RETRY, Phase.CONNECT)


def test_silence_at_ehlo_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("EHLO", silent=True)

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


def test_a_421_at_data_is_tried_again(server: FaultySmtpServer, channel: SmtpChannel) -> None:
    server.fault("DATA", "421 4.3.2 shutting down")

    assert handing_over_fails(channel) == (Verdict.RETRY, Phase.DATA, 421)


def test_silence_at_data_is_tried_again_because_no_text_had_left(
    server: FaultySmtpServer, channel: SmtpChannel
) -> None:
    server.fault("DATA", silent=True)

    assert handing_over_fails(channel) == (Verdict.RETRY, Phase.DATA, 0)
    assert server.received == []


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
