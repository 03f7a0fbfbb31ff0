"""What counts, what does not, and on which day."""

import datetime as dt
import itertools
from collections.abc import Sequence
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from campaigns.models import Campaign, CampaignTarget
from letters.counting.recount import differences
from letters.counting.tallies import KEYS, Scope, Tally, own_words_share, rows_by, tally, tally_by
from letters.models import Delivery, Letter
from tests import factories
from tests.letters.counting.conftest import NOON, delivery, fill, letter, report

Offices = list[CampaignTarget]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def live(settings: Settings) -> None:
    settings.DELIVERY_MODE = "live"


def test_a_letter_to_two_offices_is_one_person_and_two_letters(campaign: Campaign, offices: Offices) -> None:
    of = letter(campaign)
    for office in offices:
        delivery(of, office)

    assert tally(Scope([campaign.pk])) == Tally(wrote=1, handed_over=2)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("accepted", Tally(wrote=1, handed_over=1)),
        ("delivered", Tally(wrote=1, handed_over=1, receipts=1)),
        ("captured", Tally(wrote=1, captured=1)),
        *((state, Tally(wrote=1)) for state in ("queued", "held", "failed", "bounced", "cancelled", "expired")),
        *((state, Tally(wrote=1)) for state in ("unknown", "unresolved", "deferred")),
    ],
)
def test_only_what_was_taken_and_did_not_come_back_counts(
    state: str, expected: Tally, campaign: Campaign, offices: Offices
) -> None:
    delivery(letter(campaign), offices[0], state)

    assert tally() == expected


def test_copies_and_mail_of_ours_never_count(campaign: Campaign, offices: Offices) -> None:
    of = letter(campaign)
    delivery(of, offices[0], role="copy")
    mail = delivery(of, offices[1], role="copy")
    Delivery.objects.filter(pk=mail.pk).update(role="service", purpose="confirm", target=None, office=None)

    assert tally() == Tally(wrote=1)


def test_a_letter_sent_again_to_a_corrected_address_counts_once(campaign: Campaign, offices: Offices) -> None:
    of = letter(campaign)
    first = delivery(of, offices[0], "accepted", replaced_at=timezone.now())
    delivery(of, offices[0], "delivered", replaces=first)

    assert tally() == Tally(wrote=1, handed_over=1, receipts=1)


def test_a_person_who_writes_twice_counts_once_on_the_day_of_the_first(campaign: Campaign, offices: Offices) -> None:
    delivery(letter(campaign, "vera", on=NOON + DAY, country="KZ"), offices[1])
    delivery(letter(campaign, "vera", on=NOON, country="NO"), offices[0])

    assert tally().wrote == 1
    assert {key[0]: row.wrote for key, row in tally_by(Scope(), ["day"]).items() if row.wrote} == {NOON.date(): 1}
    assert {key[0]: row.wrote for key, row in tally_by(Scope(), ["country"]).items() if row.wrote} == {"NO": 1}
    assert tally(Scope(since=(NOON + DAY).date())).wrote == 0
    assert [row.wrote for row in tally_by(Scope(), ["office"]).values()] == [1, 1]


def test_the_same_person_in_two_campaigns_counts_in_each(campaign: Campaign) -> None:
    other = factories.make_campaign()
    letter(campaign, "vera")
    letter(other, "vera")

    assert {key[0]: row.wrote for key, row in tally_by(Scope(), ["campaign"]).items()} == {campaign.pk: 1, other.pk: 1}


@pytest.mark.parametrize(("state", "wrote"), [("pending", 0), ("expired", 0), ("confirmed", 1), ("erased", 1)])
def test_a_person_counts_once_confirmed_and_also_when_erased(state: str, wrote: int, campaign: Campaign) -> None:
    letter(campaign, state=state)

    assert tally().wrote == wrote


def test_letters_of_the_trial_count_during_the_trial_and_never_after(campaign: Campaign, settings: Settings) -> None:
    letter(campaign, trial=True)
    assert tally().wrote == 0

    settings.DELIVERY_MODE = "capture"

    assert tally().wrote == 1


