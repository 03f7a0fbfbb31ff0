"""Campaigns in lists: what a card tells, which come first, and the filters that find them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.db.models import Prefetch, QuerySet
from django.http import QueryDict
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import (
    FOR_LETTERS,
    USABLE,
    Campaign,
    CampaignState,
    CampaignTarget,
    Channel,
    ContactDetail,
    ModelLetter,
    Target,
    TargetContact,
)
from prisoners.fields import Shown, Translated
from prisoners.models import Case, Person
from prisoners.standing import Standing, only_face, standings, with_story
from prisoners.templatetags.words import language_name

URGENT = (Campaign.Kind.URGENT_ACTION, Campaign.Kind.URGENT_UPDATE)
PERIODS = {"7": _("the next 7 days"), "31": _("the next month"), "92": _("the next three months")}


class Sample(NamedTuple):
    """The beginning of a model letter, in one language."""

    salutation: str
    text: str
    language: str


@dataclass(frozen=True)
class Listed:
    """A campaign with what a list needs to know of it; make them with `listed`, which fetches all in one go.

    `of_missions` are the channels over which some mission of a state can be reached, by the state.
    """

    campaign: Campaign
    of_missions: Mapping[str, set[str]]

    @cached_property
    def people(self) -> list[Standing]:
        """Everybody for whom the campaign stands, as they stand now."""
        found = [row for case in self.campaign.cases.all() for row in standings(case)]
        return [row for row in found if not row.is_official]

    @cached_property
    def countries(self) -> dict[str, str]:
        """The states that answer, by code."""
        states = [state for case in self.campaign.cases.all() for state in case.responsible_states.all()]
        return {str(state.country): str(state.country.name) for state in states}

    @cached_property
    def channels(self) -> list[Channel]:
        """The channels over which an office of the campaign, or a mission that it means, can be reached."""
        entries = self.campaign.targets.all()
        contacts = [row.contact for entry in entries if entry.target for row in entry.target.target_contacts.all()]
        known = {contact.channel for contact in contacts if contact.is_usable}
        known = known.union(*(self.of_missions.get(str(entry.mission_of), ()) for entry in entries))
        return [channel for channel in Channel if channel in known]

    @cached_property
    def acts(self) -> dict[str, str]:
        """What one can do here: channels to write by and kinds of ask, by their code."""
        asks = {ask.kind: str(ask.get_kind_display()) for ask in self.campaign.asks.all()}
        return {channel.value: str(channel.label) for channel in self.channels} | asks

    @cached_property
    def languages(self) -> set[str]:
        """The languages in which there is a text to send."""
        letters = self.campaign.letters.all()
        texts = [letter.body for letter in letters]
        texts += [point.text for letter in letters for point in letter.points.all()]
        return {language for text in texts for language in text}

    @cached_property
    def themes(self) -> dict[str, str]:
        return {tag.slug: str(tag.name) for tag in self.campaign.tags.all()}

    @cached_property
    def next_day(self) -> dt.date | None:
        """The day by which to act: the campaign's last, or the next dated entry of its cases."""
        today = timezone.localdate()
        entries = [entry for case in self.campaign.cases.all() for entry in case.timeline.all()]
        coming = [entry.date.start for entry in entries if entry.date.start and entry.date.start >= today]
        last = self.campaign.last_day()
        return min([*coming, *([last] if last else [])], default=None)

    @property
    def is_free(self) -> bool:
        """Whether all whom the campaign names came out."""
        named = [row for row in self.people if row.person]
        return bool(named) and all(row.is_free for row in named)

    @property
    def is_urgent(self) -> bool:
        return self.campaign.is_open and (self.campaign.kind in URGENT or bool(self.campaign.urgency))

    @property
    def place(self) -> str:
        """The states that answer, else the places in the words of the sources."""
        places = [str(case.places) for case in self.campaign.cases.all() if case.places]
        return gettext(", ").join(self.countries.values()) or gettext("; ").join(places)

    @property
    def ways(self) -> str:
        """How one can write, in words: "email · fax · post"; "" once it is over."""
        return " · ".join(str(channel.label) for channel in self.channels) if self.campaign.is_open else ""

    @property
    def text(self) -> Translated:
        """What is at stake, or what became of it."""
        outcome = Translated() if self.campaign.is_open else self.campaign.outcome
        text: Translated = outcome or self.campaign.summary
        return text

    @property
    def can_write(self) -> bool:
        return self.campaign.is_open and can_be_written_to(self.campaign, self.campaign.targets.all())

    @property
    def names(self) -> list[str]:
        """The full names of those for whom it stands."""
        return [row.person.name for row in self.people if row.person]

    @property
    def who(self) -> str:
        """For whom it stands, where its title does not say so: "Emir-Usein Kuku and 5 others"."""
        first, others = next(iter(self.names), ""), len(self.names) - 1
        if others > 0:
            return ngettext("%(name)s and %(n)d other", "%(name)s and %(n)d others", others) % {
                "name": first,
                "n": others,
            }
        return "" if first in str(self.campaign.title) else first

    @property
    def face(self) -> Person | None:
        """The one person for whom it stands, where their photo may be shown."""
        return only_face(self.people)

    @property
    def deadline(self) -> str:
        """By when to write, or when the next thing happens, in words; "" once it is over."""
        if self.next_day is None or not self.campaign.is_open:
            return ""
        day = formats.date_format(self.next_day)
        if self.next_day == self.campaign.last_day():
            return gettext("Write by %(day)s") % {"day": day}
        return gettext("Next date: %(day)s") % {"day": day}

    @property
    def sample(self) -> Sample:
        """How its model letter begins, for the letter on the home page."""
        bodies = [letter.body for letter in self.campaign.letters.all() if letter.body]
        text, language = bodies[0].shown() if bodies else Shown("", "")
        entry = next(iter(self.campaign.targets.all()), None)
        salutations = [entry.salutation, entry.target.salutation if entry.target else Translated()] if entry else []
        salutation = next((words[language] for words in salutations if language in words), "")
        return Sample(salutation, text[:400], language)

    @property
    def mark(self) -> tuple[str, str]:
        """One word on where it stands, and the kind of tag that goes with it."""
        state = CampaignState(self.campaign.state)
        if state == CampaignState.PAUSED:
            return gettext("Paused"), "warn"
        if self.is_free:
            return gettext("Released"), "free"
        if not self.campaign.is_open:
            return gettext("Closed"), ""
        if self.is_urgent:
            return gettext("Urgent"), "stamp"
        told = self.campaign.kind not in (Campaign.Kind.APPEAL, *URGENT)
        return (capfirst(self.campaign.get_kind_display()), "pen") if told else ("", "")

    @cached_property
    def searched(self) -> str:
        """All that a search looks in, casefolded here because SQLite folds ASCII only."""
        texts: list[str] = [*self.campaign.title.values(), *self.campaign.summary.values(), *self.countries.values()]
        texts += [str(reference) for reference in self.campaign.references.all()] + list(self.themes.values())
        texts += [place for case in self.campaign.cases.all() for place in case.places.values()]
        texts += [row.person.search_text for row in self.people if row.person]
        return " ".join(texts).casefold()


