"""Small rows for tests: plain functions that make what was not given, with addresses that can never be delivered.

Emails end in `.test` (RFC 2606), phone and fax numbers come from Ofcom's range for drama, +44 20 7946 0000 to 0999.
Any field of the model can be given by name; a `slug` or `key` that is not given is new each time.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from campaigns.directory.reach import Office
from campaigns.models import (
    Ask,
    Campaign,
    CampaignState,
    CampaignTarget,
    Channel,
    ContactDetail,
    ContactState,
    Demand,
    Event,
    LetterPoint,
    ModelLetter,
    OfficeHolder,
    Organisation,
    Tag,
    Target,
    TargetContact,
    Update,
)
from letters.models import Letter, LetterState
from prisoners.models import Case, CaseMember, Custody, Person, PrisonerAddress, ResponsibleState, TimelineEntry

numbers = itertools.count(1)

STORY = "She was arrested after a meeting of her union.\n\nNo witness for the defence was heard."
LETTER = "I am writing about Vera Example.\n\nI urge you to see that she is released at once."


def make_person(name: str = "", **fields: Any) -> Person:
    """Make a person whose names can be searched for."""
    name = name or f"Vera Example {next(numbers)}"
    slug = fields.pop("slug", slugify(name) or f"person-{next(numbers)}")
    person = Person.objects.create(name=name, slug=slug, **fields)
    person.refresh_search_text()
    return person


def make_case(*people: Person, states: Sequence[str] = ("RU",), **fields: Any) -> Case:
    """Make a case with `people` in it as prisoners, for which the countries in `states` answer."""
    fields.setdefault("slug", f"case-{next(numbers)}")
    fields.setdefault("title", {"en": "The case of Vera Example"})
    case = Case.objects.create(**fields)
    ResponsibleState.objects.bulk_create(ResponsibleState(case=case, country=state) for state in states)
    for person in people:
        make_member(case, person)
    return case


def make_member(case: Case, person: Person | None = None, **fields: Any) -> CaseMember:
    """Put a person into a case, imprisoned unless `custody` says otherwise; without one, a group of eleven."""
    if person is None:
        counted = {"group": {"en": "Others from the same factory"}, "group_count": 11, "group_qualifier": "about"}
        fields = {**counted, **fields}
    fields.setdefault("key", f"member-{next(numbers)}")
    fields.setdefault("custody", Custody.IMPRISONED)
    return CaseMember.objects.create(case=case, person=person, **fields)


def make_entry(case: Case, text: str, *members: CaseMember, **fields: Any) -> TimelineEntry:
    """Add a fact to a case's timeline, after those that are there; without `members` it concerns all."""
    fields.setdefault("position", case.timeline.count())
    entry = TimelineEntry.objects.create(case=case, text={"en": text}, **fields)
    entry.members.set(members)
    return entry


def make_prison_address(person: Person, **fields: Any) -> PrisonerAddress:
    """Give a prisoner a postal address."""
    fields.setdefault("lines", "Colony 7\nExample Street 1\nExampletown")
    fields.setdefault("country", "RU")
    return PrisonerAddress.objects.create(person=person, **fields)


def make_contact(channel: str = Channel.EMAIL, value: str = "", **fields: Any) -> ContactDetail:
    """Make one address of an office, one that works unless `state` says otherwise."""
    number = next(numbers)
    made_up = {
        Channel.EMAIL: f"office-{number}@ministry.test",
        Channel.FAX: f"+44207946{number % 1000:04}",
        Channel.PHONE: f"+44207946{number % 1000:04}",
        Channel.POST: f"The Office\n{number} Example Street\nExampletown",
        Channel.WEB_FORM: f"https://ministry.test/form/{number}",
    }
    fields.setdefault("state", ContactState.OK)
    known = fields["state"] not in (ContactState.LOST, ContactState.REFUSED)
    value = value or (made_up.get(Channel(channel), f"@office{number}") if known else "")
    return ContactDetail.objects.create(channel=channel, value=value, **fields)


def make_office(*channels: str | ContactDetail, holder: Person | None = None, **fields: Any) -> Target:
    """Make an office reached by `channels` in order (an email address if none), held by `holder` if given."""
    number = next(numbers)
    fields.setdefault("slug", f"office-{number}")
    fields.setdefault("name", {"en": f"Prosecutor {number}"})
    fields.setdefault("salutation", {"en": "Dear Prosecutor,"})
    fields.setdefault("country", "RU")
    office = Target.objects.create(**fields)
    for position, channel in enumerate(channels or (Channel.EMAIL,)):
        contact = channel if isinstance(channel, ContactDetail) else make_contact(channel)
        TargetContact.objects.create(target=office, contact=contact, position=position)
    if holder:
        OfficeHolder.objects.create(target=office, person=holder)
    return office


