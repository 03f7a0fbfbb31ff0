"""What happened: a case, the people and counted groups in it, charges and sentences."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_countries.fields import CountryField

from prisoners.fields import FuzzyDateField, TranslatedField, dates_in_order
from prisoners.models.people import Person
from prisoners.models.prisons import Prison


class Custody(models.TextChoices):
    """Where a person stands with the authorities, or how it ended."""

    DETAINED = "detained", _("detained")
    PRETRIAL = "pretrial", _("in pre-trial detention")
    HOUSE_ARREST = "house_arrest", _("under house arrest")
    JAILED = "jailed", _("in jail for some days")
    IMPRISONED = "imprisoned", _("in prison")
    ADMINISTRATIVE = "administrative", _("held without charge")
    PSYCHIATRIC = "psychiatric", _("held in a psychiatric hospital")
    DISAPPEARED = "disappeared", _("whereabouts unknown")
    AT_LIBERTY = "at_liberty", _("at liberty, at risk")
    BAIL = "bail", _("free on bail")
    RELEASED = "released", _("released")
    SERVED = "served", _("released after serving the sentence")
    EXCHANGED = "exchanged", _("freed in an exchange")
    ACQUITTED = "acquitted", _("acquitted")
    PARDONED = "pardoned", _("pardoned")
    TRANSFERRED = "transferred", _("transferred")
    DIED = "died", _("died")

    @property
    def is_held(self) -> bool:
        """Whether the person is in somebody's hands."""
        return self in HELD

    @property
    def is_free(self) -> bool:
        """Whether the person came out."""
        return self in FREED


HELD = frozenset(
    {
        Custody.DETAINED,
        Custody.PRETRIAL,
        Custody.HOUSE_ARREST,
        Custody.JAILED,
        Custody.IMPRISONED,
        Custody.ADMINISTRATIVE,
        Custody.PSYCHIATRIC,
        Custody.DISAPPEARED,
        Custody.TRANSFERRED,
    }
)
FREED = frozenset(
    {Custody.BAIL, Custody.RELEASED, Custody.SERVED, Custody.EXCHANGED, Custody.ACQUITTED, Custody.PARDONED}
)


class Case(models.Model):
    """One story with the people in it; campaigns act over one or more cases."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = TranslatedField(_("title"), blank=False)
    summary = TranslatedField(_("what happened, in short"))
    places = TranslatedField(_("places"), help_text=_("In the words of the source."))
    status_label = TranslatedField(_("status"), help_text=_("For example: prisoners of conscience."))
    employer = TranslatedField(_("employer or company"))
    as_of = models.DateField(_("facts as of"), null=True, blank=True)
    checked_on = models.DateField(_("last checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.title)


class ResponsibleState(models.Model):
    """A state that answers for the case. It drives embassies and risk; it need not be where things happened."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="responsible_states", verbose_name=_("case"))
    country = CountryField(_("state"))

    class Meta:
        verbose_name = _("responsible state")
        verbose_name_plural = _("responsible states")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "country"], name="a_case_names_each_state_once")]

    def __str__(self) -> str:
        return str(self.country.name)


class CaseMember(models.Model):
    """A person, or a counted group, in a case.

    `custody` is the state where the story begins; later states are timeline entries
    (see `prisoners.models.timeline.present_custody`).
    """

    class Role(models.TextChoices):
        PRISONER = "prisoner", _("prisoner")
        AT_RISK = "at_risk", _("person at risk")
        DISAPPEARED = "disappeared", _("disappeared person")
        AFFECTED = "affected", _("affected person")
        AUTHOR = "author", _("author")
        OFFICIAL = "official", _("official in the case, not addressed")

    class Qualifier(models.TextChoices):
        EXACTLY = "exactly", _("exactly")
        ABOUT = "about", _("about")
        AT_LEAST = "at_least", _("at least")
        ALL = "all", _("all of them, number not known")

    case = models.ForeignKey(Case, models.CASCADE, related_name="members", verbose_name=_("case"))
    key = models.SlugField(_("key"), max_length=80, help_text=_("Names this member in campaign files."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("person")
    )
    group = TranslatedField(_("group"), help_text=_("For people who are counted, not named."))
    group_count = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    group_qualifier = models.CharField(_("how exact"), max_length=8, choices=Qualifier.choices, blank=True)
    group_counted = FuzzyDateField(_("counted"))
    group_includes_named = models.BooleanField(_("the number includes the named"), default=False)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PRISONER)
    role_in_case = TranslatedField(_("role in words"), help_text=_("For example: judge; union chair; co-defendant."))
    description = TranslatedField(_("what happened to them"))
    risk = TranslatedField(_("what threatens them"), help_text=_("A planned transfer is a risk, not yet a state."))
    custody = models.CharField(_("custody at first"), max_length=16, choices=Custody.choices, blank=True)
    custody_note = TranslatedField(_("custody in words"), help_text=_("Hard labour; fifteen days; until spring."))
    prison = models.ForeignKey(
        Prison, models.PROTECT, null=True, blank=True, related_name="held", verbose_name=_("place of detention")
    )
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    age_as_of = FuzzyDateField(_("age as of"))

    class Meta:
        verbose_name = _("person or group in a case")
        verbose_name_plural = _("people and groups in a case")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="a_case_has_each_member_key_once"),
            models.UniqueConstraint(
                fields=["case", "person", "role"],
                condition=Q(person__isnull=False),
                name="a_person_has_each_role_in_a_case_once",
                violation_error_message=_("This person has this role in the case already."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, group={}) | (Q(person__isnull=True) & ~Q(group={})),
                name="a_member_is_one_person_or_one_group",
                violation_error_message=_("Choose a person or describe a group, not both and not neither."),
            ),
            models.CheckConstraint(
                condition=Q(group_count__isnull=True) | ~Q(group_qualifier=""),
                name="a_counted_group_says_how_exact_the_number_is",
                violation_error_message=_("Say how exact the number is."),
            ),
            dates_in_order("group_counted"),
            dates_in_order("age_as_of"),
        ]

    def __str__(self) -> str:
        return self.person.name if self.person else str(self.group)


