"""What the papers of a campaign say: plain texts in one language, gathered once, so that no two papers differ."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import formats, translation
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from campaigns.models import Campaign, CampaignOrganisation, Endorsement
from campaigns.story import Story, with_rows
from letters.paper import addresses, texts
from letters.paper.items import Item, Section, numbered, of, plain, said, with_more
from letters.paper.scripts import direction_of_language
from prisoners import prose
from prisoners.fields import Translated
from prisoners.models import Person, TimelineEntry
from prisoners.standing import Standing
from prisoners.templatetags.words import when

BLOCK_END = re.compile(r"</(?:p|li|h[3-6]|blockquote)>|<br>")


@dataclass(frozen=True)
class Facts:
    """A campaign in `language`; what is not translated stands in the language that it is in."""

    language: str
    is_open: bool
    mark: str
    title: Item
    summary: tuple[Item, ...]
    deadline: str
    as_of: str
    issuers: str
    invitation: str
    url: str
    all_sections: tuple[Section, ...]
    has_letter: bool
    signatories: tuple[Item, ...]
    endorsers: tuple[Item, ...]

    @property
    def direction(self) -> str:
        """Return "rtl" or "ltr"."""
        return direction_of_language(self.language)

    @property
    def address(self) -> str:
        """The campaign's address as people type it."""
        parts = urlsplit(self.url)
        return f"{parts.netloc}{parts.path}"

    @cached_property
    def sections(self) -> dict[str, Section]:
        """The parts that hold something, by key."""
        return {section.key: section for section in self.all_sections}


def facts_of(campaign: Campaign, language: str) -> Facts:
    """Gather what papers say of `campaign`."""
    found = with_rows(Campaign.objects.filter(pk=campaign.pk)).get()
    story = Story(found)
    prefetch_related_objects(people_in(story), "names")
    with translation.override(language):
        return gather(story, language)


def people_in(story: Story) -> list[Person]:
    """Everybody whom papers name: in the case, in an office, under the call."""
    holders = [holder.person for office in story.offices for holder in office.holders]
    holders += [holder.person for target in story.missions for holder in target.holders.all()]
    signers = [row.person for row in (*story.authors, *story.endorsers)]
    return [person for person in (*(row.person for row in story.people), *holders, *signers) if person]


def languages_of(campaign: Campaign) -> list[str]:
    """The languages in which papers of `campaign` make sense: those of its title, its summary and the pages."""
    own = dict.fromkeys([*campaign.title, *campaign.summary])
    return [*own, *(code for code, _name in settings.LANGUAGES if code not in own)]


def gather(story: Story, language: str) -> Facts:
    """The facts, in the active language, which is `language`."""
    campaign = story.campaign
    day = campaign.last_day()
    found = (Section(key, title(), tuple(numbered(items(story)))) for key, (title, items) in SECTIONS.items())
    return Facts(
        language=language,
        is_open=campaign.is_open,
        mark=" · ".join([capfirst(campaign.get_kind_display()), *map(str, campaign.references.all()), *story.states]),
        title=of(campaign.title),
        summary=tuple(prose_of(campaign.summary)),
        deadline=_("Act by %(day)s") % {"day": formats.date_format(day)} if day else "",
        as_of=_("Facts as of %(day)s") % {"day": formats.date_format(story.as_of)} if story.as_of else "",
        issuers=_(", ").join(map(with_email, issuers(story))),
        invitation=_("Write, follow the case and tell us what you did:"),
        url=address_of(campaign, language),
        all_sections=tuple(section for section in found if section.items),
        has_letter=texts.has_model(story),
        signatories=tuple(Item(str(row.role), "", signer(row), "fact") for row in story.authors),
        endorsers=tuple(Item(str(row.role), "", signer(row), "fact") for row in story.endorsers),
    )


def address_of(campaign: Campaign, language: str) -> str:
    """The page of `campaign` in `language`, or in the site's own where pages have no such language."""
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        return str(settings.SITE_URL) + reverse("campaigns:campaign", args=[campaign.slug])


def prose_of(value: Translated) -> Iterator[Item]:
    """The paragraphs of a Markdown text, without its marks."""
    text, language = value.shown()
    blocks = BLOCK_END.sub("\n\n", str(prose.render(text))).split("\n\n")
    paragraphs = (" ".join(html.unescape(strip_tags(block)).split()) for block in blocks)
    return (Item(paragraph, language) for paragraph in paragraphs if paragraph)


