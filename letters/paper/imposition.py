"""Two half pages side by side on one sheet, to be cut apart after printing."""

from __future__ import annotations

from io import BytesIO

import pikepdf


def two_up(pdf: bytes) -> bytes:
    """Return a PDF with each page twice, side by side: print both sides, flip on the short edge, cut in the middle."""
    with pikepdf.open(BytesIO(pdf)) as source, pikepdf.new() as sheets:
        for page in source.pages:
            left, bottom, right, top = map(float, page.mediabox)
            width, height = right - left, top - bottom
            sheet = sheets.add_blank_page(page_size=(2 * width, height))
            for start in (0, width):
                sheet.add_overlay(page, pikepdf.Rectangle(start, 0, start + width, height))
        sheets.docinfo["/Title"] = str(source.docinfo.get("/Title", ""))
        made = BytesIO()
        sheets.save(made, deterministic_id=True)
        return made.getvalue()
