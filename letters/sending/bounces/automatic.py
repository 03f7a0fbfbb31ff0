"""Mail that nobody wrote and that is no bounce: answers of machines, receipts, complaints, lists."""

from __future__ import annotations

import re

from letters.sending.bounces.mails import Mail
from letters.sending.bounces.words import flat, found, pattern

# What mail programs put before a subject, as often as they like.
PREFIX = re.compile(r"(?:\W*(?:re|aw|sv|antw|fwd?|ref|rif|res|tr|отв|ответ|回复|返信)\W*:)*\W*")
# RFC 3834, and what machines said before it.
ANSWERED = re.compile(r"auto-\w+|yes|true|auto", re.IGNORECASE)
ANSWER_HEADERS = (
    *("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-auto-respond", "x-autoreply-from"),
    *("x-mail-autoreply", "x-amazon-auto-reply", "x-vacation", "x-automatic-answer", "x-ms-exchange-inbox-rules-loop"),
)
LISTS = ("list-id", "list-post", "list-unsubscribe", "x-mailing-list", "mailing-list", "x-mailman-version")
CHALLENGE_CHARACTERS = 3000


def is_receipt(mail: Mail) -> bool:
    """Whether it says that a mail was shown or deleted (RFC 8098)."""
    marked = "message/disposition-notification" in mail.kinds or "disposition" in report_type(mail)
    return marked and not is_refusal(mail)


def is_refusal(mail: Mail) -> bool:
    """Whether a mailbox's own filter sent a mail back, which RFC 5429 has say so in the form of a receipt."""
    return "rejected" in mail.header("auto-submitted").casefold() or "rejected mail" in mail.subject.casefold()


def is_complaint(mail: Mail) -> bool:
    """Whether a reader said "spam" and their provider passes it on (ARF, RFC 5965)."""
    marked = "message/feedback-report" in mail.kinds or "feedback" in report_type(mail)
    return marked or bool(mail.header("x-hmxmroriginalrecipient"))


def report_type(mail: Mail) -> str:
    """What the parameter of a multipart/report says that it reports (RFC 6522)."""
    return str(mail.headers.get_param("report-type") or "").casefold()


def answers_by_subject(mail: Mail) -> bool:
    """Whether the subject is that of a machine that answers for an absent human."""
    subject = flat(mail.subject)
    prefix = PREFIX.match(subject)
    return bool(pattern("subject-answer").match(subject, prefix.end() if prefix else 0))


def is_answer(mail: Mail) -> bool:
    """Whether a machine answers for an absent human, or acknowledges."""
    said = mail.header("auto-submitted").partition(";")[0].partition("(")[0].strip()
    marked = any(mail.header(name) for name in ANSWER_HEADERS) or bool(ANSWERED.fullmatch(said))
    suppressed = bool(mail.header("x-auto-response-suppress")) and not mail.header("in-reply-to")
    return marked or suppressed or "reply" in mail.header("precedence").casefold() or answers_by_subject(mail)


def is_challenge(mail: Mail) -> bool:
    """Whether a machine wants a proof that a human wrote."""
    text = flat(mail.text, CHALLENGE_CHARACTERS)
    return found("challenge", flat(mail.subject)) or (found("challenge", text) and bool(mail.header("auto-submitted")))


def is_bulk(mail: Mail) -> bool:
    """Whether it came through a mailing list or in bulk (RFC 2369, RFC 2919)."""
    return any(mail.header(name) for name in LISTS) or mail.header("precedence").casefold() in ("list", "bulk", "junk")


def is_receipt_by_subject(mail: Mail) -> bool:
    """Whether an old mail program says the same as `is_receipt` by its subject alone."""
    return bool(pattern("subject-receipt").match(flat(mail.subject)))
