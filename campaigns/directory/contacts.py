"""One form for each address: what an organiser types or a page prints becomes what the directory stores."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import idna
import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from campaigns.models import SOCIAL, Channel

# What pages that hide mail addresses from robots leave behind when their text is copied. YAML takes the brackets of
# "[email protected]" for a list, so the words alone count when nothing else stands there.
MASKED = re.compile(r"[\[(<*]\s*e-?mail\s*protected\s*[\])>*]|/cdn-cgi/l/email-protection|\*{3,}@", re.IGNORECASE)
MASKED_ALONE = re.compile(r"\W*e-?mail\s*protected\W*", re.IGNORECASE)
SPELT_OUT = re.compile(r"[\[({<]\s*(at|dot|собака|точка)\s*[\])}>]", re.IGNORECASE)


def is_masked(text: str) -> bool:
    """Whether `text` holds "[email protected]" or the like: what a page shows instead of an address."""
    return bool(MASKED.search(text) or MASKED_ALONE.fullmatch(text))


def normalise(channel: str, value: str, region: str = "") -> str:
    """Return `value` as the directory stores addresses of `channel`.

    Email: lower case, the domain in ASCII (IDNA 2008). Fax and phone: E.164 (ITU-T E.164); `region`, an ISO 3166-1
    code, reads numbers written without country code. Web form: an http(s) address. Social media: the account's
    name without @. Post and visits: trimmed lines.

    Raises ValidationError with a hint when the value can't be used, and for an address that a page had hidden.
    """
    text = value.strip()
    if not text:
        raise ValidationError(_("The address is empty."), code="empty")
    if is_masked(text):
        raise ValidationError(
            _("The page had hidden this address (“%(text)s”): write it as lost, or find the real one."),
            params={"text": text},
            code="masked",
        )
    if channel in (Channel.FAX, Channel.PHONE):
        return _number(text, region)
    return NORMALISERS[Channel(channel)](text)


def _email(text: str) -> str:
    """The address in lower case with an ASCII domain."""
    if SPELT_OUT.search(text):
        raise ValidationError(
            _("“%(text)s” has its @ or dots in words: write the address as it is used, or as lost."),
            params={"text": text},
            code="spelt_out",
        )
    local, at, domain = text.removeprefix("mailto:").lower().rpartition("@")
    try:
        address = f"{local}{at}{idna.encode(domain, uts46=True).decode()}"
        validate_email(address)
    except (idna.IDNAError, ValidationError):
        raise ValidationError(
            _("“%(text)s” is not an email address like office@example.org."), params={"text": text}, code="email"
        ) from None
    return address


def _number(text: str, region: str) -> str:
    """The number in E.164."""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        raise ValidationError(
            _("“%(text)s” is not a number that we can call: write + and the country code first."),
            params={"text": text},
            code="number",
        ) from None
    if number.extension:
        raise ValidationError(
            _("“%(text)s” has an extension: write the number alone and the extension as its label."),
            params={"text": text},
            code="extension",
        )
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(
            _("“%(text)s” has too few or too many digits for its country."), params={"text": text}, code="digits"
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _url(text: str) -> str:
    """The address with its scheme and host in lower case."""
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        raise ValidationError(
            _("“%(text)s” is not a web address like https://example.org/contact."), params={"text": text}, code="url"
        ) from None
    parts = urlsplit(text)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _account(text: str) -> str:
    """The account's name: of "@name", "name" or the address of its page."""
    name = urlsplit(text).path.strip("/") if "://" in text else text
    name = name.removeprefix("@")
    if not re.fullmatch(r"[\w.\-]{1,100}", name):
        raise ValidationError(
            _("“%(text)s” is not an account like @office or the address of its page."),
            params={"text": text},
            code="account",
        )
    return name


def _lines(text: str) -> str:
    """The lines without blank ones and without spaces at their ends."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())


NORMALISERS: dict[Channel, Callable[[str], str]] = {
    Channel.EMAIL: _email,
    Channel.WEB_FORM: _url,
    Channel.POST: _lines,
    Channel.IN_PERSON: _lines,
    **dict.fromkeys(SOCIAL, _account),
}
