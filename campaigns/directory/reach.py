"""Which offices a supporter in some country can write to in a campaign, and how each is reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext, pgettext

from campaigns.models import (
    SENT_BY_US,
    Campaign,
    CampaignTarget,
    Channel,
    ContactDetail,
    OfficeHolder,
    PostalNotice,
    Target,
    TargetContact,
)
from prisoners.fields import Translated

DIRECTORY = (
    Prefetch("holders", OfficeHolder.objects.filter(until__isnull=True).select_related("person")),
    Prefetch("target_contacts", TargetContact.objects.select_related("contact__route_target")),
    "covers",
)


@dataclass(frozen=True)
class Office:
    """An office of a campaign as one supporter meets it.

    `target` is None where the campaign means "the mission near you" and the directory knows none there.
    """

    entry: CampaignTarget
    target: Target | None

    @property
    def key(self) -> str:
        """What forms call this office."""
        return self.entry.key

    @property
    def is_copy(self) -> bool:
        """Whether it gets a visible copy only."""
        return self.entry.level == CampaignTarget.Level.COPY

    @property
    def holders(self) -> list[OfficeHolder]:
        """Who is in office now; several where the office is joint."""
        return list(self.target.holders.all()) if self.target else []

    @property
    def contacts(self) -> list[ContactDetail]:
        """All its addresses, usable or not: by the campaign's order of channels, then by the office's own."""
        listed = list(self.target.target_contacts.all()) if self.target else []
        wanted: list[str] = self.entry.channels
        rank = {channel: place for place, channel in enumerate(wanted)}
        return [row.contact for row in sorted(listed, key=lambda row: rank.get(row.contact.channel, len(rank)))]

    def contact(self, channel: str) -> ContactDetail | None:
        """The first working address of this channel."""
        return next((contact for contact in self.contacts if contact.channel == channel and contact.is_usable), None)

    @property
    def mailboxes(self) -> list[ContactDetail]:
        """Where one mail to it goes: the first email address that works, or all of them where the campaign says so."""
        working = [contact for contact in self.contacts if contact.channel == Channel.EMAIL and contact.is_usable]
        return working if self.entry.rule == CampaignTarget.Rule.ALL else working[:1]

    @property
    def channels(self) -> list[Channel]:
        """The channels that work, best first."""
        return list(dict.fromkeys(Channel(contact.channel) for contact in self.contacts if contact.is_usable))

    @property
    def sendable(self) -> list[Channel]:
        """The channels over which this site can send to it, best first. Empty: print, or one's own mailbox."""
        return [channel for channel in self.channels if channel in SENT_BY_US]

    @property
    def restrictions(self) -> list[ContactDetail]:
        """Its addresses that come with a restriction to tell."""
        return [contact for contact in self.contacts if contact.restriction]

    @property
    def languages(self) -> list[str]:
        """The languages that it accepts; empty: any."""
        return self.entry.languages or (self.target.languages if self.target else [])

    def name(self, language: str | None = None) -> str:
        """The office's name in `language`, with its institution."""
        if self.target is None:
            return str(self.entry)
        parts = (self.target.name.shown(language).text, self.target.organisation.shown(language).text)
        return gettext(", ").join(filter(None, parts))

    def salutation(self, language: str) -> str:
        """The opening line: the campaign's, else the holder's, else the office's, else one that guesses no sex."""
        return self._first("salutation", language) or self._neutral_salutation(language)

    def address_form(self, language: str) -> str:
        """The form of address that some languages repeat in the closing; "" where there is none."""
        return self._first("address_form", language)

    def addressee(self, language: str) -> str:
        """The lines at the head of a letter: who holds the office, the office, the institution."""
        if self.target is None:
            return ""
        holders = [str(holder) for holder in self.holders]
        office = (self.target.name.shown(language).text, self.target.organisation.shown(language).text)
        return "\n".join(filter(None, (*holders, *office)))

    def _first(self, field: str, language: str) -> str:
        sources: list[object] = [self.entry]
        if self.target:
            holders = self.holders
            sources += [*(holders if len(holders) == 1 else []), self.target]
        texts: Iterable[Translated] = (getattr(source, field) for source in sources)
        return next((text[language] for text in texts if text.get(language)), "")

    def _neutral_salutation(self, language: str) -> str:
        name = self.target.name.shown(language).text if self.target else str(self.entry)
        with translation.override(language):
            return pgettext("salutation that guesses nobody's sex", "Dear %(office)s,") % {"office": name}


def offices_for(campaign: Campaign, country: str) -> list[Office]:
    """The offices that a supporter in `country` (ISO 3166-1 alpha-2, "" when they rather not say) can write to.

    An office meant for other countries is left out, and so is a state's mission to itself; "the mission of X" becomes
    the one that covers `country`.
    Three queries, however many offices.
    """
    meant = [entry for entry in addressed(campaign) if not entry.audience or country in entry.audience]
    entries = [entry for entry in meant if not country or str(entry.mission_of) != country]
    return [Office(entry, entry.target or mission(str(entry.mission_of), country)) for entry in entries]


def every_office(campaign: Campaign) -> list[Office]:
    """All offices of a campaign, also those meant for supporters in some countries only; missions stay unresolved."""
    return [Office(entry, entry.target) for entry in addressed(campaign)]


def addressed(campaign: Campaign) -> QuerySet[CampaignTarget]:
    """The offices as the campaign lists them, with all that the directory knows of them."""
    directory = [_under("target", prefetch) for prefetch in DIRECTORY]
    return campaign.targets.select_related("target").prefetch_related(*directory)


def mission(of: str, country: str) -> Target | None:
    """The mission of state `of` for people in `country`: the one in the country, else one accredited there."""
    if not country:
        return None
    missions = Target.objects.filter(
        Q(host_country=country) | Q(covers__country=country), kind=Target.Kind.MISSION, country=of
    )
    found = missions.distinct().prefetch_related(*DIRECTORY)
    return min(found, key=lambda target: (str(target.host_country) != country, target.pk), default=None)


def postal_notice(to_country: str, from_country: str) -> PostalNotice | None:
    """What to know of the post to `to_country`: the notice for people in `from_country`, else the one for all."""
    notices = PostalNotice.objects.filter(to_country=to_country, from_country__in={from_country, ""})
    return max(notices, key=lambda notice: bool(notice.from_country), default=None)


def _under(path: str, prefetch: Prefetch[str] | str) -> Prefetch[str] | str:
    """`prefetch` for the objects behind `path`."""
    if isinstance(prefetch, str):
        return f"{path}__{prefetch}"
    return Prefetch(f"{path}__{prefetch.prefetch_through}", prefetch.queryset)
