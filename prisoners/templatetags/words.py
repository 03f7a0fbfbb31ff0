"""Filters that print what the models hold: text in the language it is in, and dates as their source gave them."""

from __future__ import annotations

import textwrap

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django_countries import countries

from prisoners import prose as markdown
from prisoners.fields import FuzzyDate, Precision, Translated

register = template.Library()

# Characters of a text on a card: what is at stake, at a glance.
BRIEF = 120
# Words of a story that are read before the rest is unfolded.
FACTS = 250


@register.filter
def words(value: Translated) -> SafeString:
    """Print a short text, marked with its language where that is not the page's."""
    text, language = value.shown()
    if not text or is_of_the_page(language):
        return conditional_escape(text)
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction(language), text)


@register.filter
def isolated(name: str) -> SafeString:
    """Print a name so that it stands in a sentence of the other direction without moving what is around it."""
    return format_html("<bdi>{}</bdi>", name)


@register.filter
def brief(value: Translated) -> SafeString:
    """Print the first words of a text, for a card."""
    text, language = value.shown()
    return words(Translated({language: textwrap.shorten(text, BRIEF, placeholder="…")}))


@register.filter
def prose(value: Translated) -> SafeString:
    """Print a longer text in Markdown; where it is not in the page's language, say so above it."""
    text, language = value.shown()
    html = markdown.render(text)
    if not text or is_of_the_page(language):
        return html
    note = format_html('<p class="small soft">{}</p>', foreign_note(language))
    return format_html('{}<div lang="{}" dir="{}">{}</div>', note, language, direction(language), html)


@register.filter
def in_parts(value: Translated) -> list[Translated]:
    """A long text in two: what everybody should read, and the rest if it is long enough to be folded away."""
    text, language = value.shown()
    return [Translated({language: part}) for part in markdown.parts(text, FACTS)]


@register.filter
def foreign_note(language: str) -> str:
    """Say in which other language something is shown; "" for the page's own."""
    if not language or is_of_the_page(language):
        return ""
    return _("Not translated yet. This is in %(language)s.") % {"language": language_name(language)}


@register.filter
def shown_language(value: Translated) -> str:
    """Return the code of the language in which a text is shown."""
    return value.shown().language


@register.filter
def direction(language: str) -> str:
    """Return "rtl" or "ltr" for a language code, "auto" for one that Django does not know."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


@register.filter
def language_name(language: str) -> str:
    """Return the name of a language in the page's language, else its code."""
    try:
        return str(get_language_info(language)["name_translated"])
    except KeyError:
        return language


@register.filter
def when(date: FuzzyDate) -> SafeString | str:
    """Print a date: in the words of its source, and beside them the days, or the year that we take them to mean."""
    days = date.days()
    guessed = date.precision == Precision.ABOUT
    if not date.text:
        return _("about %(days)s") % {"days": days} if guessed else machine_readable(date)
    said = words(date.text)
    if not days or date.text.shown().text == days:
        return said
    meant = _("probably %(year)s") % {"year": date.start.year} if guessed and date.start else machine_readable(date)
    return format_html('{} <span class="when soft">({})</span>', said, meant)


@register.filter
def country_names(codes: list[str]) -> str:
    """Print countries by their codes: "Germany, United Kingdom"."""
    return _(", ").join(str(countries.name(code)) for code in codes)


def machine_readable(date: FuzzyDate) -> SafeString | str:
    """The days alone, in a <time> where it is one day."""
    if date.precision == Precision.DAY and date.start:
        return format_html('<time datetime="{}">{}</time>', date.start.isoformat(), date.days())
    return date.days()


def is_of_the_page(language: str) -> bool:
    """Whether `language` is the active one, in whatever region."""
    return language.partition("-")[0] == (get_language() or "").partition("-")[0]