def make_campaign(*offices: Target, case: Case | None = None, **fields: Any) -> Campaign:
    """Make an open campaign that addresses `offices`, over `case` or over one with a prisoner of its own."""
    fields.setdefault("slug", f"campaign-{next(numbers)}")
    fields.setdefault("title", {"en": "Free Vera Example"})
    fields.setdefault("summary", {"en": "Framed for joining a union."})
    fields.setdefault("story", {"en": STORY})
    fields.setdefault("state", CampaignState.OPEN)
    campaign = Campaign.objects.create(**fields)
    campaign.cases.add(case or make_case(make_person()))
    for office in offices:
        add_office(campaign, office)
    return campaign


def add_office(campaign: Campaign, office: Target | None = None, **fields: Any) -> CampaignTarget:
    """Address an office in a campaign; without one, give `mission_of`."""
    fields.setdefault("key", office.slug if office else f"mission-{next(numbers)}")
    fields.setdefault("position", campaign.targets.count())
    return CampaignTarget.objects.create(campaign=campaign, target=office, **fields)


def make_model_letter(
    campaign: Campaign, *offices: CampaignTarget, points: Sequence[str] = (), **fields: Any
) -> ModelLetter:
    """Make a letter for `offices` of the campaign (for all if none); with `points`, the first is locked."""
    here = fields.setdefault("availability", ModelLetter.Availability.HERE) == ModelLetter.Availability.HERE
    fields.setdefault("key", f"letter-{next(numbers)}")
    fields.setdefault("subject", {"en": "Vera Example"})
    fields.setdefault("body", {"en": LETTER} if here and not points else {})
    fields.setdefault("closing", {"en": "Yours sincerely,"})
    letter = ModelLetter.objects.create(campaign=campaign, **fields)
    letter.offices.set(offices)
    for position, text in enumerate(points):
        LetterPoint.objects.create(letter=letter, position=position, text={"en": text}, locked=position == 0)
    return letter


def make_demand(campaign: Campaign, text: str = "Release her at once", **fields: Any) -> Demand:
    return Demand.objects.create(campaign=campaign, text={"en": text}, **fields)


def make_ask(
    campaign: Campaign, kind: str = Ask.Kind.WRITE, text: str = "Write to the prosecutor", **fields: Any
) -> Ask:
    return Ask.objects.create(campaign=campaign, kind=kind, text={"en": text}, **fields)


def make_update(campaign: Campaign, **fields: Any) -> Update:
    """Make news that is out."""
    fields.setdefault("slug", f"update-{next(numbers)}")
    fields.setdefault("title", {"en": "The court has sat"})
    fields.setdefault("text", {"en": "The appeal was heard and **put off**."})
    fields.setdefault("published_at", timezone.now())
    return Update.objects.create(campaign=campaign, **fields)


def make_event(campaign: Campaign, *cities: Mapping[str, str], **fields: Any) -> Event:
    """Make an event held in `cities`, each given as {"city": ..., "country": ...}."""
    fields.setdefault("name", {"en": "Day of action"})
    event = Event.objects.create(campaign=campaign, **fields)
    for position, place in enumerate(cities):
        event.places.create(position=position, city={"en": place["city"]}, country=place.get("country", ""))
    return event


def make_organisation(**fields: Any) -> Organisation:
    number = next(numbers)
    fields.setdefault("slug", f"organisation-{number}")
    fields.setdefault("name", {"en": f"Example Union {number}"})
    return Organisation.objects.create(**fields)


def make_tag(slug: str = "trade-unions", name: str = "Trade unions") -> Tag:
    return Tag.objects.create(slug=slug, name={"en": name})


def make_letter(campaign: Campaign | None = None, **fields: Any) -> Letter:
    """Make a letter that waits for its confirmation, to all offices of `campaign`, else to one."""
    number = next(numbers)
    campaign = campaign or make_campaign(make_office())
    text = fields.pop("text", f"Dear Prosecutor,\n\n{LETTER}\n\nYours sincerely,\n\nAda Example {number}")
    fields.setdefault("form_key", f"form-{number}")
    fields.setdefault("form_digest", "digest")
    fields.setdefault("person_key", f"person-{number}")
    fields.setdefault("page_language", "en")
    fields.setdefault("country", "GB")
    fields.setdefault("name", f"Ada Example {number}")
    fields.setdefault("email", f"ada-{number}@supporter.test")
    fields.setdefault("consent_version", "1")
    fields.setdefault("facts_version", campaign.facts_version)
    fields.setdefault("state", LetterState.PENDING)
    fields.setdefault("expires_at", timezone.now() + dt.timedelta(hours=72))
    letter = Letter.objects.create(campaign=campaign, **fields)
    for office in campaign.targets.filter(target__isnull=False).select_related("target"):
        assert office.target
        channels = [*Office(office, office.target).sendable, Channel.EMAIL]
        letter.addressings.create(
            office=office, target=office.target, channel=channels[0], language="en", subject="Vera Example", text=text
        )
    return letter
