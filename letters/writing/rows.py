"""What page 1 shows of each office and each text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaigns.directory.reach import Office
from campaigns.models import Channel, LetterPoint, ModelLetter
from letters.sending.pacing import too_late
from letters.wording import neutral_closing
from letters.writing.forms import WritingForm
from letters.writing.offer import Offer
from prisoners.fields import Shown


@dataclass(frozen=True)
class OfficeRow:
    """An office that can be chosen: its box, how the letter goes, and the field to choose another way."""

    office: Office
    box: Any
    way: str
    channel: BoundField | None
    needs_words: bool
    too_late: dt.datetime | None


@dataclass(frozen=True)
class OtherWay:
    """An office that this site can't send to: why, and the way that is open."""

    office: Office
    reason: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class TextRow:
    """A model text on page 1, with the offices that it goes to."""

    letter: ModelLetter
    offices: list[Office]
    closing: str
    language: str
    language_field: BoundField
    body_field: BoundField
    points: list[tuple[LetterPoint, Any]]


def page_rows(form: WritingForm) -> dict[str, Any]:
    """The context of templates/letters/includes/_offices.html and _text.html."""
    greeted = greeting(form)
    return {
        "form": form,
        "offer": form.offer,
        "campaign": form.offer.campaign,
        "offices": list(office_rows(form)) if form.offices else [],
        "texts": list(text_rows(form)),
        "greeting": greeted,
        "closing": neutral_closing(greeted.language),
        "absent": form.offer.absent,
    }


def greeting(form: WritingForm) -> Shown:
    """The salutation of the first office, with its language."""
    if not form.offices:
        return Shown("", "")
    office, letter = form.offices[0], form.offer.letter_for(form.offices[0])
    language = (letter and form.chosen_language(letter)) or form.offer.default_language(letter, get_language() or "")
    return Shown(office.salutation(language), language)


def office_rows(form: WritingForm) -> Iterator[OfficeRow]:
    """The offices of the form, in order; where we send, how, and when a letter would leave if that is too late."""
    late = too_late(form.offer.campaign, form.offices) if form.sent_by_us else {}
    for office, box in zip(form.offices, form["targets"], strict=True):
        name = f"channel_{office.key}"
        channels = form.offer.channels(office) if form.sent_by_us else []
        way = _("Goes by %(channel)s") % {"channel": channels[0].label} if channels else ""
        field = form[name] if name in form.fields else None
        yield OfficeRow(office, box, way, field, needs_words(form, office), late.get(office.key))


def needs_words(form: WritingForm, office: Office) -> bool:
    """Whether this office has no model text while others have one."""
    return bool(form.letters) and not office.is_copy and form.offer.letter_for(office) is None


def other_ways(offer: Offer) -> Iterator[OtherWay]:
    """The offices of the campaign that this site can't send to, each with the way that is open."""
    for office in offer.elsewhere:
        yield other_way(offer, office)


def other_way(offer: Offer, office: Office) -> OtherWay:
    """Why we can't send to `office`, and what to do instead."""
    form = office.contact(Channel.WEB_FORM)
    if office.contact(Channel.POST):
        url = f"{reverse('letters:print', args=[offer.campaign.slug])}?{offer.query}&office={office.key}"
        return OtherWay(office, _("By post only."), url, _("Print and post"))
    if form:
        url = f"{reverse('letters:web_form', args=[offer.campaign.slug])}?{offer.query}&office={office.key}"
        reason = _("It takes messages on its own website.")
        if form.most_characters:
            reason = _("It takes messages of at most %(n)s characters on its own website.") % {
                "n": form.most_characters
            }
        return OtherWay(office, reason, url, _("Take the text there"))
    if office.contact(Channel.PHONE):
        url = f"{reverse('letters:call', args=[offer.campaign.slug])}?{offer.query}"
        return OtherWay(office, why_not(offer, office), url, _("Call"))
    return OtherWay(office, why_not(offer, office))


def why_not(offer: Offer, office: Office) -> str:
    """Why there is no link to another way."""
    if office.target is None:
        return missing_mission(offer)
    if office.channels and not office.entry.paused:
        ways = get_text_list([str(channel.label) for channel in office.channels], _("or"))
        return _("It can be reached by %(ways)s.") % {"ways": ways}
    if office.entry.paused:
        return _("We have stopped writing to it for now.")
    if office.contacts:
        return _("Its addresses are lost or do not work; we are looking for others.")
    return _("We know no address of it.")


def missing_mission(offer: Offer) -> str:
    if offer.country:
        return _("We know of no embassy for your country.")
    return _("Say where you write from, and we show the embassy near you.")


def text_rows(form: WritingForm) -> Iterator[TextRow]:
    """The model texts of the form, in order."""
    boxes = {str(box.data["value"]): box for box in form["points"]} if "points" in form.fields else {}
    for letter in form.letters:
        language = form.chosen_language(letter) or form.offer.default_language(letter, get_language() or "")
        offices = [office for office in form.offices if form.offer.letter_for(office) == letter and not office.is_copy]
        yield TextRow(
            letter=letter,
            offices=offices,
            closing=letter.closing.get(language, ""),
            language=language,
            language_field=form[f"language_{letter.key}"],
            body_field=form[f"body_{letter.key}"],
            points=[(point, boxes.get(str(point.pk))) for point in letter.points.all()],
        )


@dataclass(frozen=True)
class NextStep:
    """The one best thing to do after writing."""

    text: str
    url: str = ""
    label: str = ""
    phone: str = ""


def next_step(offer: Offer) -> NextStep:
    """A letter on paper where an office takes one, else a call, else telling others."""
    if offer.postable:
        url = f"{reverse('letters:print', args=[offer.campaign.slug])}?{offer.query}"
        return NextStep(_("A letter on paper is harder to delete."), url, _("Print and post"))
    for office in offer.offices:
        phone = office.contact(Channel.PHONE)
        if phone:
            text = _("Call %(office)s: a minute is enough to ask for the same.") % {"office": office.name()}
            url = f"{reverse('letters:call', args=[offer.campaign.slug])}?{offer.query}"
            return NextStep(text, url, _("What to say, and when"), phone=phone.value)
    return NextStep(_("Pass this campaign on to one person who would write too."))
