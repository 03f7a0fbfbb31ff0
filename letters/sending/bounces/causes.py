"""Why a mail came back, and whether it would come back again: from status codes and the words of servers.

Codes are those of RFC 5321 (reply), RFC 3463 and its registry (status). Words decide the cause where they say more than
the code; the code decides whether the failure is final, but for a full mailbox, which some servers call permanent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from letters.models.bounces import Cause
from letters.sending.bounces import words

STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
# In running text "4.3.17" may be the version of a program, and "550" anything.
STATUS_SAID = re.compile(
    r"(?:^|[45]\d\d[ -]|[#(\[<:=;] ?|code |error |status |said )([45]\.[0-7]\.\d{1,3})(?![\d.]*\d)", re.MULTILINE
)
REPLY_SAID = re.compile(r"(?<![\w.:/@+=-])([45][0-7]\d)(?=[ \-:;,)\]#.]|$)(?![.]\d)(?!-?\d)", re.MULTILINE)
MOST = 4000

# In this order: what the first one names counts.
NAMED = (
    *(Cause.FULL, Cause.SIZE, Cause.UNSIGNED, Cause.SPAM, Cause.CLOSED, Cause.MOVED, Cause.NO_MAILBOX),
    *(Cause.NO_DOMAIN, Cause.LOOP, Cause.BUSY, Cause.UNREACHABLE, Cause.POLICY, Cause.SERVER),
)
# By subject and detail of the status, then by its subject alone.
BY_STATUS = {
    **dict.fromkeys(["1.0", "1.1", "1.3", "1.4", "1.5"], Cause.NO_MAILBOX),
    **dict.fromkeys(["1.2", "1.10", "4.4"], Cause.NO_DOMAIN),
    **dict.fromkeys(["1.7", "1.8", "1.9", "2.4"], Cause.POLICY),
    "1.6": Cause.MOVED,
    "2.1": Cause.CLOSED,
    "2.2": Cause.FULL,
    **dict.fromkeys(["2.3", "3.4"], Cause.SIZE),
    "4.5": Cause.BUSY,
    "4.6": Cause.LOOP,
    **dict.fromkeys([f"7.{detail}" for detail in range(20, 28)], Cause.UNSIGNED),
}
BY_SUBJECT = {
    "1": Cause.NO_MAILBOX,
    "3": Cause.SERVER,
    "4": Cause.UNREACHABLE,
    "5": Cause.SERVER,
    "6": Cause.SERVER,
    "7": Cause.POLICY,
}
# What often passes, where no code says more.
PASSING = frozenset({Cause.BUSY, Cause.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a mail came back: the cause, the codes that say so ("" where there are none), whether it is final."""

    cause: Cause
    status: str
    reply: str
    permanent: bool


def finding(said: str, status: str = "") -> Finding:
    """What a server's words tell, beside the `status` that a report gives."""
    text = words.flat(said, MOST)
    own = STATUS_SAID.search(said[:MOST])
    reply = REPLY_SAID.search(said[:MOST])
    codes = (own[1] if own else "", reply[1] if reply else "", status)
    code = status if is_exact(status) or not own else own[1]
    cause = by_words(text) or by_status(code)
    return Finding(cause, code, codes[1], is_permanent(cause, codes))


def is_permanent(cause: Cause, codes: tuple[str, str, str]) -> bool:
    """Whether the same mail would come back again: as the first exact code says, else as the cause suggests.

    `codes` are the status and the reply in the server's words, and the status of the report.
    """
    if cause == Cause.FULL:
        return False
    exact = next(filter(is_exact, codes), "")
    if exact:
        return exact.startswith("5")
    vague = codes[0] or codes[2]
    return cause not in PASSING and not vague.startswith("4")


def is_exact(code: str) -> bool:
    """Whether a code says more than its class: 5.0.0 does not."""
    return bool(code) and not code.endswith(".0.0")


def by_words(text: str) -> Cause | None:
    """The cause that a flat text names, if it names one."""
    return next((cause for cause in NAMED if words.found(f"cause-{cause.replace('_', '-')}", text)), None)


def by_status(status: str) -> Cause:
    """The cause that the code alone gives."""
    _, _, detail = status.partition(".")
    return BY_STATUS.get(detail) or BY_SUBJECT.get(detail.partition(".")[0]) or Cause.NOT_SAID
