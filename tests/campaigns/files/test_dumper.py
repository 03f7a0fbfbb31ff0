"""A dumped campaign is the loaded one: every row, every text, and the same file again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from campaigns.files.dumper import dump
from campaigns.files.loader import load, load_texts
from campaigns.files.problems import Problems
from campaigns.files.reader import Items, Node, Text, read
from campaigns.models import Campaign
from tests.campaigns.files.rows import all_rows

pytestmark = pytest.mark.django_db

SEEDS = sorted((Path(__file__).parents[3] / "campaigns" / "files" / "seeds").glob("*.yaml"))
CAMPAIGNS = [path for path in SEEDS if not path.name.startswith("missions")]
EXAMPLE = Path(__file__).parent / "example.yaml"


def loaded_and_dumped(texts: dict[str, bytes]) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    """Load files into an empty database; return all rows and the files dumped, and leave it empty again."""
    with transaction.atomic():
        load_texts(texts)
        rows = all_rows()
        dumped = {campaign.slug: dump(campaign).encode() for campaign in Campaign.objects.order_by("pk")}
        transaction.set_rollback(True)
    return rows, dumped


@pytest.mark.slow
@pytest.mark.parametrize("path", [*CAMPAIGNS, EXAMPLE], ids=lambda path: path.stem)
def test_a_dumped_file_makes_the_same_rows_on_an_empty_site(path: Path) -> None:
    rows, dumped = loaded_and_dumped({path.name: path.read_bytes()})
    rows_again, dumped_again = loaded_and_dumped(dumped)

    assert sum(map(len, rows.values())) > 20
    assert rows_again == rows
    assert dumped_again == dumped


@pytest.mark.slow
def test_all_seeds_together_make_the_same_rows_on_an_empty_site() -> None:
    rows, dumped = loaded_and_dumped({path.name: path.read_bytes() for path in SEEDS})
    rows_again, _ = loaded_and_dumped(dumped)

    assert rows_again == rows


def test_loading_what_was_just_dumped_changes_nothing() -> None:
    load(SEEDS)
    dumped = {campaign.slug: dump(campaign).encode() for campaign in Campaign.objects.all()}

    assert not load_texts(dumped)
    assert not load_texts(dumped, update=True)


def leaves(node: Node) -> Iterator[str]:
    """Every text of a file."""
    if isinstance(node, Text):
        yield node.value
    else:
        for below in node.nodes if isinstance(node, Items) else node.nodes.values():
            yield from leaves(below)


def texts_of(content: bytes) -> set[str]:
    root = read("file", content, Problems())
    assert root is not None
    return set(leaves(root))


def test_no_word_of_an_invented_campaign_is_lost() -> None:
    _, dumped = loaded_and_dumped({"example.yaml": EXAMPLE.read_bytes()})

    lost = texts_of(EXAMPLE.read_bytes()) - texts_of(dumped["dockers-of-lindhavn-2"])

    assert lost <= {
        *("about 19,000", "@portombud", "22 24 90 90", "22 24 90 91"),  # Written in one form.
        *("2023-03-10 18:00+01:00", "2023-03-02 09:30+01:00"),  # In universal time.
        *("issuer", "prison"),  # What they are unless a file says otherwise.
    }
