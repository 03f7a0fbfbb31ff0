"""The only place that counts.

Each number has one definition (`NUMBERS`) and comes from rows that nobody edits: confirmed letters, deliveries and
reports. There is no counter column that could drift; `manage.py recount` counts the same rows in another way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber, TruncDate
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from letters.models import Delivery, DeliveryState, Letter, ReportedAction
from letters.models.letters import on_trial

Key = int | str | dt.date | None


class Number(NamedTuple):
    """What a number is called, and what exactly it counts."""

    label: str | Promise
    definition: str | Promise


NUMBERS: Mapping[str, Number] = {
    "wrote": Number(
        _("people who wrote"),
        _(
            "People who confirmed a letter by the link in their email. A person counts once a campaign, by email "
            "address, on the day and in the country of their first confirmed letter. Erased letters still count."
        ),
    ),
    "in_own_words": Number(
        _("in their own words"),
        _(
            "Of the people who wrote, those whose first confirmed letter holds more than the model text: a sentence of "
            "their own, an edited text, or a letter for which there is no model. They are known as such also after "
            "their texts are deleted."
        ),
    ),
    "handed_over": Number(
        _("letters handed over"),
        _(
            "Letters that the office's mail server or fax machine took, by the day on which it did. One letter to "
            "three offices is three. What came back, copies, and letters kept in trial mode do not count; a letter "
            "sent again to a corrected address counts once."
        ),
    ),
    "receipts": Number(
        _("receipts"),
        _("Letters handed over for which a fax machine or mail provider confirmed that they arrived, by that day."),
    ),
    "reported": Number(
        _("reported by supporters"),
        _(
            "Letters by post, calls, visits and posts that people say they wrote or made elsewhere, by the day on "
            "which they did. Nobody can check them all: they are never added to the other numbers."
        ),
    ),
    "captured": Number(
        _("kept in trial mode"),
        _("Letters that this site kept instead of sending them. They are in none of the other numbers of letters."),
    ),
}


@dataclass(frozen=True)
class Tally:
    """The numbers of one scope or group."""

    wrote: int = 0
    in_own_words: int = 0
    handed_over: int = 0
    receipts: int = 0
    reported: int = 0
    captured: int = 0


@dataclass(frozen=True)
class Scope:
    """What to count: these campaigns (None: all), from `since` to `until`, both days included."""

    campaigns: Sequence[int] | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def narrow(self, rows: QuerySet[Any], day: str) -> QuerySet[Any]:
        """Those of `rows` whose `day` lies in the range of days."""
        limits = {f"{day}__gte": self.since, f"{day}__lte": self.until}
        return rows.filter(**{lookup: limit for lookup, limit in limits.items() if limit})

    def of_campaigns(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of `rows` that belong to the campaigns."""
        return rows if self.campaigns is None else rows.filter(campaign__in=self.campaigns)


# By what one can group, and the column of each kind of row that says it.
KEYS = ("campaign", "office", "channel", "country", "language", "day")
OF_LETTER = {"campaign": "campaign_id", "country": "country", "day": "confirmed_on"}
OF_DELIVERY = {
    "campaign": "campaign_id",
    "office": "target_id",
    "channel": "channel",
    "country": "letter__country",
    "language": "language",
}
OF_REPORT = {
    "campaign": "campaign_id",
    "office": "office__target_id",
    "channel": "way",
    "country": "country",
    "day": "done_on",
}
UNKNOWN: Mapping[str, Key] = {"office": None, "day": None}
# What only deliveries know of a letter.
ONLY_DELIVERIES = {"office", "channel", "language"}
Counted = Iterator[tuple[tuple[Key, ...], int]]


def tally(scope: Scope | None = None) -> Tally:
    """Count everything in `scope`."""
    return tally_by(scope or Scope(), ()).get((), Tally())


def tally_by(scope: Scope, keys: Sequence[str]) -> dict[tuple[Key, ...], Tally]:
    """Count by group: the values of `keys` (of `KEYS`, in that order) -> numbers. Empty groups are absent.

    Without a campaign among the keys, a person who wrote in two campaigns counts in both. A person who wrote to two
    offices stands in the groups of both, so "people who wrote" of offices, channels and languages does not add up.
    """
    groups: dict[tuple[Key, ...], Tally] = {}
    for number, count in COUNTERS.items():
        for group, n in count(scope, keys):
            groups[group] = replace(groups.get(group, Tally()), **{number: n})
    return groups


def rows_by(scope: Scope, keys: Sequence[str]) -> Iterator[tuple[tuple[Key, ...], Tally]]:
    """Yield the groups of `tally_by` in order, with no more of them in memory than one campaign has."""
    if not keys or keys[0] != "campaign":
        yield from sorted(tally_by(scope, keys).items(), key=by_values)
        return
    for campaign in campaigns_in(scope):
        yield from sorted(tally_by(replace(scope, campaigns=[campaign]), keys).items(), key=by_values)


def by_values(row: tuple[tuple[Key, ...], Tally]) -> tuple[tuple[bool, Any], ...]:
    """Sort by the values of the keys, those that are not known last."""
    return tuple((value in (None, ""), "" if value is None else value) for value in row[0])


def campaigns_in(scope: Scope) -> list[int]:
    """The campaigns of `scope`."""
    everything = Campaign.objects.order_by("pk").values_list("pk", flat=True)
    return list(everything if scope.campaigns is None else everything.filter(pk__in=scope.campaigns))


