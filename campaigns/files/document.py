"""A whole file: its sections, read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from campaigns.files.calls import CAMPAIGN
from campaigns.files.codes import country_hint, is_country
from campaigns.files.kinds import LANGUAGE, Mention, Reading
from campaigns.files.offices import NOTICE, OFFICE, ORGANISATION, TAG
from campaigns.files.people import CASE, MAIL_RULES, PERSON, PRISON
from campaigns.files.problems import Problems, did_you_mean
from campaigns.files.reader import Entries, Node, Text, read
from campaigns.files.schema import Item, Record, Rows, read_item, read_items

# What all campaigns share, by slug, in the order in which it is written.
SHARED: dict[str, Record] = {
    "tags": TAG,
    "organisations": ORGANISATION,
    "prisons": PRISON,
    "people": PERSON,
    "offices": OFFICE,
    "cases": CASE,
}
NOTICES = Rows("postal_notices", NOTICE, match=("to_country", "from_country"), shared=True)
SECTIONS = ("language", "campaign", *SHARED, "mail_rules", "postal_notices")


@dataclass
class Document:
    """The items of one file by section."""

    language: str = "en"
    sections: dict[str, list[Item]] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    declared: set[tuple[type, str, str]] = field(default_factory=set)

    def items(self, section: str) -> list[Item]:
        return self.sections.get(section, [])


def read_document(file: str, content: bytes, problems: Problems) -> Document:
    """Read and check the file called `file`; all that is wrong with it alone is noted in `problems`."""
    root = read(file, content, problems)
    document = Document()
    if root is None:
        return document
    reading = Reading(problems, mentions=document.mentions, declared=document.declared)
    if language := root.nodes.get("language"):
        reading.language = document.language = LANGUAGE.read(language, reading) or "en"
    for name, node in root.nodes.items():
        if name not in SECTIONS:
            reading.refuse(node, f"“{name}” is not a section.{did_you_mean(name, SECTIONS)}")
        elif name != "language" and not (isinstance(node, Text) and not node.value):
            document.sections[name] = _section(name, node, reading)
    return document


def _section(name: str, node: Node, reading: Reading) -> list[Item]:
    if name == "campaign":
        return [_campaign(node, reading)]
    if name == "postal_notices":
        return read_items(node, NOTICES, reading)
    if not isinstance(node, Entries):
        reading.refuse(node, "Expected a key for each, with what is to be said of it below.")
        return []
    return [_keyed(name, slug, below, reading) for slug, below in node.nodes.items()]


def _campaign(node: Node, reading: Reading) -> Item:
    slug = node.nodes.get("slug") if isinstance(node, Entries) else None
    reading.within = slug.value if isinstance(slug, Text) else ""
    item = read_item(node, CAMPAIGN, reading, reading.within)
    item.values.setdefault("language", reading.language)
    reading.declared.add((CAMPAIGN.model, item.slug, ""))
    return item


def _keyed(section: str, slug: str, node: Node, reading: Reading) -> Item:
    """One entry of a section whose keys are slugs (or, for mail rules, countries)."""
    if section == "mail_rules":
        if not is_country(slug):
            reading.refuse(node, f"“{slug}” is not a country's code.{country_hint(slug)}")
        return read_item(node, MAIL_RULES, reading, slug)
    try:
        validate_slug(slug)
    except ValidationError:
        reading.refuse(node, f"“{slug}” can't be a key: use small letters, digits and hyphens, such as emir-kuku.")
    record = SHARED[section]
    reading.within = slug
    reading.region = _region(node)
    item = read_item(node, record, reading, slug)
    reading.declared.add((record.model, slug, ""))
    return item


def _region(node: Node) -> str:
    """The country whose numbers an office writes without country code: where it stands."""
    entries = node.nodes if isinstance(node, Entries) else {}
    given = (entries.get(name) for name in ("host_country", "country"))
    return next((below.value for below in given if isinstance(below, Text)), "")
