"""Signatures under an open letter: counted apart from letters, and never added to them.

People and organisations count that confirmed by the link in their email, an organisation also after a moderator agreed
to it; a mailbox once a campaign as a person and once for an organisation. What was taken back or refused does not, nor
do those who wrote the letter.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q

from campaigns.models import Campaign
from letters.models import Signature
from letters.models.signatures import SignatureQuerySet


@dataclass(frozen=True)
class Signed:
    """How many signed, and how many of them without showing a name."""

    people: int
    organisations: int
    unnamed: int

    @property
    def is_shown(self) -> bool:
        """Whether the numbers are large enough for public pages (TALLY_MINIMUM)."""
        return self.people + self.organisations >= settings.TALLY_MINIMUM


def signed(campaign: Campaign) -> Signed:
    """Count the signatures of a campaign."""
    rows = Signature.objects.filter(campaign=campaign).signed()
    return Signed(
        **rows.aggregate(
            people=Count("pk", filter=Q(kind=Signature.Kind.PERSON)),
            organisations=Count("pk", filter=Q(kind=Signature.Kind.ORGANISATION)),
            unnamed=Count("pk", filter=Q(is_public=False)),
        )
    )


def listed(campaign: Campaign, words: str = "") -> SignatureQuerySet:
    """The signatures that are shown, organisations first, each by name; with `words`, those that hold all of them."""
    rows = Signature.objects.filter(campaign=campaign).listed()
    for word in words.casefold().split():
        rows = rows.filter(search_text__contains=word)
    # "organisation" comes before "person".
    return rows.order_by("kind", "search_text", "pk")
