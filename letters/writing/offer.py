"""What a supporter in one country can write in a campaign: to whom, over which channels, with which texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings

from campaigns.directory.reach import Office, offices_for
from campaigns.models import Campaign, Channel, ModelLetter
from letters.wording import model_body

OWN_LANGUAGE = "own"
# What the address of the pages says of risk; "" leaves it to the country.
AT_RISK, NOT_AT_RISK = "on", "off"


@dataclass(frozen=True)
class Offer:
    """The offices and texts of `campaign` for somebody in `country` ("" when they rather not say).

    `quiet` is what they said about the risk of writing: AT_RISK, NOT_AT_RISK or "".
    """

    campaign: Campaign
    country: str
    quiet: str = ""

    @cached_property
    def offices(self) -> list[Office]:
        return offices_for(self.campaign, self.country)

    @cached_property
    def all_letters(self) -> list[ModelLetter]:
        """The organisers' texts for offices that are meant for this country, in order, with those that are not here."""
        found = self.campaign.letters.filter(kind=ModelLetter.Kind.OFFICE).prefetch_related("offices", "points")
        return [letter for letter in found if not letter.audience or self.country in letter.audience]

    @cached_property
    def letters(self) -> list[ModelLetter]:
        """The texts that are here."""
        return [letter for letter in self.all_letters if letter.availability == ModelLetter.Availability.HERE]

    @property
    def absent(self) -> list[ModelLetter]:
        """The texts that were announced, or stand on another site."""
        return [letter for letter in self.all_letters if letter not in self.letters]

    @cached_property
    def sendable(self) -> list[Office]:
        """The offices that this site can send to now."""
        return [office for office in self.offices if self.channels(office)]

    @cached_property
    def elsewhere(self) -> list[Office]:
        """The offices that must be reached in another way."""
        return [office for office in self.offices if not self.channels(office)]

    @cached_property
    def postable(self) -> list[Office]:
        """The offices with a postal address that works."""
        return [office for office in self.offices if office.contact(Channel.POST)]

    @cached_property
    def mailable(self) -> list[Office]:
        """The offices that a supporter can reach from their own mailbox, or by pasting the text on a website."""
        return [office for office in self.offices if office.mailboxes or office.contact(Channel.WEB_FORM)]

    @cached_property
    def with_web_form(self) -> list[Office]:
        """The offices that take messages on their own website."""
        return [office for office in self.offices if office.contact(Channel.WEB_FORM)]

    @cached_property
    def is_within_reach(self) -> bool:
        """Whether the supporter is within reach of a state that answers for the case."""
        states = self.campaign.cases.filter(responsible_states__country=self.country)
        return bool(self.country) and states.exists()

    @property
    def is_discreet(self) -> bool:
        """Whether as little as possible is asked and nothing is kept once it has left: who could be in danger."""
        return self.quiet == AT_RISK or (self.quiet != NOT_AT_RISK and self.is_within_reach)

    @property
    def query(self) -> str:
        """What the address of each page for this supporter says."""
        return urlencode({"from": self.country, **({"quiet": self.quiet} if self.quiet else {})})

    def channels(self, office: Office) -> list[Channel]:
        """The channels over which this site can send to `office`, best first."""
        if office.target is None or office.entry.paused:
            return []
        can_fax = bool(settings.FAX_URL) or settings.DELIVERY_MODE == "capture"
        return [channel for channel in office.sendable if channel != Channel.FAX or can_fax]

    def letter_for(self, office: Office) -> ModelLetter | None:
        """The first text that is for `office`; None: the supporter's own words are the letter."""
        return next((letter for letter in self.letters if is_for(letter, office)), None)

    def letters_for(self, offices: Iterable[Office]) -> list[ModelLetter]:
        """The texts that go to these offices, each once, in order."""
        wanted = [self.letter_for(office) for office in offices]
        return [letter for letter in self.letters if letter in wanted]

    def languages(self, letter: ModelLetter) -> list[str]:
        """The languages in which `letter` is there and all its offices read it; if there is none such, those it has."""
        texts = (letter.body, letter.opening, *(point.text for point in letter.points.all()))
        there = list(dict.fromkeys(language for text in texts for language in text))
        accepted = [office.languages for office in self.offices if is_for(letter, office) and office.languages]
        return [language for language in there if all(language in some for some in accepted)] or there

    def default_language(self, letter: ModelLetter | None, page_language: str) -> str:
        """The page's language where the text has it, else the text's first; without a text the page's."""
        languages = self.languages(letter) if letter else []
        return page_language if page_language in languages or not languages else languages[0]


def is_for(letter: ModelLetter, office: Office) -> bool:
    """Whether `letter` is meant for `office`: it names it, or names none."""
    named = letter.offices.all()
    return not named or office.entry in named


def default_texts(letter: ModelLetter, languages: Iterable[str]) -> set[str]:
    """The model text in each language: a body equal to one of these was not edited."""
    return {model_body(letter, language) for language in languages}
