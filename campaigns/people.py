"""The people whom published campaigns name, and what their pages tell.

A person is public through a published campaign only: one who is named in a draft or a withdrawn campaign has no page.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaigns.models import Campaign, Endorsement
from prisoners.models import (
    Case,
    CaseMember,
    Charge,
    Custody,
    MailRules,
    Person,
    PersonQuerySet,
    PrisonerAddress,
    ResponsibleState,
    TimelineEntry,
    mail_rules_for,
)
from prisoners.standing import Standing, standing, with_story

NOT_PRISONERS = (CaseMember.Role.OFFICIAL, CaseMember.Role.AFFECTED)


def published_cases() -> QuerySet[Case]:
    """Cases that a published campaign tells of, each once."""
    return Case.objects.filter(campaigns__in=Campaign.objects.published()).distinct()


def prisoners() -> QuerySet[Person]:
    """People in prison, at risk or disappeared, whose case is public."""
    members = CaseMember.objects.filter(case__in=published_cases()).exclude(role__in=NOT_PRISONERS)
    return Person.objects.filter(pk__in=members.values("person"))


def public_people() -> PersonQuerySet:
    """All who have a page: people in public cases but the officials, and those who stand by a published campaign."""
    members = CaseMember.objects.filter(case__in=published_cases()).exclude(role=CaseMember.Role.OFFICIAL)
    endorsements = Endorsement.objects.filter(campaign__in=Campaign.objects.published())
    return Person.objects.filter(Q(pk__in=members.values("person")) | Q(pk__in=endorsements.values("person")))


def with_standing(people: QuerySet[Person]) -> QuerySet[Person]:
    """People with their public cases, so that `present` needs no query of its own."""
    members = CaseMember.objects.filter(case__in=published_cases()).exclude(role=CaseMember.Role.OFFICIAL)
    cases = Prefetch("case", with_story(Case.objects.all()))
    return people.prefetch_related(
        "names", "roles", Prefetch("memberships", members.prefetch_related(cases, "sentences"))
    )


def present(person: Person) -> list[Standing]:
    """How a person from `with_standing` stands in each of their cases, the latest case first."""
    found = [standing(member, member.case) for member in person.memberships.all()]
    return sorted(found, key=lambda row: row.member.case_id, reverse=True)


def freed(limit: int) -> list[tuple[Person, Standing]]:
    """The people who came out last, each with how: in their latest case they are free now."""
    free = [custody for custody in Custody if custody.is_free]
    told = Q(memberships__case__timeline__custody__in=free) | Q(memberships__custody__in=free)
    people = with_standing(prisoners().filter(told).distinct())
    found = [(person, row) for person in people if (row := present(person)[0]).is_free]
    return sorted(found, key=lambda pair: came_out(pair[1]), reverse=True)[:limit]


def came_out(row: Standing) -> dt.date:
    """The first day that their last change of custody can mean; long ago where nobody wrote it down."""
    return (row.last_change and row.last_change.date.start) or dt.date.min


@dataclass(frozen=True)
class Profile:
    """What the page of a person tells; make it with a person from `with_standing`."""

    person: Person

    @cached_property
    def standings(self) -> list[Standing]:
        return present(self.person)

    @property
    def now(self) -> Standing | None:
        """How they stand in their latest case."""
        return next(iter(self.standings), None)

    @property
    def stories(self) -> list[tuple[Standing, list[TimelineEntry], list[Charge]]]:
        """Each case with the entries of its timeline and the charges that concern the person."""
        return [(row, row.timeline, row.charges) for row in self.standings]

    @property
    def states(self) -> list[str]:
        """The states that answer for the latest case."""
        states = self.now.member.case.responsible_states.all() if self.now else []
        return [str(state.country.name) for state in states]

    @property
    def trail(self) -> list[tuple[str, str]]:
        """The way back, for the breadcrumb."""
        return [(gettext("Prisoners"), reverse("prisoners:people"))]

    @cached_property
    def campaigns(self) -> list[Campaign]:
        """The published campaigns over their cases, newest first."""
        cases = [row.member.case_id for row in self.standings]
        return list(Campaign.objects.published().filter(cases__in=cases).distinct())

    @property
    def open_campaigns(self) -> list[Campaign]:
        """Those on which one can act now; nothing is asked for the dead."""
        dead = self.now is not None and self.now.has_died
        return [] if dead else [campaign for campaign in self.campaigns if campaign.is_open]

    @property
    def parts(self) -> list[tuple[Campaign, Endorsement | None]]:
        """All published campaigns that they have a part in, and as what they wrote or stand by one."""
        published = Campaign.objects.published()
        rows = {
            row.campaign: row
            for row in self.person.endorsements.filter(campaign__in=published).select_related("campaign")
        }
        return [(campaign, rows.get(campaign)) for campaign in dict.fromkeys([*self.campaigns, *rows])]

    @cached_property
    def letters_to(self) -> list[tuple[PrisonerAddress, MailRules | None]]:
        """Where letters reach them now, with the rules that hold there; nothing once they are out or dead."""
        if not (self.now and self.now.is_held):
            return []
        addresses = self.person.addresses.select_related("prison", "rules", "prison__rules")
        return [(address, mail_rules_for(address)) for address in addresses]


class PeopleForm(forms.Form):
    """Search by name in any script, and by the state that holds them."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query, auto_id="find-%s", use_required_attribute=False)
        states = set(ResponsibleState.objects.filter(case__in=published_cases()).values_list("country", flat=True))
        named = [(code, name) for code, name in countries if code in states]
        self.fields["country"] = forms.ChoiceField(
            label=_("State"), required=False, choices=[("", _("All states")), *named]
        )

    @property
    def query_string(self) -> str:
        """What was asked, for links to other pages of the answer."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})

    def results(self) -> QuerySet[Person]:
        """The people who are meant; a state that nobody is held by finds nobody."""
        words, country = self.data.get("q", ""), self.data.get("country", "")
        found = Person.objects.matching(words[:100]).filter(pk__in=prisoners())
        if country:
            found = found.filter(memberships__case__responsible_states__country=country).distinct()
        return with_standing(found)
