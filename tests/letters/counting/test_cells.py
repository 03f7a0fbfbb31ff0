"""No cell of a file runs."""

import pytest

from letters.counting.cells import printable_cell, safe_cell

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '=HYPERLINK("http://evil.test","x")',
    "=cmd|' /C calc'!A0",
    "|calc",
    "%0A=1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tharmless",
    "\nharmless",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\x00=1+1",
    "\x01\x02=1+1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_start_a_formula_becomes_text_and_stays_readable(text: str) -> None:
    cell = safe_cell(text)

    assert cell.startswith("'")
    assert cell.removeprefix("'") == printable_cell(text)


@pytest.mark.parametrize("text", ["Oslo;=1+1", 'Oslo",=1+1', "Oslo\n=1+1", "Oslo\t@SUM(A1)", "Oslo, =1+1"])
def test_a_formula_behind_a_separator_is_none_either(text: str) -> None:
    assert any(mark + "'" in safe_cell(text) for mark in ',;\t\n"')


@pytest.mark.parametrize("text", ["Oslo", "Prosecutor General", "Вера", "O'Brien", "a=b", "2026-03-01", "x - y", ""])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert safe_cell(-3) == -3
    assert safe_cell(None) == ""


def test_characters_that_no_file_holds_are_left_out() -> None:
    assert printable_cell("a\x00b\x0bc\ud800d\ufffee") == "abcde"
    assert printable_cell("a\tb\nc") == "a\tb\nc"
