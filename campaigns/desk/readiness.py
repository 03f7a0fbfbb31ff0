"""Is a campaign ready? What would keep letters from arriving, and what somebody should look at."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.directory.reach import DIRECTORY, Office
from campaigns.models import Campaign, ModelLetter, Target
from campaigns.models.placeholders import unknown_placeholders
from prisoners.models import Person, PrisonerAddress

# How letters begin that hold their salutation in the text, in the languages of most campaigns.
SALUTATION = re.compile(
    r"\s*(dear|to whom it may|your excellency|уважаем|господин|шановн|вельмишановн|sehr geehrt|madame|monsieur|estimad"
    r"|señor|السيد|سعادة|құрметті)",
    re.IGNORECASE,
)
STALE = dt.timedelta(days=90)


@dataclass(frozen=True)
class Problem:
    """Something to put right: `bad` keeps letters from arriving as they should, `warn` deserves a look."""

    kind: str
    text: str | Promise


def problems(campaign: Campaign) -> list[Problem]:
    """All problems of a campaign, the bad ones first."""
    found = [*of_offices(campaign), *of_letters(campaign), *of_names(campaign), *of_dates(campaign)]
    return sorted(found, key=lambda problem: problem.kind != "bad")


def of_offices(campaign: Campaign) -> Iterator[Problem]:
    """Offices that cannot be reached."""
    entries = list(campaign.targets.select_related("target"))
    mute = []
    for entry in entries:
        if entry.target is None:
            missions = Target.objects.filter(kind=Target.Kind.MISSION, country=entry.mission_of)
            if not missions.exists():
                mute.append(_("%(office)s: the directory knows no mission of this state.") % {"office": entry})
            continue
        office = Office(entry, Target.objects.prefetch_related(*DIRECTORY).get(pk=entry.target.pk))
        if not office.channels:
            mute.append(_("%(office)s: no address works.") % {"office": entry})
    if len(mute) == len(entries):
        # A campaign that asks for other things than letters may have no office at all.
        asks_for_letters = bool(entries) or campaign.letters.exists()
        nobody = _(
            "Nobody can be written to: name an office with an address that works. A postal address is enough: "
            "supporters then print and post."
        )
        yield Problem("bad" if asks_for_letters else "warn", nobody)
    yield from (Problem("warn", text) for text in mute)


def of_letters(campaign: Campaign) -> Iterator[Problem]:
    """Texts that would not read well at an office."""
    for letter in campaign.letters.prefetch_related("points", "offices__target"):
        for language, text in texts_of(letter):
            where = {"letter": letter.key, "language": language}
            for name, nearest in unknown_placeholders(text).items():
                hint = _("Did you mean {{%(nearest)s}}?") % {"nearest": nearest} if nearest else ""
                unknown = _("Letter %(letter)s (%(language)s): there is no placeholder {{%(name)s}}.")
                yield Problem("bad", f"{unknown % {**where, 'name': name}} {hint}".strip())
            if SALUTATION.match(text):
                doubled = _("Letter %(letter)s (%(language)s) begins with a salutation: each office gets its own.")
                yield Problem("warn", doubled % where)
        yield from unread(campaign, letter)


def texts_of(letter: ModelLetter) -> Iterator[tuple[str, str]]:
    """Every text of a letter with its language."""
    points = [point.text for point in letter.points.all()]
    for field in (letter.subject, letter.opening, letter.body, letter.closing, *points):
        yield from field.items()


def unread(campaign: Campaign, letter: ModelLetter) -> Iterator[Problem]:
    """Offices that accept none of the letter's languages."""
    written = {language for language, text in texts_of(letter)}
    offices = [entry for entry in letter.offices.all() or campaign.targets.all() if entry.target]
    for entry in offices:
        accepted = entry.languages or (entry.target.languages if entry.target else [])
        if accepted and written and not written.intersection(accepted):
            where = {"letter": letter.key, "office": entry, "languages": ", ".join(accepted)}
            yield Problem("warn", _("Letter %(letter)s is not in a language of %(office)s (%(languages)s).") % where)


def of_names(campaign: Campaign) -> Iterator[Problem]:
    """People whose name is spelled in two ways in texts of one language."""
    texts: dict[str, str] = {}
    for field in (campaign.title, campaign.summary, campaign.story, campaign.urgency):
        for language, text in field.items():
            texts[language] = f"{texts.get(language, '')} {text}"
    for letter in campaign.letters.prefetch_related("points"):
        for language, text in texts_of(letter):
            texts[language] = f"{texts.get(language, '')} {text}"
    people = Person.objects.filter(memberships__case__in=campaign.cases.all()).distinct().prefetch_related("names")
    for person in people:
        for language, text in texts.items():
            used = [word for word in spellings(person) if re.search(rf"\b{re.escape(word)}\b", text)]
            if len(used) > 1:
                words = {"person": person, "language": language, "names": ", ".join(used)}
                yield Problem("warn", _("%(person)s is spelled in several ways (%(language)s): %(names)s.") % words)


def spellings(person: Person) -> list[str]:
    """The family name of `person` in each spelling that the site knows in one script."""
    names: Iterable[str] = [person.name, *(name.text for name in person.names.all() if name.kind == name.Kind.SPELLING)]
    return list(dict.fromkeys(name.split()[-1] for name in names if name.split()))


def of_dates(campaign: Campaign) -> Iterator[Problem]:
    """Ends that are missing and facts that may be stale."""
    if not (campaign.last_day() or campaign.end_condition):
        yield Problem("warn", _("It has no end: give a day to act by, a day to close after, or the end in words."))
    if campaign.facts_as_of is None:
        yield Problem("warn", _("It does not say as of when its facts are."))
    old = timezone.localdate() - STALE
    addresses = PrisonerAddress.objects.filter(
        person__memberships__case__in=campaign.cases.all(), withdrawn=False, checked_on__lt=old
    )
    for address in addresses.select_related("person").distinct():
        words = {"person": address.person, "day": address.checked_on}
        yield Problem("warn", _("The address of %(person)s was last checked on %(day)s.") % words)