def can_be_written_to(campaign: Campaign, entries: Iterable[CampaignTarget]) -> bool:
    """Whether a letter of it can get anywhere: to an office in `entries`, or to one's own representative."""
    own = any(letter.kind == ModelLetter.Kind.REPRESENTATIVE for letter in campaign.letters.all())
    return own or any(takes_letters(entry.target) for entry in entries)


def takes_letters(office: Target | None) -> bool:
    """Whether a letter finds its way to `office`; None stands for the mission near the supporter."""
    rows = office.target_contacts.all() if office else []
    return office is None or any(row.contact.is_usable and row.contact.channel in FOR_LETTERS for row in rows)


def listed(campaigns: QuerySet[Campaign]) -> list[Listed]:
    """Return `campaigns` for a list, the most urgent first, in a fixed number of queries."""
    contacts = Prefetch("targets__target__target_contacts", TargetContact.objects.select_related("contact"))
    found = campaigns.prefetch_related(
        Prefetch("cases", with_story(Case.objects.all())),
        *("tags", "asks", "references", "targets__target", contacts, "letters__points"),
    )
    states = {str(entry.mission_of) for campaign in found for entry in campaign.targets.all() if entry.mission_of}
    of_missions = channels_of_missions(states) if states else {}
    return sorted((Listed(campaign, of_missions) for campaign in found), key=by_urgency)


