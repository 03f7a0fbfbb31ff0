"""Every string has a translation that is sure, whole and in step with the source."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
SOURCES = [
    "prisoners",
    "campaigns",
    "letters",
    "config",
    "templates",
    "locale",
    "requirements",
    "Makefile",
    "manage.py",
]

pytestmark = pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
each_language = pytest.mark.parametrize("language", ["ru", "ar"])


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the translators' files as `make messages` leaves it, in a copy of the sources."""
    copy = tmp_path_factory.mktemp("sources")
    for source in (ROOT / name for name in SOURCES):
        if source.is_dir():
            shutil.copytree(source, copy / source.name)
        else:
            shutil.copy(source, copy)
    (copy / ".venv").mkdir()
    (copy / ".venv" / "base").touch()
    subprocess.run(
        ["make", "messages", f"BIN={Path(sys.executable).parent}"], cwd=copy, check=True, capture_output=True
    )
    return copy / "locale"


def file_of(folder: Path, language: str) -> Path:
    return folder / language / "LC_MESSAGES" / "django.po"


def messages(folder: Path, language: str) -> list[Message]:
    """Return the strings of a language."""
    with file_of(folder, language).open("rb") as file:
        catalog: Catalog = read_po(file, locale=language)
    return [message for message in catalog if message.id]


def has_all_forms(message: Message) -> bool:
    """Say whether the string is translated, in each plural form where it has some."""
    string = message.string or ""
    return all([string] if isinstance(string, str) else string)


@each_language
def test_every_string_is_translated(updated: Path, language: str) -> None:
    missing = [
        f"{message.id} ({message.locations})" for message in messages(updated, language) if not has_all_forms(message)
    ]

    assert missing == [], "run `make messages` and translate these: docs/translating.md"


@each_language
def test_no_translation_is_a_guess(updated: Path, language: str) -> None:
    """A string that was changed comes with the translation of the old one."""
    assert [message.id for message in messages(updated, language) if message.fuzzy] == []


@each_language
def test_placeholders_and_plural_forms_are_those_of_the_source(language: str) -> None:
    command = ["msgfmt", "--check", f"--output-file={os.devnull}", str(file_of(ROOT / "locale", language))]

    assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""


def test_no_string_hides_in_an_f_string() -> None:
    """Gettext does not look there."""
    apps = [path for app in SOURCES[:4] for path in (ROOT / app).rglob("*.py")]

    assert [path.name for path in apps if re.search(r"\{n?p?(?:_|gettext)\(", path.read_text())] == []


def test_every_language_of_the_site_is_checked() -> None:
    assert {folder.name for folder in (ROOT / "locale").iterdir() if folder.is_dir()} == {"ru", "ar"}
