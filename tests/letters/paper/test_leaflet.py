"""The leaflet: case and asks in front, the letter overleaf, on two sides whatever the paper."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign
from letters.paper.facts import facts_of
from letters.paper.leaflet import SIZES, leaflet_pdf
from letters.paper.pdf import Half, Paper
from tests import factories
from tests.letters.paper.reading import fonts, pages, seed, size

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def urusov() -> Campaign:
    return seed("free-valentin-urusov")


def test_a_letter_that_was_announced_and_is_absent_leaves_points_and_lines_to_write_on(urusov: Campaign) -> None:
    front, back = pages(leaflet_pdf(facts_of(urusov, "en")))

    assert "Please turn over: whom to write to, and what to say" in front
    assert "A model letter was announced, and we don’t have it." in back
    assert "Presidential Administration The Kremlin Moscow" in back
    assert "Points to say" in back
    assert "Ask for: Valentin Urusov's release." in back


def test_a_model_letter_stands_overleaf_with_the_offices() -> None:
    front, back = pages(leaflet_pdf(facts_of(seed("crimea-six-ua-126-19"), "en")))

    assert "Please turn over for the model letter" in front
    assert "UA 126.19" in front
    assert "Emir-Usein Kuku: in prison; sentenced to 12 years" in front
    assert "+7 495 693-13-60" in back
    assert "I am writing to you concerning the case of human rights defender Emir-Usein Kuku" in back
    assert "their criminal records are cleared. Yours sincerely," in back


@pytest.mark.parametrize(
    ("paper", "sheet"), [("A4", (210, 297)), ("A5", (297, 210)), ("letter", (216, 279)), ("half", (279, 216))]
)
def test_it_is_two_sides_of_the_paper_that_was_asked_for(paper: Paper | Half, sheet: tuple[int, int]) -> None:
    campaign = factories.make_campaign(factories.make_office("post"))
    factories.make_model_letter(campaign)
    pdf = leaflet_pdf(facts_of(campaign, "en"), paper=paper)

    assert set(SIZES) == {"A4", "A5", "letter", "half"}
    assert size(pdf) == sheet
    copies = 2 if paper in ("A5", "half") else 1
    assert pages(pdf)[0].count("Free Vera Example") == copies
    assert len(pages(pdf)) == 2


def test_an_arabic_leaflet_runs_from_right_to_left_and_keeps_numbers_whole() -> None:
    pdf = leaflet_pdf(facts_of(seed("crimea-six-ua-126-19"), "ar"))

    assert "+7 495 693-13-60" in pages(pdf)[1]
    assert "Noto-Naskh-Arabic" in " ".join(fonts(pdf)) or "Noto-Sans-Arabic" in " ".join(fonts(pdf))


def test_a_story_too_long_for_two_sides_is_left_to_the_page() -> None:
    long = "\n\n".join(
        f"Paragraph {number}. " + "The court sat again and nothing was decided. " * 12 for number in range(40)
    )
    campaign = factories.make_campaign(factories.make_office("post"), story={"en": long})
    front, _back = pages(leaflet_pdf(facts_of(campaign, "en")))

    assert "More of the story is on the page below." in front
    assert f"testserver/campaigns/{campaign.slug}/" in front


def test_letters_too_long_for_a_side_go_on_more_sheets() -> None:
    campaign = factories.make_campaign(factories.make_office("post"))
    factories.make_model_letter(campaign, body={"en": "\n\n".join(["I ask you to release her. " * 20] * 40)})
    sheets = pages(leaflet_pdf(facts_of(campaign, "en"), paper="A5"))

    assert len(sheets) > 2
    # A sentence may go on overleaf; each sheet holds the leaflet twice.
    assert " ".join(sheets).split().count("ask") == 2 * 800


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    campaign = factories.make_campaign(factories.make_office("post"), title={"en": "<b>Free</b> {{ vera }} &amp; all"})

    assert "<b>Free</b> {{ vera }} &amp; all" in pages(leaflet_pdf(facts_of(campaign, "en")))[0]
