"""A message as the bytes that travel, built by hand.

Django's and the standard library's message classes spend about half a millisecond a message, more than a claim and an
SMTP transaction together. Our messages are simple (one text, sometimes with an HTML twin), so a few short functions
do. Rules: RFC 5322 (headers, line length), RFC 2045 (transfer encodings), RFC 2047 (non-ASCII headers), RFC 5321
(addresses), RFC 6532 (UTF-8 headers for addresses that need them).
"""

import re
import unicodedata
from base64 import b64encode, encodebytes
from dataclasses import dataclass
from email.utils import format_datetime, quote
from hashlib import blake2s

import idna

from letters.sending.channels.contract import Attachment, ChannelError, Message, Phase, Verdict

CRLF = b"\r\n"
LOCAL_PART_LIMIT, DOMAIN_LIMIT = 64, 255  # octets, RFC 5321 section 4.5.3.1
LINE_LIMIT = 998  # octets without CRLF, RFC 5322 section 2.1.1
HEADER_LINE = 76  # an encoded line, RFC 2047 section 2
WORD_OCTETS = 45  # 60 characters of base64: the longest encoded word of 75 characters, RFC 2047 section 2

_DOT_ATOM = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")  # \w: also UTF-8, RFC 6531 section 3.3
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+", re.ASCII)
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_FILE_NAME = re.compile(r"[a-z0-9-]+\.[a-z0-9]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_OURS = frozenset(
    {"from", "sender", "to", "cc", "bcc", "reply-to", "return-path", "subject", "date", "message-id", "received"}
    | {"mime-version", "content-type", "content-transfer-encoding", "content-language"}
)


def unbuildable(detail: str) -> ChannelError:
    """The failure of a message that no attempt can ever send as it is."""
    return ChannelError(Verdict.FINAL, Phase.BUILD, detail)


