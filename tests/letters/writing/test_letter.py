"""From "where from" to "check your email", through the pages as a browser without scripts goes."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign
from letters.models import Addressing, Letter, LetterState
from tests.letters.writing.supporter import Supporter, mailed_links

pytestmark = pytest.mark.django_db


def test_a_letter_is_written_checked_confirmed_and_queued_for_each_office(
    campaign: Campaign, supporter: Supporter
) -> None:
    supporter.open("/campaigns/free-vera/write/")
    assert "Where are you writing from?" in supporter.text
    supporter.open_form(campaign)
    assert "Your letter" in supporter.text

    supporter.check()
    assert "Dear Chief Prosecutor, I teach history in Leeds." in supporter.text
    assert "Dear Ambassador, I teach history in Leeds." in supporter.text
    assert not Letter.objects.exists()

    supporter.ask_for_link()
    assert "Check your email" in supporter.text
    assert "ada@supporter.test" in supporter.text
    letter = Letter.objects.get()
    shown = dict(Addressing.objects.values_list("target", "text"))

    (link,) = mailed_links()
    supporter.open(link)
    assert "Send my 2 letters" in supporter.text
    supporter.submit()
    assert "2 letters are on their way" in supporter.text

    letter.refresh_from_db()
    assert letter.state == LetterState.CONFIRMED
    assert {delivery.target_id: delivery.text for delivery in letter.deliveries.letters()} == shown
