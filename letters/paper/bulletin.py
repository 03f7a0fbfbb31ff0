"""The bulletin as plain text, for mailing lists."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from letters.paper.facts import Facts
from letters.paper.items import Item

# Mail programs break longer lines (RFC 5322, 2.1.1 and RFC 3676, 4.2).
WIDTH = 72


def bulletin_text(facts: Facts) -> str:
    """Return all that the bulletin's PDF and page say, in the same order."""
    return "\n\n".join(blocks(facts)) + "\n"


def blocks(facts: Facts) -> Iterator[str]:
    """Paragraphs, each broken to the width of a mail."""
    yield from map(broken, filter(None, [facts.mark, facts.title.text, facts.deadline]))
    yield from (broken(item.text) for item in facts.summary)
    for section in facts.all_sections:
        yield f"{section.title}\n{'=' * min(WIDTH, len(section.title))}"
        yield from map(paragraph, section.items)
    yield f"{facts.invitation}\n{facts.url}"
    if facts.as_of:
        yield facts.as_of


def paragraph(item: Item) -> str:
    """One paragraph: a point with its number, an address line below line, a head with a rule."""
    if item.kind == "head":
        return f"{broken(item.text)}\n{'-' * min(WIDTH, len(item.text))}"
    return broken(item.line, indent="   " if item.kind == "point" else "")


def broken(text: str, indent: str = "") -> str:
    """`text` in lines of at most WIDTH characters; its own line ends stay, and no address is cut."""
    lines = (
        textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )
    return "\n".join(part for line in lines for part in line)