@dataclass(frozen=True, slots=True)
class Address:
    """An email address as it stands in the envelope. `needs_utf8` is true for a non-ASCII local part (RFC 6531)."""

    spec: str
    needs_utf8: bool

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read a bare `local@domain`; the domain becomes punycode.

        Quoted local parts and address literals are refused: no office uses them and every injection does.

        Raises:
            ChannelError: the text is not one address.
        """
        local, at, domain = text.rpartition("@")
        if not at or len(local.encode(errors="replace")) > LOCAL_PART_LIMIT or not _DOT_ATOM.fullmatch(local):
            raise unbuildable("The address is not one plain email address.")
        return cls(f"{local}@{_ascii_domain(domain)}", not local.isascii())


def _ascii_domain(domain: str) -> str:
    try:
        host = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise unbuildable("The domain of the address cannot exist.") from None
    if len(host) > DOMAIN_LIMIT or not _HOST.fullmatch(host):
        raise unbuildable("The domain of the address cannot exist.")
    return host


def build(message: Message, *, eight_bit: bool = False) -> bytes:
    """The whole message with CRLF line ends, the same bytes for the same message, without dot-stuffing.

    The text arrives as it was written, but for CRLF line ends and one line end at the close. It travels as plain
    ASCII or, where the server offers 8BITMIME (`eight_bit`), as UTF-8; else, or with a line over 998 octets, in base64.

    Raises:
        ChannelError: a header value holds a control character, or an address is not one address.
    """
    part_headers, body = _content(message, eight_bit=eight_bit)
    lines = [
        _mailbox_header("From", message.sender_name, message.sender),
        _mailbox_header("To", message.to_name, message.to),
        *([_mailbox_header("Reply-To", "", message.reply_to)] if message.reply_to else []),
        _text_header("Subject", message.subject),
        f"Date: {format_datetime(message.date)}",
        f"Message-ID: {_message_id(message.message_id)}",
        *(_raw_header(name, value) for name, value in message.headers),
        "MIME-Version: 1.0",
        *([f"Content-Language: {_raw_value(message.language)}"] if message.language else []),
        *part_headers,
    ]
    return "\r\n".join(lines).encode() + CRLF + CRLF + body


def _content(message: Message, *, eight_bit: bool) -> tuple[list[str], bytes]:
    text = _part(message.text, "plain", eight_bit=eight_bit)
    if message.html:
        # Plain text first, its HTML twin last: the last is what a reader that can shows (RFC 2046 section 5.1.4).
        text = _multipart(message, "alternative", text, _part(message.html, "html", eight_bit=eight_bit))
    return _multipart(message, "mixed", text, _file(message.attachment)) if message.attachment else text


def _part(text: str, subtype: str, *, eight_bit: bool) -> tuple[list[str], bytes]:
    """One text as its MIME headers and its encoded octets."""
    octets = _octets(text)
    if max(map(len, octets.split(CRLF))) > LINE_LIMIT:
        encoding = "base64"
    elif octets.isascii():
        encoding = "7bit"
    else:
        encoding = "8bit" if eight_bit else "base64"
    body = encodebytes(octets).replace(b"\n", CRLF) if encoding == "base64" else octets
    return [f"Content-Type: text/{subtype}; charset=utf-8", f"Content-Transfer-Encoding: {encoding}"], body


def _octets(text: str) -> bytes:
    """UTF-8 with CRLF line ends: a bare CR or LF would be what SMTP smuggling is made of."""
    try:
        octets = _LINE_END.sub("\r\n", text).encode()
    except UnicodeEncodeError:
        raise unbuildable("The text holds half a character (a lone surrogate).") from None
    if b"\0" in octets:
        raise unbuildable("The text holds a NUL character.")
    return octets if octets.endswith(CRLF) else octets + CRLF


def _file(attachment: Attachment) -> tuple[list[str], bytes]:
    """A file as its MIME headers (RFC 2183) and its encoded octets."""
    if not _FILE_NAME.fullmatch(attachment.name):
        raise unbuildable("The file has a name that is not plain.")
    headers = [
        f"Content-Type: {_raw_value(attachment.content_type)}",
        f'Content-Disposition: attachment; filename="{attachment.name}"',
        "Content-Transfer-Encoding: base64",
    ]
    return headers, encodebytes(attachment.octets).replace(b"\n", CRLF)


def _multipart(message: Message, subtype: str, *parts: tuple[list[str], bytes]) -> tuple[list[str], bytes]:
    """Several parts as one (RFC 2046 section 5.1); the same message has the same boundary."""
    boundary = "=_" + blake2s(f"{subtype}{message.message_id}{message.text}".encode(), digest_size=16).hexdigest()
    body = b"".join(
        f"--{boundary}\r\n".encode() + "\r\n".join(headers).encode() + CRLF + CRLF + octets for headers, octets in parts
    )
    return [f'Content-Type: multipart/{subtype}; boundary="{boundary}"'], body + f"--{boundary}--\r\n".encode()


def printable(value: str) -> str:
    """The value itself, when every character may stand in a header.

    Control characters of any kind would start another header (CR, LF, and for some readers VT, FF, FS, GS, RS, NEL,
    U+2028 and U+2029); surrogates cannot be encoded.

    Raises:
        ChannelError: one of them is there.
    """
    if value.isascii() and value.isprintable():
        return value
    for character in value:
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise unbuildable(f"A header holds the character U+{ord(character):04X}.")
    return value


def _text_header(name: str, value: str) -> str:
    room = HEADER_LINE - len(name) - 2
    return f"{name}: {value if _stands_bare(printable(value), room) else _encoded_words(value)}"


def _mailbox_header(name: str, display: str, address: str) -> str:
    """One mailbox: whatever the display name says, it stays a name."""
    spec = Address.parse(address).spec
    if _stands_bare(printable(display), HEADER_LINE - len(name) - 2):
        return f'{name}: "{quote(display)}" <{spec}>' if display else f"{name}: {spec}"
    return f"{name}: {_encoded_words(display)}\r\n <{spec}>"


def _stands_bare(value: str, room: int) -> bool:
    """Whether the value can be written as it is; "=?" would be decoded by the reader, so it is encoded first."""
    return value.isascii() and len(value) <= room and "=?" not in value


def _encoded_words(value: str) -> str:
    """RFC 2047: base64 words of whole characters, one a line."""
    words, word = [], b""
    for character in value:
        octets = character.encode()
        if len(word) + len(octets) > WORD_OCTETS:
            words.append(word)
            word = b""
        word += octets
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in [*words, word])


def _message_id(value: str) -> str:
    bare = value.removeprefix("<").removesuffix(">")
    if not _MESSAGE_ID.fullmatch(bare) or len(bare) > LINE_LIMIT - 14:
        raise unbuildable("The Message-ID is not one identifier.")
    return f"<{bare}>"


def _raw_header(name: str, value: str) -> str:
    """A structured header of our own making, such as Auto-Submitted or List-Unsubscribe."""
    if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
        raise unbuildable("An added header has a name that is not its own.")
    return f"{name}: {_raw_value(value)}"


def _raw_value(value: str) -> str:
    if not value.isascii() or len(value) > LINE_LIMIT - 80:
        raise unbuildable("An added header is not short and ASCII.")
    return printable(value)
