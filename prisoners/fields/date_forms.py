"""The form field of a date as people give it: a box, days where they are known better, and the source's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from prisoners.fields.dates import ISO_DATE, FuzzyDate, FuzzyDateField, Precision
from prisoners.fields.forms import TranslatedFormField, TranslatedWidget, merged
from prisoners.fields.translated import Translated

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[models.Model]
else:
    ModelForm = forms.ModelForm

PARTS = ("text", "precision", "start", "end")
ISO_FORMATS = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}


def as_typed(date: FuzzyDate) -> str:
    """What one would type for the days of `date`: "2009-05"; "" where that would not give the same days."""
    form = ISO_FORMATS.get(date.precision)
    if form is None or date.start is None:
        return ""
    typed = date.start.strftime(form)
    return typed if FuzzyDate.parse(typed, date.text) == date else ""


class FuzzyDateWidget(forms.MultiWidget):
    """The box; first and last day; "about then"; the words in several languages."""

    template_name = "widgets/fuzzy_date.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        day = {"type": "date"}
        super().__init__(
            {
                "typed": forms.TextInput(attrs={"class": "fuzzy-date__typed"}),
                "first": forms.DateInput(attrs=day, format="%Y-%m-%d"),
                "last": forms.DateInput(attrs=day, format="%Y-%m-%d"),
                "about": forms.CheckboxInput(),
                "words": TranslatedWidget(one_line=True),
            },
            attrs,
        )

    def decompress(self, value: FuzzyDate | None) -> list[Any]:
        date = value or FuzzyDate()
        typed = as_typed(date)
        days = [None, None] if typed else [date.start, date.end]
        return [typed, *days, date.precision == Precision.ABOUT, date.text]


class FuzzyDateFormField(forms.MultiValueField):
    """Cleans to a `FuzzyDate`. What is typed in the box and is no date becomes words in the page's language."""

    widget = FuzzyDateWidget

    def __init__(self, **kwargs: Any) -> None:
        fields = (
            forms.CharField(required=False),
            forms.DateField(required=False),
            forms.DateField(required=False),
            forms.BooleanField(required=False),
            TranslatedFormField(required=False),
        )
        super().__init__(fields, require_all_fields=False, required=False, **kwargs)

    def compress(self, data_list: list[Any]) -> FuzzyDate:
        if not data_list:
            return FuzzyDate()
        typed, first, last, about, words = data_list
        if not typed:
            return self.from_days(first, last, about, words)
        if first or last:
            raise ValidationError(_("Fill in the date or its first and last day, not both."), code="two_dates")
        if ISO_DATE.fullmatch(typed):
            return self.from_typed(typed, about, words)
        language = get_language() or settings.LANGUAGE_CODE
        return FuzzyDate(Translated({**words, language: typed}))

    def from_typed(self, typed: str, about: bool, words: Mapping[str, str]) -> FuzzyDate:  # noqa: FBT001  # a box ticked
        """The date in the box. Raises ValidationError for a day that no calendar has."""
        try:
            date = FuzzyDate.parse(typed)
        except ValueError:
            raise ValidationError(_("There is no such day."), code="no_such_day") from None
        precision = Precision.ABOUT if about else date.precision
        return FuzzyDate(Translated(words), precision, date.start, date.end)

    def from_days(
        self,
        first: dt.date | None,
        last: dt.date | None,
        about: bool,  # noqa: FBT001  # a box ticked
        words: Mapping[str, str],
    ) -> FuzzyDate:
        """The range between two days. Raises ValidationError when they are the wrong way round."""
        first, last = first or last, last or first
        if first and last and last < first:
            raise ValidationError(_("The last day is before the first."), code="wrong_way_round")
        if first is None:
            precision = Precision.UNKNOWN
        elif about:
            precision = Precision.ABOUT
        else:
            precision = Precision.DAY if first == last else Precision.RANGE
        return FuzzyDate(Translated(words), precision, first, last)

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = FuzzyDateWidget().decompress(initial)
        return any(
            field.has_changed(old, new) for field, old, new in zip(self.fields, before, data or before, strict=True)
        )


def fuzzy_dates(model: type[models.Model]) -> dict[str, FuzzyDateField]:
    """The fuzzy dates of `model` by name."""
    return {name: date for name, date in vars(model).items() if isinstance(date, FuzzyDateField)}


class FuzzyDatesForm(ModelForm):
    """A model form that shows each fuzzy date as one field; make one with `form_with_dates`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in fuzzy_dates(type(self.instance)):
            self.initial.setdefault(name, getattr(self.instance, name))

    def _post_clean(self) -> None:
        for name in fuzzy_dates(type(self.instance)):
            # An untouched date keeps even what its boxes can't say.
            if name in self.cleaned_data and name in self.changed_data:
                self.keep_words(name)
        super()._post_clean()  # type: ignore[misc]  # Django's own step, which its stubs leave out

    def keep_words(self, name: str) -> None:
        """Set the date, with the stored words of languages that the page did not show."""
        date: FuzzyDate = self.cleaned_data[name]
        stored: FuzzyDate = getattr(self.instance, name)
        shown = {part.rpartition("__")[2] for part in self.data if part.startswith(f"{self.add_prefix(name)}_words__")}
        emptied = dict.fromkeys(shown & set(stored.text), "")
        words = Translated(merged(stored.text, {**emptied, **date.text}))
        setattr(self.instance, name, FuzzyDate(words, date.precision, date.start, date.end))


def form_with_dates(model: type[models.Model], base: type[ModelForm]) -> type[ModelForm]:
    """A form class on `base` for `model` whose fuzzy dates are one field each instead of four."""
    dates = fuzzy_dates(model)
    if not dates or issubclass(base, FuzzyDatesForm):
        return base
    hidden = [f"{name}_{part}" for name in dates for part in PARTS]
    fields = {name: FuzzyDateFormField(label=capfirst(date.verbose_name)) for name, date in dates.items()}
    meta = type("Meta", (), {"model": model, "fields": [], "exclude": hidden})
    bases = (FuzzyDatesForm,) if base is forms.ModelForm else (base, FuzzyDatesForm)
    return type(f"{model.__name__}Form", bases, {**fields, "Meta": meta})
