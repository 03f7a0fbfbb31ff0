"""The bytes of a message, as any reader will understand them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.sending.channels.contract import ChannelError, Message, Phase, Verdict
from letters.sending.channels.mime import Address, build

LETTER = Message(
    message_id="<4711@postbag.test>",
    to="prosecutor@office.test",
    sender="letters@postbag.test",
    subject="The trial of the six",
    text="Dear Sir,\n\nplease release them.\n",
    date=datetime(2026, 11, 21, 12, tzinfo=UTC),
    language="en",
)
BREAKS = ["\r\n", "\r", "\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\0", "\x7f", "\t"]
SINGLE = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
HEADER_FIELDS: dict[str, Callable[[str], Message]] = {
    "subject": lambda value: replace(LETTER, subject=value),
    "sender's name": lambda value: replace(LETTER, sender_name=value),
    "office's name": lambda value: replace(LETTER, to_name=value),
    "office's address": lambda value: replace(LETTER, to=value),
    "sender's address": lambda value: replace(LETTER, sender=value),
    "reply address": lambda value: replace(LETTER, reply_to=value),
    "language": lambda value: replace(LETTER, language=value),
    "message id": lambda value: replace(LETTER, message_id=value),
    "added header": lambda value: replace(LETTER, headers=(("Auto-Submitted", value),)),
    "added header's name": lambda value: replace(LETTER, headers=((value, "yes"),)),
}
NAMES_THAT_WANT_TO_BE_ADDRESSES = [
    '"Ada" <v@evil.test>, Bob',
    "v@evil.test",
    "Ada, v@evil.test",
    "Ada <v@evil.test>",
    'Ada" <v@evil.test>, "Bob',
    'Ada\\" <v@evil.test>',
    "Ада <v@evil.test>, Боб",
    "=?utf-8?q?v=40evil=2Etest=2C?=",
    "group: v@evil.test;",
    "(comment) v@evil.test",
]
NOT_ONE_ADDRESS = [
    "",
    "office",
    "@office.test",
    "office@",
    "a@b@office.test",
    "a b@office.test",
    "office@office.test, v@evil.test",
    "office@office.test>",
    "<office@office.test>",
    "Ada <office@office.test>",
    '"quoted"@office.test',
    "office@[127.0.0.1]",
    "office@-office.test",
    "office@office..test",
    ".office@office.test",
    "office.@office.test",
    "office@office.test SIZE=1",
    "x" * 65 + "@office.test",
    "office@" + "x" * 64 + ".test",
    "office@xn--\u0430.test",
    "\ud800@office.test",
]


def read(message: Message, *, eight_bit: bool = True) -> EmailMessage:
    """Return the message as a reader parses it."""
    return message_from_bytes(build(message, eight_bit=eight_bit), policy=policy.default)


def text_of(message: Message, *, eight_bit: bool = True) -> str:
    """Return the plain text as a reader shows it."""
    part = read(message, eight_bit=eight_bit).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def decoded(header: str) -> str:
    """Return a header by the letter of RFC 2047: blanks between encoded words do not count (section 6.2)."""
    return str(make_header(decode_header(header)))


def test_a_message_has_each_header_once() -> None:
    parsed = read(replace(LETTER, reply_to="r+4711@postbag.test", headers=(("Auto-Submitted", "auto-generated"),)))

    assert [len(parsed.get_all(name, [])) for name in SINGLE] == [1] * len(SINGLE)
    assert parsed["Date"] == "Sat, 21 Nov 2026 12:00:00 +0000"
    assert parsed["Message-ID"] == "<4711@postbag.test>"
    assert parsed["Reply-To"] == "r+4711@postbag.test"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Content-Language"] == "en"
    assert parsed["Bcc"] is None


def test_the_same_message_is_the_same_bytes_each_time() -> None:
    assert build(LETTER) == build(replace(LETTER))


@pytest.mark.parametrize("field", HEADER_FIELDS)
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_no_field_can_start_another_header(field: str, line_break: str) -> None:
    with pytest.raises(ChannelError) as failure:
        build(HEADER_FIELDS[field](f"a{line_break}Bcc: v@evil.test"))

    assert (failure.value.verdict, failure.value.phase) == (Verdict.FINAL, Phase.BUILD)
    assert "evil" not in failure.value.detail


@pytest.mark.parametrize("name", NAMES_THAT_WANT_TO_BE_ADDRESSES)
def test_a_name_stays_a_name(name: str) -> None:
    parsed = read(replace(LETTER, sender_name=name, to_name=name))

    for header, address in (("From", "letters@postbag.test"), ("To", "prosecutor@office.test")):
        assert [found for _, found in getaddresses(parsed.get_all(header, []))] == [address]
        assert [mailbox.display_name for mailbox in parsed[header].addresses] == [name]


@pytest.mark.parametrize("text", NOT_ONE_ADDRESS)
def test_what_is_not_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(ChannelError):
        Address.parse(text)


@pytest.mark.parametrize("text", ["a@office.test", "o'neil+x@office.test", "-oQ/tmp@office.test", "a@localhost"])
def test_an_odd_but_plain_address_is_kept(text: str) -> None:
    assert Address.parse(text) == Address(text, needs_utf8=False)


@hypothesis.settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_any_printable_subject_and_name_arrive_as_they_were(value: str) -> None:
    parsed = message_from_bytes(build(replace(LETTER, subject=value, sender_name=value)))
    subject, (name, address) = decoded(parsed["Subject"]), parseaddr(parsed["From"])

    assert subject.split() == value.split()
    assert decoded(name).split() == value.split()
    assert address == "letters@postbag.test"


@hypothesis.settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.booleans())
def test_any_text_arrives_as_it_was(text: str, eight_bit: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    arrived = text_of(replace(LETTER, text=text), eight_bit=eight_bit).replace("\r\n", "\n")

    assert arrived == (lines if lines.endswith("\n") else lines + "\n")


@hypothesis.settings(deadline=None)
@given(st.text(max_size=3000))
def test_no_line_is_too_long_and_no_line_end_is_bare(text: str) -> None:
    try:
        octets = build(replace(LETTER, text=text, subject="x" * 300 + "я" * 300), eight_bit=True)
    except ChannelError:
        return

    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    assert max(map(len, octets.split(b"\r\n"))) <= 998


def test_a_paragraph_of_one_long_line_arrives_in_one_piece() -> None:
    paragraph = "Мы просим освободить их. " * 200

    assert text_of(replace(LETTER, text=paragraph)) == paragraph + "\r\n"


def test_headers_are_ascii_without_smtputf8() -> None:
    named = replace(LETTER, sender_name="Ада Лавлейс", to_name="Военный прокурор", subject="Шестеро")

    assert build(named).partition(b"\r\n\r\n")[0].isascii()


def test_encoded_words_hold_whole_characters_and_fit_their_lines() -> None:
    head = build(replace(LETTER, subject="🕊" * 100)).partition(b"\r\n\r\n")[0]

    assert max(map(len, head.split(b"\r\n"))) <= 78 + len("Subject: ")
    assert read(replace(LETTER, subject="🕊" * 100))["Subject"] == "🕊" * 100


@pytest.mark.parametrize("text", ["half \ud800 a character", "a NUL \0"])
def test_a_text_that_cannot_travel_is_final(text: str) -> None:
    with pytest.raises(ChannelError) as failure:
        build(replace(LETTER, text=text))

    assert failure.value.verdict is Verdict.FINAL


def test_a_text_with_an_html_twin_is_an_alternative_with_the_plain_text_first() -> None:
    parsed = read(replace(LETTER, html="<p>Здравствуйте</p>"), eight_bit=False)

    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    html = parsed.get_body(("html",))
    assert html is not None
    assert "Здравствуйте" in html.get_content()


@pytest.mark.parametrize("name", ["Bcc", "from", "Content-Type", "X Y", "X:", ""])
def test_an_added_header_cannot_replace_ours(name: str) -> None:
    with pytest.raises(ChannelError):
        build(replace(LETTER, headers=((name, "x"),)))
