"""Three providers take a letter as it is; whatever goes wrong is classified for what it was."""

from collections.abc import Iterator
from dataclasses import replace
from email.utils import getaddresses
from typing import Any

import pytest
import requests
from pytest_django import Settings

from letters.sending.channels.contract import Attachment, ChannelError, Message, Phase, Receipt, Verdict
from letters.sending.channels.mail import open_mail
from letters.sending.channels.provider.channel import ProviderChannel, never_left
from letters.sending.channels.smtp import SmtpChannel
from tests.letters.sending.channels.smtp_letters import LETTER as BY_SMTP
from tests.mail_providers import Fault, MailgunServer, PostmarkServer, ProviderServer, ResendServer, running

LETTER = replace(
    BY_SMTP,
    text="Dear Sir,\n\n* free them *  https://example.org/?a=1&b=2 %recipient% {{ name }}\n\nЮлия O’Neill\n",
    sender_name="Юлия O’Neill via “Postbag”",
    reply_to="reply+1.abc@postbag.test",
    attempt="4711@postbag.test.3",
    headers=(("Auto-Submitted", "auto-generated"),),
)
ALL = pytest.mark.parametrize("kind", [PostmarkServer, ResendServer, MailgunServer])


@pytest.fixture
def server(kind: type[ProviderServer], settings: Settings) -> Iterator[ProviderServer]:
    """Return a provider that the site sends through."""
    with running(kind()) as server:
        server.use(settings)
        yield server


def send(message: Message = LETTER) -> Receipt:
    """Hand one message over in both steps."""
    with open_mail() as channel:
        assert isinstance(channel, ProviderChannel)
        channel.prepare(message)
        return channel.hand_over()


def failure(message: Message = LETTER) -> tuple[Verdict, Phase, int]:
    """Return how handing it over failed."""
    with pytest.raises(ChannelError) as failed:
        send(message)
    return failed.value.verdict, failed.value.phase, failed.value.code


@ALL
def test_a_letter_arrives_as_it_was_written(server: ProviderServer) -> None:
    assert send().reference

    [mail] = server.mails
    assert (mail.text, mail.html, mail.subject) == (LETTER.text, "", LETTER.subject)
    assert getaddresses([mail.sender]) == [(LETTER.sender_name, LETTER.sender)]
    assert getaddresses([mail.to]) == [(LETTER.to_name, LETTER.to)]
    assert getaddresses([mail.reply_to]) == [("", LETTER.reply_to)]
    headers = {name.lower(): value for name, value in mail.headers.items()}
    assert headers["auto-submitted"] == "auto-generated"
    assert headers["message-id"] == LETTER.message_id
    assert mail.mark == LETTER.attempt


@ALL
def test_nobody_is_followed(server: ProviderServer) -> None:
    send()

    asked = server.mails[0].asked
    off: dict[str, dict[str, Any]] = {
        "postmark": {"TrackOpens": False, "TrackLinks": "None", "Headers": asked.get("Headers")},
        "mailgun": {"o:tracking": "no", "o:tracking-opens": "no", "o:tracking-clicks": "no"},
        "resend": {},  # a switch of the domain
    }
    wanted = off[server.name]
    assert {name: asked[name] for name in wanted} == wanted


@ALL
def test_mail_of_ours_has_its_html_and_a_fax_its_file(server: ProviderServer) -> None:
    send(replace(LETTER, html="<p>Confirm</p>"))
    assert server.mails[0].html == "<p>Confirm</p>"

    if server.name != "mailgun":  # whose form with files the server of the tests does not read
        send(replace(LETTER, attempt="another", attachment=Attachment("fax.pdf", "application/pdf", b"%PDF-1.7")))
        assert "JVBERi0xLjc=" in str(server.mails[1].asked)


@ALL
@pytest.mark.parametrize(
    ("field", "value"),
    [("sender_name", "Ada\r\nBcc: x@y.test"), ("subject", "a\nb"), ("to", "a@b.test, c@d.test"), ("to_name", "x\x0b")],
)
def test_no_field_can_start_another_header_or_add_an_address(server: ProviderServer, field: str, value: str) -> None:
    broken: Any = {field: value}
    assert failure(replace(LETTER, **broken)) == (Verdict.FINAL, Phase.BUILD, 0)
    assert server.requests == 0


@ALL
def test_a_name_that_looks_like_addresses_stays_a_name(server: ProviderServer) -> None:
    name = '"Ada" <v@x.test>, Bob'
    send(replace(LETTER, sender_name=name))
    assert getaddresses([server.mails[0].sender]) == [(name, LETTER.sender)]


