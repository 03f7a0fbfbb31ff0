"""The model texts of a campaign, as papers print them: with dots where the writer's own words go."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from campaigns.models import ModelLetter
from campaigns.models.placeholders import PLACEHOLDERS, fill
from campaigns.story import Story
from letters.paper.items import Item, head

DOTS = dict.fromkeys(PLACEHOLDERS, "…………………") | {"address_form": ""}
HERE = ModelLetter.Availability.HERE


def has_model(story: Story) -> bool:
    """Whether there is a text to an office that a reader can copy."""
    return any(letter.kind == letter.Kind.OFFICE and letter.availability == HERE for letter, _text in story.letters)


def letters(story: Story) -> Iterator[Item]:
    """All model texts; of one that is not here, what is known of it."""
    several = len(story.letters) > 1
    for letter, text in story.letters:
        if several or letter.kind != letter.Kind.OFFICE:
            yield head(title(letter))
        if letter.availability != HERE:
            yield absent(letter)
            continue
        if letter.subject:
            yield Item(letter.subject.shown(text.language).text, text.language, _("Subject"), "fact")
        for paragraph in fill(text.text, DOTS).split("\n\n"):
            yield Item(paragraph.strip(), text.language, kind="letter")


def title(letter: ModelLetter) -> str:
    """What kind of text it is, and for whom."""
    offices = "; ".join(map(str, letter.offices.all()))
    kind = capfirst(letter.get_kind_display())
    return f"{kind}: {offices}" if offices else kind


def absent(letter: ModelLetter) -> Item:
    """Say that the text was announced and is not here, or where it is."""
    if letter.availability == ModelLetter.Availability.EXTERNAL:
        said = _("The letter is on another site.")
    else:
        said = _("A model letter was announced, and we don’t have it. Write in your own words.")
    return Item(" ".join(filter(None, [said, letter.url, str(letter.note)])))
