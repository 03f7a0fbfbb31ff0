"""PDFs from templates. Everything in the context is escaped by the template: nobody's text is ever HTML or CSS."""

import logging
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Literal

from django.conf import settings
from django.template.loader import render_to_string

from letters.paper.renderer import RenderingFailedError, Typeset, renderer

Paper = Literal["A4", "letter"]
# A page that is half a sheet.
Half = Literal["A5", "half"]

SIZES: dict[Paper | Half, str] = {
    "A4": "css/pdf/a4.css",
    "letter": "css/pdf/us-letter.css",
    "A5": "css/pdf/a5.css",
    "half": "css/pdf/us-half.css",
}
logger = logging.getLogger(__name__)


def render_pdf(template_name: str, context: Mapping[str, Any], *, paper: Paper = "A4") -> bytes:
    """Return `templates/pdf/<name>.html`, styled by `static/css/pdf/<name>.css`, as a PDF.

    Raises:
        RenderingFailedError: see `typeset`.
    """
    return typeset(template_name, context, paper=paper).pdf


def typeset(
    template_name: str, context: Mapping[str, Any], *, paper: Paper | Half = "A4", styles: tuple[str, ...] = ()
) -> Typeset:
    """Return the same with its number of pages; `styles` are more style sheets, read before the template's own.

    A character that no installed font has is printed as a box and logged; with PDF_STRICT it is a failure.

    Raises:
        RenderingFailedError: there is no PDF; the sentence says why.
    """
    html = render_to_string(template_name, dict(context))
    own_style = f"css/pdf/{PurePosixPath(template_name).stem}.css"
    document = renderer.render(html, ["css/pdf/sheet.css", SIZES[paper], *styles, own_style])
    if document.problems:
        _report(template_name, document.problems)
    return document


def _report(template_name: str, problems: tuple[str, ...]) -> None:
    if settings.PDF_STRICT:
        raise RenderingFailedError("; ".join(problems))
    logger.warning("PDF from %s: %s", template_name, "; ".join(problems))
