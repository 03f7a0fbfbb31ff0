"""What must be true of all deliveries once everything is quiet, whatever was killed or dropped on the way.

The numbers I1 to I10 are those of docs/delivery.md.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage

import openpyxl
from django.conf import settings
from django.test import Client

from campaigns.models import Campaign
from letters.counting.exports import NUMBER_COLUMNS, Export, csv_lines, xlsx_file
from letters.counting.recount import differences
from letters.counting.tallies import KEYS, Scope, tally
from letters.models import Delivery, DeliveryLog, DeliveryState, Letter, LetterState
from letters.models.transitions import LEFT, MOVES, NEVER_LEFT, WAITING
from letters.wording import text_hash

UNSETTLED = {DeliveryState.UNKNOWN, DeliveryState.UNRESOLVED}
AT_REST = {DeliveryState.HELD, *UNSETTLED, *LEFT, *NEVER_LEFT}
Rows = Mapping[str, Delivery]


def check_deliveries(
    messages: Iterable[bytes],
    *,
    offices: int,
    copies: int = 0,
    most_unknown: int = 0,
    unresolved: Collection[str] | None = None,
) -> Counter[str]:
    """Check the promises of the outbox against what an SMTP server received, and return the number of each state.

    Args:
        messages: what the server took, each as it was transmitted.
        offices: how many offices each confirmed letter was for.
        copies: how many offices were to get a visible copy of it.
        most_unknown: how many deliveries may ever have been undecided: what kills and injected faults explain.
        unresolved: after the resolver, the Message-IDs that it must have left to an organiser, and no others. Without
            it nothing was resolved yet.
    """
    parsed = [message_from_bytes(data, policy=policy.default) for data in messages]
    rows = {row.message_id: row for row in Delivery.objects.all()}
    check_rows(offices, copies)
    check_arrivals(Counter(map(name_of, parsed)), rows)
    check_rest(rows, most_unknown, unresolved)
    check_texts(parsed, rows)
    check_log()
    for campaign in Campaign.objects.all():
        check_counts(campaign)
    return Counter(str(row.state) for row in rows.values())


def check_rows(offices: int, copies: int) -> None:
    """I1: a confirmed letter has one delivery an office, and one for each visible copy."""
    confirmed = Letter.objects.filter(state=LetterState.CONFIRMED).count()
    standing = Delivery.objects.filter(replaced_at__isnull=True)
    assert standing.filter(role="primary").count() == confirmed * offices, "I1: one delivery an office"
    assert standing.filter(role="copy").count() == confirmed * copies, "I1: one delivery a visible copy"


def check_arrivals(taken: Counter[str], rows: Rows) -> None:
    """I2 to I5: what arrived and what is said to have arrived are the same, once each."""
    left = {name for name, row in rows.items() if row.state in LEFT}
    assert set(taken) <= set(rows), "everything that arrived is ours"
    assert [name for name, n in taken.items() if n > 1] == [], "I3: nothing arrives twice"
    assert left <= set(taken), "I4: what was accepted arrived"
    doubtful = set(taken) - left
    assert {rows[name].state for name in doubtful} <= UNSETTLED, "I5: what arrived is known to be unknown at least"
    assert len(taken) == len(left) + len(doubtful), "I2: what arrived is what left, and what nobody knows"


def check_rest(rows: Rows, most_unknown: int, unresolved: Collection[str] | None) -> None:
    """I6 and I7: nothing is forgotten on the way, and few are unknown, all of them explained."""
    assert {row.state for row in rows.values()} <= AT_REST, "I6: nothing is forgotten on the way"
    asked = DeliveryLog.objects.filter(to_state=DeliveryState.UNKNOWN).values("delivery").distinct().count()
    assert asked <= most_unknown, f"I7: {asked} were unknown, and {most_unknown} can be explained"
    if unresolved is None:
        return
    states = {state: {name for name, row in rows.items() if row.state == state} for state in UNSETTLED}
    assert states[DeliveryState.UNKNOWN] == set(), "I6: what can be known is known, the rest is asked"
    assert states[DeliveryState.UNRESOLVED] == set(unresolved), "I6: unresolved is what has no evidence"


def check_texts(messages: Iterable[EmailMessage], rows: Rows) -> None:
    """I9: what arrived is what was frozen."""
    changed = [name for each in messages if text_hash(text_of(each)) != rows[name := name_of(each)].text_hash]
    assert changed == [], "I9: what arrived is what was frozen"


def check_log() -> None:
    """I10: one log row a move, and no move that the table does not have."""
    moves = DeliveryLog.objects.values_list("from_state", "to_state").distinct()
    assert [move for move in moves if move[1] not in MOVES[DeliveryState(move[0])]] == [], (
        "I10: only moves of the table"
    )
    states = dict(Delivery.objects.values_list("pk", "state"))
    walked = dict.fromkeys(states, DeliveryState.QUEUED.value)
    for delivery, start, end in DeliveryLog.objects.order_by("pk").values_list("delivery", "from_state", "to_state"):
        assert start == walked[delivery], f"I10: delivery {delivery} moved without a word"
        walked[delivery] = end
    assert walked == states, "I10: each move is in the log"


def check_counts(campaign: Campaign) -> None:
    """I8: the page, the rows counted one by one, CSV and XLSX say the same."""
    scope = Scope([campaign.pk])
    counted = tally(scope)
    numbers = {column: getattr(counted, number) for number, column in NUMBER_COLUMNS.items()}
    assert [each for keys in ((), KEYS) for each in differences(scope, keys)] == [], "I8: the rows say the same"
    export = Export(scope, ["campaign"])
    if any(numbers.values()):
        [line] = csv.DictReader("".join(csv_lines(export, preamble=False)).splitlines())
        assert {column: int(float(line[column])) for column in numbers} == numbers, "I8: CSV says the same"
        head, row = openpyxl.load_workbook(xlsx_file(export)).worksheets[0].iter_rows(values_only=True)
        assert {column: row[head.index(column)] for column in numbers} == numbers, "I8: XLSX says the same"
    if counted.handed_over >= settings.TALLY_MINIMUM:
        assert on_page(campaign) == counted.handed_over, "I8: the page says the same"


def on_page(campaign: Campaign) -> int:
    """How many letters were handed over, as the campaign's page shows it."""
    page = Client().get(f"/campaigns/{campaign.slug}/").content.decode()
    found = re.search(r"<dt>letters handed over</dt><dd>([\d,]+)</dd>", page)
    assert found
    return int(found[1].replace(",", ""))


def name_of(message: EmailMessage) -> str:
    """The Message-ID without its brackets."""
    return str(message["Message-ID"]).strip("<>")


def text_of(message: EmailMessage) -> str:
    """The plain text of a message, with our line ends and without the one that mail puts at the close."""
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content()).replace("\r\n", "\n").removesuffix("\n")


def waiting() -> int:
    """How many deliveries are still on their way."""
    on_the_way = {*WAITING, DeliveryState.SENDING, DeliveryState.HANDING_OVER} - {DeliveryState.HELD}
    return Delivery.objects.filter(state__in=on_the_way).count()
