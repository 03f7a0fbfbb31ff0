"""The table of threats is whole, and what it names exists."""

import re

from tests.security.named import TESTS, rows

# What the site does not do, so that there is nothing to attack: requests to typed addresses.
NOTHING_TO_ATTACK = {33}


def test_the_table_has_all_threats_in_order() -> None:
    assert list(rows()) == list(range(1, 45))


def test_every_threat_has_a_test_and_says_so_where_it_has_none() -> None:
    assert {number for number, tests in rows().items() if not tests} == NOTHING_TO_ATTACK


def test_every_named_test_exists() -> None:
    named = {test for tests in rows().values() for test in tests}
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (TESTS / file).exists() or not re.search(rf"^def {name}\(", (TESTS / file).read_text(), re.MULTILINE)
    ]
    assert missing == []
