"""Updates, events and those who put their name to a campaign."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from campaigns.models.campaigns import Campaign
from campaigns.models.organisations import Organisation
from prisoners.fields import FuzzyDateField, TranslatedField, dates_in_order
from prisoners.models import Person


class UpdateQuerySet(models.QuerySet["Update"]):
    def published(self) -> UpdateQuerySet:
        """Updates whose hour has come, of campaigns that have a page."""
        return self.filter(published_at__lte=timezone.now(), campaign__in=Campaign.objects.published())


class Update(models.Model):
    """News of a campaign; its facts stay as they are."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="updates", verbose_name=_("campaign"))
    slug = models.SlugField(_("slug"), max_length=80)
    title = TranslatedField(_("title"), blank=False)
    text = TranslatedField(_("text"), blank=False)
    date = FuzzyDateField(_("date"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="a_campaign_has_each_update_once"),
            dates_in_order("date"),
        ]

    def __str__(self) -> str:
        return str(self.title)


class Event(models.Model):
    """A day, or days, of action: planned or past, in one place or many."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="events", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = TranslatedField(_("name"), blank=False)
    date = FuzzyDateField(_("date"))
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    description = TranslatedField(_("what is planned"))
    report = TranslatedField(_("what happened"))
    organiser = TranslatedField(_("organised by"))
    safety_note = TranslatedField(_("note on safety and access"))

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["position", "pk"]
        constraints = [dates_in_order("date")]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def has_begun(self) -> bool:
        """Whether there can be something to tell of it: its hour, or its first day, has come."""
        if self.starts_at:
            return self.starts_at <= timezone.now()
        return self.date.start is not None and self.date.start <= timezone.localdate()


class EventPlace(models.Model):
    """A place where an event is held, or from which support came."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="places", verbose_name=_("event"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    city = TranslatedField(_("city"))
    country = CountryField(_("country"), blank=True)
    note = TranslatedField(_("note"), help_text=_("For example: a letter of support."))

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(city={}) | ~Q(country=""),
                name="a_place_has_a_city_or_a_country",
                violation_error_message=_("Give the city or the country."),
            ),
        ]

    def __str__(self) -> str:
        return gettext(", ").join(filter(None, [str(self.city), self.country.name if self.country else ""]))


class Endorsement(models.Model):
    """A named person or organisation that stands by a campaign, or wrote it: founders and prisoners included."""

    class Kind(models.TextChoices):
        ENDORSER = "endorser", _("endorser")
        AUTHOR = "author", _("author and signatory")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="endorsements", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.ENDORSER)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="endorsements", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="endorsements", verbose_name=_("organisation")
    )
    role = TranslatedField(_("as"))
    statement = TranslatedField(_("statement"))

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="an_endorser_is_one_person_or_one_organisation",
                violation_error_message=_("Choose a person or an organisation, not both and not neither."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "person"],
                condition=Q(person__isnull=False),
                name="a_person_endorses_a_campaign_once",
                violation_error_message=_("This person endorses the campaign already."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "organisation"],
                condition=Q(organisation__isnull=False),
                name="an_organisation_endorses_a_campaign_once",
                violation_error_message=_("This organisation endorses the campaign already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.organisation)
