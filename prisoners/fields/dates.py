"""Dates as people give them: "late 2009", "26 June this year", "undated".

A fuzzy date keeps the source's words beside the range of days that it can mean, so that a page prints the
words and a list sorts by the days.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, overload

from django.db import models
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from prisoners.fields.translated import Translated, TranslatedField


class Precision(models.TextChoices):
    """How exactly the days are known."""

    UNKNOWN = "", _("not known")
    DAY = "day", _("a day")
    MONTH = "month", _("a month")
    YEAR = "year", _("a year")
    RANGE = "range", _("a range of days")
    ABOUT = "about", _("about then")


ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class FuzzyDate:
    """A date with its words. Falsy when it has neither words nor days.

    `start` and `end` are the first and the last day that it can mean, both included.
    """

    text: Translated = field(default_factory=Translated)
    precision: Precision = Precision.UNKNOWN
    start: dt.date | None = None
    end: dt.date | None = None

    @classmethod
    def parse(cls, value: str, text: Translated | None = None) -> FuzzyDate:
        """Read "2009", "2009-05" or "2009-05-12"; raise ValueError for anything else."""
        match = ISO_DATE.fullmatch(value.strip())
        if match is None:
            raise ValueError(f"{value!r} is not a date like 2009-05-12, 2009-05 or 2009")
        year, month, day = (int(part or 0) for part in match.groups())
        words = text or Translated()
        if not month:
            return cls(words, Precision.YEAR, dt.date(year, 1, 1), dt.date(year, 12, 31))
        first = dt.date(year, month, day or 1)
        if day:
            return cls(words, Precision.DAY, first, first)
        return cls(words, Precision.MONTH, first, first.replace(day=calendar.monthrange(year, month)[1]))

    def __bool__(self) -> bool:
        return bool(self.text or self.start or self.end)

    def __str__(self) -> str:
        """The source's words where there are any, else the days in the reader's language."""
        return str(self.text) or self.days()

    def days(self) -> str:
        """The days in the active language, as exact as they are known.

        "12 May 2009", "May 2009", "2009", "29 November 2012 – 2 December 2012", "2018 – 2022", "2015 –" (since).
        """
        first, last = self._shown(self.start), self._shown(self.end)
        if self.start is None or self.end is None:
            return f"{first} – {last}".strip() if first or last else ""
        return first if first == last else f"{first} – {last}"

    def _shown(self, day: dt.date | None) -> str:
        """One end of the days: the year alone or the month alone where nothing more is known."""
        if day is None:
            return ""
        exact = self._exact()
        if exact == Precision.YEAR:
            return str(day.year)
        return formats.date_format(day, "YEAR_MONTH_FORMAT" if exact == Precision.MONTH else "DATE_FORMAT")

    def _exact(self) -> Precision:
        """What is known of the ends: a range of whole years, or of whole months, says no more than that."""
        if self.precision not in (Precision.RANGE, Precision.ABOUT) or self.start is None or self.end is None:
            return self.precision
        if (self.start.month, self.start.day, self.end.month, self.end.day) == (1, 1, 12, 31):
            return Precision.YEAR
        whole = self.start.day == 1 and self.end.day == calendar.monthrange(self.end.year, self.end.month)[1]
        return Precision.MONTH if whole else Precision.DAY


class FuzzyDateField(property):
    """One attribute over four columns: `<name>_text`, `<name>_precision`, `<name>_start`, `<name>_end`.

    A property, so that `Model(date=FuzzyDate(...))` and `Model.objects.create(date=...)` work.
    """

    def __init__(self, verbose_name: Any) -> None:
        super().__init__(self._read, self._write)
        self.verbose_name = verbose_name
        # The admin heads a column or a read-only row with this.
        self.short_description = verbose_name

    def contribute_to_class(self, cls: type[models.Model], name: str) -> None:
        self.name = name
        label = self.verbose_name
        add = cls.add_to_class
        add(f"{name}_text", TranslatedField(_("%(date)s in words") % {"date": label}))
        add(
            f"{name}_precision",
            models.CharField(
                _("%(date)s: how exact") % {"date": label},
                max_length=8,
                choices=Precision.choices,
                blank=True,
                default=Precision.UNKNOWN,
            ),
        )
        add(f"{name}_start", models.DateField(_("%(date)s, first day") % {"date": label}, null=True, blank=True))
        add(f"{name}_end", models.DateField(_("%(date)s, last day") % {"date": label}, null=True, blank=True))
        setattr(cls, name, self)

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> FuzzyDateField: ...
    @overload
    def __get__(self, instance: models.Model, owner: type | None = None) -> FuzzyDate: ...
    def __get__(self, instance: models.Model | None, owner: type | None = None) -> FuzzyDate | FuzzyDateField:
        return super().__get__(instance, owner)

    def _read(self, instance: models.Model) -> FuzzyDate:
        def part(which: str) -> Any:
            return getattr(instance, f"{self.name}_{which}")

        return FuzzyDate(part("text"), Precision(part("precision")), part("start"), part("end"))

    def _write(self, instance: models.Model, value: FuzzyDate | None) -> None:
        date = value or FuzzyDate()
        for which in ("text", "precision", "start", "end"):
            setattr(instance, f"{self.name}_{which}", getattr(date, which))


def dates_in_order(name: str) -> models.CheckConstraint:
    """A constraint that the last day of fuzzy date `name` is not before its first."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{name}_end__isnull": True})
        | models.Q(**{f"{name}_start__isnull": True})
        | models.Q(**{f"{name}_end__gte": models.F(f"{name}_start")}),
        name=f"%(app_label)s_%(class)s_{name}_ends_after_it_starts",
        violation_error_message=_("The last day is before the first."),
    )
