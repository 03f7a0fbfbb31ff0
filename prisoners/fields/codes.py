"""Form fields for columns that hold a list of codes: languages, countries, and choices in an order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from prisoners.fields.forms import LANGUAGE_TAG

SEPARATORS = re.compile(r"[,;\s]+")


class CodesField(forms.CharField):
    """Codes in one box, with commas between them. Cleans to a list without repetitions."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(dict.fromkeys(self.code(part) for part in self.parts(super().to_python(value) or "")))

    def parts(self, text: str) -> Iterable[str]:
        """What `text` holds, one piece a code."""
        return filter(None, SEPARATORS.split(text))

    def code(self, part: str) -> str:
        """The code that `part` means. Raises ValidationError where there is none."""
        raise NotImplementedError

    def run_validators(self, value: Any) -> None:
        """Do nothing: the validators of a text box have nothing to say about a list."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial or []), data)


class LanguageCodesField(CodesField):
    """Languages by their tags: ru, kk, zh-hans."""

    def code(self, part: str) -> str:
        if not LANGUAGE_TAG.fullmatch(part.lower()):
            raise ValidationError(
                _("“%(part)s” is not the code of a language, such as ru."), params={"part": part}, code="language"
            )
        return part.lower()


class CountryCodesField(CodesField):
    """Countries by code or by name in the page's language: NO, Kazakhstan."""

    def parts(self, text: str) -> Iterable[str]:
        return filter(None, (part.strip() for part in re.split(r"[,;\n]", text)))

    def code(self, part: str) -> str:
        code = countries.alpha2(part.upper()) or countries.by_name(part, insensitive=True)
        if not code:
            raise ValidationError(
                _("“%(part)s” is not a country. Use its name or its code, such as NO."),
                params={"part": part},
                code="country",
            )
        return code


class OrderWidget(forms.Widget):
    """A box to choose from for each place in the order."""

    template_name = "widgets/order.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(attrs)
        self.choices = list(choices)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = list(value or [])
        places = min(len(self.choices), max(3, len(chosen) + 1))
        context["widget"] |= {"chosen": [*chosen, *[""] * (places - len(chosen))], "choices": self.choices}
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        values = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [value for value in values if value]


class OrderField(forms.Field):
    """Choices in an order. Cleans to the list of their values, each once."""

    default_error_messages = {"choice": _("Choose from the list.")}

    def __init__(self, *, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        self.choices = list(choices)
        super().__init__(**{**kwargs, "widget": OrderWidget(choices=self.choices)})

    def to_python(self, value: list[str] | None) -> list[str]:
        chosen = list(dict.fromkeys(value or []))
        if not {choice for choice, _label in self.choices}.issuperset(chosen):
            raise ValidationError(self.error_messages["choice"], code="choice")
        return chosen

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != list(data or [])
