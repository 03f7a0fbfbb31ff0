"""A site with at least one row of everything that the desk shows."""

import itertools
import secrets

import pytest
from django.contrib import admin
from django.db import models
from django.utils import timezone

from campaigns.models import (
    CampaignOrganisation,
    Endorsement,
    MissionCoverage,
    PostalNotice,
    SiteIdentity,
)
from letters.models import (
    Delivery,
    DeliveryLog,
    Dossier,
    Letter,
    LetterText,
    Mailing,
    Proposal,
    Reply,
    ReportedAction,
    Signature,
)
from prisoners.models import Charge, MailRules, PersonName, PersonRole, Prison, Sentence
from tests import factories

numbers = itertools.count(1)
OURS = {"prisoners", "campaigns", "letters"}


def desk_models() -> list[type[models.Model]]:
    """Return every model of ours that has pages in the admin."""
    return [model for model in admin.site._registry if model._meta.app_label in OURS]


@pytest.fixture
def world(db: None) -> None:
    """Make a campaign with everything in it, a letter, its delivery and a report."""
    prison = Prison.objects.create(slug="colony", name={"en": "Colony 7"}, country="RU")
    vera = factories.make_person("Vera Example", occupation={"en": "miner", "ru": "шахтёр"}, born_text={"en": "1970"})
    PersonName.objects.create(person=vera, text="Вера Пример", kind="native", language="ru")
    vera.refresh_search_text()
    PersonRole.objects.create(person=vera, title={"en": "union chair"})
    address = factories.make_prison_address(vera, prison=prison)
    MailRules.objects.create(address=address, languages=["ru"], avoid={"en": "politics"})
    case = factories.make_case(vera)
    member = case.members.get()
    Sentence.objects.create(member=member, shortest=3, longest=8)
    Charge.objects.create(case=case, text={"en": "fraud"}).members.add(member)
    factories.make_entry(case, "Arrested", member, custody="detained")

    mission = factories.make_office(slug="mission", kind="mission", host_country="NO")
    MissionCoverage.objects.create(target=mission, country="NO")
    office = factories.make_office("email", "fax", holder=factories.make_person("Official Example"))
    campaign = factories.make_campaign(office, mission, case=case)
    office_here = campaign.targets.get(target=office)
    factories.make_model_letter(campaign, office_here, points=["One", "Two"])
    factories.make_demand(campaign).offices.add(office_here)
    factories.make_ask(campaign)
    Mailing.objects.create(update=factories.make_update(campaign))
    factories.make_event(campaign, {"city": "Oslo", "country": "NO"})
    campaign.tags.add(factories.make_tag())
    campaign.references.create(scheme="UA", number="126.19")
    campaign.copy_addresses.create(email="copies@union.test")
    campaign.rebuttals.create(claim={"en": "They say so"}, answer={"en": "It is not so"})
    campaign.resources.create(title={"en": "Film"}, url="https://films.test/1")
    campaign.figures.create(number=15, what={"en": "countries"})
    union = factories.make_organisation()
    CampaignOrganisation.objects.create(campaign=campaign, organisation=union)
    Endorsement.objects.create(campaign=campaign, organisation=union)
    PostalNotice.objects.create(to_country="RU", text={"en": "Slow"})
    SiteIdentity.objects.get_or_create(pk=1, defaults={"name": "Postbag"})

    letter = make_letter(campaign)
    LetterText.objects.create(letter=letter, language="en", body="CANARY-TEXT")
    Dossier.objects.create(campaign=campaign, target=office)
    delivery = make_delivery(letter, office_here, state="captured")
    DeliveryLog.objects.create(delivery=delivery, from_state="queued", to_state="captured")
    Reply.objects.create(delivery=delivery, campaign=campaign, office=office_here, text="CANARY-ANSWER")
    Signature.objects.create(
        campaign=campaign,
        form_key=secrets.token_urlsafe(32),
        form_digest="digest",
        person_key="signer",
        page_language="en",
        name="CANARY-SIGNER",
        email="canary-signer@supporter.test",
        expires_at=timezone.now(),
    )
    Proposal.objects.create(
        campaign=campaign, language="en", day=timezone.localdate(), text="A vigil", form_key=secrets.token_urlsafe(32)
    )
    ReportedAction.objects.create(
        campaign=campaign, way="post", done_on=timezone.localdate(), form_key=secrets.token_urlsafe(32)
    )


def make_letter(campaign: models.Model, **fields: object) -> Letter:
    """Make a confirmed letter whose personal fields can be told from anything else."""
    defaults = {
        "campaign": campaign,
        "state": "confirmed",
        "form_key": f"key-{next(numbers)}",
        "form_digest": "digest",
        "person_key": f"person-{next(numbers)}",
        "page_language": "en",
        "country": "NO",
        "name": "CANARY-NAME",
        "email": "canary-mailbox@supporter.test",
        "city": "CANARY-CITY",
        "own_words": "CANARY-WORDS",
        "consent_version": "1",
        "facts_version": 1,
        "expires_at": timezone.now(),
        "confirmed_at": timezone.now(),
        "confirmed_on": timezone.localdate(),
    }
    return Letter.objects.create(**{**defaults, **fields})


def make_delivery(letter: Letter, office: models.Model, **fields: object) -> Delivery:
    """Make a delivery of the letter to an office of its campaign."""
    defaults = {
        "campaign": letter.campaign,
        "letter": letter,
        "office": office,
        "target": office.target,  # type: ignore[attr-defined]  # a CampaignTarget
        "channel": "email",
        "address": "office@ministry.test",
        "addressee": "The Prosecutor",
        "sender": letter.name,
        "language": "en",
        "subject": "CANARY-SUBJECT",
        "text": "CANARY-TEXT",
        "text_hash": "hash",
        "message_id": f"{next(numbers)}@mail.test",
    }
    return Delivery.objects.create(**{**defaults, **fields})
