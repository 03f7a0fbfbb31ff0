"""A campaign to write in, and a supporter who writes."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign, Channel
from tests import factories
from tests.letters.writing.supporter import Supporter


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Two offices, one by email and one by fax or email, and a text for both."""
    first = factories.make_office(name={"en": "Chief Prosecutor"}, salutation={"en": "Dear Chief Prosecutor,"})
    second = factories.make_office(
        Channel.FAX, Channel.EMAIL, name={"en": "Ambassador"}, salutation={"en": "Dear Ambassador,"}
    )
    campaign = factories.make_campaign(first, second, slug="free-vera")
    factories.make_model_letter(campaign, key="model")
    return campaign


@pytest.fixture
def supporter() -> Supporter:
    return Supporter()
