"""README and .env.example name every setting, and none that does not exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def found(pattern: str, file: str) -> set[str]:
    """Return what the group of `pattern` matches in `file`."""
    return set(re.findall(pattern, (ROOT / file).read_text(), flags=re.MULTILINE))


SETTINGS = found(r'\benv\.\w+\(\s*"([A-Z_]+)"', "config/settings.py")


def test_settings_are_found() -> None:
    assert {"SITE_URL", "CACHE_URL", "DELIVERY_MODE", "PERSONAL_DATA_KEYS"} <= SETTINGS


def test_readme_explains_every_setting_and_no_other() -> None:
    assert found(r"^\| `([A-Z_]+)` \|", "README.md") == SETTINGS


def test_the_example_names_every_setting_and_no_other() -> None:
    assert found(r"^#?([A-Z_]+)=", ".env.example") == SETTINGS


def test_readme_gives_the_default_that_settings_have() -> None:
    """Compare numbers and words; what is required, computed or a path is described in words."""
    given = dict(
        re.findall(r'\benv\.(?:int|str)\(\s*"([A-Z_]+)",\s*default="?([A-Za-z0-9]+)"?\)', text("config/settings.py"))
    )
    told = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)`", text("README.md"), flags=re.MULTILINE))

    assert len(given) > 10
    assert {name: told.get(name) for name in given} == given


def text(file: str) -> str:
    """Return the text of `file`."""
    return (ROOT / file).read_text()
