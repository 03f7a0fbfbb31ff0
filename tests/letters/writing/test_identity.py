"""A person counts once a campaign, however the address is spelled (T19)."""

import pytest

from campaigns.models import Campaign
from letters.writing.identity import canonical, person_key


@pytest.mark.parametrize(
    "spelling",
    ["ada@example.org", "ADA@Example.ORG", " ada@example.org ", "ada+letters@example.org", "ada+@example.org"],
)
def test_spellings_of_one_mailbox_are_one_person(spelling: str) -> None:
    assert canonical(spelling) == "ada@example.org"


def test_dots_are_ignored_where_the_provider_ignores_them() -> None:
    assert canonical("a.d.a@googlemail.com") == canonical("ada@gmail.com")
    assert canonical("a.d.a@example.org") != canonical("ada@example.org")


def test_a_domain_counts_once_in_any_script() -> None:
    assert canonical("ada@Почта.рф") == canonical("ada@xn--80a1acny.xn--p1ai")


def test_two_campaigns_can_not_tell_that_the_same_person_wrote() -> None:
    first, second = Campaign(pk=1), Campaign(pk=2)
    assert person_key(first, "ada@example.org") != person_key(second, "ada@example.org")
