"""Reads a mail that came back, or came at all: what it is, whom it concerns and why. It asks no database."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email import message_from_bytes

from flufl.bounce import all_failures

from letters.models.bounces import Cause, Verdict
from letters.sending.bounces import automatic, notices, reports
from letters.sending.bounces.causes import finding
from letters.sending.bounces.mails import READ_BYTES, REPORT, Mail, opened
from letters.sending.bounces.reports import ADDRESS, Outcome
from letters.sending.bounces.words import flat

MOST_WORDS = 500
# It names each of its detectors for each mail, and shows what it stumbles over.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mail is.

    `status` (RFC 3463) and `reply` (RFC 5321) are codes or "", `words` is what the server said, `message_id` names the
    mail that it is about; all as the mail claims, which anybody can write.
    """

    verdict: Verdict
    cause: Cause | None = None
    status: str = ""
    reply: str = ""
    recipients: tuple[str, ...] = ()
    words: str = ""
    message_id: str = ""

    @property
    def came_back(self) -> bool:
        """Whether the mail that it is about did not arrive: its last server gave up."""
        return self.verdict in (Verdict.HARD, Verdict.SOFT)


def read(raw: bytes) -> Reading:
    """Say what a mail is. It never fails, whatever the bytes are."""
    mail = opened(raw)
    return replace(_read(mail, raw), message_id=mail.original_id)


def _read(mail: Mail, raw: bytes) -> Reading:
    if automatic.is_complaint(mail) or automatic.is_receipt(mail):
        return Reading(Verdict.OTHER)
    told = [outcome for report in delivery_reports(mail) for outcome in reports.outcomes(report)]
    if any(outcome.action or outcome.status for outcome in told):
        return of_report(mail, told)
    return of_notice(mail, raw) if notices.is_notice(mail) else of_letter(mail)


# ── With a report for machines ────────────────────────────────────────────────────────────────────────────────────────


def delivery_reports(mail: Mail) -> list[str]:
    """The reports of a mail; some servers write their fields into the text instead."""
    text = mail.text if notices.is_from_system(mail) else ""
    return [report for kind, report in mail.reports if kind == REPORT] or [text] * reports.is_in(text)


def of_report(mail: Mail, told: list[Outcome]) -> Reading:
    """What a report says; a failed recipient weighs more than a delayed one, and that more than a delivered one."""
    failed = [outcome for outcome in told if meant(outcome, mail) == reports.FAILED]
    if failed:
        seen = [_seen(mail, outcome) for outcome in failed]
        worst = next((reading for reading in seen if reading.verdict == Verdict.HARD), seen[0])
        return replace(worst, recipients=recipients(failed))
    delayed = [outcome for outcome in told if meant(outcome, mail) == reports.DELAYED]
    if delayed:
        return replace(_seen(mail, delayed[0]), verdict=Verdict.DELAYED, recipients=recipients(delayed))
    return Reading(Verdict.OTHER, recipients=recipients(told))


def meant(outcome: Outcome, mail: Mail) -> str:
    """The action, or what the status says instead where none is given."""
    if outcome.action or not outcome.status:
        return outcome.action
    if outcome.status.startswith("4") and not notices.has_given_up(flat(mail.text)):
        return reports.DELAYED
    return reports.DELIVERED if outcome.status.startswith("2") else reports.FAILED


def _seen(mail: Mail, outcome: Outcome) -> Reading:
    """Why one recipient's mail came back; by the notice for humans where the report has no words or empty ones."""
    found = finding(outcome.words, outcome.status)
    if found.cause in (Cause.NOT_SAID, Cause.POLICY, Cause.SERVER) and not found.reply:
        more = finding(mail.text, outcome.status)
        found = found if more.cause in (Cause.NOT_SAID, Cause.SERVER) else more
    verdict = Verdict.HARD if found.permanent else Verdict.SOFT
    return Reading(verdict, found.cause, found.status, found.reply, (), shown(outcome.words or mail.text))


def recipients(about: Iterable[Outcome]) -> tuple[str, ...]:
    """The addresses of some outcomes, each once."""
    return tuple(dict.fromkeys(outcome.recipient for outcome in about if outcome.recipient))


# ── With words for humans only ────────────────────────────────────────────────────────────────────────────────────────


def of_notice(mail: Mail, raw: bytes) -> Reading:
    """What a bounce without a report says."""
    about, said = named(mail, raw), shown(mail.text)
    if notices.says_delayed(mail):
        return Reading(Verdict.DELAYED, None, recipients=about, words=said)
    found = finding(f"{mail.text}\n{mail.subject}")
    verdict = Verdict.HARD if found.permanent else Verdict.SOFT
    return Reading(verdict, found.cause, found.status, found.reply, about, said)


def named(mail: Mail, raw: bytes) -> tuple[str, ...]:
    """Whom a notice is about: by header, by the formats that flufl.bounce knows, else by the addresses in its text."""
    headed = ADDRESS.findall(mail.header("x-failed-recipients").casefold())
    if headed:
        return tuple(dict.fromkeys(headed))
    text = mail.text.casefold()
    known = by_format(raw)
    if known:
        return tuple(address for address in known if address in text) or tuple(known)
    names = ("to", "from", "sender", "delivered-to")
    ours = {address.casefold() for name in names for address in ADDRESS.findall(mail.header(name))}
    found = dict.fromkeys(address.casefold() for address in ADDRESS.findall(mail.text))
    return tuple(address for address in found if address not in ours)[:1]


def by_format(raw: bytes) -> list[str]:
    """The addresses that flufl.bounce finds, whose formats go back to the 1990s."""
    try:
        passing, lasting = all_failures(message_from_bytes(raw[:READ_BYTES]))
    except Exception:  # noqa: BLE001  # a library that meets a mail made to break it
        return []
    return sorted(address.decode("utf-8", "replace").casefold() for address in lasting or passing)


# ── Everything else ───────────────────────────────────────────────────────────────────────────────────────────────────


def of_letter(mail: Mail) -> Reading:
    """What a mail is that says nothing of a delivery."""
    if automatic.is_answer(mail) or automatic.is_challenge(mail):
        return Reading(Verdict.AUTO_REPLY)
    strange = automatic.is_bulk(mail) or automatic.is_receipt_by_subject(mail) or notices.is_from_system(mail)
    written = mail.sender_address and (mail.text.strip() or mail.subject)
    return Reading(Verdict.REPLY if written and not strange else Verdict.OTHER)


def shown(text: str) -> str:
    """The beginning of what a server said, on one line and without what could disturb a page."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())[:MOST_WORDS]
