"""The schema of campaign files and the models know the same fields."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from campaigns.files.calls import CAMPAIGN
from campaigns.files.document import NOTICES, SHARED
from campaigns.files.offices import LINK, ContactRows
from campaigns.files.people import MAIL_RULES
from campaigns.files.schema import Key, Record, Refs, Rows
from prisoners.fields import FuzzyDateField

# What the site finds out, or who works on it, is never in a file.
NEVER = {
    "id",
    "position",
    "state of contact detail",
    "checked_on",
    "search_text",
    "created_at",
    "updated_at",
    "editors",
}
# Said by where something stands in the file: its key, its owner, its channel.
BY_PLACE = {"slug", "address", "prison of mail rules", "country of mail rules", "target", "contact", "contacts"}
BY_PLACE |= {"channel", "value", "person", "case", "member", "campaign", "letter", "event", "state of contact detail"}


def records(record: Record) -> Iterator[Record]:
    """The record and those of the lists in it."""
    yield record
    for part in record.parts:
        if isinstance(part, ContactRows):
            yield LINK
        if isinstance(part, Rows):
            yield from records(part.record)


ALL = [each for record in (CAMPAIGN, *SHARED.values(), NOTICES.record, MAIL_RULES) for each in records(record)]


def known(record: Record) -> set[str]:
    """The columns that the record's keys fill."""
    names = [part.column for part in record.parts if isinstance(part, Refs)]
    for key in (part for part in record.parts if isinstance(part, Key)):
        for column in key.columns:
            fuzzy = isinstance(getattr(record.model, column, None), FuzzyDateField)
            names += [f"{column}_{part}" for part in ("text", "precision", "start", "end")] if fuzzy else [column]
    return set(names)


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.model.__name__)
def test_a_file_can_say_all_that_a_row_holds(record: Record) -> None:
    fields = [*record.model._meta.fields, *record.model._meta.many_to_many]
    unsaid = {field.name for field in fields} - known(record)

    left = {name for name in unsaid if not {name, f"{name} of {record.noun}"} & (NEVER | BY_PLACE)}
    assert left == set(), "add a key to the schema (and the tables of docs/campaign-file.md), or say why not here"


def test_every_model_of_people_and_campaigns_can_be_in_a_file() -> None:
    found: set[type[models.Model]] = {
        model for app in ("prisoners", "campaigns") for model in apps.get_app_config(app).get_models()
    }

    # The site's own name, and what its campaigns said at each version of their facts.
    assert {model.__name__ for model in found - {record.model for record in ALL}} == {"SiteIdentity", "KeptFacts"}
