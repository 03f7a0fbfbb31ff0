"""The leaflet of 2009, side by side with the one that Postbag prints of its campaign, fact by fact."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from letters.paper.facts import facts_of
from letters.paper.leaflet import leaflet_pdf
from letters.paper.pdf import Half, Paper
from tests.letters.paper.reading import pages, seed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# The front of the leaflet, its hyphens and line ends mended. Its back, with the model letter, is lost.
SOURCE = " ".join(Path(__file__).with_name("urusov_leaflet_of_2009.txt").read_text().split())
# Each fact in the words of the source, of the English leaflet and of the Russian one.
FACTS = [line.split(" | ") for line in Path(__file__).with_name("urusov_facts.txt").read_text().splitlines()]


def sentences() -> list[str]:
    """The source by sentences and items of its list."""
    return [part for part in re.split(r"(?<=[.!;])\s", SOURCE) if part]


def test_each_sentence_of_the_source_is_in_the_list_of_facts() -> None:
    assert [words for words, *_ in FACTS if words not in SOURCE] == []
    bare = [sentence for sentence in sentences() if not any(words in sentence for words, *_ in FACTS)]
    assert bare == []


@pytest.mark.parametrize(
    ("language", "paper"), [("en", "A4"), ("en", "letter"), ("en", "A5"), ("ru", "A4"), ("ru", "letter")]
)
def test_nothing_of_the_source_is_missing_on_the_leaflet(language: str, paper: Paper | Half) -> None:
    sides = pages(leaflet_pdf(facts_of(seed("free-valentin-urusov"), language), paper=paper))
    text = re.sub(r"(?<=\w)- (?=\w)", "-", " ".join(sides))  # a line may end with a hyphen

    column = {"en": 1, "ru": 2}[language]
    assert [fact[column] for fact in FACTS if fact[column] not in text] == []
    assert len(sides) == 2


def test_russian_on_half_a_sheet_says_that_there_is_more() -> None:
    """It is longer than English, and smaller type would not be read: timeline and supporters stay on the site."""
    text = " ".join(pages(leaflet_pdf(facts_of(seed("free-valentin-urusov"), "ru"), paper="A5")))

    assert "Продолжение истории" in text
    for needed in ("Свободу Валентину Урусову!", "Его освобождения требует", "Кремль"):
        assert needed in text
