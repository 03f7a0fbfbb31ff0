"""What somebody can want news about, as short codes: "all", "campaign:7", "person:12", "country:RU"."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.models import Campaign, Update
from campaigns.people import public_people
from prisoners.models import CaseMember, Person, ResponsibleState

ALL = "all"
ALL_NAME = _("All campaigns")


def of_campaign(campaign: Campaign) -> str:
    return f"campaign:{campaign.pk}"


def of_person(person: Person) -> str:
    return f"person:{person.pk}"


def of_country(code: str) -> str:
    return f"country:{code}"


def topics_of(update: Update) -> set[str]:
    """All topics under which an update is news: its campaign, those before it in the series, people and states."""
    members = CaseMember.objects.filter(case__campaigns=update.campaign, person__isnull=False)
    people = members.exclude(role=CaseMember.Role.OFFICIAL).values_list("person", flat=True)
    states = ResponsibleState.objects.filter(case__campaigns=update.campaign).values_list("country", flat=True)
    series = {of_campaign(campaign) for campaign in _series(update.campaign)}
    return {ALL, *series, *(f"person:{pk}" for pk in people), *map(of_country, states)}


def _series(campaign: Campaign | None) -> Iterable[Campaign]:
    """The campaign and those that it follows: who wanted news of the first wants those of the next."""
    seen: set[int] = set()
    while campaign and campaign.pk not in seen:
        yield campaign
        seen.add(campaign.pk)
        campaign = campaign.follows


def named(topics: Iterable[str]) -> dict[str, str]:
    """Topics with their names in the active language; those that have no public page any more are left out."""
    names = {topic: _name(topic) for topic in topics}
    return {topic: name for topic, name in names.items() if name}


def _name(topic: str) -> str:
    kind, _colon, key = topic.partition(":")
    if kind == "campaign" and (campaign := Campaign.objects.published().filter(pk=key).first()):
        return str(campaign.title)
    if kind == "person" and (person := public_people().filter(pk=key).first()):
        return person.name
    if kind == "country":
        return str(countries.name(key))
    return str(ALL_NAME) if topic == ALL else ""
