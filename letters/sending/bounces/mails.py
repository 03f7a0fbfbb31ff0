"""A mail taken apart, whatever state it is in: broken MIME, wrong charsets, cut off, huge, empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from html import unescape

from letters.sending.bounces.words import pattern

# What a notice says stands at its beginning; what follows is the mail that it is about.
READ_BYTES = 1_000_000
TEXT_CHARACTERS = 60_000
HEADER_CHARACTERS = 2_000

# Where a notice stops speaking and the mail that came back begins.
ORIGINAL = pattern("original-begins", re.IGNORECASE | re.MULTILINE)
NOT_SHOWN = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
BLOCK = re.compile(r"<(?:br|/?(?:p|div|tr|li|h\d|table|td|pre|blockquote|ul|ol|hr))\b[^>]{0,2000}>", re.IGNORECASE)
TAG = re.compile(r"<(?:!|/?[a-z])[^<>]{0,2000}>", re.IGNORECASE)
MESSAGE_ID = re.compile(r"^[ \t>]*(?:original-)?message-id:\s*<?([^\s<>]{3,250})>?", re.IGNORECASE | re.MULTILINE)
ID = re.compile(r"<?([^\s<>]{3,250})>?")
REPORT = "message/delivery-status"
REPORTS = (REPORT, "message/global-delivery-status")
STUB_CHARACTERS = 80
FILES = ("text/rfc822-headers", "message/rfc822", "message/rfc822-headers", "message/global", "message/partial")


@dataclass(frozen=True)
class Mail:
    """The parts of a mail that tell what it is.

    `text` is what it says by itself, in Unicode with plain line ends, and `original` the beginning of the mail that it
    is about, as far as it is there; `reports` are its parts for machines, by content type; `attachments` name the rest.
    """

    headers: Message
    content_type: str
    text: str = ""
    original: str = ""
    reports: list[tuple[str, str]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)

    def header(self, name: str) -> str:
        """The decoded value of the header's first occurrence, on one line; "" when there is none."""
        return readable(self.headers.get(name))

    @property
    def kinds(self) -> set[str]:
        """The content types of the parts for machines."""
        return {kind for kind, _ in self.reports}

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return self.header("subject")

    @property
    def sender_address(self) -> str:
        """The author's address, in small letters."""
        return parseaddr(self.header("from"))[1].casefold()

    @property
    def original_id(self) -> str:
        """The Message-ID of the mail that this one is about, without brackets; "" when it does not say."""
        found = MESSAGE_ID.search(self.original)
        if found:
            return found[1]
        for name in ("x-original-message-id", "original-message-id", "in-reply-to", "references"):
            names = ID.findall(self.header(name))
            if names:
                return str(names[-1])
        return ""


def opened(raw: bytes) -> Mail:
    """Take a mail apart. It never fails: what can't be understood is left out."""
    raw = raw[:READ_BYTES].lstrip(b"\r\n\t \xef\xbb\xbf")
    try:
        return _opened(raw)
    except Exception:  # noqa: BLE001  # a mail made to break parsers: its plain bytes say what they can
        return _flat(raw)


def _opened(raw: bytes) -> Mail:
    message = message_from_bytes(raw)
    said, htmls, originals = [], [], []
    reports: list[tuple[str, str]] = []
    attachments = []
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in FILES:
            originals.append(_inside(part))
        elif kind in REPORTS:
            reports.append((REPORT, _inside(part)))
        elif kind.startswith("message/"):
            reports.append((kind, _inside(part)))
        elif not kind.startswith("text/") or part.get_content_disposition() == "attachment":
            attachments.append(f"{readable(part.get_filename()) or '?'} ({kind})")
        elif kind == "text/html":
            htmls.append(plain(decoded(part)))
        else:
            said.append(decoded(part))
    text, original = split(_said(said, htmls))
    return Mail(message, message.get_content_type(), text, "\n".join([*originals, original]), reports, attachments)


def _said(texts: list[str], htmls: list[str]) -> str:
    """The plain text; the words of the HTML where there is none, or only a line that asks for a better program."""
    text = "\n".join(texts)
    better = text if len(text.strip()) > STUB_CHARACTERS or not htmls else "\n".join([text, *htmls])
    return better[: 2 * TEXT_CHARACTERS]


def _flat(raw: bytes) -> Mail:
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    headers = Message()
    for name, value in re.findall(rb"^([\w-]{1,60}):[ \t]*([^\n]{0,500})", head, re.MULTILINE)[:200]:
        headers[name.decode("ascii", "replace")] = value.decode("latin-1")
    text, original = split(body[: 2 * TEXT_CHARACTERS].decode("utf-8", "replace"))
    return Mail(headers, "text/plain", text, original)


def _parts(message: Message) -> Iterator[Message]:
    """Yield the leaves of a mail in order, without looking into mails inside it."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting.extend(inner for inner in reversed(payload) if isinstance(inner, Message))
        else:
            yield part


def _inside(part: Message) -> str:
    """The text of a part that is itself made of headers: a mail, a report."""
    payload = part.get_payload()
    if isinstance(payload, list):
        blocks = [block for block in payload if isinstance(block, Message)]
        return "\n".join(lines(in_charset(_block(block), "")) for block in blocks)[:TEXT_CHARACTERS]
    return decoded(part)[:TEXT_CHARACTERS]


def _block(block: Message) -> bytes:
    """Its headers as they came, in whatever charset, and what follows them, as long as that has no parts of its own."""
    head = Message(policy=block.policy)
    for name, value in block.raw_items():
        head[name] = value
    rest = block.get_payload(decode=True)
    return head.as_bytes() + (rest[:TEXT_CHARACTERS] if isinstance(rest, bytes) else b"")


def decoded(part: Message) -> str:
    """The text of a leaf, by its charset or by the one that fits."""
    payload = part.get_payload(decode=True)
    return lines(in_charset(payload, part.get_content_charset() or "")) if isinstance(payload, bytes) else ""


def in_charset(data: bytes, charset: str) -> str:
    """`data` as Unicode: by `charset` if that works, else by what it looks like. Never fails."""
    looks_like = ["iso-2022-jp"] if b"\x1b$" in data or b"\x1b(" in data else []
    named = [] if charset in ("", "us-ascii", "unknown-8bit", "binary") else [charset]
    for attempt in (*looks_like, *named, "utf-8"):
        try:
            return data.decode(attempt)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return data.decode("latin-1")


def lines(text: str) -> str:
    """`text` with plain line ends and without NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def plain(html: str) -> str:
    """The words of an HTML text, a line a block."""
    without = TAG.sub("", BLOCK.sub("\n", NOT_SHOWN.sub(" ", html[: 4 * TEXT_CHARACTERS])))
    return re.sub(r"[ \t\xa0]+", " ", unescape(without))


def split(text: str) -> tuple[str, str]:
    """What a notice says, and the mail that it quotes below."""
    found = ORIGINAL.search(text)
    if found is None or not text[: found.start()].strip():
        return text[:TEXT_CHARACTERS], ""
    return text[: found.start()], text[found.start() :][:TEXT_CHARACTERS]


def readable(value: object) -> str:
    """A header's value decoded (RFC 2047) and on one line. Never fails."""
    text = str(value or "")[:HEADER_CHARACTERS]
    with suppress(HeaderParseError, UnicodeError, LookupError, ValueError):
        text = str(make_header(decode_header(text)))
    if any("\udc80" <= character <= "\udcff" for character in text):
        text = in_charset(text.encode("utf-8", "surrogateescape"), "")
    return " ".join(text.replace("\0", "").split())
