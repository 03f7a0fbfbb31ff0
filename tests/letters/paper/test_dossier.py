"""A dossier holds the letters of those who agreed, no other, and none that was taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Campaign, CampaignTarget
from letters.keeping.erasure import erase
from letters.models import Delivery, Dossier, Letter
from letters.paper import dossier as paper
from letters.paper.renderer import PressBusyError, RenderingFailedError
from tests import factories
from tests.letters.paper.reading import pages, size

pytestmark = pytest.mark.django_db

MARCH = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def var(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def office(db: None) -> CampaignTarget:
    campaign = factories.make_campaign(factories.make_office(name={"en": "Prosecutor General"}))
    return campaign.targets.get()


def write(
    office: CampaignTarget, words: str, *, state: str = "captured", on: dt.date = MARCH, **fields: object
) -> Letter:
    """Make a confirmed letter of somebody who agreed, and its delivery."""
    hour = dt.datetime.combine(on, dt.time(12), timezone.get_default_timezone())
    fields = {"state": "confirmed", "confirmed_at": hour, "confirmed_on": on, "in_dossier": True, **fields}
    letter = factories.make_letter(office.campaign, **fields)
    Delivery.objects.create(
        campaign=office.campaign,
        letter=letter,
        office=office,
        target=office.target,
        channel="email",
        language="en",
        addressee="The Prosecutor General",
        subject="Vera Example",
        text=words,
        text_hash="hash",
        state=state,
        hold_reason="moderation" if state == "held" else "",
        handed_over_at=hour if state == "bounced" else None,
        handed_over_on=on if state == "bounced" else None,
    )
    return letter


def ask(office: CampaignTarget, **fields: object) -> Dossier:
    assert office.target
    return Dossier.objects.create(campaign=office.campaign, target=office.target, **fields)


def printed(dossier: Dossier) -> Dossier:
    """Print until there is nothing more to do."""
    while paper.go_on(dossier):
        pass
    dossier.refresh_from_db()
    return dossier


def test_it_holds_each_letter_on_its_own_sheet_below_a_cover_that_counts(office: CampaignTarget) -> None:
    for number in range(3):
        write(office, f"I ask you to release her. Number {number}.", country="GB" if number else "NO")
    dossier = printed(ask(office))
    cover, *letters = pages(dossier.file.read_bytes())

    assert dossier.state == "ready"
    assert "Handed over in person to Prosecutor General" in cover
    assert "3 letters" in cover
    assert "United Kingdom 2 Norway 1" in cover
    assert [f"Number {number}." in page for number, page in enumerate(letters)] == [True] * 3
    assert letters[2].startswith("The Prosecutor General 1 March 2026 Vera Example")
    assert letters[2].endswith(" 3")


def test_only_those_who_agreed_are_in_it(office: CampaignTarget) -> None:
    write(office, "With consent.")
    write(office, "Without consent.", in_dossier=False)
    text = " ".join(pages(printed(ask(office)).file.read_bytes()))

    assert "With consent." in text
    assert "Without consent." not in text


def test_what_was_dropped_or_is_held_is_not_in_it_and_what_came_back_is(office: CampaignTarget) -> None:
    for state in ("cancelled", "held", "bounced"):
        write(office, f"This one is {state}.", state=state)
    text = " ".join(pages(printed(ask(office)).file.read_bytes()))

    assert [state in text for state in ("cancelled", "held", "bounced")] == [False, False, True]


def test_the_period_includes_its_first_and_last_day(office: CampaignTarget) -> None:
    for day in range(1, 6):
        write(office, f"Day {day}.", on=MARCH.replace(day=day))
    dossier = printed(ask(office, since=MARCH.replace(day=2), until=MARCH.replace(day=4)))
    text = " ".join(pages(dossier.file.read_bytes()))

    assert [f"Day {day}." in text for day in range(1, 6)] == [False, True, True, True, False]
    assert "from 2 March 2026 to 4 March 2026" in text


def test_parts_are_bound_in_order_and_leave_nothing_behind(
    office: CampaignTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "PART", 2)
    for number in range(5):
        write(office, f"Number {number}.")
    dossier = ask(office)
    steps = [paper.go_on(dossier) for _step in range(4)]
    dossier.refresh_from_db()

    assert steps == [True, True, True, False]
    assert dossier.done == 5
    _cover, *letters = pages(dossier.file.read_bytes())
    assert [page.split()[-2:] for page in letters] == [[f"{number}.", f"{number + 1}"] for number in range(5)]
    assert [path.name for path in dossier.folder.iterdir()] == ["dossier.pdf"]
    assert dossier.file.stat().st_mode & 0o777 == 0o600


def test_a_worker_that_died_leaves_a_dossier_that_the_next_one_finishes(
    office: CampaignTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "PART", 1)
    for number in range(3):
        write(office, f"Number {number}.")
    dossier = ask(office)
    paper.go_on(dossier)
    Dossier.objects.update(lease_until=timezone.now() + paper.LEASE)
    assert not paper.go_on(dossier)  # somebody has it

    Dossier.objects.update(lease_until=timezone.now() - paper.LEASE)
    assert len(pages(printed(dossier).file.read_bytes())) == 4


def test_a_letter_that_can_not_be_printed_is_a_sheet_that_says_so(office: CampaignTarget) -> None:
    write(office, "Before it.")
    bad = write(office, "A box: \U000f0000")
    write(office, "After it.")
    _cover, before, sheet, after = pages(printed(ask(office)).file.read_bytes())

    assert "Before it." in before
    assert f"The organisers keep it under number {bad.pk}." in sheet
    assert "After it." in after


def test_a_busy_press_changes_nothing(office: CampaignTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_arguments: object, **_options: object) -> None:
        raise PressBusyError("Too many documents wait to be typeset.")

    write(office, "Release her.")
    dossier = ask(office)
    monkeypatch.setattr(paper, "typeset", busy)
    with pytest.raises(PressBusyError):
        paper.go_on(dossier)
    monkeypatch.undo()

    assert printed(dossier).state == "ready"


def test_a_press_that_fails_over_everything_ends_it(office: CampaignTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise RenderingFailedError("It took too long to typeset.")

    write(office, "Release her.")
    monkeypatch.setattr(paper, "typeset", broken)
    dossier = printed(ask(office))

    assert (dossier.state, dossier.reason) == ("failed", "It took too long to typeset.")


def test_a_period_without_letters_makes_no_file(office: CampaignTarget) -> None:
    dossier = printed(ask(office))

    assert dossier.state == "failed"
    assert dossier.reason == "No letter of this period may be handed over."


def test_a_letter_taken_back_before_the_end_ends_it(office: CampaignTarget) -> None:
    write(office, "Release her.")
    back = write(office, "I changed my mind.")
    dossier = ask(office)
    paper.go_on(dossier)
    erase(back)

    assert printed(dossier).state == "failed"
    assert not dossier.folder.exists()


def test_tidying_deletes_what_is_old_taken_back_or_nobodys(office: CampaignTarget, var: Path) -> None:
    back = write(office, "Release her.")
    fresh, old = printed(ask(office)), printed(ask(office))
    Dossier.objects.filter(pk=old.pk).update(finished_at=timezone.now() - dt.timedelta(days=4))
    (var / "dossiers" / "999999").mkdir()

    paper.tidy(days=3)
    assert [path.name for path in (var / "dossiers").iterdir()] == [str(fresh.pk)]
    old.refresh_from_db()
    assert old.state == "deleted"

    erase(back)
    paper.tidy(days=3)
    assert list((var / "dossiers").iterdir()) == []


def test_cover_and_letters_have_the_paper_and_language_that_were_asked_for(office: CampaignTarget) -> None:
    write(office, "Release her.", country="NO")
    dossier = printed(ask(office, paper="letter", language="ru"))

    assert size(dossier.file.read_bytes()) == (216, 279)
    assert "Норвегия 1" in pages(dossier.file.read_bytes())[0]


def test_a_dossier_in_trial_mode_says_so(office: CampaignTarget, settings: Settings) -> None:
    settings.DELIVERY_MODE = "capture"
    write(office, "Release her.")

    assert "Trial:" in pages(printed(ask(office)).file.read_bytes())[0]


def test_a_site_that_is_live_hands_over_no_trial_letter(office: CampaignTarget, settings: Settings) -> None:
    write(office, "Release her.")
    settings.DELIVERY_MODE = "live"

    assert ask(office).letters.count() == 0


def test_the_office_of_another_campaign_is_left_alone(office: CampaignTarget) -> None:
    write(office, "Ours.")
    other: Campaign = factories.make_campaign()
    twin = factories.add_office(other, office.target)
    write(twin, "Theirs.")

    assert "Theirs." not in " ".join(pages(printed(ask(office)).file.read_bytes()))
