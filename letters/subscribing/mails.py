"""The mails to subscribers: the link that subscribes, one piece of news, the news of a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from campaigns.models import Campaign, Update
from letters import tokens
from letters.models import Delivery, Mailing, Subscription
from letters.sending.service_mails import compose, link

NEWS_IS_NEWS = dt.timedelta(days=7)


def asking(email: str, sealed: str, language: str, until: dt.datetime) -> Delivery:
    """The mail with the link that subscribes. It names no campaign and no country: anybody may type any address."""
    context = {"link": link("letters:subscription_confirm", sealed, language), "expires_at": until}
    return compose(Delivery.Purpose.SUBSCRIBE, None, email, language, context, until)


def news(mailing: Mailing, update: Update, subscription: Subscription) -> Delivery:
    """One update, for one subscriber."""
    context = {"item": item(update, subscription.language), **ways_out(subscription)}
    return _to(subscription, mailing, Delivery.Purpose.NEWS, context, update.campaign)


def digest(mailing: Mailing, updates: Sequence[Update], subscription: Subscription) -> Delivery:
    """The updates of a week that one subscriber wants."""
    items = [item(update, subscription.language) for update in updates]
    return _to(subscription, mailing, Delivery.Purpose.DIGEST, {"items": items, **ways_out(subscription)}, None)


def sample(update: Update, email: str, language: str) -> Delivery:
    """The update as subscribers would get it, for the organiser who tries it out. Its ways out lead nowhere."""
    page = settings.SITE_URL + "/"
    context = {"item": item(update, language), "manage": page, "unsubscribe": page, "is_sample": True}
    return compose(Delivery.Purpose.NEWS, update.campaign, email, language, context, timezone.now() + NEWS_IS_NEWS)


def item(update: Update, language: str) -> dict[str, Any]:
    """What a mail tells of an update: the news, where to read it, and the one thing to do."""
    return {"update": update, "campaign": update.campaign, "link": page_of(update.campaign, language, update.slug)}


def page_of(campaign: Campaign, language: str, update: str = "") -> str:
    """The absolute address of a campaign's page, or of one update on it."""
    with translation.override(language):
        return f"{settings.SITE_URL}{campaign.get_absolute_url()}" + (f"#update-{update}" if update else "")


def ways_out(subscription: Subscription) -> dict[str, str]:
    """The links with which each mail can be changed or ended."""
    return {"manage": manage_link(subscription), "unsubscribe": unsubscribe_link(subscription)}


def manage_link(subscription: Subscription) -> str:
    return link("letters:subscription", tokens.make(subscription, tokens.Purpose.MANAGE), subscription.language)


def unsubscribe_link(subscription: Subscription) -> str:
    """The address of the page with one button, and of the POST of RFC 8058, which presses it."""
    token = tokens.make(subscription, tokens.Purpose.UNSUBSCRIBE)
    return link("letters:unsubscribe", token, subscription.language)


def _to(
    subscription: Subscription,
    mailing: Mailing,
    purpose: Delivery.Purpose,
    context: dict[str, Any],
    campaign: Campaign | None,
) -> Delivery:
    until = timezone.now() + NEWS_IS_NEWS
    mail = compose(purpose, campaign, subscription.email, subscription.language, context, until)
    mail.subscription, mail.mailing, mail.trial = subscription, mailing, mailing.trial
    return mail
