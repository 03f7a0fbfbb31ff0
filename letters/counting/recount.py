"""Counting once more, in Python and row by row: what `tallies` asks the database must come out the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from letters.counting.tallies import KEYS, NUMBERS, Key, Scope, tally_by
from letters.models import Delivery, Letter, ReportedAction
from letters.models.letters import on_trial

Group = tuple[Key, ...]
Counts = dict[str, Counter[Group]]


def differences(scope: Scope, keys: tuple[str, ...]) -> Iterator[tuple[Group, str, int, int]]:
    """Yield group, number, what `tallies` says and what the rows say, wherever these are not the same."""
    said, found = tally_by(scope, keys), recount(scope, keys)
    for number in NUMBERS:
        for group in said.keys() | found[number].keys():
            counted = getattr(said[group], number) if group in said else 0
            if counted != found[number][group]:
                yield group, number, counted, found[number][group]


def recount(scope: Scope, keys: tuple[str, ...]) -> Counts:
    """Go through every letter, delivery and report of the campaigns in `scope`, all days."""
    letters = {row["pk"]: row for row in scope.of_campaigns(Letter.objects.all()).values(*LETTER)}
    deliveries = list(scope.of_campaigns(Delivery.objects.all()).values(*DELIVERY, *DELIVERY_DAYS))
    reports = scope.of_campaigns(ReportedAction.objects.all()).values(*REPORT)
    counts: Counts = {number: Counter() for number in NUMBERS}
    count_people(counts, letters, deliveries, keys)
    for row in deliveries:
        if row["role"] == "primary" and row["replaced_at"] is None:
            count_letter(counts, row, letters[row["letter"]], keys)
    for row in reports:
        if row["state"] == "counted":
            day, office = row["done_on"], row["office__target"]
            facts = facts_of(row["campaign"], office, row["way"], row["country"], "", day)
            counts["reported"][group(facts, keys)] += row["number"]
    return counts


LETTER = ("pk", "campaign", "person_key", "country", "state", "trial", "confirmed_at", "confirmed_on", "in_own_words")
DELIVERY = ("campaign", "letter", "target", "channel", "language", "role", "state", "replaced_at")
DELIVERY_DAYS = ("handed_over_on", "delivered_at")
NO_OFFICE: dict[str, Any] = {"target": None, "channel": "", "language": ""}
REPORT = ("campaign", "office__target", "way", "country", "state", "number", "done_on")


def facts_of(campaign: int, office: int | None, channel: str, country: str, language: str, day: Any) -> dict[str, Key]:
    """What a row is grouped by, in the order of `KEYS`."""
    return dict(zip(KEYS, (campaign, office, channel, str(country), language, day), strict=True))


def group(facts: dict[str, Key], keys: Iterable[str]) -> Group:
    return tuple(facts[key] for key in keys)


def count_letter(counts: Counts, row: dict[str, Any], letter: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Count one delivery to an office by its state."""

    def add(number: str, day: Any) -> None:
        facts = facts_of(row["campaign"], row["target"], row["channel"], letter["country"], row["language"], day)
        counts[number][group(facts, keys)] += 1

    if row["state"] in {"accepted", "delivered"}:
        add("handed_over", row["handed_over_on"])
    if row["state"] == "delivered":
        add("receipts", timezone.localtime(row["delivered_at"], timezone.get_default_timezone()).date())
    if row["state"] == "captured":
        add("captured", letter["confirmed_on"])


def count_people(
    counts: Counts, letters: dict[int, dict[str, Any]], deliveries: list[dict[str, Any]], keys: tuple[str, ...]
) -> None:
    """Count each person in the group of their first letter; apart for each office, channel and language if asked."""
    apart = [key for key in keys if key in {"office", "channel", "language"}]
    to: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in deliveries:
        if row["role"] == "primary" and row["replaced_at"] is None:
            to[row["letter"]].append(row)
    seen = set()
    counting = [row for row in letters.values() if row["state"] in {"confirmed", "erased"}]
    for letter in sorted(counting, key=lambda row: (row["confirmed_at"], row["pk"])):
        if letter["trial"] and not on_trial():
            continue
        country, day = letter["country"], letter["confirmed_on"]
        for row in to[letter["pk"]] if apart else [NO_OFFICE]:
            facts = facts_of(letter["campaign"], row["target"], row["channel"], country, row["language"], day)
            who = (letter["campaign"], letter["person_key"], *group(facts, apart))
            if who not in seen:
                seen.add(who)
                counts["wrote"][group(facts, keys)] += 1
                counts["in_own_words"][group(facts, keys)] += letter["in_own_words"]
