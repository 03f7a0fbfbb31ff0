"""What the pages for developers and operators name exists: files, commands, settings, addresses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
# What `env` words in our pages mean although config/settings.py does not read them.
OTHER_VARIABLES = {"ARGS", "PORT", "TEST_DATABASE"}

each_page = pytest.mark.parametrize("document", PAGES, ids=lambda document: document.name)


def code(document: Path) -> list[str]:
    """Return what stands in backticks or in indented blocks, without line breaks."""
    text = document.read_text()
    blocks = re.findall(r"^ {4}([^\n]+)$|^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    spans = re.findall(r"(?<!`)`([^`]+)`(?!`)", text)
    lines = [line.strip() for pair in blocks for line in "".join(pair).splitlines()]
    return [" ".join(piece.split()) for piece in spans] + lines


def words_after(document: Path, program: str) -> Iterator[str]:
    """Yield the word that follows `program` in each piece of code that begins with it, settings and folders aside."""
    for piece in code(document):
        match = re.match(rf"(?:\S+=\S+ |\S*/|python )*{re.escape(program)} ([a-z_]+)", piece)
        if match:
            yield match[1]


@each_page
def test_links_lead_to_files(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


@each_page
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))

    assert set(words_after(document, "make")) - targets == set()


@each_page
def test_management_commands_exist(document: Path) -> None:
    assert set(words_after(document, "manage.py")) - set(get_commands()) == set()


@each_page
def test_files_that_are_named_exist(document: Path) -> None:
    paths = [
        piece for piece in code(document) if re.fullmatch(r"(?:[\w.-]+/)*[\w.-]+(?:\.(?:py|md|txt|in|toml)|/)", piece)
    ]
    # `var/` and `.venv/` are made when the site runs.
    named = [path for path in paths if not path.startswith(("var/", ".venv/"))]

    assert [path for path in named if not (ROOT / path).exists() and not (document.parent / path).exists()] == []


@each_page
def test_settings_that_are_named_exist(document: Path) -> None:
    settings = set(re.findall(r'\benv\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text()))
    named = {match[1] for piece in code(document) if (match := re.match(r"([A-Z]+(?:_[A-Z]+)*)(?:=|s?$)", piece))}

    assert {name for name in named if "_" in name} - settings - OTHER_VARIABLES == set()


@each_page
def test_addresses_that_are_named_answer(document: Path) -> None:
    paths = [piece for piece in code(document) if re.fullmatch(r"/(?:[\w.<>-]+/)*[\w.<>-]*", piece)]
    site = [path for path in paths if not path.startswith(("/etc/", "/srv/", "/usr/", "/var/", "/tmp/"))]

    assert [path for path in site if not resolves(re.sub(r"<[^>]+>", "x", path))] == []


def resolves(path: str) -> bool:
    """Say whether the site has a view for `path`."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def test_pages_are_found() -> None:
    assert {"README.md", "operators.md", "development.md"} <= {page.name for page in PAGES}
    assert "demo" in set(words_after(ROOT / "README.md", "make"))
