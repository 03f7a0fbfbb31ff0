"""Somebody who wants news by mail."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from campaigns.models import Campaign
from letters import tokens
from letters.models import Delivery, Pace, Subscription
from letters.subscribing import book
from tests import factories
from tests.letters.writing.supporter import Supporter

FORM = "/updates/subscribe/"
ADDRESS = "ada@supporter.test"


@pytest.fixture
def campaign(db: None) -> Campaign:
    return factories.make_campaign(factories.make_office(), slug="free-vera")


def ask(query: str = "", **typed: Any) -> Supporter:
    """Fill in the form for news by mail."""
    supporter = Supporter()
    supporter.open(f"{FORM}{query}")
    supporter.submit(**{"email": ADDRESS, **typed})
    return supporter


def links() -> list[str]:
    """The paths of the links to subscribe in all mails so far."""
    mails = Delivery.objects.filter(purpose="subscribe").exclude(text="").order_by("pk")
    return [urlsplit(re.findall(r"https?://\S+/confirm/", mail.text)[0]).path for mail in mails]


def subscribed(query: str = "", **typed: Any) -> Subscription:
    """Ask, and press the button in the mail."""
    ask(query, **typed)
    assert Client().post(links()[-1]).status_code == 302
    return Subscription.objects.latest("pk")


def make_subscription(*topics: str, email: str = ADDRESS, pace: Pace = Pace.AT_ONCE, language: str = "en") -> Any:
    """Make a subscription without its mail."""
    return book.subscribe(email, topics or ["all"], language=language, consent_version="1", pace=pace)


def page_of(subscription: Subscription, purpose: tokens.Purpose) -> str:
    token = tokens.make(subscription, purpose)
    return f"/subscriptions/{token}/" + ("unsubscribe/" if purpose is tokens.Purpose.UNSUBSCRIBE else "")
