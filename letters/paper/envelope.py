"""Envelopes and labels for letters that are posted."""

from __future__ import annotations

from itertools import cycle, islice

from letters.paper.pdf import Paper, typeset
from letters.paper.renderer import Typeset
from letters.paper.sheets import Line, lines

# Labels on a sheet: 3 by 8 of 70 x 36 mm (as Avery Zweckform 3490), 3 by 10 of 2 5/8 x 1 inch (as Avery 5160).
ON_A_SHEET: dict[Paper, int] = {"A4": 24, "letter": 30}


def envelope_pdf(address: str, sender: tuple[str, ...] = (), *, latin: str = "", paper: Paper = "A4") -> Typeset:
    """Return an envelope to print on: DL (DIN 678-1, 220 x 110 mm) beside A4, #10 (9.5 x 4.125 in) beside US Letter.

    `latin` is the same address in Latin letters: one post reads that, the other the first.

    Raises:
        RenderingFailedError: there is none.
    """
    to, same = (lines(tuple(text.splitlines())) for text in (address, latin))
    context = {"address": to, "latin": same, "sender": lines(sender), "us": paper == "letter"}
    return typeset("pdf/envelope.html", context, paper=paper)


def labels_pdf(addresses: list[str], *, paper: Paper = "A4") -> Typeset:
    """Return a sheet of labels, filled with the addresses in turn.

    Raises:
        RenderingFailedError: there is none.
    """
    labels: list[list[Line]] = [lines(tuple(address.splitlines())) for address in addresses]
    context = {"labels": list(islice(cycle(labels), ON_A_SHEET[paper])), "us": paper == "letter"}
    return typeset("pdf/labels.html", context, paper=paper)
