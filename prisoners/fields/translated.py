"""Public text in several languages as one JSON value: `{"en": "…", "ru": "…"}`.

A missing language is absent, never an empty string, so that a page can say that it shows another one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from prisoners.fields.forms import TranslatedFormField, merged


class Shown(NamedTuple):
    """The text that a reader gets, and the language that it is in ("" when there is no text)."""

    text: str
    language: str


class Translated(dict[str, str]):
    """Texts by language code. `str()` gives the active language's text, else the nearest there is."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        super().__init__({language: text for language, text in (texts or {}).items() if text})

    def __str__(self) -> str:
        return self.shown().text

    def shown(self, language: str | None = None) -> Shown:
        """The text for `language` (default: the active one), with the language it really is in.

        Order: the language itself, its base ("pt-br" -> "pt"), the site's default, the first there is.
        """
        wanted = language or translation.get_language() or settings.LANGUAGE_CODE
        for candidate in (wanted, wanted.partition("-")[0], settings.LANGUAGE_CODE, *self):
            if candidate in self:
                return Shown(self[candidate], candidate)
        return Shown("", "")


def check_translated(value: object) -> None:
    """Raise ValidationError unless `value` maps language codes to texts."""
    if not isinstance(value, Mapping) or not all(
        isinstance(language, str) and isinstance(text, str) for language, text in value.items()
    ):
        raise ValidationError(_("Give a text for each language code."), code="not_translated")


class TranslatedAttribute(DeferredAttribute):
    """Makes a mapping that is assigned a `Translated` at once, not only after the row is read again."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = Translated(value) if isinstance(value, Mapping) else value


class TranslatedField(models.JSONField):
    """A JSON column whose value is always a `Translated`; blank unless `blank=False` is asked for."""

    descriptor_class = TranslatedAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Translated)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
        self.validators = [*self.validators, check_translated]

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Translated:
        return Translated(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> Translated:
        if isinstance(value, str):
            value = json.loads(value) if value else {}
        check_translated(value if value is not None else {})
        return Translated(value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(dict(Translated(value)) if isinstance(value, Mapping) else value)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        # Not JSONField's, which would want an encoder; and the default is no value that a reader could change.
        options = {"form_class": TranslatedFormField, "show_hidden_initial": False, **kwargs}
        return models.Field.formfield(self, **options)

    def save_form_data(self, instance: models.Model, data: Mapping[str, str]) -> None:
        """Put the edited languages in; those that the form did not show stay."""
        setattr(instance, self.name, Translated(merged(getattr(instance, self.name), data)))
