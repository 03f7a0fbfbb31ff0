"""The shared directory: offices ("targets" in code), who holds them, and how each is reached."""

from __future__ import annotations

import zoneinfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from prisoners.fields import TranslatedField
from prisoners.models import Person


def check_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is in the IANA time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone “%(name)s”."), params={"name": name}, code="time_zone")


class Channel(models.TextChoices):
    """A way to reach an office."""

    EMAIL = "email", _("email")
    FAX = "fax", _("fax")
    POST = "post", _("post")
    PHONE = "phone", _("phone")
    WEB_FORM = "web_form", _("web form")
    IN_PERSON = "in_person", _("in person")
    TWITTER = "twitter", _("X (Twitter)")
    FACEBOOK = "facebook", _("Facebook")
    INSTAGRAM = "instagram", _("Instagram")
    TELEGRAM = "telegram", _("Telegram")


SENT_BY_US = (Channel.EMAIL, Channel.FAX)
FOR_LETTERS = (*SENT_BY_US, Channel.POST, Channel.WEB_FORM)
SOCIAL = (Channel.TWITTER, Channel.FACEBOOK, Channel.INSTAGRAM, Channel.TELEGRAM)


class Target(models.Model):
    """An office that can be addressed. Pages, files and exports call it "office".

    A joint office (mayor and deputy: one machine, one salutation) has several present holders and one sending.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official")
        MISSION = "mission", _("embassy or consulate")
        LOCAL = "local", _("local authority")
        COMPANY = "company", _("company")
        INTERNATIONAL = "international", _("international body")
        MEDIA = "media", _("media")
        ASSOCIATION = "association", _("association")
        REPRESENTATIVE = "representative", _("one’s own representative")
        CLASS = "class", _("a class of addressees")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.OFFICIAL)
    name = TranslatedField(_("office"), blank=False, help_text=_("For example: Prosecutor General."))
    organisation = TranslatedField(_("institution"))
    country = CountryField(_("country"), blank=True, help_text=_("The state, or for a mission the sending state."))
    host_country = CountryField(_("host country"), blank=True, help_text=_("For a mission: where it stands."))
    city = TranslatedField(_("city"))
    languages = models.JSONField(
        _("languages it accepts"), default=list, blank=True, help_text=_("Codes. None: any language.")
    )
    salutation = TranslatedField(_("salutation"), help_text=_("A whole line: Dear Ambassador,"))
    address_form = TranslatedField(
        _("form of address in the closing"), help_text=_("Where a language repeats it, as French does.")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=60, blank=True, validators=[check_time_zone], help_text=_("Such as Europe/Moscow.")
    )
    office_hours = TranslatedField(_("office hours"))
    url = models.URLField(_("website"), blank=True)
    wikidata = models.CharField(_("Wikidata id"), max_length=20, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    contacts: models.ManyToManyField[ContactDetail, TargetContact] = models.ManyToManyField(
        "ContactDetail", through="TargetContact", related_name="targets"
    )

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(host_country="") | Q(kind="mission"),
                name="only_a_mission_has_a_host_country",
                violation_error_message=_("Only an embassy or consulate has a host country."),
            ),
            models.UniqueConstraint(
                fields=["wikidata"],
                condition=~Q(wikidata=""),
                name="a_wikidata_id_names_one_office",
                violation_error_message=_("Another office has this Wikidata id."),
            ),
        ]

    def __str__(self) -> str:
        return gettext(", ").join(filter(None, [str(self.name), str(self.organisation), str(self.city)]))


class MissionCoverage(models.Model):
    """A country whose residents turn to this mission: its host, or one where it is accredited."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="covers", verbose_name=_("mission"))
    country = CountryField(_("country"))

    class Meta:
        verbose_name = _("country covered")
        verbose_name_plural = _("countries covered")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["target", "country"], name="a_mission_covers_a_country_once")]

    def __str__(self) -> str:
        return str(self.country.name)


