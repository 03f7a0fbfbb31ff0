"""The open letter as it is delivered: the whole text, then each who signed with their role."""

from __future__ import annotations

import pytest

from letters.paper.campaign import open_letter_pdf
from letters.paper.facts import facts_of
from tests.letters.paper.reading import pages, seed, size

pytestmark = pytest.mark.django_db


def test_it_holds_the_text_the_demands_and_all_eleven_signatories() -> None:
    facts = facts_of(seed("open-letter-of-11-prisoners"), "en")
    text = " ".join(pages(open_letter_pdf(facts)))

    assert "We, Russian political prisoners, appeal to all international leaders" in text
    assert "There are at least 10,000 of us" in text
    assert "Only together can we bring closer the time of freedom and peace." in text
    assert len(facts.signatories) == 11
    assert [item.label for item in facts.signatories if item.label not in text] == []
    assert "Boris Kagarlitsky sociologist" in text
    assert "put to: The media of different countries" in text


def test_it_comes_on_both_papers() -> None:
    facts = facts_of(seed("open-letter-of-11-prisoners"), "en")

    assert size(open_letter_pdf(facts, paper="letter")) == (216, 279)
    assert size(open_letter_pdf(facts)) == (210, 297)
