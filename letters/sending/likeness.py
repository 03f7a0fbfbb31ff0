"""Letters too much alike: what one hand sends from many mailboxes waits for an organiser.

A model letter is there to be copied, so only words that are not the organisers' are compared. Nothing of them is stored
but keyed hashes of one day (`Allowance`): from a few of them nobody reads a text, and over days nobody follows one.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from django.conf import settings

from letters.models import Allowance, Letter, LetterText
from letters.wording import model_body

SHINGLE_WORDS = 4
# With less of it in a letter, people say the same by themselves: "Please release her at once, she did nothing wrong."
FEWEST_SHINGLES = 12
# MinHash (Broder 1997): two texts share each mark with the probability that a shingle of either is one of both.
MARKS, ALIKE = 4, 2


def is_one_of_many(letter: Letter) -> bool:
    """Whether SAME_WORDS_A_DAY confirmed letters of its campaign said nearly the same today. Counts this one in."""
    if not settings.SAME_WORDS_A_DAY:
        return False
    kind, most = f"words.{letter.campaign_id}", settings.SAME_WORDS_A_DAY
    # In order, so that two that are confirmed at once don't wait for each other.
    spent = [not Allowance.objects.take(kind, mark, capacity=most) for mark in sorted(marks(own_shingles(letter)))]
    return sum(spent) >= ALIKE


def own_shingles(letter: Letter) -> set[str]:
    """The runs of words that are the supporter's own: a sentence, and what an edited text says beyond its model."""
    found = shingles(letter.own_words)
    for text in letter.texts.filter(edited=True).select_related("model_letter"):
        found |= shingles(text.body) - shingles(model_of(text))
    return found


def model_of(text: LetterText) -> str:
    return model_body(text.model_letter, text.language) if text.model_letter else ""


def shingles(text: str) -> set[str]:
    """Each run of SHINGLE_WORDS words, without case, digits and punctuation."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return {" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)}


def marks(found: set[str]) -> list[str]:
    """The sketch of a text by which its like are found; none of a text too short to tell."""
    if len(found) < FEWEST_SHINGLES:
        return []
    return [min(hashed(shingle, number) for shingle in found) for number in range(MARKS)]


def hashed(shingle: str, number: int) -> str:
    return blake2b(shingle.encode(), digest_size=8, salt=bytes([number])).hexdigest()
