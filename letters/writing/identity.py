"""Who counts as one person: an address in its canonical form, kept only as a keyed hash."""

from __future__ import annotations

import hashlib
import hmac

from django.conf import settings

from campaigns.models import Campaign

# Providers that ignore dots in the local part; the first name stands for both.
DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def canonical(email: str) -> str:
    """The form in which spellings of one mailbox are equal: lower case, IDNA domain, no +tag, no dots at Gmail."""
    local, _at, domain = email.strip().lower().rpartition("@")
    domain = domain.encode("idna").decode() if not domain.isascii() else domain
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        return f"{local.replace('.', '')}@{DOTLESS[domain]}"
    return f"{local}@{domain}"


def person_key(campaign: Campaign, email: str) -> str:
    """HMAC-SHA256 in hex of campaign and mailbox: counts a person once a campaign, and tells nobody who it is."""
    return _keyed(f"{campaign.pk}:{canonical(email)}")


def mailbox_key(email: str) -> str:
    """The same of a mailbox alone: what it subscribed to can't be linked to its letters."""
    return _keyed(f"subscription:{canonical(email)}")


def _keyed(message: str) -> str:
    return hmac.new(settings.COUNTING_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()
