"""Campaign files are loaded as a whole or not at all, and loading twice changes nothing."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone

from campaigns.directory.reach import offices_for
from campaigns.files.loader import load, load_texts
from campaigns.files.problems import RefusedError
from campaigns.models import Campaign, ContactDetail, ContactState, Target, Update
from letters.models import ReportedAction
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


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  title: Free Anna", "  titel: Free Anna", "campaign.titel: “titel” is not a key of campaign. Did you mean"),
        ("  title: Free Anna", "  summary: Free Anna", "campaign: “title” is missing"),
        ("people:", "peopel:", "peopel: “peopel” is not a section. Did you mean “people”?"),
        ("cases: [anna]", "cases: [ana]", "campaign.cases #1: There is no “ana” in these files or on the site."),
        ("person: anna", "person: ann", "There is no “ann” in these files or on the site. Did you mean “anna”?"),
        ("[NO]", "[Norway]", "responsible_states #1: “Norway” is not a country's code. Did you mean “NO”?"),
        ("[NO]", "[no]", "Did you mean “NO”?"),
        ("title: Free Anna", "title: {xx: Free Anna}", "campaign.title.xx: “xx” is not the code of a language"),
        ("title: Free Anna", "title: [Free Anna]", "campaign.title: Expected text"),
        ("- kind: write", "- kind: write\n      when: 2009-13", "“2009-13” is not a date like"),
        ("- kind: write", "- kind: write\n      when: {from: 2010, to: 2009}", "The date ends before it starts."),
        ("- kind: write", "- kind: write\n      when: {on: 2010}", "“on” is not part of a date."),
        ("- fax: 22", "- telex: 22", "“telex” is not a key of contact detail."),
        ("- fax: 22 24 90 90", "- fax: 22", "“22” has too few or too many digits for its country."),
        ("- fax: 22", "- phone: 22 24 90 90\n        fax: 22", "Give one address for each hyphen"),
        ("- person: anna", "- person: anna\n        custody: jail", "“jail” is not known here. Did you mean “jailed”?"),
        ("- person: anna", "- person: anna\n        group: all", "Give either “person”"),
        ("- person: anna", "- person: anna\n      - person: anna", "The same stands in line"),
        ("- person: anna", "- person: anna\n        sentences: [long]", "Expected 12 years"),
        ("- office: ministry", "- office: ministry\n      paused: maybe", "Expected yes or no, found “maybe”."),
        ("slug: free-anna", "slug: Free Anna!", "campaign.slug: Enter a valid"),
        ("  asks:", "  closes: tomorrow\n  asks:", "Expected a day, such as 2009-05-12, found “tomorrow”."),
        ("  asks:", "  state: scheduled\n  asks:", "A scheduled campaign needs the hour"),
        ("  asks:", "  follows: free-anna\n  asks:", "This campaign would follow itself"),
        ("anna: {name: Anna}", "Anna B: {name: Anna}", "can't be a key"),
        ("    name: Minister\n", "    name: Minister\n    url: office\n", "offices.ministry.url: Enter a valid URL."),
        ("    name: Minister\n", "    name: Minister\n    time_zone: Oslo\n", "There is no time zone “Oslo”."),
    ],
)
def test_a_mistake_is_told_with_what_was_expected(old: str, new: str, problem: str) -> None:
    assert old in SMALL
    problems = problems_of(SMALL.replace(old, new))

    assert any(problem in each for each in problems), problems
    assert all(re.match(r"small\.yaml:\d+: ", each) for each in problems)
    assert not Campaign.objects.exists()


LETTERS = """
campaign:
  slug: free-anna
  title: Free Anna
  write_to: [{office: ministry}, {office: court}]
  demands: [Release her., Pay her.]
  letters:
    - {key: one, body: Text., offices: [ministry]}
    - {key: two, body: Other text.}
offices:
  ministry: {name: Minister}
  court: {name: Court}
