"""The papers of a campaign: bulletin, open letter and leaflet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import segno
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from letters.paper.facts import Facts
from letters.paper.imposition import two_up
from letters.paper.items import Section
from letters.paper.pdf import Half, Paper, typeset
from letters.paper.renderer import Typeset

STYLES = ("css/pdf/campaign.css",)
# Sizes of type that a leaflet is tried in, in points, largest first.
POINTS: dict[Paper | Half, tuple[float, ...]] = {
    "A4": (11.5, 10.5, 9.5, 8.5, 7.8),
    "letter": (11.5, 10.5, 9.5, 8.5, 7.8),
    "A5": (9.5, 8.7, 8, 7.4, 6.8),
    "half": (9.5, 8.7, 8, 7.4, 6.8),
}
SIZES = tuple(POINTS)
HALVES = ("A5", "half")
SIDES = 2
# What goes when even the smallest type is too large.
LEFT_OUT: tuple[tuple[str, ...], ...] = (
    (),
    ("voices",),
    ("voices", "timeline"),
    ("voices", "timeline", "story", "claims", "advice"),
)
# Lines to write on, where there is no model letter.
FEW_LINES, MORE_LINES = 5, (18, 11)


def bulletin_pdf(facts: Facts, *, paper: Paper = "A4") -> bytes:
    """Return the bulletin: everything, on as many pages as it takes.

    Raises:
        RenderingFailedError: there is none.
    """
    return _set("pdf/bulletin.html", facts, paper).pdf


def open_letter_pdf(facts: Facts, *, names: Sequence[str] = (), more: int = 0, paper: Paper = "A4") -> bytes:
    """Return an open letter as it is delivered: with its authors, and who signed it since.

    Args:
        facts: what it says.
        names: those of the public who agreed to be named, each with their role.
        more: how many signed besides.
        paper: the size of its pages.

    Raises:
        RenderingFailedError: there is none.
    """
    return _set("pdf/open_letter.html", facts, paper, names=names, more=more).pdf


def leaflet_pdf(facts: Facts, *, paper: Paper | Half = "A4") -> bytes:
    """Return the leaflet: two pages, or more where the letters need them; half pages two of each beside each other.

    Raises:
        RenderingFailedError: there is none.
    """
    pdf = _fitted(facts, paper)
    return two_up(pdf) if paper in HALVES else pdf


def _fitted(facts: Facts, paper: Paper | Half) -> bytes:
    """The leaflet in the largest type that leaves it on two pages, with the most lines to write on."""
    for left_out in LEFT_OUT:
        printed = partial(_leaflet, facts, paper, left_out)
        if found := _largest(POINTS[paper], partial(printed, FEW_LINES)):
            points, document = found
            if facts.has_letter:
                return document.pdf
            ruled = (printed(lines, points) for lines in MORE_LINES)
            return next((more for more in ruled if more.pages == SIDES), document).pdf
    # Offices and letters alone are too long for a side: then all of it, on more sheets.
    return _leaflet(facts, paper, (), FEW_LINES, POINTS[paper][2]).pdf


def _largest(sizes: Sequence[float], printed: Callable[[float], Typeset]) -> tuple[float, Typeset] | None:
    """The first of `sizes`, largest first, with which two pages are enough; found by halving."""
    found, low, high = None, 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        document = printed(sizes[middle])
        if document.pages == SIDES:
            found, high = (sizes[middle], document), middle
        else:
            low = middle + 1
    return found


def _leaflet(facts: Facts, paper: Paper | Half, left_out: tuple[str, ...], lines: int, points: float) -> Typeset:
    def parts(*keys: str) -> list[Section]:
        return [facts.sections[key] for key in keys if key in facts.sections and key not in left_out]

    return _set(
        "pdf/leaflet.html",
        facts,
        paper,
        size=f"{points}pt",
        half=paper in HALVES,
        rules=range(lines),
        telling=parts("case", "story", "timeline", "claims"),
        acts=parts("demands", "asks", "copies"),
        behind=parts("advice", "voices"),
        whole=not left_out,
    )


def _set(template: str, facts: Facts, paper: Paper | Half, **more: object) -> Typeset:
    """Typeset a paper; words of ours are in its language."""
    with translation.override(facts.language):
        context = {"facts": facts, "qr": qr(facts.url), **more}
        return typeset(template, context, paper=paper, styles=STYLES)


def qr(url: str) -> SafeString:
    """A QR code (ISO/IEC 18004) as an SVG to be placed in a page, which its style sheet gives a size."""
    svg = segno.make(url, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return mark_safe(svg)  # made of numbers alone
