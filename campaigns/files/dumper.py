"""Campaign files out: a campaign and all that it names, in the form in which it is loaded."""

from __future__ import annotations

from typing import Any

from django.db import models

from campaigns.files.addresses import address_in_words
from campaigns.files.calls import CAMPAIGN
from campaigns.files.document import NOTICES, SHARED
from campaigns.files.gathering import Gathered, gather
from campaigns.files.kinds import Plain, is_blank
from campaigns.files.offices import CONTACT, LINK, ContactRows
from campaigns.files.people import MAIL_RULES
from campaigns.files.printer import print_yaml
from campaigns.files.schema import Key, Record, Refs, Rows, write_short
from campaigns.models import Campaign, ContactState, TargetContact


def dump(campaign: Campaign) -> str:
    """The campaign file of `campaign`: loading it on an empty site gives the same campaign again."""
    language = campaign.language
    gathered = gather(campaign)
    document: dict[str, Any] = {"language": language, "campaign": _campaign(campaign, language)}
    for section, record in SHARED.items():
        document[section] = {row.slug: write_item(row, record, language) for row in gathered.shared[section]}  # type: ignore[attr-defined]  # All have slugs.
    document |= _loose(gathered, language)
    return print_yaml({name: value for name, value in document.items() if value})


def _campaign(campaign: Campaign, language: str) -> dict[str, Plain]:
    """The campaign's own section; its language is the file's."""
    values = write_values(campaign, CAMPAIGN, language)
    values.pop("language", None)
    return values


def _loose(gathered: Gathered, language: str) -> dict[str, Any]:
    """Mail rules by country and postal notices."""
    return {
        "mail_rules": {str(rules.country): write_item(rules, MAIL_RULES, language) for rules in gathered.mail_rules},
        NOTICES.name: [write_item(notice, NOTICES.record, language) for notice in gathered.notices],
    }


def write_item(row: models.Model, record: Record, language: str) -> Plain:
    """One row with what hangs on it, as short as it can be said."""
    return write_short(write_values(row, record, language), record)


def write_values(row: models.Model, record: Record, language: str) -> dict[str, Plain]:
    """One row with what hangs on it, by key; what a new row has anyway is left out."""
    values: dict[str, Plain] = {}
    for part in record.parts:
        value = _part(row, part, language)
        if value is not None and not is_blank(value):
            values[part.name] = value
    if record.local and values["key"] == next((values[name] for name in record.key_from if name in values), None):
        del values["key"]
    return values


def _part(row: models.Model, part: Key | Refs | Rows, language: str) -> Plain | None:
    if isinstance(part, Key):
        return _value(row, part, language)
    if isinstance(part, Refs):
        return [part.kind.write(each, language) for each in getattr(row, part.column).all()]
    if isinstance(part, ContactRows):
        links = TargetContact.objects.filter(target_id=row.pk).select_related("contact__route_target")
        return [_contact(link, language) for link in links]
    if part.single:
        found = part.record.model._default_manager.filter(**{_owner(row, part): row}).first()
        return None if found is None else write_item(found, part.record, language)
    positioned = any(field.name == "position" for field in part.record.model._meta.fields)
    rows = getattr(row, part.relation).order_by(*(["position", "pk"] if positioned else ["pk"]))
    return [write_item(each, part.record, language) for each in rows]


def _owner(row: models.Model, part: Rows) -> str:
    """The column by which rows of `part` hang on `row`."""
    return str(row._meta.get_field(part.relation).field.name)  # type: ignore[union-attr]  # A reverse relation.


def _value(row: models.Model, key: Key, language: str) -> Plain | None:
    """One key's value; None where a new row has it anyway."""
    if not key.columns:
        return None
    value = key.get(row)
    if not key.required and (is_blank(value) or value == key.empty(type(row))):
        return None
    return key.kind.write(value, language)


def _contact(link: TargetContact, language: str) -> dict[str, Plain]:
    """An address of an office."""
    contact = link.contact
    values: dict[str, Plain] = {contact.channel: address_in_words(contact)}
    values |= write_values(link, LINK, language) | write_values(contact, CONTACT, language)
    if not contact.value or contact.state != ContactState.REFUSED:
        values.pop("do_not_use", None)
    return values
