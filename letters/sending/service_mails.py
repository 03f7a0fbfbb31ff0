"""Mail of ours to supporters and organisers. Each is a row of the outbox, so that no broker can lose it.

A mail is three templates, `templates/emails/<name>-{subject,text,html}`; none of them ever holds what somebody typed
before their address was confirmed, since anybody may type anybody's address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.directory.reach import Office, postal_notice
from campaigns.models import (
    SOCIAL,
    Campaign,
    CampaignState,
    CampaignTarget,
    Channel,
    ContactDetail,
    CopyAddress,
    SiteIdentity,
    Target,
)
from letters import tokens
from letters.models import Delivery, Letter, Reply, Signature
from letters.wording import text_hash

PARTS = ("subject.txt", "text.txt", "html.html")
WEEK = dt.timedelta(days=7)
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)


def confirmation(letter: Letter) -> Delivery:
    """The mail with the link that sends the letter."""
    return _to_supporter(letter, Delivery.Purpose.CONFIRM, _confirming(letter), letter.expires_at)


def reminder(letter: Letter) -> Delivery:
    """The one reminder that a letter still waits for its confirmation."""
    mail = _to_supporter(letter, Delivery.Purpose.REMINDER, _confirming(letter), letter.expires_at)
    mail.occasion = f"reminder:{letter.pk}"
    return mail


def _confirming(letter: Letter) -> dict[str, Any]:
    return {
        "link": link("letters:confirm", tokens.make(letter, tokens.Purpose.CONFIRM), letter.page_language),
        "offices": letter.addressings.count(),
        "expires_at": letter.expires_at,
        "hours": round((letter.expires_at - timezone.now()) / dt.timedelta(hours=1)),
    }


def failure(letter: Letter, deliveries: Sequence[Delivery]) -> Delivery:
    """News of `deliveries` of a letter that did not arrive: the texts come back, with the next best way."""
    language = letter.page_language
    withdrawn = letter.campaign.state == CampaignState.WITHDRAWN
    context = {
        # A campaign is withdrawn to protect somebody: then no name and no text travels any more.
        "items": [] if withdrawn else [_undelivered(delivery, letter) for delivery in deliveries],
        "count": len(deliveries),
        "link": link("letters:status", tokens.make(letter, tokens.Purpose.STATUS), language),
    }
    mail = _to_supporter(letter, Delivery.Purpose.FAILURE, context, timezone.now() + WEEK)
    mail.occasion = f"failure:{deliveries[0].pk}"
    return mail


def _undelivered(delivery: Delivery, letter: Letter) -> dict[str, Any]:
    office = Office(cast("CampaignTarget", delivery.office), delivery.target)
    return {
        "office": office.name(letter.page_language),
        "delivery": delivery,
        "ways": [contact for contact in office.contacts if _another_way(contact, delivery, letter)],
    }


def _another_way(contact: ContactDetail, delivery: Delivery, letter: Letter) -> bool:
    """Whether the supporter can still try this address of the office by themselves."""
    if not contact.is_usable or contact.pk == delivery.contact_id or contact.channel in SOCIAL:
        return False
    notice = postal_notice(contact.country.code or "", letter.country.code or "")
    return contact.channel != Channel.POST or notice is None or not notice.suspended


def again(letter: Letter, deliveries: Sequence[Delivery]) -> Delivery:
    """The question whether `deliveries` shall still leave although the facts have changed, with their texts."""
    language = letter.page_language
    context = {
        "title": letter.campaign.title.shown(language).text,
        "items": [_undelivered(delivery, letter) for delivery in deliveries],
        "count": len(deliveries),
        "link": link("letters:again", tokens.make(letter, tokens.Purpose.AGAIN), language),
    }
    last = min((row.deliver_by for row in deliveries if row.deliver_by), default=timezone.now() + WEEK)
    mail = _to_supporter(letter, Delivery.Purpose.AGAIN, context, last)
    mail.occasion = f"again:{deliveries[0].pk}:{letter.campaign.facts_version}"
    return mail


def answer(reply: Reply, letter: Letter) -> Delivery:
    """What an office answered to a letter, once a moderator has let it through. A withdrawn campaign tells no text."""
    language = letter.page_language
    withdrawn = letter.campaign.state == CampaignState.WITHDRAWN
    context = {
        "office": Office(reply.office, reply.delivery.target).name(language),
        "answer": "" if withdrawn else reply.text,
        "attachments": [] if withdrawn else reply.attachments.splitlines(),
        "link": link("letters:status", tokens.make(letter, tokens.Purpose.STATUS), language),
    }
    mail = _to_supporter(letter, Delivery.Purpose.ANSWER, context, timezone.now() + WEEK)
    mail.occasion = f"answer:{reply.pk}"
    return mail


def signing(signature: Signature) -> Delivery:
    """The mail with the link that signs."""
    language = signature.page_language
    context = {
        "link": link("letters:signature_confirm", tokens.make(signature, tokens.Purpose.CONFIRM), language),
        "title": signature.campaign.title.shown(language).text,
        "expires_at": signature.expires_at,
    }
    purpose = Delivery.Purpose.SIGN
    mail = compose(purpose, signature.campaign, signature.email, language, context, signature.expires_at)
    mail.signature, mail.trial = signature, signature.trial
    return mail


def copies(address: CopyAddress, day: dt.date, letters: Sequence[Letter]) -> Delivery:
    """The letters of one day for an address that the campaign named. Their deliveries are prefetched."""
    campaign = address.campaign
    language = campaign.language if campaign.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    context = {
        "title": campaign.title.shown(language).text,
        "day": day,
        "letters": [{"letter": letter, "texts": _texts(letter, language)} for letter in letters],
    }
    return compose(Delivery.Purpose.COPIES, campaign, address.email, language, context, timezone.now() + WEEK)


def _texts(letter: Letter, language: str) -> list[dict[str, Any]]:
    """The different texts of a letter, each with the offices that it is for."""
    offices: dict[str, list[str]] = {}
    for delivery in letter.deliveries.all():
        name = cast("Target", delivery.target).name.shown(language).text
        offices.setdefault(delivery.text, []).append(name)
    return [{"offices": names, "text": text} for text, names in offices.items()]


def _to_supporter(
    letter: Letter, purpose: Delivery.Purpose, context: Mapping[str, Any], deliver_by: dt.datetime
) -> Delivery:
    mail = compose(purpose, letter.campaign, letter.email, letter.page_language, context, deliver_by)
    mail.letter, mail.trial = letter, letter.trial
    if letter.discreet:
        # Whoever looks over a shoulder sees an address, not what it is for.
        mail.sender = ""
    return mail


def compose(
    purpose: Delivery.Purpose,
    campaign: Campaign | None,
    address: str,
    language: str,
    context: Mapping[str, Any],
    deliver_by: dt.datetime,
) -> Delivery:
    """An unsaved delivery with the three templates of `purpose`, rendered in `language`."""
    site = SiteIdentity.current()
    values = {**context, "site": site, "site_url": settings.SITE_URL}
    with translation.override(language):
        subject, text, html = (render_to_string(f"emails/{purpose}-{part}", values) for part in PARTS)
    plain = text.strip()
    return Delivery(
        campaign=campaign,
        role=Delivery.Role.SERVICE,
        purpose=purpose,
        channel=Channel.EMAIL,
        address=address,
        sender=site.name,
        language=language,
        subject=" ".join(subject.split()),
        text=plain,
        html=INLINER.inline(html),
        text_hash=text_hash(plain),
        deliver_by=deliver_by,
    )


def link(name: str, token: str, language: str) -> str:
    """The absolute address of a supporter's page. Made from SITE_URL, never from a request's Host header."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=[token])
