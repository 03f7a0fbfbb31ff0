"""Form fields for what supporters type. They refuse what no mail, PDF or database can carry, and keep all else."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import email_validator
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

TEXT_BYTES = 20_000

# Line breaks of other systems and of word processors: CR LF, CR, VT, FF, NEL, LS, PS.
BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What turns the direction of everything after it (UAX 9): embeddings, overrides and isolates.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")


# Controls but tab and line feed, lone surrogates and noncharacters: no XML, hence no PDF and no XLSX, can hold them.
UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

# Domains for tests and inner networks are syntax like any other: whether a mail arrives is seen by sending it.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


class PlainField(forms.CharField):
    """Text in Unicode's composed form (NFC), free of characters that can't be sent."""

    def clean(self, value: Any) -> str:
        """Return the text as it will be sent. Raises ValidationError for a character that can't be."""
        text = self.tidied(value if isinstance(value, str) else "")
        if UNSENDABLE.search(text):
            raise ValidationError(_("Remove the hidden control characters from this field."), code="unsendable")
        return str(super().clean(unicodedata.normalize("NFC", text)))

    def tidied(self, text: str) -> str:
        return text


class LineField(PlainField):
    """One line that goes into headers and envelopes: no line break, no control of direction."""

    def tidied(self, text: str) -> str:
        return BIDI_CONTROLS.sub("", text)

    def clean(self, value: Any) -> str:
        if isinstance(value, str) and (BREAKS.search(value.strip()) or "\n" in value.strip()):
            raise ValidationError(_("Write this in one line."), code="line_break")
        return super().clean(value).replace("\t", " ")


class TextField(PlainField):
    """Paragraphs, at most 20 kB, with one kind of line break."""

    widget = forms.Textarea

    def tidied(self, text: str) -> str:
        return BREAKS.sub("\n", text).strip()

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if len(text.encode()) > TEXT_BYTES:
            raise ValidationError(
                _("This is too long: %(size)s characters, and offices get at most about %(limit)s."),
                params={"size": len(text), "limit": TEXT_BYTES},
                code="too_long",
            )
        return text


class AddressField(LineField):
    """An email address, without asking the network whether it exists. The domain comes back in ASCII (IDNA)."""

    widget = forms.EmailInput

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return text
        try:
            found = email_validator.validate_email(text, check_deliverability=False)
        except email_validator.EmailNotValidError as error:
            raise ValidationError(
                _("Enter an email address in the right form, like name@example.org."), code="invalid"
            ) from error
        if found.ascii_email is None:
            raise ValidationError(
                _("We can’t send to addresses with other than Latin letters before the @ yet."), code="smtputf8"
            )
        if "." not in found.ascii_domain or found.local_part.startswith(("-", "|")):
            raise ValidationError(_("Enter an email address in the right form, like name@example.org."), code="invalid")
        return found.ascii_email
