"""The next campaign of a series: a draft that says what this one says, for the same offices."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models.base import ModelState

from campaigns.models import Campaign, CampaignState, CampaignTarget
from prisoners.fields import FuzzyDate

Row = TypeVar("Row", bound=models.Model)
# Rows of a campaign that its next one starts with. References, news, events and figures are of their own time.
AS_THEY_ARE = ("organisations", "asks", "copy_addresses", "rebuttals", "resources", "endorsements")
# What the next campaign decides for itself.
FRESH: dict[str, Any] = {
    "state": CampaignState.DRAFT,
    "issued": FuzzyDate(),
    "opens_at": None,
    "act_by": None,
    "closes_on": None,
    "end_condition": {},
    "facts_version": 1,
    "follows_text": {},
    "outcome": {},
    "ended_on": None,
    "thanks": {},
}


@transaction.atomic
def next_campaign(campaign: Campaign, slug: str) -> Campaign:
    """Make the draft that follows `campaign`, at `slug`, with its cases, offices, letters, demands and asks."""
    draft = copied(campaign, slug=slug, follows=campaign, **FRESH)
    for name in ("cases", "tags", "editors"):
        getattr(draft, name).set(getattr(campaign, name).all())
    for name in AS_THEY_ARE:
        for row in getattr(campaign, name).all():
            copied(row, campaign=draft)
    offices = {row.pk: copied(row, campaign=draft) for row in campaign.targets.all()}
    for letter in campaign.letters.prefetch_related("points", "offices"):
        new = addressed(letter, draft, offices)
        for point in letter.points.all():
            copied(point, letter=new)
    for demand in campaign.demands.prefetch_related("offices"):
        addressed(demand, draft, offices)
    return draft


def copied(row: Row, **changes: Any) -> Row:
    """Save a new row like `row`, but for `changes`."""
    new = copy.copy(row)
    new.pk, new._state = None, ModelState()  # noqa: SLF001  # as Django's documentation copies rows
    for name, value in changes.items():
        setattr(new, name, value)
    new.save(force_insert=True)
    return new


def addressed(row: Any, draft: Campaign, offices: dict[int, CampaignTarget]) -> Any:
    """Copy a row that names offices of its campaign; the copy names those of the draft."""
    new = copied(row, campaign=draft)
    new.offices.set(offices[office.pk] for office in row.offices.all())
    return new
