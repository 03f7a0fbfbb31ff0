"""Organisers' Markdown."""

import html5lib
import pytest

from prisoners.prose import TAGS, parts, render


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.test/x.png)",
        "<a href='https://a.test' onclick='x'>x</a>",
        "[x](https://a.test 'onmouseover=alert(1)')",
        "<svg/onload=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_but_harmless_elements_comes_out(text: str) -> None:
    fragment = html5lib.parseFragment(render(text), namespaceHTMLElements=False)

    for element in fragment.iter():
        assert element.tag in {*TAGS, "DOCUMENT_FRAGMENT"}
        assert set(element.attrib) <= {"href", "rel"}
        assert not element.get("href", "https:").startswith(("javascript", "data"))


def test_headings_stand_below_those_of_the_page() -> None:
    assert render("# One\n\n## Two") == "<h3>One</h3>\n<h4>Two</h4>\n"


def test_paragraphs_lists_and_links_stay() -> None:
    html = render("One **two**.\n\n- three\n\n[four](https://four.test)")

    assert "<strong>two</strong>" in html
    assert "<li>three</li>" in html
    assert 'href="https://four.test"' in html


def test_a_long_story_is_cut_between_paragraphs_and_nothing_is_lost() -> None:
    story = "\n\n".join([f"{number} " + "word " * 99 for number in range(4)])

    first, rest = parts(story, 250)

    assert len(first.split()) == 200
    assert f"{first}\n\n{rest}" == story
    assert parts(first, 250) == [first]
