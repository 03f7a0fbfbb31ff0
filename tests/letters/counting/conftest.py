"""A site after some weeks: letters in every state, seen from several countries, days and offices."""

import datetime as dt
import itertools
import random

import pytest
from django.utils import timezone

from campaigns.models import Campaign, CampaignTarget
from letters.models import Delivery, Letter, ReportedAction
from tests import factories

numbers = itertools.count(1)
ZONE = timezone.get_default_timezone()
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=ZONE)


def letter(campaign: Campaign, person: str = "", *, on: dt.datetime = NOON, **fields: object) -> Letter:
    """Make a confirmed letter of the live site; the same `person` is the same human being in that campaign."""
    number = next(numbers)
    state = fields.setdefault("state", "confirmed")
    confirmed = {"confirmed_at": on, "confirmed_on": timezone.localdate(on, ZONE)} if state in COUNTING else {}
    defaults = {
        "campaign": campaign,
        "form_key": f"form-{number}",
        "form_digest": "digest",
        "person_key": f"{campaign.pk}-{person or number}",
        "page_language": "en",
        "country": "NO",
        "trial": False,
        "consent_version": "1",
        "facts_version": 1,
        "expires_at": on,
        **confirmed,
    }
    return Letter.objects.create(**{**defaults, **fields})


COUNTING = {"confirmed", "erased"}


def delivery(
    of: Letter, office: CampaignTarget, state: str = "accepted", *, on: dt.datetime = NOON, **fields: object
) -> Delivery:
    """Make a delivery of the letter in `state`, which it reached at `on`."""
    left = {"handed_over_at": on, "handed_over_on": timezone.localdate(on, ZONE)}
    defaults = {
        "campaign": of.campaign,
        "letter": of,
        "office": office,
        "target": office.target,
        "channel": "email",
        "language": "en",
        "text_hash": "hash",
        "state": state,
        "trial": state == "captured",
        "hold_reason": "moderation" if state == "held" else "",
        **(left if state in {"accepted", "delivered", "bounced"} else {}),
        **({"delivered_at": on} if state == "delivered" else {}),
    }
    return Delivery.objects.create(**{**defaults, **fields})


def report(campaign: Campaign, number: int = 1, **fields: object) -> ReportedAction:
    """Make a report that counts, of `number` letters by post."""
    defaults = {"campaign": campaign, "way": "post", "done_on": NOON.date(), "form_key": f"report-{next(numbers)}"}
    return ReportedAction.objects.create(number=number, **{**defaults, **fields})


@pytest.fixture
def campaign(db: None) -> Campaign:
    """Make a campaign that addresses two offices."""
    return factories.make_campaign(factories.make_office("email", "fax"), factories.make_office("email"))


@pytest.fixture
def offices(campaign: Campaign) -> list[CampaignTarget]:
    return list(campaign.targets.all())


def fill(campaign: Campaign, seed: int, letters: int = 60) -> None:
    """Fill a campaign with letters, deliveries and reports as chance has it."""
    chance = random.Random(seed)
    offices = list(campaign.targets.all())
    states = ["accepted", "accepted", "delivered", "bounced", "captured", "queued", "held", "failed", "expired"]
    for _ in range(letters):
        on = NOON + dt.timedelta(hours=chance.randrange(-72, 72))
        made = letter(
            campaign,
            str(chance.randrange(letters // 2)),
            on=on,
            country=chance.choice(["NO", "NO", "KZ", "RU", ""]),
            state=chance.choice(["confirmed", "confirmed", "erased", "pending", "expired"]),
            trial=chance.random() < 0.2,
            in_own_words=chance.random() < 0.4,
        )
        for office in chance.sample(offices, chance.randrange(len(offices) + 1)):
            if made.state not in COUNTING:
                continue
            sent = delivery(
                made,
                office,
                chance.choice(states),
                on=on + dt.timedelta(hours=chance.randrange(30)),
                channel=chance.choice(["email", "fax"]),
                language=chance.choice(["en", "ru"]),
                role=chance.choice(["primary", "primary", "primary", "copy"]),
            )
            if sent.state in {"failed", "bounced"} and chance.random() < 0.5:
                sent.replaced_at = timezone.now()
                sent.save()
                delivery(made, office, "accepted", on=on, role=sent.role, replaces=sent)
    for _ in range(letters // 5):
        report(
            campaign,
            chance.randrange(1, 40),
            office=chance.choice([None, *offices]),
            way=chance.choice(["post", "phone", "visit"]),
            state=chance.choice(["counted", "counted", "waiting", "rejected"]),
            country=chance.choice(["NO", ""]),
            done_on=NOON.date() + dt.timedelta(days=chance.randrange(-3, 3)),
        )
