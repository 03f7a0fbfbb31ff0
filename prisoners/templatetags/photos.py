"""A person's photo in a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.translation import gettext as _

from prisoners.models import Person
from prisoners.pages import saves_data
from prisoners.photos import FORMATS, WIDTHS, height_of, key_of

register = template.Library()

# How wide a photo stands on a page, as `sizes` of HTML says it: a card in a grid, the head or the side of a page.
SIZES = {
    "card": "(width >= 60rem) 12rem, 45vw",
    "head": "(width >= 45rem) 12rem, 10rem",
    "side": "(width >= 60rem) 21rem, 92vw",
}


@register.inclusion_tag("includes/_photo.html", takes_context=True)
def photo(context: RequestContext, person: Person, place: str = "card", named: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002
    """Print the photo of `person` if it may stand beside the name, or apart from it where `named` is false.

    `place` is one of SIZES. A reader who saves data gets its words and a link.
    """
    use = Person.PhotoUse.NAMED if named else Person.PhotoUse.UNNAMED
    if not person.has_photo_on_show or person.photo_use != use:
        return {"shown": False}
    key, (small, middle, _large) = key_of(str(person.photo)), WIDTHS
    sources = [(way.media_type, srcset(key, kind)) for kind, way in FORMATS.items()]
    return {
        "shown": True,
        "left_out": saves_data(context.request),
        "sources": sources[:-1],
        "srcset": sources[-1][1],
        "src": address(key, middle, "jpg"),
        "width": middle if place == "side" else small,
        "height": height_of(middle if place == "side" else small),
        "sizes": SIZES[place],
        "lazy": place == "card",
        "alt": str(person.photo_alt) or (_("Photo of %(name)s") % {"name": person.name} if named else _("Photo")),
        "credit": person.photo_credit,
    }


def srcset(key: str, kind: str) -> str:
    return ", ".join(f"{address(key, width, kind)} {width}w" for width in WIDTHS)


def address(key: str, width: int, kind: str) -> str:
    return reverse("photo", args=[key, width, kind])
