"""YAML is read as plain strings with line numbers, and nothing in a file can make the reader guess, grow or crash."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.files.printer import print_yaml
from campaigns.files.problems import Problems
from campaigns.files.reader import Entries, Items, Node, Text, read

LINE = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=60)
PLAIN_TEXT = LINE.map(lambda text: " ".join(text.split()))
KEYS = st.text("abcdefghij_", min_size=1, max_size=8)
TREES = st.recursive(
    PLAIN_TEXT, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3), max_leaves=8
)


def plain(node: Node) -> object:
    """The node as strings, lists and mappings."""
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [plain(below) for below in node]
    return {name: plain(below) for name, below in node.nodes.items()}


def problems_of(content: bytes) -> list[str]:
    problems = Problems()
    read("file", content, problems)
    return [str(problem) for problem in problems.found]


@pytest.mark.parametrize("text", ["NO", "126.19", "+74956931360", "2009-05-12", "yes", "0047", "1e3", "12:30"])
def test_what_looks_like_something_else_stays_text(text: str) -> None:
    root = read("file", f"value: {text}".encode(), Problems())

    assert root is not None
    assert plain(root) == {"value": text}


def test_every_value_knows_its_line_and_path() -> None:
    root = read("file", b"a:\n  b:\n    - x\n    - c: y\n", Problems())

    assert root is not None
    b = root.nodes["a"]
    assert isinstance(b, Entries)
    items = b.nodes["b"]
    assert isinstance(items, Items)
    assert items.nodes[1].place == ("file", 4, "a.b #2")


def test_a_key_given_twice_is_refused_with_both_lines() -> None:
    assert problems_of(b"a: 1\nb: 2\na: 3\n") == [
        "file:3: a: “a” is given twice; the first stands in line 1.",
    ]


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"a: &x 1\nb: *x\n", 2, "aliases"),
        (b"a:\n\tb: 1\n", 2, "tabs"),
        (b"a: [1, 2\n", 2, "not readable YAML"),
        (b"a: 1\n---\nb: 2\n", 2, "another document"),
        (b"a: " + b"[" * 5000, 1, "deeper"),
        (b"a: \xff", 1, "UTF-8"),
        (b"x" * 2_000_001, 1, "larger"),
        (b"- a\n- b\n", 1, "Expected sections"),
        (b"a: null\n", 1, "leave the key out"),
        (b"a: [email\xc2\xa0protected]\n", 1, "hidden a mail address"),
        (b"? [a, b]\n: c\n", 1, "Expected a word before the colon"),
        (b"a: 1\x00", 1, "not readable YAML"),
    ],
    ids=lambda value: value[:20].decode(errors="replace") if isinstance(value, bytes) else None,
)
def test_what_cannot_be_read_is_refused_with_its_line(content: bytes, line: int, reason: str) -> None:
    problems = problems_of(content)

    assert any(problem.startswith(f"file:{line}: ") and reason in problem for problem in problems), problems


@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_what_is_printed_is_read_the_same(document: dict[str, object]) -> None:
    problems = Problems()
    root = read("file", print_yaml(document).encode(), problems)

    assert root is not None
    assert plain(root) == document


@given(st.lists(LINE, min_size=1, max_size=5))
def test_long_texts_keep_their_lines(lines: list[str]) -> None:
    text = "\n".join(" ".join(line.split()) for line in lines).strip()

    root = read("file", print_yaml({"value": text}).encode(), Problems())

    assert root is not None
    assert plain(root) == {"value": text}


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    problems = Problems()

    assert read("file", content, problems) is not None or problems
