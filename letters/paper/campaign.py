"""The papers of a campaign, set in its language: bulletin and open letter here, the leaflet beside."""

from __future__ import annotations

from collections.abc import Sequence

import segno
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from letters.paper.facts import Facts
from letters.paper.pdf import Half, Paper, typeset
from letters.paper.renderer import Typeset

STYLES = ("css/pdf/campaign.css",)


def bulletin_pdf(facts: Facts, *, paper: Paper = "A4") -> bytes:
    """Return the bulletin: everything, on as many pages as it takes.

    Raises:
        RenderingFailedError: there is none.
    """
    return set_in_type("pdf/bulletin.html", facts, paper).pdf


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
    return set_in_type("pdf/open_letter.html", facts, paper, names=names, more=more).pdf


def set_in_type(template: str, facts: Facts, paper: Paper | Half, **more: object) -> Typeset:
    """Typeset a paper; words of ours are in its language."""
    with translation.override(facts.language):
        context = {"facts": facts, "qr": qr(facts.url), **more}
        return typeset(template, context, paper=paper, styles=STYLES)


def qr(url: str) -> SafeString:
    """A QR code (ISO/IEC 18004) as an SVG to be placed in a page, which its style sheet gives a size."""
    svg = segno.make(url, error="m", micro=False).svg_inline(border=0, omitsize=True)
    return mark_safe(svg)  # made of numbers alone
