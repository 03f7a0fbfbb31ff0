"""What the page of a campaign tells, put together from its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from campaigns.directory.reach import Office, every_office
from campaigns.listing import URGENT, can_be_written_to
from campaigns.missions import known_missions
from campaigns.models import (
    Campaign,
    CampaignOrganisation,
    Endorsement,
    ModelLetter,
    Target,
    Update,
)
from prisoners.fields import Shown, Translated
from prisoners.models import Case, CaseMember, Charge, Person, TimelineEntry
from prisoners.photos import key_of
from prisoners.standing import Standing, only_face, standings, with_story

ROWS = (
    *("references", "tags", "asks", "targets__target", "rebuttals", "resources", "figures"),
    *("demands__offices__target", "letters__points", "letters__offices__target", "events__places", "copy_addresses"),
    "organisations__organisation",
)


LAST = "events", "tally", "figures", "endorsers", "claims", "organisations", "resources"
USUAL = "story", "people", "demands", "asks", "updates", "timeline", "offices", "letters", *LAST
ORDER = {
    # The letter itself first, then who wrote it, then what they demand of whom.
    Campaign.Kind.OPEN_LETTER: (
        *("story", "letters", "authors", "demands", "asks", "people", "offices", "updates", "timeline"),
        *LAST,
    ),
    # What is said against them and what is true, then whom it hurts.
    Campaign.Kind.REBUTTAL: (
        *("story", "claims", "people", "asks", "demands", "timeline", "offices", "letters", "updates"),
        *("events", "tally", "figures", "endorsers", "organisations", "resources"),
    ),
    # What was done and what comes, then why.
    Campaign.Kind.DAYS_OF_ACTION: (
        *("story", "events", "figures", "asks", "people", "demands", "offices", "letters", "updates", "timeline"),
        *("tally", "endorsers", "claims", "organisations", "resources"),
    ),
}
ORDER[Campaign.Kind.SOLIDARITY] = ORDER[Campaign.Kind.DAYS_OF_ACTION]


@dataclass(frozen=True)
class Story:
    """A campaign as its page tells it; make it with a campaign from `with_rows`."""

    campaign: Campaign

    @cached_property
    def cases(self) -> list[Case]:
        return list(self.campaign.cases.all())

    @cached_property
    def people(self) -> list[Standing]:
        """Everybody in the cases but the officials."""
        return [row for case in self.cases for row in standings(case) if not row.is_official]

    @property
    def named(self) -> list[Standing]:
        return [row for row in self.people if row.person]

    @property
    def groups(self) -> list[Standing]:
        """Those who are counted, not named."""
        return [row for row in self.people if not row.person]

    @property
    def officials(self) -> list[CaseMember]:
        """Named officials of the cases, who are not addressed."""
        members = [member for case in self.cases for member in case.members.all()]
        return [member for member in members if member.role == CaseMember.Role.OFFICIAL]

    @property
    def face(self) -> Person | None:
        """The one person for whom it stands, where their photo may be shown."""
        return only_face(self.people)

    @property
    def unnamed_photos(self) -> list[Person]:
        """Those whose photo may stand here but not beside their name, in no order that tells who they are.

        Nobody where only one person is named: the reader would know.
        """
        people = [row.person for row in self.named if row.person and row.person.has_photo_on_show]
        unnamed = [person for person in people if person.photo_use == Person.PhotoUse.UNNAMED]
        return sorted(unnamed, key=lambda person: key_of(str(person.photo))) if len(self.named) > 1 else []

    @property
    def freed(self) -> list[Standing]:
        return [row for row in self.named if row.is_free]

    @property
    def held(self) -> list[Standing]:
        return [row for row in self.named if row.is_held]

    @cached_property
    def charges(self) -> list[Charge]:
        return [charge for case in self.cases for charge in case.charges.all()]

    @cached_property
    def timeline(self) -> list[TimelineEntry]:
        return [entry for case in self.cases for entry in case.timeline.all()]

    @property
    def next_hearing(self) -> TimelineEntry | None:
        """The hearing that is still to come: dated today or later, or told last and undated."""
        today = timezone.localdate()
        hearings = [entry for entry in self.timeline if entry.kind == TimelineEntry.Kind.HEARING]
        dated = [entry for entry in hearings if entry.date.start and entry.date.start >= today]
        open_ended = [entry for entry in hearings[-1:] if not entry.date.start and entry is self.timeline[-1]]
        return next(iter([*dated, *open_ended]), None)

    @property
    def states(self) -> list[str]:
        """The states that answer, by name."""
        names = [str(state.country.name) for case in self.cases for state in case.responsible_states.all()]
        return list(dict.fromkeys(names))

    @cached_property
    def offices(self) -> list[Office]:
        """All offices of the campaign, also those meant for supporters in some countries only."""
        return every_office(self.campaign)

    @property
    def can_write(self) -> bool:
        """Whether a supporter can write now."""
        return self.campaign.is_open and can_be_written_to(self.campaign, [office.entry for office in self.offices])

    @property
    def sections(self) -> list[str]:
        """The parts of the page in the order in which a stranger understands this kind of campaign."""
        order = ORDER.get(Campaign.Kind(self.campaign.kind), USUAL)
        return [f"campaigns/sections/{name}.html" for name in order]

    @property
    def is_urgent(self) -> bool:
        return self.campaign.kind in URGENT or bool(self.campaign.urgency)

    @property
    def addressed(self) -> list[Office]:
        """The offices that get a letter, not only a copy, and are more than a class of addressees."""
        return [office for office in self.offices if not office.is_copy and not is_class(office)]

    @cached_property
    def missions(self) -> list[Target]:
        """The missions by name that stand for "the mission near you"."""
        states = [str(office.entry.mission_of) for office in self.offices if office.target is None]
        return list(known_missions(states)) if states else []

    @property
    def reachable(self) -> list[Office]:
        """The offices with an address, usable or not, and missions that are found by the reader's country."""
        return [office for office in self.offices if office.target is None or office.contacts]

    @property
    def unreachable(self) -> list[Office]:
        """The offices whose address nobody knows. Classes of addressees stand with the demands put to them."""
        return [office for office in self.offices if office not in self.reachable and not is_class(office)]

    @cached_property
    def letters(self) -> list[tuple[ModelLetter, Shown]]:
        """The model letters, each with its text to read and the language that this is in."""
        return [(letter, sheet(letter)) for letter in self.campaign.letters.all()]

    @property
    def status_labels(self) -> str:
        """What those who follow the case call them: "prisoners of conscience"."""
        return gettext(", ").join(str(case.status_label) for case in self.cases if case.status_label)

    @property
    def where(self) -> list[Translated]:
        """Where they are held, else where it happened, in the words of the sources."""
        prisons = [row.member.prison.name for row in self.people if row.member.prison]
        return prisons or [case.places for case in self.cases if case.places]

    @property
    def as_of(self) -> dt.date | None:
        """The day for which the facts are true: the campaign's, else the oldest of its cases'."""
        return self.campaign.facts_as_of or min((case.as_of for case in self.cases if case.as_of), default=None)

    @property
    def checked_on(self) -> dt.date | None:
        """When all the facts had last been checked."""
        return min((case.checked_on for case in self.cases if case.checked_on), default=None)

    @property
    def authors(self) -> list[Endorsement]:
        return [row for row in self.campaign.endorsements.all() if row.kind == Endorsement.Kind.AUTHOR]

    @property
    def endorsers(self) -> list[Endorsement]:
        return [row for row in self.campaign.endorsements.all() if row.kind == Endorsement.Kind.ENDORSER]

    @property
    def organisations(self) -> dict[str, list[CampaignOrganisation]]:
        """Organisations by what they did, in words."""
        by_role: dict[str, list[CampaignOrganisation]] = {}
        for row in self.campaign.organisations.all():
            by_role.setdefault(str(row.get_role_display()), []).append(row)
        return by_role

    @property
    def next_campaigns(self) -> list[Campaign]:
        """The published campaigns that follow this one."""
        return list(self.campaign.followed_by.all())


def is_class(office: Office) -> bool:
    return office.target is not None and office.target.kind == Target.Kind.CLASS


def sheet(letter: ModelLetter) -> Shown:
    """A model letter as one text in the language nearest to the page's: opening, text or points, closing."""
    language = (letter.body or letter.opening or letter.closing).shown().language
    points = [] if letter.body else [point.text for point in letter.points.all()]
    parts = [letter.opening, letter.body, *points, letter.closing]
    return Shown("\n\n".join(text for part in parts if (text := part.shown(language).text)), language)


def with_rows(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Campaigns with all that `Story` reads, in a fixed number of queries."""
    people = Endorsement.objects.select_related("person", "organisation")
    return campaigns.select_related("follows").prefetch_related(
        Prefetch("cases", with_story(Case.objects.all())),
        Prefetch("updates", Update.objects.published()),
        Prefetch("endorsements", people),
        Prefetch("followed_by", Campaign.objects.published()),
        *ROWS,
    )
