"""Every example of docs/campaign-file.md loads, and its tables are the schema's."""

import re
from pathlib import Path

import pytest

from campaigns.files.loader import load_texts
from campaigns.files.reference import reference
from campaigns.models import Campaign

DOC = (Path(__file__).parents[2] / "docs" / "campaign-file.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", DOC, re.DOTALL | re.MULTILINE)


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n", 1)[0])
def test_an_example_of_the_documentation_loads(example: str) -> None:
    assert load_texts({"example": example.encode()})


@pytest.mark.django_db
def test_all_examples_load_together() -> None:
    load_texts({str(number): example.encode() for number, example in enumerate(EXAMPLES)})

    assert Campaign.objects.count() == 3


def test_the_tables_are_those_of_the_schema() -> None:
    assert reference() in DOC, "make them anew with manage.py campaign_file_keys"