class OfficeHolder(models.Model):
    """A person in an office, for a time."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="holders", verbose_name=_("office"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="offices", verbose_name=_("person"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = TranslatedField(_("title"), help_text=_("Where holders of a joint office differ: mayor; deputy mayor."))
    salutation = TranslatedField(_("salutation"))
    address_form = TranslatedField(_("form of address in the closing"))
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("office-holder")
        verbose_name_plural = _("office-holders")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "person"],
                condition=Q(until__isnull=True),
                name="a_person_holds_an_office_once_at_a_time",
                violation_error_message=_("This person holds the office already: end the earlier term first."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                name="a_term_ends_after_it_starts",
                violation_error_message=_("The term ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.person.name


class ContactState(models.TextChoices):
    """Whether an address works."""

    OK = "ok", _("works")
    UNVERIFIED = "unverified", _("not checked")
    LOST = "lost", _("lost in the source")
    SOFT_BOUNCING = "soft_bouncing", _("refused lately, tried again")
    BOUNCED = "bounced", _("bounced")
    REFUSED = "refused", _("not to be used")


USABLE = (ContactState.OK, ContactState.UNVERIFIED, ContactState.SOFT_BOUNCING)


class ContactDetail(models.Model):
    """One address, unique by channel and normalised value, so that two offices can share a machine.

    `value` is a lower-case email address, an E.164 number (ITU-T E.164), an http(s) address, an account name, or
    the lines of a postal address. It is empty only where the source lost it or the channel must not be used.
    """

    class Route(models.TextChoices):
        NONE = "", _("none")
        EMBASSY = "embassy", _("write to the embassy near you")
        OFFICE = "office", _("write to another office")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    value = models.TextField(_("address or number"), blank=True)
    latin_value = models.TextField(_("postal address in Latin letters"), blank=True)
    country = CountryField(_("country of the postal address"), blank=True)
    label = TranslatedField(_("label"))
    state = models.CharField(_("state"), max_length=14, choices=ContactState.choices, default=ContactState.UNVERIFIED)
    restriction = TranslatedField(_("restriction"))
    route = models.CharField(_("instead"), max_length=8, choices=Route.choices, blank=True, default=Route.NONE)
    route_target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("the other office")
    )
    hours = TranslatedField(_("hours"))
    most_characters = models.PositiveIntegerField(
        _("characters at most"), null=True, blank=True, help_text=_("Of a web form: how long a text it takes.")
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact detail")
        verbose_name_plural = _("contact details")
        ordering = ["channel", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "value"],
                condition=~Q(value=""),
                name="an_address_stands_once_in_the_directory",
                violation_error_message=_("This address is in the directory already: choose it there."),
            ),
            models.CheckConstraint(
                condition=~Q(value="") | Q(state__in=["lost", "refused"]),
                name="an_address_is_known_unless_lost_or_refused",
                violation_error_message=_("Give the address, or say that it is lost in the source or not to be used."),
            ),
            models.CheckConstraint(
                condition=Q(route="office", route_target__isnull=False)
                | (~Q(route="office") & Q(route_target__isnull=True)),
                name="a_route_to_another_office_names_it",
                violation_error_message=_("Name the other office if one should write there instead, and only then."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.value or self.get_state_display()}"

    @property
    def is_usable(self) -> bool:
        """Whether a letter may be sent here now."""
        return bool(self.value) and self.state in USABLE


class TargetContact(models.Model):
    """An address of an office, in the order in which to try it."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="target_contacts", verbose_name=_("office"))
    contact = models.ForeignKey(
        ContactDetail, models.PROTECT, related_name="target_contacts", verbose_name=_("address")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    alternative = models.PositiveSmallIntegerField(
        _("alternatives"), null=True, blank=True, help_text=_("Addresses with the same number: one OR the other.")
    )
    care_of = models.CharField(_("care of"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("address of the office")
        verbose_name_plural = _("addresses of the office")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["target", "contact"], name="an_office_lists_an_address_once")]

    def __str__(self) -> str:
        return str(self.contact)


class PostalNotice(models.Model):
    """What supporters must know of the post to a country: suspended, slow, lines to add."""

    to_country = CountryField(_("to"))
    from_country = CountryField(_("from"), blank=True, help_text=_("Blank: from anywhere."))
    suspended = models.BooleanField(_("no post goes there"), default=False)
    text = TranslatedField(_("notice"), blank=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("postal notice")
        verbose_name_plural = _("postal notices")
        ordering = ["to_country", "from_country"]
        constraints = [
            models.UniqueConstraint(fields=["to_country", "from_country"], name="a_route_by_post_has_one_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.to_country.name}: {self.text}"
