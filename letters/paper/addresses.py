"""The offices of a campaign with all their addresses and salutations, as papers print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.directory.reach import Office
from campaigns.models import Channel, ContactDetail, Target
from campaigns.story import Story, is_class
from campaigns.templatetags.offices import address, contacts
from letters.paper.items import Item, head, of, said, with_more
from letters.wording import country_name

# More missions than anybody wants on paper: the site finds the nearest.
MOST_MISSIONS = 12


def offices(story: Story) -> Iterator[Item]:
    """Each office: its name and holders, its addresses, its salutation."""
    for office in story.offices:
        if office.target is None:
            yield from mission_near_you(office, story.missions)
        elif not is_class(office):
            yield from one(office)
    if story.campaign.delivery_note:
        yield of(story.campaign.delivery_note)


def one(office: Office) -> Iterator[Item]:
    copied = _("gets a copy")
    yield head(f"{name(office)} ({copied})" if office.is_copy else name(office))
    yield from reached(office.contacts)
    yield salutation(office)
    if office.entry.why:
        yield of(office.entry.why)


def mission_near_you(office: Office, missions: list[Target]) -> Iterator[Item]:
    """The missions that the campaign knows by name; the reader's own is found on the site."""
    yield head(str(office.entry))
    known = [target for target in missions if target.country == office.entry.mission_of][:MOST_MISSIONS]
    for target in known:
        found = Office(office.entry, target)
        yield head(name(found))
        yield from reached(contacts(target))
        yield salutation(found)


def name(office: Office) -> str:
    """Who holds the office, the office, the institution, the city."""
    language = get_language() or ""
    holders = [holder.person.called(language) for holder in office.holders]
    target = office.target
    lines = [str(target.name), str(target.organisation), str(target.city)] if target else []
    return _(", ").join(dict.fromkeys(filter(None, [*holders, *lines])))


def salutation(office: Office) -> Item:
    return said(_("Salutation"), office.salutation(get_language() or ""))


def reached(rows: Iterable[ContactDetail]) -> Iterator[Item]:
    """The addresses, each under its channel. Of those that can't be used only what to do instead is told."""
    for row in rows:
        if row.is_usable or row.restriction or row.route:
            yield said(capfirst(str(row.get_channel_display())), value(row))
        if row.is_usable and row.latin_value:
            yield said(_("The same in Latin letters"), with_country(row, row.latin_value))


def value(row: ContactDetail) -> str:
    """An address to write down, with what to know of it."""
    notes = _("; ").join(filter(None, map(str, [row.label, row.hours])))
    text = with_more(with_country(row, address(row)), notes) if row.is_usable else _("not in use.")
    return ("\n" if "\n" in text else " ").join(filter(None, [text, advice(row)]))


def advice(row: ContactDetail) -> str:
    """What keeps people from using it and where to write instead, in sentences."""
    instead = row.route_target or (capfirst(str(row.get_route_display())) if row.route else "")
    return " ".join(f"{sentence.rstrip('.')}." for sentence in map(str, [row.restriction, instead]) if sentence)


def with_country(row: ContactDetail, text: str) -> str:
    """A postal address with its country below, in the reader's language, where it does not name it."""
    if row.channel != Channel.POST or not row.country:
        return text
    names = [country_name(str(row.country), language) for language in (get_language() or "", "en")]
    return text if any(name in text for name in names) else f"{text}\n{names[0]}"
