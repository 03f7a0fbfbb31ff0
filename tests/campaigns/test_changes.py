"""What has changed between two versions of a campaign's texts, word by word."""

import pytest

from campaigns.changes import Change, Kind, changes, changes_since
from campaigns.models import Campaign, Demand, KeptFacts
from tests.factories import make_campaign, make_office


def told(change: Change) -> str:
    """A change in brackets: [-gone-] and [+added+]."""
    marks = {Kind.SAME: "{}", Kind.ADDED: "[+{}+]", Kind.GONE: "[-{}-]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in change.pieces)


def test_words_that_changed_are_named_one_by_one() -> None:
    old = {"story": {"en": "She was sentenced to 3 years on 2 May.", "ru": "То же"}}
    new = {"story": {"en": "She was sentenced to 5 years on 2 May, and appealed.", "ru": "То же"}}

    [change] = changes(old, new)

    assert (str(change.name), change.language) == ("what happened", "en")
    assert told(change) == "She was sentenced to[- 3-][+ 5+] years on 2[- May.-][+ May, and appealed.+]"


def test_what_stayed_is_shortened_and_new_and_gone_texts_are_whole() -> None:
    words = " ".join(str(number) for number in range(100))
    old = {"story": {"en": f"{words} old {words}"}, "letter:short": {"en": "Release her."}}
    new = {"story": {"en": f"{words} new {words}", "ar": "حرروها"}}

    first, second, third = changes(old, new)

    around = "88 89 90 91 92 93 94 95 96 97 98 99[- old-][+ new+] 0 1 2 3 4 5 6 7 8 9 10 11"
    assert told(first) == f" …  {around} … "
    assert (second.language, told(second)) == ("ar", "[+حرروها+]")
    assert (third.name, told(third)) == ("model letter “short”", "[-Release her.-]")


@pytest.fixture
def campaign(db: None) -> Campaign:
    return make_campaign(make_office())


def test_a_version_is_kept_once_as_its_first_letter_found_it(campaign: Campaign) -> None:
    Demand.objects.create(campaign=campaign, text={"en": "Release her."})
    KeptFacts.objects.keep(campaign, 1)
    campaign.demands.update(text={"en": "Release her now."})
    KeptFacts.objects.keep(campaign, 1)
    assert KeptFacts.objects.get().texts["demands"] == {"en": "Release her."}

    found = changes_since(campaign, 1)

    assert found is not None
    assert [told(change) for change in found] == ["Release[- her.-][+ her now.+]"]


def test_a_version_that_is_over_or_was_never_kept_is_not_made_up(campaign: Campaign) -> None:
    KeptFacts.objects.keep(campaign, campaign.facts_version - 1)

    assert not KeptFacts.objects.exists()
    assert changes_since(campaign, 0) is None
