"""Delivery reports for machines (RFC 3464): a block for the message, then a block for each recipient."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from letters.sending.bounces.causes import STATUS

FIELD = re.compile(r"^[ \t>]{0,4}([A-Za-z][\w-]{1,60})[ \t]*:[ \t]*(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
RECIPIENTS = ("final-recipient", "original-recipient", "x-actual-recipient", "recipient", "final-recipients")
PER_RECIPIENT = frozenset({*RECIPIENTS, "action", "status", "diagnostic-code", "remote-mta", "last-attempt-date"})
ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+@[\w.-]+[\w]", re.UNICODE)
MOST_RECIPIENTS = 100

FAILED, DELAYED, DELIVERED = "failed", "delayed", "delivered"
ACTIONS = {
    "fail": FAILED,
    "delay": DELAYED,
    "deliver": DELIVERED,
    "relay": "relayed",
    "expand": "expanded",
    "success": DELIVERED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report says of one recipient: action ("" if none is given), status, and the server's own words."""

    recipient: str
    action: str
    status: str
    words: str


def is_in(text: str) -> bool:
    """Whether a text for humans holds the fields of a report."""
    return bool(re.search(r"^(?:final|original)-recipient: *rfc822;", text, re.IGNORECASE | re.MULTILINE))


def outcomes(report: str) -> Iterator[Outcome]:
    """Yield what a report says of each recipient, also when it lacks fields or blank lines."""
    for block in _blocks(report):
        if PER_RECIPIENT & block.keys() - {"remote-mta", "last-attempt-date"}:
            status = STATUS.search(block.get("status", ""))
            words = " ".join(filter(None, [block.get("diagnostic-code"), _comment(block.get("status", ""))]))
            yield Outcome(_recipient(block), _action(block.get("action", "")), status[0] if status else "", words)


def _blocks(report: str) -> Iterator[dict[str, str]]:
    """Yield the fields of each block: one ends at a blank line, or where a recipient comes a second time."""
    for paragraph in re.split(r"\n[ \t]*\n", report)[: 2 * MOST_RECIPIENTS]:
        block: dict[str, str] = {}
        for name, value in FIELD.findall(paragraph):
            key = name.casefold()
            if key in ("final-recipient", "action") and key in block:
                yield block
                block = {}
            block.setdefault(key, value.strip())
        yield block


def _recipient(block: dict[str, str]) -> str:
    """The address, without its type: "rfc822; office@embassy.test"."""
    for name in RECIPIENTS:
        found = ADDRESS.search(block.get(name, "").rpartition(";")[2])
        if found:
            return found[0].strip("<>").casefold()
    return ""


def _action(value: str) -> str:
    word = value.strip().casefold()
    return next((action for stem, action in ACTIONS.items() if word.startswith(stem)), "")


def _comment(value: str) -> str:
    """What some servers write behind the code: "5.1.1 (unknown user)"."""
    return value.partition("(")[2].rstrip(") ")