"""


def test_with_update_the_lists_of_a_campaign_become_what_the_file_says() -> None:
    load_text(LETTERS)
    shorter = LETTERS.replace("[Release her., Pay her.]", "[Free her.]").replace(
        "body: Text., offices: [ministry]", "body: New."
    )
    shorter = shorter.replace("    - {key: two, body: Other text.}\n", "")

    assert len(problems_of(shorter)) == 2

    load_text(shorter, update=True)
    campaign = Campaign.objects.get()
    assert [str(demand) for demand in campaign.demands.all()] == ["Free her."]
    [letter] = campaign.letters.all()
    assert str(letter.body) == "New."
    assert not letter.offices.exists()


def test_what_a_file_leaves_out_stays_without_update() -> None:
    load_text(LETTERS)
    load_text("campaign: {slug: free-anna, title: Free Anna, letters: [{key: one}]}")

    campaign = Campaign.objects.get()
    assert campaign.letters.count() == 2
    assert str(campaign.letters.get(key="one").body) == "Text."


def test_the_order_of_offices_changes_with_update_only() -> None:
    load_text(LETTERS)
    turned = LETTERS.replace("[{office: ministry}, {office: court}]", "[{office: court}, {office: ministry}]")

    assert "The order on the site is: Minister, Court." in problems_of(turned)[0]

    load_text(turned, update=True)
    assert [target.key for target in Campaign.objects.get().targets.all()] == ["court", "ministry"]


def test_an_office_to_which_people_wrote_is_not_removed() -> None:
    load_text(LETTERS)
    office = Campaign.objects.get().targets.get(key="court")
    ReportedAction.objects.create(
        campaign=office.campaign, office=office, way="post", done_on=dt.date(2024, 5, 1), form_key="k"
    )

    for fewer in ("[{office: ministry}]", "[]"):
        without = LETTERS.replace("[{office: ministry}, {office: court}]", fewer)
        assert "letters or reports belong to it" in problems_of(without, update=True)[0]
    assert Campaign.objects.get().targets.count() == 2


def test_two_files_of_one_run_must_agree_even_with_update() -> None:
    texts = {"a.yaml": b"people: {anna: {name: Anna}}", "b.yaml": b"people: {anna: {name: Ana}}"}

    with pytest.raises(RefusedError) as refused:
        load_texts(texts, update=True)

    assert [str(problem) for problem in refused.value.problems] == [
        "b.yaml:1: people.anna.name: The file says “Ana”, a.yaml:1 says “Anna”."
    ]


def test_campaigns_of_a_series_load_in_any_order() -> None:
    load_texts(
        {
            "second.yaml": b"campaign: {slug: second, title: Second, follows: first}",
            "first.yaml": b"campaign: {slug: first, title: First}",
        }
    )

    follows = Campaign.objects.get(slug="second").follows
    assert follows is not None
    assert follows.slug == "first"


def test_a_circle_of_campaigns_is_refused() -> None:
    load_text("campaign: {slug: first, title: First}")
    load_text("campaign: {slug: second, title: Second, follows: first}")

    [problem] = problems_of("campaign: {slug: first, title: First, follows: second}")
    assert "would follow itself" in problem


def test_two_offices_can_share_one_machine() -> None:
    load_text(
        "offices:\n  mayor: {name: Mayor, contacts: [{fax: +7 495 693 13 60}]}\n"
        "  deputy: {name: Deputy, contacts: [{fax: +7 (495) 693-13-60}]}\n"
    )

    assert ContactDetail.objects.get().targets.count() == 2


def test_what_was_found_out_about_an_address_stays_when_a_file_is_loaded_again() -> None:
    load_text(SMALL)
    ContactDetail.objects.update(state=ContactState.BOUNCED)
    load_text(SMALL, update=True)

    assert set(ContactDetail.objects.values_list("state", flat=True)) == {ContactState.BOUNCED}


def test_an_address_that_works_is_forbidden_on_purpose_only() -> None:
    load_text(SMALL)
    ContactDetail.objects.update(state=ContactState.OK)
    forbidden = SMALL.replace("- fax: 22 24 90 90", "- fax: 22 24 90 90\n        do_not_use: yes")

    assert "do_not_use: The file says “yes”, the site says “no”." in problems_of(forbidden)[0]

    load_text(forbidden, update=True)
    assert ContactDetail.objects.get(channel="fax").state == ContactState.REFUSED


def test_now_is_the_hour_of_the_first_loading() -> None:
    news = "campaign: {slug: a, title: A, updates: [{slug: b, title: B, text: C, published: now}]}"
    load_text(news)
    update = Update.objects.get()
    load_text(news, update=True)

    assert update.published_at is not None
    assert abs(update.published_at - timezone.now()) < dt.timedelta(minutes=5)
    assert Update.objects.get().published_at == update.published_at