def wrote(scope: Scope, keys: Sequence[str]) -> Counted:
    """People, each once a campaign, or once a campaign and office where one groups by offices."""
    rows, columns, person = letters_of_people(scope, keys)[:3]
    if not {"day", "country"}.intersection(keys) and not (scope.since or scope.until):
        return grouped(rows, columns, keys, Count(person, distinct=True))
    return grouped(first_letters(scope, keys), columns, keys, Count("pk"))


def in_own_words(scope: Scope, keys: Sequence[str]) -> Counted:
    """Those of the people who wrote whose letter says something of their own."""
    people = letters_of_people(scope, keys)
    said = first_letters(scope, keys).filter(**{people.person.replace("person_key", "in_own_words"): True})
    return grouped(said, people.columns, keys, Count("pk"))


def own_words_share(scope: Scope) -> float | None:
    """The part, from 0 to 1, of the people who wrote that did so in their own words; None where nobody wrote."""
    people = dict(wrote(scope, ())).get((), 0)
    return dict(in_own_words(scope, ())).get((), 0) / people if people else None


class People(NamedTuple):
    """Rows in which people are found: how their columns are called, which of them is the person, what came first."""

    rows: QuerySet[Any]
    columns: Mapping[str, str]
    person: str
    order: Sequence[str]


def letters_of_people(scope: Scope, keys: Sequence[str]) -> People:
    """Letters that count, or their deliveries where only these know the keys."""
    letters = scope.of_campaigns(Letter.objects.confirmed())
    if not on_trial():
        # Once the site is live, nothing from its trial counts.
        letters = letters.filter(trial=False)
    if not ONLY_DELIVERIES.intersection(keys):
        return People(letters, OF_LETTER, "person_key", ["confirmed_at", "pk"])
    columns = {**OF_DELIVERY, "day": "letter__confirmed_on"}
    deliveries = primary(scope).filter(letter__in=letters)
    return People(deliveries, columns, "letter__person_key", ["letter__confirmed_at", "letter"])


def first_letters(scope: Scope, keys: Sequence[str]) -> QuerySet[Any]:
    """The first row of each person, as far as it lies in the days of `scope`."""
    rows, columns, person, order = letters_of_people(scope, keys)
    one = ["campaign_id", person, *(columns[key] for key in keys if key in ONLY_DELIVERIES)]
    nth = Window(RowNumber(), partition_by=one, order_by=order)
    firsts = rows.filter(pk__in=rows.annotate(nth=nth).filter(nth=1).values("pk"))
    return scope.narrow(firsts, columns["day"])


def handed_over(scope: Scope, keys: Sequence[str]) -> Counted:
    """Letters that an office's machine took and that did not come back."""
    left = primary(scope).filter(state__in=[DeliveryState.ACCEPTED, DeliveryState.DELIVERED])
    columns = {**OF_DELIVERY, "day": "handed_over_on"}
    return grouped(scope.narrow(left, "handed_over_on"), columns, keys, Count("pk"))


def receipts(scope: Scope, keys: Sequence[str]) -> Counted:
    """Letters with a receipt, by the day of the receipt in the site's time zone."""
    day = TruncDate("delivered_at", tzinfo=timezone.get_default_timezone())
    arrived = primary(scope).filter(state=DeliveryState.DELIVERED).annotate(received_on=day)
    columns = {**OF_DELIVERY, "day": "received_on"}
    return grouped(scope.narrow(arrived, "received_on"), columns, keys, Count("pk"))


def reported(scope: Scope, keys: Sequence[str]) -> Counted:
    """What supporters say they did, as many times as they say."""
    rows = scope.of_campaigns(ReportedAction.objects.filter(state=ReportedAction.State.COUNTED))
    return grouped(scope.narrow(rows, "done_on"), OF_REPORT, keys, Sum("number"))


def captured(scope: Scope, keys: Sequence[str]) -> Counted:
    """Letters that were kept here, by the day of their confirmation."""
    kept = primary(scope).filter(state=DeliveryState.CAPTURED)
    columns = {**OF_DELIVERY, "day": "letter__confirmed_on"}
    return grouped(scope.narrow(kept, "letter__confirmed_on"), columns, keys, Count("pk"))


COUNTERS: Mapping[str, Callable[[Scope, Sequence[str]], Counted]] = {
    "wrote": wrote,
    "in_own_words": in_own_words,
    "handed_over": handed_over,
    "receipts": receipts,
    "reported": reported,
    "captured": captured,
}


def primary(scope: Scope) -> QuerySet[Delivery]:
    """Letters to offices in `scope`: no copies, no mail of ours, and none that was replaced by another one."""
    letters = Delivery.objects.filter(role=Delivery.Role.PRIMARY, replaced_at__isnull=True)
    return scope.of_campaigns(letters)


def grouped(rows: QuerySet[Any], columns: Mapping[str, str], keys: Sequence[str], total: Aggregate) -> Counted:
    """Yield group and count. A key that this kind of row does not know has its value for "not known"."""
    known = [key for key in keys if key in columns]
    if not known:
        counts: list[Any] = [((), rows.aggregate(n=total)["n"] or 0)]
    else:
        by = {f"by_{key}": F(columns[key]) for key in known}
        counts = [(row[:-1], row[-1]) for row in rows.order_by().values_list(*by.values()).annotate(n=total)]
    for values, n in counts:
        if n:
            found: dict[str, Key] = dict(zip(known, values, strict=True))
            yield tuple(found.get(key, UNKNOWN.get(key, "")) for key in keys), n
