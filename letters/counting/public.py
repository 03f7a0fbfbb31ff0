"""What the public may see of the counts: nothing so small that it would tell who wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django_countries import countries

from campaigns.models import Campaign
from letters.counting.tallies import Scope, tally, tally_by, wrote

FEWEST_OF_A_COUNTRY = 5
ON_PAGES = ("wrote", "handed_over", "receipts", "reported")


@dataclass(frozen=True)
class CountryRow:
    """People of one country, or of all that are too few to name; `percent` is of the largest row."""

    label: str
    count: int
    percent: int


def public_tally(campaign: Campaign) -> dict[str, int]:
    """The numbers of a campaign that reach TALLY_MINIMUM, by name."""
    counted = tally(Scope([campaign.pk]))
    return {name: n for name in ON_PAGES if (n := getattr(counted, name)) >= settings.TALLY_MINIMUM}


def people_by_campaign(campaigns: Sequence[int]) -> dict[int, int]:
    """How many people wrote in each of `campaigns`, however few: to sort by, and to show what is large enough."""
    return {int(str(key[0])): n for key, n in wrote(Scope(campaigns), ["campaign"])}


def public_countries(campaign: Campaign) -> list[CountryRow]:
    """People who wrote, by country, the most first; empty below TALLY_MINIMUM people.

    Countries with fewer than FEWEST_OF_A_COUNTRY people stand together. So that nobody can work one of them out from
    the total, there are always two or more of them, and enough people.
    """
    people = {str(key[0]): row.wrote for key, row in tally_by(Scope([campaign.pk]), ["country"]).items() if row.wrote}
    if sum(people.values()) < settings.TALLY_MINIMUM:
        return []
    named = sorted(people, key=lambda code: (-people[code], code))
    together: list[str] = []
    while named and (people[named[-1]] < FEWEST_OF_A_COUNTRY or is_telling(people, together)):
        together.append(named.pop())
    rows = [(countries.name(code) or _("Not said"), people[code]) for code in named]
    if together:
        rows.append((_("Other countries together"), sum(people[code] for code in together)))
    most = max((n for _label, n in rows), default=1)
    return [CountryRow(label, n, round(100 * n / most)) for label, n in rows]


def is_telling(people: dict[str, int], together: list[str]) -> bool:
    """Whether the countries that stand together are one alone, or too few people."""
    return bool(together) and (len(together) == 1 or sum(people[code] for code in together) < FEWEST_OF_A_COUNTRY)
