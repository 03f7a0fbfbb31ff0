"""The bulletin says the same as PDF, as page and as text."""

from __future__ import annotations

import re

import html5lib
import pytest
from django.test import Client

from letters.paper.bulletin import WIDTH, bulletin_text
from letters.paper.campaign import bulletin_pdf
from letters.paper.facts import facts_of
from tests.letters.paper.reading import ISOLATES, SEEDS, pages, seed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SLUGS = sorted(path.stem for path in SEEDS.glob("*.yaml") if not path.stem.startswith("missions"))
# The body of an A4 page, without its margins: left, top, width, height in points.
BODY = ["-x", "0", "-y", "0", "-W", "596", "-H", "785"]


def letters(text: str) -> str:
    """`text` without blanks, marks of direction, rules below headings, and the scheme of addresses."""
    lines = [line for line in text.splitlines() if not re.fullmatch("=+|-+", line)]
    return re.sub(r"\s|https?://", "", ISOLATES.sub("", "".join(lines)))


@pytest.mark.parametrize("slug", SLUGS)
def test_pdf_page_and_text_say_the_same(slug: str, client: Client) -> None:
    facts = facts_of(seed(slug), "en")
    text = bulletin_text(facts)

    printed = "".join(pages(bulletin_pdf(facts), *BODY))
    assert letters(printed) == letters(text)

    page = html5lib.parse(client.get(f"/campaigns/{slug}/bulletin/").content.decode(), namespaceHTMLElements=False)
    article = next(page.iter("article"))
    assert letters("".join(article.itertext())) == letters(text)

    assert client.get(f"/campaigns/{slug}/bulletin.txt").content.decode() == text


def test_the_text_fits_a_mail() -> None:
    text = bulletin_text(facts_of(seed("crimea-six-ua-126-19"), "en"))
    long = [line for line in text.splitlines() if len(line) > WIDTH]

    assert long == []
    assert text.startswith("Urgent action update · UA 126.19 · Russia\n\nConviction of Crimeans must be quashed\n")


def test_it_tells_reference_facts_demands_offices_salutations_letter_and_copies() -> None:
    text = " ".join(bulletin_text(facts_of(seed("crimea-six-ua-126-19"), "en")).split())

    for part in (
        "Muslim Aliev: in prison; sentenced to 19 years",
        "1. The six men are immediately and unconditionally released.",
        "Fax: +7 495 693-13-60",
        "2650 Wisconsin Ave. NW Washington DC 20007",
        "Salutation: Dear Ambassador,",
        "Muslim Aliyev was sentenced to 19 years in prison",
        "Issued by: Amnesty International",
    ):
        assert part in text


def test_in_another_language_what_is_not_translated_stays_as_it_is() -> None:
    text = bulletin_text(facts_of(seed("crimea-six-ua-126-19"), "ru"))

    assert "Приговор крымчанам должен быть отменён" in text
    assert "I am writing to you concerning the case" in text
    assert "/ru/campaigns/crimea-six-ua-126-19/" in text


def test_a_language_without_pages_leads_to_the_pages_there_are() -> None:
    assert facts_of(seed("crimea-six-ua-126-19"), "uk").url == "http://testserver/campaigns/crimea-six-ua-126-19/"
