"""What every page of the admin shares: our fields, who may change what, and errors in words instead of crashes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from prisoners.fields.codes import CountryCodesField, LanguageCodesField
from prisoners.fields.date_forms import form_with_dates
from prisoners.fields.forms import TranslatedWidget, language_look
from prisoners.fields.photos import PhotoField
from prisoners.fields.translated import TranslatedField

if TYPE_CHECKING:
    AnyAdmin = BaseModelAdmin[Any]
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
    InlineFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    AnyAdmin, InlineFormSet = BaseModelAdmin, BaseInlineFormSet
    ModelAdmin, StackedInline, TabularInline = admin.ModelAdmin, admin.StackedInline, admin.TabularInline

# What the admin takes for the fields of a page: names, and names that stand in one line.
Fields = list[str | list[str] | tuple[str, ...] | tuple[()]]

# Translated texts that are a line; all others are boxes that grow.
ONE_LINE = frozenset(
    """address_form assessment city counted_by court custody_note employer end_condition for_whom group hours label law
    name nationality occupation office_hours organisation organiser photo_alt place places purpose recurrence role
    role_in_case said_by salutation status_label subject title what""".split()  # noqa: SIM905  # one name a line hides the rest
)
LISTS_OF_CODES: dict[str, type[forms.Field]] = {"languages": LanguageCodesField, "audience": CountryCodesField}


def in_languages(*names: str) -> list[str]:
    """Search fields for translated columns: each language of the site, by its key in the JSON value."""
    return [f"{name}__{code}" for name in names for code, _label in settings.LANGUAGES]


def badge(kind: str, words: Any) -> SafeString:
    """A state in words, with a colour besides."""
    return format_html('<span class="badge badge--{}">{}</span>', kind, words)


def readable_name(name: str) -> str:
    """How a page names the readable form of a translated field."""
    return f"{name}_by_language"


def readable(field: TranslatedField) -> Callable[[models.Model], str]:
    """A read-only row that shows a translated text by language instead of its JSON."""

    def shown(instance: models.Model) -> str:
        return format_html_join(
            "",
            '<p class="readable" lang="{0}" dir="{2}"><b>{1}</b> {3}</p>',
            ((code, *language_look(code), text) for code, text in getattr(instance, field.attname).items()),
        )

    shown.short_description = field.verbose_name  # type: ignore[attr-defined]  # how the admin asks for a label
    return shown


class OnceInFormSet(InlineFormSet):
    """Rows that are new together are compared with each other too: the database would refuse them one by one."""

    def clean(self) -> None:
        super().clean()
        for constraint in self.form._meta.model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None:
                self.check_once([name for name in constraint.fields if name != self.fk.name])

    def check_once(self, fields: Iterable[str]) -> None:
        """Raise ValidationError where two rows have the same values, none of them empty, in `fields`."""
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not getattr(form, "cleaned_data", None):
                continue
            values = tuple(getattr(form.instance, form.instance._meta.get_field(name).attname) for name in fields)
            if values in seen and not {None, ""}.intersection(values):
                raise ValidationError(_("“%(row)s” stands there twice."), params={"row": form.instance}, code="twice")
            seen.add(values)


class OurFields(AnyAdmin):
    """Dates and texts as our fields show them.

    Who may change a kind of row but not add one changes its texts only: that is what translators do.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.form = form_with_dates(self.model, self.form)
        self.texts = {field.name: field for field in self.opts.fields if isinstance(field, TranslatedField)}
        for name, field in self.texts.items():
            setattr(self, readable_name(name), readable(field))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, TranslatedField) and db_field.name in ONE_LINE:
            kwargs["widget"] = TranslatedWidget(one_line=True)
        elif db_field.name in LISTS_OF_CODES and isinstance(db_field, models.JSONField):
            form_class = LISTS_OF_CODES[db_field.name]
            return models.Field.formfield(db_field, form_class=form_class, show_hidden_initial=False)
        elif isinstance(db_field, models.ImageField):
            kwargs["form_class"] = PhotoField
        elif isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, models.SlugField) and not db_field.help_text:
            kwargs["help_text"] = _("Name in addresses of pages: small letters, digits and hyphens, like free-vera.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def may_add(self, request: HttpRequest) -> bool:
        """Whether the user may add rows of this kind, whatever else keeps them from it here."""
        codename = get_permission_codename("add", self.opts)
        return bool(request.user.has_perm(f"{self.opts.app_label}.{codename}"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        given = super().get_readonly_fields(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            return [*given, *map(readable_name, self.texts)]
        if obj is None or self.may_add(request):
            return given
        return [*given, *(name for name in self.shown_fields() if name not in self.texts)]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_prepopulated_fields(request, obj) if self.may_add(request) else {}

    def shown_fields(self) -> list[str]:
        """The names of the fields on this page; each page of the desk lists them."""
        return list(flatten_fieldsets(self.fieldsets or [(None, {"fields": self.fields or []})]))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [(title, {**options, "fields": self.as_readable(options["fields"])}) for title, options in fieldsets]

    def as_readable(self, names: Iterable[Any]) -> list[Any]:
        """`names` with translated fields made readable."""
        return [
            tuple(self.as_readable(name))
            if isinstance(name, list | tuple)
            else (readable_name(name) if name in self.texts else name)
            for name in names
        ]


class InUseFilter(admin.ChoicesFieldListFilter):
    """Only the choices that occur: of 250 countries a handful."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        every, *each = super().choices(changelist)
        rows = changelist.root_queryset.order_by().values_list(self.field_path, flat=True)
        used = {str(value) for value in rows.distinct() if value}
        yield every
        yield from (shown for (code, _name), shown in zip(self.field.flatchoices, each, strict=False) if code in used)


admin.FieldListFilter.register(lambda field: isinstance(field, CountryField), InUseFilter, take_priority=True)


class DeskAdmin(OurFields, ModelAdmin):
    """A page of the desk."""

    save_on_top = True
    list_per_page = 50


class DeskStacked(OurFields, StackedInline):
    """Rows of a page that need room; folded until one looks for them."""

    extra = 0
    formset = OnceInFormSet
    classes = ["collapse"]


class DeskTabular(OurFields, TabularInline):
    """Rows of a page that fit in a line."""

    extra = 0
    formset = OnceInFormSet
    classes = ["collapse"]