class Charge(models.Model):
    """What members of a case are accused of; no members means all of them."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="charges", verbose_name=_("case"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    members = models.ManyToManyField(
        CaseMember, blank=True, related_name="charges", verbose_name=_("who is charged"), help_text=_("None: all.")
    )
    text = TranslatedField(_("charge"), blank=False)
    law = TranslatedField(_("law cited"))
    assessment = TranslatedField(_("our assessment"), help_text=_("For example: obviously fabricated."))
    date = FuzzyDateField(_("date"))
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("charge")
        verbose_name_plural = _("charges")
        ordering = ["position", "pk"]
        constraints = [dates_in_order("date")]

    def __str__(self) -> str:
        return str(self.text)


class Sentence(models.Model):
    """A sentence, imposed or possible, of one member; a history, so nothing is overwritten."""

    class Kind(models.TextChoices):
        IMPOSED = "imposed", _("sentenced to")
        POSSIBLE = "possible", _("could face")
        DEMANDED = "demanded", _("the prosecution demands")
        UPHELD = "upheld", _("upheld:")
        REDUCED = "reduced", _("changed to")
        OVERTURNED = "overturned", _("overturned:")

    class Unit(models.TextChoices):
        DAYS = "days", _("days")
        MONTHS = "months", _("months")
        YEARS = "years", _("years")
        LIFE = "life", _("life")
        FINE = "fine", _("a fine")
        OTHER = "other", _("something else")

    member = models.ForeignKey(CaseMember, models.CASCADE, related_name="sentences", verbose_name=_("who"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.IMPOSED)
    shortest = models.PositiveSmallIntegerField(
        _("length, or shortest"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    longest = models.PositiveSmallIntegerField(_("longest"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=6, choices=Unit.choices, default=Unit.YEARS)
    text = TranslatedField(_("in words"))
    court = TranslatedField(_("court"))
    date = FuzzyDateField(_("date"))

    class Meta:
        verbose_name = _("sentence")
        verbose_name_plural = _("sentences")
        ordering = ["position", "pk"]
        constraints = [
            dates_in_order("date"),
            models.CheckConstraint(
                condition=Q(longest__isnull=True) | Q(longest__gte=F("shortest")),
                name="a_sentence_is_not_longer_at_its_shortest",
                violation_error_message=_("The longest is shorter than the shortest."),
            ),
            models.CheckConstraint(
                condition=Q(shortest__isnull=False) | Q(unit__in=["life", "fine"]) | ~Q(text={}),
                name="a_sentence_has_a_length_or_words",
                violation_error_message=_("Give the length, or the sentence in words."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text) or self.length()

    def length(self) -> str:
        """The length in the active language: "19 years", "3–8 years", "life"; "" where only words are known."""
        if self.shortest is None:
            return str(self.get_unit_display()) if self.unit != self.Unit.OTHER else ""
        number = self.longest or self.shortest
        unit = {
            self.Unit.DAYS: ngettext("day", "days", number),
            self.Unit.MONTHS: ngettext("month", "months", number),
            self.Unit.YEARS: ngettext("year", "years", number),
        }.get(self.Unit(self.unit), "")
        span = f"{self.shortest}–{self.longest}" if self.longest and self.longest != self.shortest else self.shortest
        return f"{span} {unit}".strip()
