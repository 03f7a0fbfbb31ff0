"""Prisons, the addresses that reach people in them, and the rules for mail."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from prisoners.fields import FuzzyDateField, TranslatedField, dates_in_order
from prisoners.models.people import Person


class Prison(models.Model):
    """A place of detention, shared by all who are held there."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = TranslatedField(_("name"), blank=False)
    place = TranslatedField(_("place"))
    country = CountryField(_("country"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("prison")
        verbose_name_plural = _("prisons")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)


class PrisonerAddress(models.Model):
    """Where letters to a person in prison go, for a time."""

    class Kind(models.TextChoices):
        PRISON = "prison", _("the prison itself")
        SOLIDARITY = "solidarity", _("a solidarity address, not the prison")
        MAIL_FIRM = "mail_firm", _("a firm that handles the prison's mail")
        NONE_YET = "none_yet", _("none yet: the organisers collect and post")

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.PRISON)
    prison = models.ForeignKey(
        Prison, models.PROTECT, null=True, blank=True, related_name="addresses", verbose_name=_("prison")
    )
    envelope_name = models.CharField(_("name on the envelope"), max_length=200, blank=True)
    prisoner_number = models.CharField(_("prisoner number"), max_length=60, blank=True)
    lines = models.TextField(_("address lines"), blank=True, help_text=_("As the post there reads them."))
    latin_lines = models.TextField(_("the same in Latin letters"), blank=True)
    country = CountryField(_("country"), blank=True)
    period = FuzzyDateField(_("in use"))
    withdrawn = models.BooleanField(
        _("being checked, do not use"), default=False, help_text=_("After a transfer, until the new one is known.")
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("address of a prisoner")
        verbose_name_plural = _("addresses of prisoners")
        ordering = ["person", "pk"]
        constraints = [
            dates_in_order("period"),
            models.CheckConstraint(
                condition=Q(kind="none_yet") | ~Q(lines=""),
                name="an_address_has_lines_unless_there_is_none_yet",
                violation_error_message=_("Give the lines of the address, or choose “none yet”."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"


class MailRules(models.Model):
    """What may be written to a prisoner, for one address, one prison or a whole country."""

    class ReturnAddress(models.TextChoices):
        UNSAID = "", _("not known")
        REQUIRED = "required", _("required")
        OPTIONAL = "optional", _("as you like")
        NEVER = "never", _("never give one")

    address = models.OneToOneField(
        PrisonerAddress, models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("address")
    )
    prison = models.OneToOneField(
        Prison, models.CASCADE, null=True, blank=True, related_name="rules", verbose_name=_("prison")
    )
    country = CountryField(_("country"), blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text=_("Codes, such as ru."))
    write_about = TranslatedField(_("what to write"))
    avoid = TranslatedField(_("topics and words to avoid"))
    name_organisation = models.BooleanField(_("may the letter name the organisation?"), null=True, blank=True)
    return_address = models.CharField(
        _("return address"),
        max_length=8,
        choices=ReturnAddress.choices,
        blank=True,
        default=ReturnAddress.UNSAID,
    )
    note = TranslatedField(_("more"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail rules")
        verbose_name_plural = _("mail rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(address__isnull=False, prison__isnull=True, country="")
                | Q(address__isnull=True, prison__isnull=False, country="")
                | (Q(address__isnull=True, prison__isnull=True) & ~Q(country="")),
                name="mail_rules_hold_for_one_address_prison_or_country",
                violation_error_message=_("Choose one: an address, a prison or a country."),
            ),
            models.UniqueConstraint(
                fields=["country"],
                condition=~Q(country=""),
                name="a_country_has_one_set_of_mail_rules",
                violation_error_message=_("There are rules for this country already: change those."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.address or self.prison or self.country.name)


def mail_rules_for(address: PrisonerAddress) -> MailRules | None:
    """The rules that hold for `address`: its own, else its prison's, else its country's."""
    rules = MailRules.objects.filter(
        Q(address=address)
        | (Q(prison=address.prison_id) if address.prison_id else Q(pk__in=[]))
        | (Q(country=address.country) if address.country else Q(pk__in=[]))
    )
    return min(rules, key=lambda rule: (rule.address_id is None, rule.prison_id is None), default=None)
