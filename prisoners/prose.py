"""Organisers' longer texts: Markdown (CommonMark) in, a small and safe part of HTML out."""

from __future__ import annotations

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore

TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "h5", "h6"}


def lower_headings(state: StateCore) -> None:
    """Make `# …` an h3: a text stands below the page's h1 and its section's h2."""
    for token in state.tokens:
        if token.tag[:1] == "h" and token.tag[1:].isdigit():
            token.tag = f"h{min(6, int(token.tag[1:]) + 2)}"


# Images would be fetched from other sites.
markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
markdown.core.ruler.push("lower_headings", lower_headings)


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """Return `text` as HTML that holds only TAGS, with links to http, https and mailto addresses."""
    allowed = {"a": {"href"}, "*": set[str]()}
    schemes = {"http", "https", "mailto"}
    return mark_safe(nh3.clean(markdown.render(text), tags=TAGS, attributes=allowed, url_schemes=schemes))


def parts(text: str, words: int) -> list[str]:
    """Cut `text` between paragraphs after at most `words` words (one paragraph at least); a shorter one stays whole."""
    paragraphs, count = text.split("\n\n"), 0
    for number, paragraph in enumerate(paragraphs):
        count += len(paragraph.split())
        if count > words and number:
            return ["\n\n".join(paragraphs[:number]), "\n\n".join(paragraphs[number:])]
    return [text]
