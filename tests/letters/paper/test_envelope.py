"""Envelopes and labels have the sizes that are sold."""

from __future__ import annotations

import re
import subprocess

import pytest

from letters.paper.envelope import ON_A_SHEET, envelope_pdf, labels_pdf
from letters.paper.pdf import Paper
from tests.letters.paper.reading import pages, size

ADDRESS = "Президент\nул. Ильинка, 23\nМосква 103132\nRUSSIA"


@pytest.mark.parametrize(("paper", "sheet"), [("A4", (220, 110)), ("letter", (241, 105))])
def test_an_envelope_is_dl_or_number_ten(paper: Paper, sheet: tuple[int, int]) -> None:
    document = envelope_pdf(ADDRESS, ("Ada Example", "Leeds"), paper=paper)

    assert size(document.pdf) == sheet
    assert document.pages == 1
    assert pages(document.pdf) == [f"Ada Example Leeds {' '.join(ADDRESS.split())}"]


@pytest.mark.parametrize(("paper", "height"), [("A4", 110), ("letter", 104.8)])
def test_an_envelope_has_room_for_six_lines_in_both_scripts_above_the_sorting_code(paper: Paper, height: float) -> None:
    latin = "President\nPresidential Administration\nOffice for Letters\nIlyinka Str. 23\nMoscow 103132\nRUSSIA"
    address = f"Администрация Президента\nПриёмная\n{ADDRESS}"
    command = ["pdftotext", "-bbox", "-", "-"]
    pdf = envelope_pdf(address, ("Ada Example", "Leeds"), latin=latin, paper=paper).pdf
    boxes = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    lowest = max(float(y) / 72 * 25.4 for y in re.findall(r'yMax="([\d.]+)"', boxes))

    assert pages(pdf) == [f"Ada Example Leeds {' '.join(address.split())} {' '.join(latin.split())}"]
    assert lowest < height - 15


@pytest.mark.parametrize(("paper", "sheet"), [("A4", (210, 297)), ("letter", (216, 279))])
def test_a_sheet_of_labels_is_full_and_takes_the_addresses_in_turn(paper: Paper, sheet: tuple[int, int]) -> None:
    document = labels_pdf([ADDRESS, "The Ambassador\nLondon"], paper=paper)
    [text] = pages(document.pdf)

    assert size(document.pdf) == sheet
    assert text.count("Президент") == text.count("The Ambassador") == ON_A_SHEET[paper] / 2


def test_labels_stand_in_three_columns_where_the_cuts_are() -> None:
    command = ["pdftotext", "-bbox", "-", "-"]
    found = subprocess.run(command, input=labels_pdf(["London"]).pdf, capture_output=True, check=True).stdout.decode()
    left = [float(x) / 72 * 25.4 for x in re.findall(r'<word xMin="([\d.]+)"', found)]

    assert sorted({round(x) for x in left}) == [6, 76, 146]
    assert len(left) == 24
