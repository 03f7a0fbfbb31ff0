"""Mail of ours to supporters and organisers. Each is a row of the outbox, so that no broker can lose it.

A mail is three templates, `templates/emails/<name>-{subject,text,html}`; none of them ever holds what somebody typed
before their address was confirmed, since anybody may type anybody's address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.models import Campaign, Channel, SiteIdentity
from letters import tokens
from letters.models import Delivery, Letter
from letters.wording import text_hash

PARTS = ("subject.txt", "text.txt", "html.html")
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


def _to_supporter(
    letter: Letter, purpose: Delivery.Purpose, context: Mapping[str, Any], deliver_by: dt.datetime
) -> Delivery:
    mail = compose(purpose, letter.campaign, letter.email, letter.page_language, context, deliver_by)
    mail.letter, mail.trial = letter, letter.trial
    return mail


def compose(
    purpose: Delivery.Purpose,
    campaign: Campaign,
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
    plain = text.strip() + "\n"
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
