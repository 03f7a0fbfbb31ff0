"""Anyone named: prisoner, person at risk, author, office-holder, supporter of note."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prisoners.fields import FuzzyDateField, TranslatedField, dates_in_order


class PersonQuerySet(models.QuerySet["Person"]):
    def matching(self, words: str) -> PersonQuerySet:
        """People one of whose names holds every word of `words`, in any case and script."""
        people = self
        for word in words.casefold().split():
            people = people.filter(search_text__contains=word)
        return people

    def photo_on_show(self) -> PersonQuerySet:
        """People whose photo may be shown today, beside their name or apart from it."""
        until = Q(photo_until=None) | Q(photo_until__gte=timezone.localdate())
        return self.filter(until).exclude(photo="").exclude(photo_use=Person.PhotoUse.WITHHELD)


class Person(models.Model):
    """One human being, shared by every campaign that names them."""

    class PhotoUse(models.TextChoices):
        NAMED = "named", _("beside the name")
        UNNAMED = "unnamed", _("without the name, among others of the case")
        WITHHELD = "withheld", _("not at all, for safety")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200, help_text=_("As it is printed on the pages."))
    occupation = TranslatedField(_("occupation"))
    nationality = TranslatedField(_("nationality or community"))
    born = FuzzyDateField(_("born"))
    biography = TranslatedField(_("who they are"))
    health = TranslatedField(_("health"), help_text=_("Only what the person or the family agreed to make public."))
    photo = models.ImageField(_("photo"), upload_to="people/", blank=True)
    photo_alt = TranslatedField(_("what the photo shows"))
    photo_credit = models.CharField(_("photo credit"), max_length=200, blank=True)
    photo_consent = models.CharField(_("who agreed to the photo, and when"), max_length=200, blank=True)
    photo_use = models.CharField(
        _("how the photo may be shown"), max_length=10, choices=PhotoUse.choices, default=PhotoUse.NAMED
    )
    photo_until = models.DateField(
        _("show the photo until"), null=True, blank=True, help_text=_("The last day. After it the file is deleted.")
    )
    search_text = models.TextField(editable=False, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [
            dates_in_order("born"),
            models.CheckConstraint(
                condition=~Q(name=""), name="a_person_has_a_name", violation_error_message=_("Give the name.")
            ),
            models.CheckConstraint(
                condition=Q(photo="") | ~Q(photo_consent=""),
                name="a_photo_is_published_by_consent_only",
                violation_error_message=_("Say who agreed to the photo and when, or leave the photo out."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("prisoners:person", args=[self.slug])

    @property
    def has_photo_on_show(self) -> bool:
        """Whether the photo may be shown today: `PersonQuerySet.photo_on_show` for one person."""
        is_over = self.photo_until is not None and self.photo_until < timezone.localdate()
        return bool(self.photo) and self.photo_use != self.PhotoUse.WITHHELD and not is_over

    @property
    def is_photo_withheld(self) -> bool:
        return self.photo_use == self.PhotoUse.WITHHELD

    def called(self, language: str) -> str:
        """The name as `language` writes it, where somebody noted that; else as the pages print it."""
        kinds = (PersonName.Kind.NATIVE, PersonName.Kind.SPELLING)
        written = (row.text for row in self.names.all() if row.language == language and row.kind in kinds)
        return next(written, self.name)

    def refresh_search_text(self) -> None:
        """Store all spellings casefolded in Python: SQLite folds ASCII only. Call after names change."""
        spellings = [self.name, *self.names.values_list("text", flat=True)]
        self.search_text = " ".join(spellings).casefold()
        self.save(update_fields=["search_text"])


class PersonName(models.Model):
    """Another spelling, script or form of a person's name."""

    class Kind(models.TextChoices):
        SPELLING = "spelling", _("other spelling")
        NATIVE = "native", _("in the native script")
        LEGAL = "legal", _("legal name")
        ENVELOPE = "envelope", _("name for the envelope")
        SPOKEN = "spoken", _("how it is spoken")

    person = models.ForeignKey(Person, models.CASCADE, related_name="names", verbose_name=_("person"))
    text = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SPELLING)
    language = models.CharField(_("language"), max_length=12, blank=True)
    note = TranslatedField(_("note"))

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "text", "kind"], name="a_person_has_each_other_name_once"),
        ]

    def __str__(self) -> str:
        return self.text


class PersonRole(models.Model):
    """What a person is or was: "union chair", "former head of the district", with an organisation and dates."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles", verbose_name=_("person"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = TranslatedField(_("role"), blank=False)
    organisation = TranslatedField(_("organisation, employer or place of work"))
    period = FuzzyDateField(_("when"))

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["position", "pk"]
        constraints = [dates_in_order("period")]

    def __str__(self) -> str:
        organisation = str(self.organisation)
        return f"{self.title}, {organisation}" if organisation else str(self.title)
