"""Campaign files are loaded as a whole or not at all, and loading twice changes nothing."""

from pathlib import Path

import pytest

from campaigns.directory.reach import offices_for
from campaigns.files.loader import load, load_texts
from campaigns.files.problems import RefusedError
from campaigns.models import Campaign, ContactDetail, ContactState, Target
from prisoners.models import Person

pytestmark = pytest.mark.django_db

SEEDS = sorted((Path(__file__).parents[3] / "campaigns" / "files" / "seeds").glob("*.yaml"))

SMALL = """
campaign:
  slug: free-anna
  title: Free Anna
  cases: [anna]
  write_to:
    - office: ministry
  asks:
    - kind: write
      text: Write to the minister.
people:
  anna: {name: Anna}
cases:
  anna:
    title: Anna's case
    responsible_states: [NO]
    members:
      - person: anna
offices:
  ministry:
    name: Minister
    country: NO
    contacts:
      - email: Minister@Office.Invalid
      - fax: 22 24 90 90
"""


def load_text(text: str, *, update: bool = False, check: bool = False) -> None:
    load_texts({"small.yaml": text.encode()}, update=update, check=check)


def problems_of(text: str, *, update: bool = False) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        load_text(text, update=update)
    return [str(problem) for problem in refused.value.problems]


def test_the_seed_campaigns_load_and_loading_them_again_changes_nothing() -> None:
    assert load(SEEDS)
    assert not load(SEEDS)
    assert not load(SEEDS, update=True)


def test_addresses_are_stored_in_one_form() -> None:
    load_text(SMALL)

    assert set(ContactDetail.objects.values_list("value", flat=True)) == {"minister@office.invalid", "+4722249090"}


def test_checking_writes_nothing() -> None:
    load_text(SMALL, check=True)

    assert not Campaign.objects.exists()


def test_one_problem_keeps_the_whole_file_out() -> None:
    assert problems_of(SMALL.replace("kind: write", "kind: writ")) == [
        "small.yaml:9: campaign.asks #1.kind: “writ” is not known here. Did you mean “write”?"
    ]
    assert not Person.objects.exists()


def test_all_problems_are_told_at_once() -> None:
    text = (
        SMALL.replace("kind: write", "kind: writ").replace("[NO]", "[Norway]").replace("office: ministry", "office: x")
    )

    assert len(problems_of(text)) == 3


def test_a_hidden_address_is_refused_and_a_lost_one_is_kept_as_lost() -> None:
    hidden = SMALL.replace("Minister@Office.Invalid", "'[email protected]'")
    assert "write it as lost" in problems_of(hidden)[0]

    load_text(SMALL.replace("Minister@Office.Invalid", "lost"))
    assert ContactDetail.objects.get(channel="email").state == ContactState.LOST


def test_a_contradiction_shows_both_values_and_changes_nothing_without_update() -> None:
    load_text(SMALL)
    other = SMALL.replace("name: Minister", "name: Prime Minister")

    [problem] = problems_of(other)
    assert problem.startswith("small.yaml:21: offices.ministry.name: ")
    assert "The file says “Prime Minister”, the site says “Minister”." in problem

    load_text(other, update=True)
    assert Target.objects.get().name == {"en": "Prime Minister"}


def test_a_second_file_adds_to_a_shared_person() -> None:
    load_text(SMALL)
    load_text("people:\n  anna: {name: Anna, names: [Ann], occupation: miner}")

    anna = Person.objects.get()
    assert [name.text for name in anna.names.all()] == ["Ann"]
    assert str(anna.occupation) == "miner"
    assert Person.objects.matching("ann").exists()


def test_a_supporter_in_the_united_states_meets_the_embassy_in_washington() -> None:
    load(SEEDS)
    campaign = Campaign.objects.get(slug="crimea-six-ua-126-19")

    offices = offices_for(campaign, "US")

    assert [office.target and office.target.slug for office in offices] == [
        "chief-military-prosecutor-russia",
        "embassy-of-russia-washington",
    ]
    assert offices[1].salutation("en") == "Dear Ambassador,"
