"""Notices for humans: that a mail could not be delivered, or not yet, as servers say it without RFC 3464."""

from __future__ import annotations

from letters.models.bounces import Cause
from letters.sending.bounces.automatic import answers_by_subject, is_answer
from letters.sending.bounces.causes import NAMED, by_words
from letters.sending.bounces.mails import Mail
from letters.sending.bounces.words import flat, found

# Causes that say more than that somebody did not want a mail, which any letter may say too.
CLEAR = frozenset(NAMED) - {Cause.POLICY, Cause.SERVER, Cause.SPAM, Cause.SIZE}


def is_notice(mail: Mail) -> bool:
    """Whether a mail is the notice of a mail system that another mail did not arrive, or not yet."""
    if mail.header("x-failed-recipients"):  # of Exim, and others that followed it
        return True
    if found("subject-arrived", flat(mail.subject)):
        return False
    system, failed = is_from_system(mail), subject_says_failed(mail)
    if answers_by_subject(mail):
        return system and failed
    if failed and (system or mail.content_type == "multipart/report"):
        return True
    # A machine that answers for a human sends with a null return path too, and says that somebody is gone.
    speaks = (system and not is_answer(mail)) or is_named_as_system(mail)
    return text_says_failed(mail) and (speaks or (failed and not mail.header("in-reply-to")))


def subject_says_failed(mail: Mail) -> bool:
    """Whether the subject is that of a bounce or of a delay."""
    subject = flat(mail.subject)
    return found("subject-failed", subject) or found("subject-delayed", subject)


def text_says_failed(mail: Mail) -> bool:
    """Whether a mail tells of a failure, and of a cause that no letter from a human has."""
    text = flat(mail.text)
    if not found("text-failed", text) and not found("text-delayed", text):
        return False
    return mail.content_type == "multipart/report" or subject_says_failed(mail) or by_words(text) in CLEAR


def is_from_system(mail: Mail) -> bool:
    """Whether a mail system speaks, and no human: by author or null return path (RFC 5321, 4.5.5)."""
    return is_named_as_system(mail) or has_null_path(mail)


def is_named_as_system(mail: Mail) -> bool:
    """Whether the author's name or address is that of a mail system."""
    return found("sender-system", flat(mail.header("from")))


def has_null_path(mail: Mail) -> bool:
    """Whether the envelope's sender was empty, as far as the mail tells."""
    path = mail.header("return-path").casefold()
    return path == "<>" or path.startswith(("<mailer-daemon", "mailer-daemon", "<postmaster@"))


def says_delayed(mail: Mail) -> bool:
    """Whether a notice says that the server goes on trying."""
    text = flat(mail.text)
    if has_given_up(text):
        return False
    return found("text-delayed", text) or (
        found("subject-delayed", flat(mail.subject)) and by_words(text) not in (Cause.NO_MAILBOX, Cause.CLOSED)
    )


def has_given_up(text: str) -> bool:
    """Whether a flat text says that nobody tries any more, whatever else stands there."""
    return found("text-given-up", text)
