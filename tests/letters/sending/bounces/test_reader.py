"""The reader on mails in the form of many servers, and on what is left of them when they are broken."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.models.bounces import Cause, Verdict
from letters.sending.bounces.reader import read

MAILS = Path(__file__).parent / "mails"
REAL = Path(__file__).parent / "real"
INDEX = [line.split("\t") for line in (MAILS / "index.tsv").read_text().splitlines()]
# Real servers need milliseconds; a mail that takes longer than this could stop a mailbox from being read.
SECONDS = 5


def mail(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


@pytest.mark.parametrize(("name", "verdict", "cause", "status", "recipient"), INDEX, ids=[row[0] for row in INDEX])
def test_a_mail_is_read_as_its_index_says(name: str, verdict: str, cause: str, status: str, recipient: str) -> None:
    reading = read(mail(name))

    assert (reading.verdict, reading.cause or "", reading.status) == (verdict, cause, status)
    assert recipient in ("", *reading.recipients)


@pytest.mark.parametrize("server", ["exim", "postfix"])
@pytest.mark.parametrize(
    ("name", "verdict", "cause"),
    [("nobody", "hard", "no_mailbox"), ("full", "soft", "full"), ("old", "hard", "no_mailbox")],
)
def test_what_real_servers_made_is_read(server: str, name: str, verdict: str, cause: str) -> None:
    reading = read((REAL / f"{server}-{name}.eml").read_bytes())

    assert (reading.verdict, reading.cause, reading.recipients) == (verdict, cause, (f"{name}@embassy.test",))
    assert reading.message_id == "0123456789abcdef0123456789abcdef@postbag.test"


def test_the_index_names_every_mail() -> None:
    assert {row[0] for row in INDEX} == {path.stem for path in MAILS.glob("*.eml")}


def test_the_mail_that_came_back_is_named_by_its_own_id() -> None:
    named = [read(mail(row[0])).message_id for row in INDEX]

    assert named.count("0123456789abcdef0123456789abcdef@postbag.test") > len(INDEX) // 2
    assert read(mail("qmail-unknown")).message_id == "0123456789abcdef0123456789abcdef@postbag.test"


def test_a_full_mailbox_is_no_reason_to_give_up_an_address_whatever_the_code() -> None:
    assert [read(mail(name)).verdict for name in ("postfix-full", "yahoo-full")] == [Verdict.SOFT, Verdict.SOFT]


def test_the_code_in_the_servers_own_words_weighs_more_than_the_reports() -> None:
    assert read(mail("status-mismatch")).verdict == Verdict.HARD


def test_what_a_server_said_is_shown_on_one_line() -> None:
    reading = read(mail("postfix-unknown"))

    assert reading.words.startswith("smtp; 550 5.1.1 <office@embassy.test>: Recipient address rejected")
    assert reading.words.isprintable()


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_line_ends_do_not_matter(line_end: bytes) -> None:
    for name in ("postfix-unknown", "qmail-unknown", "html-only"):
        assert read(mail(name).replace(b"\n", line_end)).cause == Cause.NO_MAILBOX


@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    read(raw)


@given(st.sampled_from([row[0] for row in INDEX]), st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_a_broken_mail_is_read(name: str, seed: int) -> None:
    read(broken(mail(name), random.Random(seed)))


def broken(raw: bytes, chance: random.Random) -> bytes:
    """Return `raw` cut off, with bytes changed, lines doubled or lost, or another mail in its midst."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 5)):
        here, there = sorted(chance.randint(0, len(data)) for _ in range(2))
        kind = chance.randint(0, 5)
        if kind == 0:
            data = data[:there]
        elif kind == 1:
            del data[here : min(there, here + 200)]
        elif kind == 2:
            data[here:here] = data[here : min(there, here + 200)]
        elif kind == 3:
            data[here:here] = chance.choice(
                [b"\0", b"\xff\xfe", b"\n\n", b"=_b", b"charset=utf-99", b"\x1b$B", b"--=_b--"]
            )
        elif kind == 4:
            data = data.replace(b"utf-8", chance.choice([b"utf-16", b"idna", b"hex", b"\xe9", b"zlib"]))
        else:
            data = data.replace(b"8bit", chance.choice([b"base64", b"quoted-printable", b"x-uuencode"]))
    return bytes(data)


def test_few_broken_mails_that_were_no_bounces_become_hard_ones() -> None:
    harmless = [row[0] for row in INDEX if row[1] in (Verdict.REPLY, Verdict.AUTO_REPLY, Verdict.OTHER)]
    found = [read(broken(mail(name), random.Random(seed))).verdict for name in harmless for seed in range(20)]

    assert found.count(Verdict.HARD) / len(found) < 0.03


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n\n",
        b"\0" * 1000,
        b"From: a@b.test\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 5000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        b"Content-Type: message/rfc822\n\n" * 3000,
        b"From: MAILER-DAEMON@x.test\nSubject: failure notice\n\n" + b"user " * 4_000_000,
        b"From: MAILER-DAEMON@x.test\nSubject: failure notice\n\n" + b"a@b.test " * 100_000,
        b"From: MAILER-DAEMON@x.test\nSubject: failure notice\nContent-Type: text/html\n\n" + b"<p" * 400_000,
        b"From: MAILER-DAEMON@x.test\nSubject: " + b"=?utf-8?q?=" * 50_000 + b"\n\nfailed",
        b"Content-Type: message/delivery-status\n\n" + b"Final-Recipient: rfc822; a@b.test\nAction: failed\n" * 50_000,
        b"From: x\n" + b" folded\n" * 200_000 + b"\nfailed",
    ],
    ids=[
        "empty",
        "blank",
        "nul",
        "parts",
        "nested",
        "mails",
        "20MB",
        "addresses",
        "html",
        "subject",
        "reports",
        "fold",
    ],
)
def test_a_mail_made_to_break_the_reader_is_read_in_time(raw: bytes) -> None:
    started = time.monotonic()

    read(raw)

    assert time.monotonic() - started < SECONDS
