"""What must be true of all deliveries once everything is quiet, whatever was killed or dropped on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage

from letters.models import Delivery, DeliveryLog, DeliveryState, Letter, LetterState
from letters.models.transitions import LEFT, MOVES, NEVER_LEFT, WAITING
from letters.wording import text_hash

UNSETTLED = {DeliveryState.UNKNOWN, DeliveryState.UNRESOLVED}
AT_REST = {DeliveryState.HELD, *UNSETTLED, *LEFT, *NEVER_LEFT}


def check_deliveries(messages: Iterable[bytes], *, offices: int, most_unknown: int = 0) -> Counter[str]:
    """Check the promises of the outbox against what an SMTP server received, and return the number of each state.

    Args:
        messages: what the server took, each as it was transmitted.
        offices: how many offices each confirmed letter was for.
        most_unknown: how many deliveries may be undecided: kills times threads, and injected ambiguous faults.
    """
    parsed = [message_from_bytes(data, policy=policy.default) for data in messages]
    taken = Counter(str(message["Message-ID"]).strip("<>") for message in parsed)
    rows = {row.message_id: row for row in Delivery.objects.all()}
    states = Counter(str(row.state) for row in rows.values())

    primary = Delivery.objects.filter(role="primary", replaced_at__isnull=True)
    confirmed = Letter.objects.filter(state=LetterState.CONFIRMED).count()
    assert primary.count() == confirmed * offices, "a confirmed letter has one delivery an office"
    assert set(taken) <= set(rows), "everything that arrived is ours"
    assert [name for name, copies in taken.items() if copies > 1] == [], "nothing arrives twice"
    left = {name for name, row in rows.items() if row.state in LEFT}
    assert left <= set(taken), "what was accepted arrived"
    assert {rows[name].state for name in set(taken) - left} <= UNSETTLED, "what arrived is known to be unknown at least"
    assert {row.state for row in rows.values()} <= AT_REST, "nothing is forgotten on the way"
    assert sum(states[state] for state in UNSETTLED) <= most_unknown, "few are unknown, and we know why"
    for message in parsed:
        name = str(message["Message-ID"]).strip("<>")
        assert text_hash(text_of(message)) == rows[name].text_hash, "what arrived is what was frozen"
    check_log()
    return states


def text_of(message: EmailMessage) -> str:
    """The plain text of a message, with our line ends and without the one that mail puts at the close."""
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content()).replace("\r\n", "\n").removesuffix("\n")


def check_log() -> None:
    """One log row a move, and no move that the table does not have."""
    moves = DeliveryLog.objects.values_list("from_state", "to_state").distinct()
    assert [move for move in moves if move[1] not in MOVES[DeliveryState(move[0])]] == []
    for row in Delivery.objects.prefetch_related("log"):
        walked = DeliveryState.QUEUED.value
        for entry in row.log.all():
            assert entry.from_state == walked, f"delivery {row.pk} moved without a word"
            walked = entry.to_state
        assert row.state == walked, f"delivery {row.pk} moved without a word"


def waiting() -> int:
    """How many deliveries are still on their way."""
    on_the_way = {*WAITING, DeliveryState.SENDING, DeliveryState.HANDING_OVER} - {DeliveryState.HELD}
    return Delivery.objects.filter(state__in=on_the_way).count()
