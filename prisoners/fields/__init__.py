"""Two kinds of field that all apps share: text in several languages, and dates as people give them."""

from prisoners.fields.dates import FuzzyDate, FuzzyDateField, Precision, dates_in_order
from prisoners.fields.translated import Shown, Translated, TranslatedField

__all__ = ["FuzzyDate", "FuzzyDateField", "Precision", "Shown", "Translated", "TranslatedField", "dates_in_order"]
