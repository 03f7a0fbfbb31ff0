"""What an organiser sees in the terminal when loading and dumping."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Campaign

pytestmark = pytest.mark.django_db

FILE = "campaign: {slug: free-anna, title: Free Anna, demands: [Release her.]}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "anna.yaml"
    path.write_text(FILE)
    return path


def said(*arguments: str | Path) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def test_loading_says_what_is_new_and_then_that_nothing_changed(file: Path) -> None:
    assert said("load_campaign", file) == "new: campaign 1, demand 1\n"
    assert said("load_campaign", file) == "Nothing changed.\n"


def test_an_update_says_what_changed(file: Path) -> None:
    said("load_campaign", file)
    file.write_text(FILE.replace("Free Anna", "Free Anna now").replace("[Release her.]", "[]"))

    assert said("load_campaign", "--update", file).splitlines() == [
        "changed: campaign “Free Anna now”: title",
        "removed: demand “Release her.”",
    ]


def test_checking_says_what_would_change_and_writes_nothing(file: Path) -> None:
    assert said("load_campaign", "--check", file).splitlines() == [
        "Only checked, nothing was written. Loading would do this:",
        "new: campaign 1, demand 1",
    ]
    assert not Campaign.objects.exists()


def test_a_refusal_lists_the_problems_with_their_lines(file: Path) -> None:
    file.write_text("campaign:\n  slug: free-anna\n  titel: Free Anna\n")

    with pytest.raises(CommandError) as refused:
        said("load_campaign", file)

    lines = str(refused.value).splitlines()
    assert lines[0].startswith(f"{file}:1: campaign: “title” is missing")
    assert lines[1].startswith(f"{file}:3: campaign.titel: ")
    assert lines[-1] == "Nothing was loaded: 2 to put right."


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nobody\.yaml: No such file"):
        said("load_campaign", tmp_path / "nobody.yaml")


def test_dumping_prints_the_file(file: Path) -> None:
    said("load_campaign", file)

    assert said("dump_campaign", "free-anna").endswith(
        "  slug: free-anna\n  title: Free Anna\n  demands:\n    - Release her.\n"
    )


def test_dumping_an_unknown_campaign_names_the_known(file: Path) -> None:
    said("load_campaign", file)

    with pytest.raises(CommandError, match="There are: free-anna"):
        said("dump_campaign", "nobody")