def test_reports_count_as_many_as_they_say_once_a_moderator_agrees(campaign: Campaign, offices: Offices) -> None:
    report(campaign, 40, office=offices[0])
    report(campaign, 3, way="visit")
    report(campaign, 100, state="waiting")
    report(campaign, 100, state="rejected")

    assert tally() == Tally(reported=43)
    assert tally_by(Scope(), ["office"])[None,] == Tally(reported=3)
    assert tally_by(Scope(), ["channel"])["visit",] == Tally(reported=3)


def test_a_day_is_a_day_in_the_time_zone_of_the_site(campaign: Campaign, offices: Offices, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Almaty"
    late = dt.datetime(2026, 3, 1, 22, tzinfo=dt.UTC)  # already the second of March there
    delivery(letter(campaign), offices[0], "delivered", delivered_at=late)

    days = [key[0] for key, row in tally_by(Scope(), ["day"]).items() if row.receipts]

    assert days == [dt.date(2026, 3, 2)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mode", ["live", "capture"])
def test_the_tally_is_what_the_rows_say_one_by_one(
    seed: int, mode: str, campaign: Campaign, settings: Settings
) -> None:
    settings.DELIVERY_MODE = mode
    fill(campaign, seed)
    fill(to_the_same(campaign), seed + 100, letters=20)
    wrong = {}
    for keys in combinations():
        if found := list(differences(Scope(), keys)):
            wrong[keys] = found

    assert wrong == {}
    assert tally().handed_over > 5


def to_the_same(campaign: Campaign) -> Campaign:
    """Make another campaign that addresses the same offices."""
    return factories.make_campaign(*(office.target for office in campaign.targets.all() if office.target))


def combinations() -> list[tuple[str, ...]]:
    """Return every way to group, from none to all keys."""
    return [keys for size in range(len(KEYS) + 1) for keys in itertools.combinations(KEYS, size)]


@pytest.mark.parametrize("keys", [("campaign",), ("campaign", "office", "day"), ("country",), ()])
def test_rows_come_in_order_and_are_the_groups(keys: Sequence[str], campaign: Campaign) -> None:
    fill(campaign, 7)
    fill(to_the_same(campaign), 8)

    rows = list(rows_by(Scope(), keys))

    assert dict(rows) == tally_by(Scope(), keys)
    assert len(rows) == len(dict(rows))
    if keys[:1] == ("campaign",):
        assert [key[0] for key, _ in rows] == sorted(key[0] for key, _ in rows)  # type: ignore[type-var]  # ids


def test_days_of_a_range_add_up_to_the_range(campaign: Campaign) -> None:
    fill(campaign, 9)
    scope = Scope(since=NOON.date() - DAY, until=NOON.date())

    days = tally_by(scope, ["day"])

    assert set(days) <= {(scope.since,), (scope.until,)}
    for number in ("wrote", "handed_over", "receipts", "reported", "captured"):
        assert sum(getattr(row, number) for row in days.values()) == getattr(tally(scope), number)


def test_recount_agrees_and_says_so(campaign: Campaign) -> None:
    fill(campaign, 5)
    out = StringIO()

    call_command("recount", stdout=out)

    assert "agree" in out.getvalue()


def test_recount_names_what_differs_and_fails(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(campaign, 5)
    monkeypatch.setitem(
        __import__("letters.counting.tallies", fromlist=["COUNTERS"]).COUNTERS, "wrote", lambda _scope, _keys: iter(())
    )
    out = StringIO()

    with pytest.raises(CommandError, match="differ"):
        call_command("recount", stdout=out)

    people = Letter.objects.confirmed().filter(trial=False).values("person_key").distinct().count()
    assert f"wrote : tally 0, rows {people}" in out.getvalue()


def test_recount_knows_its_campaigns(campaign: Campaign) -> None:
    with pytest.raises(CommandError, match="no campaign nowhere"):
        call_command("recount", "nowhere")


def test_who_adds_a_word_of_their_own_is_known_as_such_by_their_first_letter(campaign: Campaign) -> None:
    letter(campaign, "vera", in_own_words=True)
    letter(campaign, "vera", on=NOON + DAY)
    letter(campaign, "ada")
    letter(campaign, "ada", on=NOON + DAY, in_own_words=True)
    letter(campaign, "boris", state="erased", in_own_words=True)
    letter(campaign, "trial", trial=True, in_own_words=True)

    assert tally() == Tally(wrote=3, in_own_words=2)
    assert own_words_share(Scope()) == pytest.approx(2 / 3)
    assert own_words_share(Scope([0])) is None
