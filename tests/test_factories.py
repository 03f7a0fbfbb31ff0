"""The factories themselves: what other tests build on must pass the models' own checks."""

import pytest

from campaigns.models import Channel, ContactState, Target
from tests.factories import (
    make_campaign,
    make_case,
    make_contact,
    make_member,
    make_model_letter,
    make_office,
    make_person,
)

pytestmark = pytest.mark.django_db


def test_what_the_factories_make_passes_the_models_own_checks() -> None:
    office = make_office(Channel.EMAIL, Channel.FAX, Channel.POST, holder=make_person("Head of Office"))
    case = make_case(make_person("Vera Example"))
    campaign = make_campaign(office, case=case)
    letter = make_model_letter(campaign, points=["She did nothing wrong."])

    for row in (office, case, campaign, letter, make_member(case), *office.contacts.all()):
        row.full_clean()


def test_an_office_is_reached_in_the_order_that_was_given() -> None:
    office = make_office(Channel.FAX, make_contact(Channel.EMAIL, state=ContactState.LOST))

    channels = [row.contact.channel for row in office.target_contacts.all()]

    assert channels == [Channel.FAX, Channel.EMAIL]
    assert Target.objects.count() == 1