def case(story: Story) -> Iterator[Item]:
    """Who, where, accused of what, and what comes next."""
    for row in story.people:
        yield person(row)
    if story.status_labels:
        yield said(_("Seen as"), story.status_labels)
    our_view = _("our view:")
    for charge in story.charges:
        view = f" ({our_view} {charge.assessment})" if charge.assessment else ""
        yield said(_("Accused of"), f"{charge.text}{view}")
    if story.where:
        yield said(_("Where"), _("; ").join(map(str, story.where)))
    if story.next_hearing:
        hearing = story.next_hearing
        yield said(_("Next"), with_more(str(hearing.text), plain(when(hearing.date))))


def person(row: Standing) -> Item:
    """One person, or a counted group, and how they stand."""
    name = row.person.called(here()) if row.person else capfirst(str(row.member.group))
    number = f" ({row.number})" if row.number else ""
    words = filter(None, [str(row.role), row.in_words, str(row.member.risk)])
    return said(name + number, _("; ").join(words))


def told(story: Story) -> Iterator[Item]:
    yield from prose_of(story.campaign.urgency)
    yield from prose_of(story.campaign.story)
    yield from prose_of(story.campaign.thanks)


def timeline(story: Story) -> Iterator[Item]:
    return map(entry, story.timeline)


def entry(row: TimelineEntry) -> Item:
    """A fact below its date, as its source gave it, and its court or place."""
    date = capfirst(plain(when(row.date))) or pgettext("of a fact", "Undated")
    label = _(", ").join(filter(None, [date, str(row.court or row.place)]))
    number = _("registered as No. %(number)s") % {"number": row.registry_number} if row.registry_number else ""
    marks = _("; ").join(filter(None, [number, row.get_answer_display() if row.answer else ""]))
    return Item(with_more(str(row.text), marks), row.text.shown().language, label, "fact")


def claims(story: Story) -> Iterator[Item]:
    for row in story.campaign.rebuttals.all():
        yield of(row.claim, _("They say"))
        if row.answer:
            yield of(row.answer, _("In truth"))


def demands(story: Story) -> Iterator[Item]:
    for row in story.campaign.demands.all():
        offices = _("; ").join(map(str, row.offices.all()))
        yield of(row.text, kind="point", more=_("put to: %(offices)s") % {"offices": offices} if offices else "")


def asks(story: Story) -> Iterator[Item]:
    for row in story.campaign.asks.all():
        more = [row.for_whom, plain(when(row.when)), row.recurrence, row.url]
        yield of(row.text, kind="point", more=_("; ").join(filter(None, map(str, more))))


def copies(story: Story) -> Iterator[Item]:
    for row in story.campaign.copy_addresses.all():
        yield said(row.name or _("A copy"), row.email)


def voices(story: Story) -> Iterator[Item]:
    """Who issued it, who stands by it, who wrote it."""
    for role, rows in story.organisations.items():
        yield said(capfirst(role), _("; ").join(with_notes((str(row.organisation), str(row.note)) for row in rows)))
    for label, people in ((_("Signed by"), story.authors), (_("With"), story.endorsers)):
        if people:
            yield said(label, _("; ").join(with_notes((signer(row), str(row.role)) for row in people)))


def with_notes(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names with what is to say of them, once where it is the same for several in turn."""
    for note, group in groupby(rows, key=itemgetter(1)):
        names, told = [name for name, _note in group], note.rstrip(".")
        together = _("; ").join(names)
        yield f"{together} – {told}" if told and names[1:] else with_more(together, told)


def issuers(story: Story) -> list[CampaignOrganisation]:
    return [row for row in story.campaign.organisations.all() if row.role == row.Role.ISSUER]


def with_email(row: CampaignOrganisation) -> str:
    return " · ".join(filter(None, [str(row.organisation), row.organisation.email]))


def signer(row: Endorsement) -> str:
    """Who signed, in the reader's spelling."""
    return row.person.called(here()) if row.person else str(row)


def here() -> str:
    """The language of the paper."""
    return get_language() or ""


Gatherer = Callable[[Story], Iterable[Item]]
SECTIONS: dict[str, tuple[Callable[[], str], Gatherer]] = {
    "case": (lambda: _("The case"), case),
    "story": (lambda: _("What happened"), told),
    "timeline": (lambda: _("Day by day"), timeline),
    "claims": (lambda: _("Claims and answers"), claims),
    "demands": (lambda: _("What is demanded"), demands),
    "asks": (lambda: _("What you can do"), asks),
    "offices": (lambda: _("Whom to write to"), addresses.offices),
    "letters": (lambda: _("Sample letter"), texts.letters),
    "advice": (lambda: _("Advice on writing"), lambda story: prose_of(story.campaign.writing_advice)),
    "copies": (lambda: _("Copies, please, to"), copies),
    "voices": (lambda: _("Who stands behind this"), voices),
}
