"""How the people of a case stand now, read from its dated rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext

from prisoners.fields import FuzzyDate, Translated
from prisoners.models import Case, CaseMember, Charge, Custody, Person, Sentence, TimelineEntry, present_custody


def with_story(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with all that pages tell of them, in a fixed number of queries."""
    members = CaseMember.objects.select_related("person", "prison").prefetch_related(
        "sentences", "person__roles", "person__names"
    )
    return cases.prefetch_related(
        Prefetch("members", members), "timeline__members__person", "charges__members__person", "responsible_states"
    )


@dataclass(frozen=True)
class Standing:
    """One person or counted group of a case, and how they stand after its last entry.

    `timeline` and `charges` are those of the case that concern them.
    """

    member: CaseMember
    custody: Custody | None
    timeline: list[TimelineEntry]
    charges: list[Charge]

    @property
    def sentence(self) -> Sentence | None:
        """The last of their sentences, which may say that an earlier one was overturned."""
        return next(reversed(self.member.sentences.all()), None)

    @property
    def held_since(self) -> FuzzyDate:
        """When the present time in custody began; false where they are not held or nobody wrote it down."""
        since = FuzzyDate()
        for entry in self.timeline:
            if entry.custody and not Custody(entry.custody).is_held:
                since = FuzzyDate()
            elif not since and (entry.custody or entry.kind == TimelineEntry.Kind.ARREST):
                since = entry.date
        return since if self.is_held else FuzzyDate()

    @property
    def last_change(self) -> TimelineEntry | None:
        """The entry that brought their present custody."""
        return next((entry for entry in reversed(self.timeline) if entry.custody), None)

    @property
    def person(self) -> Person | None:
        return self.member.person

    @property
    def in_words(self) -> str:
        """Custody and sentence: "in prison, hard labour; sentenced to six years"."""
        sentence = f"{self.sentence.get_kind_display()} {self.sentence}" if self.sentence else ""
        note = str(self.member.custody_note)
        custody = [str(self.custody.label) if self.custody else "", "" if note in sentence else note]
        return gettext("; ").join(filter(None, [gettext(", ").join(filter(None, custody)), sentence]))

    @property
    def role(self) -> Translated:
        """What they are in the case, else in life."""
        titles = [role.title for role in self.person.roles.all()] if self.person else []
        return next(filter(None, [self.member.role_in_case, *titles]), Translated())

    @property
    def other_names(self) -> str:
        """Their name in other spellings and scripts."""
        return gettext(", ").join(name.text for name in self.person.names.all()) if self.person else ""

    @property
    def number(self) -> str:
        """How many a group is: "at least 10,000"; "" for one person, and where nobody counted."""
        if not self.member.group_count:
            return ""
        qualifier = self.member.get_group_qualifier_display()
        count = intcomma(self.member.group_count)
        return count if self.member.group_qualifier == CaseMember.Qualifier.EXACTLY else f"{qualifier} {count}"

    @property
    def is_official(self) -> bool:
        """Whether this is a named official of the case: judge, investigator."""
        return self.member.role == CaseMember.Role.OFFICIAL

    @property
    def is_held(self) -> bool:
        return self.custody is not None and self.custody.is_held

    @property
    def is_free(self) -> bool:
        return self.custody is not None and self.custody.is_free

    @property
    def has_died(self) -> bool:
        return self.custody == Custody.DIED


def standing(member: CaseMember, case: Case) -> Standing:
    """Say how `member` stands in its `case`, which came from `with_story`: no query is made here."""
    timeline = case.timeline.all()
    told = [entry for entry in timeline if concerns(entry, member)]
    charges = [charge for charge in case.charges.all() if concerns(charge, member)]
    return Standing(member, present_custody(member, timeline), told, charges)


def standings(case: Case) -> list[Standing]:
    """Everybody in a case that came from `with_story`, in its order."""
    return [standing(member, case) for member in case.members.all()]


def only_face(rows: Iterable[Standing]) -> Person | None:
    """The one person named among `rows`, where their photo may stand beside the name."""
    people = [row.person for row in rows if row.person]
    one = people[0] if len(people) == 1 else None
    return one if one and one.has_photo_on_show and one.photo_use == Person.PhotoUse.NAMED else None


def concerns(row: TimelineEntry | Charge, member: CaseMember) -> bool:
    """Whether an entry or a charge is about `member`; one that names nobody is about all."""
    members = row.members.all()
    return not members or member in members
