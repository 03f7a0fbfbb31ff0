"""Each kind of document is printed, in each language and on both papers, with the fonts of its script."""

from __future__ import annotations

import pytest

from letters.management.samples import LANGUAGES, Make, documents
from letters.paper.renderer import Typeset
from tests.letters.paper.reading import fonts, seed, size

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LATIN, ARABIC = {"Noto-Serif", "Noto-Sans"}, {"Noto-Naskh-Arabic", "Noto-Sans-Arabic"}
US_SIZES = {(216, 279), (279, 216), (241, 105)}  # a page, two halves side by side, a #10 envelope


@pytest.fixture
def made() -> dict[str, Make]:
    """What prints each document of one campaign, by name."""
    seed("open-letter-of-11-prisoners")
    return dict(documents())


def pdf_of(make: Make) -> bytes:
    document = make()
    return document.pdf if isinstance(document, Typeset) else document


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_is_drawn_with_the_fonts_of_its_script(made: dict[str, Make], language: str) -> None:
    kinds = {name for name in made if f"-{language}" in name and not name.endswith(("-letter", "-half", "-A5"))}
    wanted = ARABIC if language == "ar" else LATIN
    bare = {name for name in kinds if not any(font.startswith(tuple(wanted)) for font in fonts(pdf_of(made[name])))}

    assert {name.partition(f"-{language}")[0] for name in kinds} == {
        "leaflet-open-letter-of-11-prisoners", "bulletin-open-letter-of-11-prisoners", "open-letter", "letter",
        "resolution-open-letter-of-11-prisoners", "letter-blank", "fax", "card", "card-collected", "dossier",
        "dossier-cover", "receipt",
    }  # fmt: skip
    assert bare == set()


def test_each_kind_comes_on_us_paper(made: dict[str, Make]) -> None:
    american = {name for name in made if name.endswith(("-en-letter", "-en-half", "envelope-letter", "labels-letter"))}

    assert {size(pdf_of(made[name])) for name in american} == US_SIZES
    assert {name.removesuffix("letter") for name in american if name.endswith("letter")} == {
        name.removesuffix("A4") for name in made if name.endswith(("-en-A4", "envelope-A4", "labels-A4"))
    }