def channels_of_missions(states: Iterable[str]) -> dict[str, set[str]]:
    """The channels over which at least one mission of each state can be reached."""
    usable = ContactDetail.objects.filter(state__in=USABLE).exclude(value="")
    missions = Target.objects.filter(kind=Target.Kind.MISSION, country__in=states, contacts__in=usable)
    channels: dict[str, set[str]] = {}
    for state, channel in missions.order_by().values_list("country", "contacts__channel").distinct():
        channels.setdefault(str(state), set()).add(channel)
    return channels


def by_urgency(item: Listed) -> tuple[dt.date, bool, int]:
    """Sort what must be done soonest first, then what is urgent, then what is new."""
    return item.next_day or dt.date.max, not item.is_urgent, -item.campaign.pk


class FindForm(forms.Form):
    """The filters of the home page, sent by GET so that a search can be shared."""

    q = forms.CharField(label=_("Name, place or number"), required=False, max_length=100)

    def __init__(self, query: QueryDict, campaigns: list[Listed]) -> None:
        super().__init__(query, auto_id="find-%s", use_required_attribute=False)
        self.campaigns = campaigns
        self.query = query
        self.options: dict[str, dict[str, Any]] = {}
        codes = {code for item in campaigns for code in item.languages}
        self.offer("country", _("Country"), _("All countries"), by_name(item.countries for item in campaigns))
        self.offer("theme", _("Theme"), _("All themes"), by_name(item.themes for item in campaigns))
        self.offer("how", _("What I can do"), _("Anything"), by_name(item.acts for item in campaigns))
        self.offer("by", _("To be done in"), _("Any time"), PERIODS)
        self.offer("language", _("Language of the letter"), _("Any language"), by_name([languages(codes)]))

    def offer(self, name: str, label: Any, everything: Any, options: dict[str, Any]) -> None:
        """Add a select with the options that lead to something."""
        self.options[name] = options
        self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[("", everything), *options.items()])

    @property
    def offered(self) -> list[forms.BoundField]:
        """The filters to show: the search, and the selects that have a choice to make or one that was made."""
        selects = {name for name, options in self.options.items() if len(options) > 1}
        return [field for field in self if field.name in {"q", *selects, *self.chosen}]

    @property
    def chosen(self) -> dict[str, str]:
        """The filters in use, by field; one that leads nowhere any more is still a filter."""
        return {name: value for name in self.fields if (value := self.query.get(name, "").strip()[:100])}

    def results(self) -> list[Listed]:
        """The campaigns that pass every filter. Without one, the first of all is not among them: it leads the page."""
        if not self.chosen:
            return self.campaigns[1:]
        return [item for item in self.campaigns if all(passes(item, *choice) for choice in self.chosen.items())]

    def nearest(self) -> list[Listed]:
        """The campaigns that pass most filters, for when none passes all."""
        return sorted(self.campaigns, key=self.missed)[:3]

    def missed(self, item: Listed) -> int:
        """How many filters a campaign does not pass."""
        return sum(not passes(item, *choice) for choice in self.chosen.items())

    def chips(self) -> list[tuple[str, str]]:
        """The filters in use, each in words and with the query string that is left without it."""
        return [(self.in_words(name, value), self.without(name)) for name, value in self.chosen.items()]

    def in_words(self, name: str, value: str) -> str:
        return str(self.options.get(name, {}).get(value, value))

    def without(self, name: str) -> str:
        rest = QueryDict(mutable=True)
        rest.update({other: value for other, value in self.chosen.items() if other != name})
        return rest.urlencode()


def passes(item: Listed, name: str, value: str) -> bool:
    """Whether a campaign passes one filter."""
    if name == "q":
        return all(word in item.searched for word in value.casefold().split())
    if name == "by":
        days = dt.timedelta(days=int(value)) if value in PERIODS else dt.timedelta.max
        return item.next_day is not None and item.next_day - timezone.localdate() <= days
    options = {"country": item.countries, "theme": item.themes, "how": item.acts, "language": item.languages}
    return value in options[name]


def by_name(options: Iterable[dict[str, str]]) -> dict[str, str]:
    """All options in one, in the order of their names."""
    names = {code: capfirst(name) for each in options for code, name in each.items()}
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def languages(codes: Iterable[str]) -> dict[str, str]:
    """Languages by code, with their names in the page's language."""
    return {code: language_name(code) for code in codes}
