"""What files say of offices, their addresses, organisations, themes and the post."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models

from campaigns.directory.contacts import normalise
from campaigns.files.kinds import (
    COUNTRY,
    DAY,
    FLAG,
    LANGUAGES,
    NUMBER,
    TEXT,
    WORDS,
    Choice,
    Find,
    Kind,
    Mention,
    Plain,
    Reading,
    Ref,
)
from campaigns.files.reader import Node
from campaigns.files.schema import Item, Key, Record, Rows, key
from campaigns.models import (
    Channel,
    ContactDetail,
    ContactState,
    MissionCoverage,
    OfficeHolder,
    Organisation,
    PostalNotice,
    Tag,
    Target,
    TargetContact,
)
from prisoners.models import Person

LOST, FORBIDDEN = "lost", "not to be used"


@dataclass(frozen=True)
class Address(Kind):
    """An address of one channel, `lost`, or `not to be used`; read as (normalised value, state or "")."""

    channel: Channel

    @property
    def means(self) -> str:  # type: ignore[override]  # A property of each instance.
        return f"the address, `{LOST}` or `{FORBIDDEN}`"

    def read(self, node: Node, reading: Reading) -> tuple[str, str] | None:
        text = reading.text(node, self.means)
        if text in (LOST, FORBIDDEN):
            return "", ContactState.LOST if text == LOST else ContactState.REFUSED
        if text is None:
            return None
        try:
            return normalise(self.channel, text, reading.region), ""
        except ValidationError as error:
            reading.refuse(node, " ".join(error.messages))
            return None

    def write(self, value: tuple[str, str], language: str) -> Plain:  # noqa: ARG002  # The signature of all kinds.
        address, state = value
        return address or (LOST if state == ContactState.LOST else FORBIDDEN)


class Forbidden(Kind):
    """Whether nothing may be sent to a known address; read as its state."""

    means = "yes or no"

    def read(self, node: Node, reading: Reading) -> str | None:
        return ContactState.REFUSED if FLAG.read(node, reading) else None

    def write(self, value: str, language: str) -> Plain:  # noqa: ARG002  # The signature of all kinds.
        return "yes" if value == ContactState.REFUSED else "no"

    def merge(self, now: str, new: str, *, update: bool) -> str:
        """An address that nobody has checked may be forbidden; one that works, only on purpose."""
        return new if now == ContactState.UNVERIFIED else str(super().merge(now, new, update=update))


class Instead(Kind):
    """Where to write instead: the embassy near the supporter, or another office."""

    means = "`embassy` (the one near the supporter) or the key of an office"

    def read(self, node: Node, reading: Reading) -> str | None:
        text = reading.text(node, self.means)
        if text and text != ContactDetail.Route.EMBASSY:
            reading.mentions.append(Mention(Target, text, "", node.place))
        return text

    def resolve(self, value: str, find: Find) -> tuple[str, models.Model | None]:
        """The route and its office."""
        if value in ("", ContactDetail.Route.EMBASSY):
            return value, None
        return ContactDetail.Route.OFFICE, find(Target, value)

    def write(self, value: tuple[str, Target | None], language: str) -> Plain:  # noqa: ARG002  # As all kinds.
        route, office = value
        return office.slug if office else route


def _one_channel(item: Item, reading: Reading) -> None:
    given = [channel for channel in Channel.values if channel in item.places]
    if len(given) != 1:
        reading.problems.add(item.place, f"Give one address for each hyphen: one of {', '.join(Channel.values)}.")


LINK = Record(
    TargetContact,
    (
        key("care_of", TEXT, "by whose hands"),
        key("alternative", NUMBER, "addresses with the same number: one or the other, never both"),
    ),
)

CONTACT = Record(
    ContactDetail,
    (
        *(Key(channel.value, Address(channel)) for channel in Channel),
        *(dataclasses.replace(key, columns=()) for key in LINK.keys),
        key("do_not_use", Forbidden(), "yes: known, but nothing may be sent there", "state"),
        key("label", WORDS, "reception; press office"),
        key("restriction", WORDS, "what keeps supporters from using it"),
        key("instead", Instead(), "where to write instead", "route", "route_target"),
        key("hours", WORDS, "when somebody is there"),
        key("most_characters", NUMBER, "of a web form: how long a text it takes"),
        key("country", COUNTRY, "the country of a postal address"),
        key("latin", TEXT, "a postal address in Latin letters", "latin_value"),
        key("source", TEXT, "where the address was found"),
    ),
    check=_one_channel,
)

HOLDER = Record(
    OfficeHolder,
    (
        key("person", Ref(Person), required=True),
        key("title", WORDS, "where holders of a joint office differ: mayor; deputy mayor"),
        key("salutation", WORDS, "the whole first line: Dear Ambassador,"),
        key("address_form", WORDS, "the form of address that some languages repeat in the closing"),
        key("since", DAY),
        key("until", DAY, "left out: still in office"),
    ),
    short="person",
)

COVERS = Record(MissionCoverage, (key("country", COUNTRY, required=True),), short="country")


class ContactRows(Rows):
    """The addresses of an office, which offices can share."""


OFFICE = Record(
    Target,
    (
        key("name", WORDS, "the office: Prosecutor General", required=True),
        key("kind", Choice(Target.Kind)),
        key("organisation", WORDS, "the institution"),
        key("country", COUNTRY, "the state; for a mission the state that sends it"),
        key("host_country", COUNTRY, "for a mission: the country where it stands"),
        key("city", WORDS),
        Rows("covers", COVERS, "other countries where the mission is accredited", "covers", ("country",), shared=True),
        Rows("holders", HOLDER, "who is in office", "holders", ("person", "until"), shared=True),
        key("salutation", WORDS, "the whole first line of a letter: Dear Ambassador,"),
        key("address_form", WORDS, "the form of address that some languages repeat in the closing"),
        key("languages", LANGUAGES, "the languages it accepts; left out: any"),
        ContactRows("contacts", CONTACT, "its addresses, best first", "target_contacts", shared=True),
        key("time_zone", TEXT, "such as Europe/Moscow"),
        key("office_hours", WORDS),
        key("url", TEXT, "its website"),
        key("wikidata", TEXT, "its Wikidata id"),
        key("source", TEXT, "who says so"),
    ),
)

ORGANISATION = Record(
    Organisation,
    (
        key("name", WORDS, required=True),
        key("country", COUNTRY),
        key("url", TEXT, "its website"),
        key("email", TEXT),
        key("description", WORDS, "what it is"),
    ),
    short="name",
)

TAG = Record(Tag, (key("name", WORDS, required=True),), short="name")

NOTICE = Record(
    PostalNotice,
    (
        key("to", COUNTRY, "the country to which the post goes", "to_country", required=True),
        key("from", COUNTRY, "the country from which; left out: any", "from_country"),
        key("suspended", FLAG, "yes: no post goes there"),
        key("text", WORDS, "what supporters must know", required=True),
        key("source", TEXT, "who says so"),
    ),
)