# ── What goes wrong ───────────────────────────────────────────────────────────────────────────────────────────────────


@ALL
@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (Fault(400), Verdict.FINAL),
        (Fault(413), Verdict.FINAL),
        (Fault(422), Verdict.FINAL),
        (Fault(401), Verdict.RETRY),
        (Fault(402), Verdict.RETRY),
        (Fault(403), Verdict.RETRY),
        (Fault(404), Verdict.RETRY),
        (Fault(429), Verdict.RETRY),
        (Fault(408, taken=True), Verdict.UNKNOWN),
        (Fault(409, taken=True), Verdict.UNKNOWN),
        (Fault(307), Verdict.UNKNOWN),
        (Fault(500, taken=True), Verdict.UNKNOWN),
        (Fault(503, b"<html>", taken=True), Verdict.UNKNOWN),
        (Fault(200, b"nonsense", taken=True), Verdict.UNKNOWN),
        (Fault(200, {}, taken=True), Verdict.UNKNOWN),
        (Fault(taken=True), Verdict.UNKNOWN),
        (Fault(taken=False), Verdict.UNKNOWN),
    ],
    ids=str,
)
def test_each_answer_allows_what_it_says(server: ProviderServer, fault: Fault, verdict: Verdict) -> None:
    body = {"ErrorCode": 300, "Message": "Error"} if server.name == "postmark" and fault.body is None else fault.body
    server.faults.append(Fault(fault.status, body, fault.taken))

    assert failure() == (verdict, Phase.BODY, fault.status)
    assert server.requests == 1, "nothing is tried twice"
    assert send().reference, "the next one arrives"


@pytest.mark.parametrize("kind", [PostmarkServer])
@pytest.mark.parametrize("code", [10, 400, 405, 412])
def test_a_refusal_that_blames_our_account_is_not_the_letters_fault(server: ProviderServer, code: int) -> None:
    server.faults.append(Fault(422, {"ErrorCode": code, "Message": "Not allowed to send"}))
    assert failure() == (Verdict.RETRY, Phase.BODY, 422)


@pytest.mark.parametrize("kind", [PostmarkServer])
def test_a_recipient_on_the_providers_list_is_final_and_its_address_not_logged(server: ProviderServer) -> None:
    with pytest.raises(ChannelError) as failed:
        send(replace(LETTER, to="gone@ministry.test"))

    assert failed.value.verdict is Verdict.FINAL
    assert "inactive" in failed.value.detail
    assert "gone@" not in failed.value.detail


@pytest.mark.parametrize("kind", [PostmarkServer])
def test_a_wrong_key_is_our_fault(server: ProviderServer, settings: Settings) -> None:
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_SERVER_TOKEN": "wrong"}
    assert failure() == (Verdict.RETRY, Phase.BODY, 401)


@ALL
def test_a_provider_that_can_not_be_reached_is_tried_again(server: ProviderServer, settings: Settings) -> None:
    name = f"{server.name.upper()}_API_URL"
    settings.ANYMAIL = settings.ANYMAIL | {name: "http://127.0.0.1:1/"}
    assert failure() == (Verdict.RETRY, Phase.CONNECT, 0)

    settings.ANYMAIL = settings.ANYMAIL | {name: "http://provider.invalid/"}
    assert failure() == (Verdict.RETRY, Phase.CONNECT, 0)


@pytest.mark.parametrize("kind", [ResendServer])
def test_silence_after_the_request_is_unknown(server: ProviderServer, settings: Settings) -> None:
    settings.ANYMAIL = settings.ANYMAIL | {"REQUESTS_TIMEOUT": (5, 0.2)}
    server.faults.append(Fault(taken=True, silent=1))
    assert failure() == (Verdict.UNKNOWN, Phase.BODY, 0)


def test_only_what_surely_did_not_leave_is_believed_not_to_have_left() -> None:
    assert never_left(requests.ConnectTimeout())
    assert not never_left(requests.ReadTimeout())
    assert not never_left(requests.ConnectionError())
    assert not never_left(None)


@pytest.mark.parametrize("kind", [PostmarkServer])
def test_a_relay_is_still_a_relay(server: ProviderServer, settings: Settings) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    with open_mail() as channel:
        assert isinstance(channel, SmtpChannel)


@pytest.mark.parametrize("kind", [ResendServer])
def test_a_prepared_message_is_handed_over_once(server: ProviderServer) -> None:
    with open_mail() as channel:
        channel.prepare(LETTER)
        channel.hand_over()
        with pytest.raises(RuntimeError):
            channel.hand_over()
