"""What a campaign names: the people, offices and all else that its file must hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign, ContactDetail, PostalNotice, Target
from prisoners.models import CaseMember, MailRules, Person, Prison, PrisonerAddress

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Gathered:
    """The shared rows by section, and what holds for the countries in question."""

    shared: dict[str, list[models.Model]]
    mail_rules: list[MailRules]
    notices: list[PostalNotice]


def gather(campaign: Campaign) -> Gathered:
    """All rows that the file of `campaign` must describe, in the order in which they are met."""
    cases = list(campaign.cases.all())
    members = CaseMember.objects.filter(case__in=cases).order_by("case", "position", "pk")
    offices = _offices(campaign)
    people = _people(campaign, members, offices)
    addresses = PrisonerAddress.objects.filter(person__in=people)
    prisons = _once([*(row.prison for row in members), *(row.prison for row in addresses)])
    shared: dict[str, list[models.Model]] = {
        "tags": list(campaign.tags.all()),
        "organisations": _organisations(campaign),
        "prisons": list(prisons),
        "people": list(people),
        "offices": list(offices),
        "cases": list(cases),
    }
    countries = _countries(addresses, prisons, offices)
    return Gathered(
        shared,
        list(MailRules.objects.filter(country__in=countries).order_by("country")),
        list(PostalNotice.objects.filter(to_country__in=countries)),
    )


def _once(rows: Iterable[Row | None]) -> list[Row]:
    return list(dict.fromkeys(row for row in rows if row is not None))


def _offices(campaign: Campaign) -> list[Target]:
    """The campaign's offices, the missions that it may mean, and the offices to which their addresses lead."""
    entries = campaign.targets.select_related("target")
    missions = Target.objects.filter(
        Q(target_contacts__isnull=False) | Q(holders__isnull=False),
        kind=Target.Kind.MISSION,
        country__in=[entry.mission_of for entry in entries if entry.mission_of],
    ).distinct()
    found = _once([*(entry.target for entry in entries), *missions])
    for office in found:  # Grows while we look: an address may lead to an office whose address leads on.
        routes = ContactDetail.objects.filter(targets=office).select_related("route_target")
        found += [route.route_target for route in routes if route.route_target and route.route_target not in found]
    return found


def _people(campaign: Campaign, members: Iterable[CaseMember], offices: list[Target]) -> list[Person]:
    """Everybody in the cases, behind the campaign and in the offices."""
    return _once(
        [
            *(member.person for member in members),
            *(row.person for row in campaign.endorsements.select_related("person")),
            *(holder.person for office in offices for holder in office.holders.select_related("person")),
        ]
    )


def _organisations(campaign: Campaign) -> list[models.Model]:
    parts = campaign.organisations.select_related("organisation")
    endorsements = campaign.endorsements.select_related("organisation")
    return list(_once([*(row.organisation for row in parts), *(row.organisation for row in endorsements)]))


def _countries(addresses: Iterable[PrisonerAddress], prisons: Iterable[Prison], offices: list[Target]) -> set[str]:
    """The countries to which letters of this campaign go by post."""
    posts = ContactDetail.objects.filter(targets__in=offices, channel="post")
    countries = [row.country for rows in (addresses, prisons, posts) for row in rows]
    return {str(country) for country in countries if country}
