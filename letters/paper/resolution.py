"""A resolution that a branch of a union adopts: the organisers' text, or what the campaign says and demands."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation

from campaigns.models import Campaign, ModelLetter
from campaigns.models.placeholders import fill
from letters.paper.facts import Facts
from letters.paper.pdf import Paper, typeset
from letters.paper.renderer import Typeset
from letters.wording import PARAGRAPH, model_body


@dataclass(frozen=True)
class Resolution:
    """What is adopted and by whom; what is not known yet is left blank for the pen.

    `text` is the organisers' own; empty, the facts are the text.
    """

    facts: Facts
    text: str
    organisation: str = ""
    members: int | None = None
    meeting: str = ""
    name: str = ""
    role: str = ""

    @property
    def paragraphs(self) -> list[str]:
        """The organisers' text with the organisation's name where it belongs."""
        values = {"organisation": self.organisation or "…………………", "name": self.name}
        return [part for part in fill(self.text, values).split(PARAGRAPH) if part.strip()]


def model_text(campaign: Campaign, language: str) -> str:
    """The organisers' resolution in `language`; "" where there is none."""
    kind, here = ModelLetter.Kind.RESOLUTION, ModelLetter.Availability.HERE
    letters = campaign.letters.filter(kind=kind, availability=here).prefetch_related("points")
    return next((text for letter in letters if (text := model_body(letter, language))), "")


def resolution_pdf(resolution: Resolution, *, paper: Paper = "A4") -> Typeset:
    """Return the resolution as a PDF.

    Raises:
        RenderingFailedError: there is none.
    """
    facts = resolution.facts
    with translation.override(facts.language):
        context = {"resolution": resolution, "facts": facts, "text": resolution.paragraphs}
        return typeset("pdf/resolution.html", context, paper=paper, styles=("css/pdf/campaign.css",))
