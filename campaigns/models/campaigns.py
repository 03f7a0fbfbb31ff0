"""The call to act, its references and its place in a series."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prisoners.fields import FuzzyDateField, TranslatedField, dates_in_order
from prisoners.models import Case


class Tag(models.Model):
    """A theme under which campaigns are found."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = TranslatedField(_("name"), blank=False)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["slug"]

    def __str__(self) -> str:
        return str(self.name)


class CampaignState(models.TextChoices):
    """Where a campaign stands. Closing one writes this column only: what waits to be sent looks here."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    OPEN = "open", _("open")
    PAUSED = "paused", _("paused")
    CONTINUED = "continued", _("continued in the next campaign")
    EXPIRED = "expired", _("past its end date")
    STOPPED = "stopped", _("stopped on request")
    ENDED = "ended", _("ended with an outcome")
    WITHDRAWN = "withdrawn", _("withdrawn: the page says only “not available”")


UNPUBLISHED = (CampaignState.DRAFT, CampaignState.SCHEDULED, CampaignState.WITHDRAWN)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def published(self) -> CampaignQuerySet:
        """Campaigns with a public page: open or over, not drafts, and a scheduled one from its hour on."""
        hidden = Q(state__in=UNPUBLISHED) & ~Q(state=CampaignState.SCHEDULED, opens_at__lte=timezone.now())
        return self.exclude(hidden)

    def open(self) -> CampaignQuerySet:
        """Campaigns that can be acted on now."""
        now = timezone.now()
        return self.filter(
            Q(state=CampaignState.OPEN) | Q(state=CampaignState.SCHEDULED, opens_at__lte=now),
            Q(closes_on__isnull=True) | Q(closes_on__gte=timezone.localdate(now)),
        )

    def past(self) -> CampaignQuerySet:
        """Published campaigns that are over."""
        return self.published().exclude(pk__in=self.open().values("pk")).exclude(state=CampaignState.PAUSED)


class Campaign(models.Model):
    """A call to act over one or more cases.

    New text, new office or new deadline is the next campaign of the series (`follows`); mere news is an Update.
    """

    class Kind(models.TextChoices):
        APPEAL = "appeal", _("appeal")
        URGENT_ACTION = "urgent_action", _("urgent action")
        URGENT_UPDATE = "urgent_update", _("urgent action update")
        OPEN_LETTER = "open_letter", _("open letter")
        REBUTTAL = "rebuttal", _("answer to the other side")
        SOLIDARITY = "solidarity", _("call for solidarity")
        DAYS_OF_ACTION = "days_of_action", _("days of action")

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = TranslatedField(_("title"), blank=False)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.APPEAL)
    state = models.CharField(_("state"), max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    cases = models.ManyToManyField(Case, blank=True, related_name="campaigns", verbose_name=_("cases"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="campaigns", verbose_name=_("themes"))
    language = models.CharField(_("language of the source"), max_length=12, default="en")
    translation_note = TranslatedField(_("note on the translation"))

    summary = TranslatedField(_("summary"), help_text=_("One or two sentences: what is at stake."))
    story = TranslatedField(_("what happened"))
    urgency = TranslatedField(_("why now"), help_text=_("For example: the appeal court will sit any day."))
    thanks = TranslatedField(_("thanks"))
    writing_advice = TranslatedField(_("advice on writing"), help_text=_("What to say, what not to say."))
    safety_note = TranslatedField(_("note on safety"), help_text=_("Shown to people who may be at risk by writing."))

    issued = FuzzyDateField(_("issued"))
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    act_by = models.DateField(_("act by"), null=True, blank=True, help_text=_("No letter leaves after this day."))
    closes_on = models.DateField(_("closes after"), null=True, blank=True)
    end_condition = TranslatedField(_("end, in words"))
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    facts_as_of = models.DateField(_("facts as of"), null=True, blank=True)
    facts_version = models.PositiveIntegerField(
        _("version of the facts"), default=1, help_text=_("Raise it when letters that wait say what is no longer true.")
    )

    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("follows")
    )
    follows_text = TranslatedField(_("follows, in words"), help_text=_("A campaign before this that is not here."))
    outcome = TranslatedField(_("outcome"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    delivery_note = TranslatedField(
        _("other ways to deliver"), help_text=_("For example: the lawyers can hand letters over in person.")
    )

    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="campaigns", verbose_name=_("editors")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-pk"]
        constraints = [
            dates_in_order("issued"),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(opens_at__isnull=False),
                name="a_scheduled_campaign_has_an_hour",
                violation_error_message=_("A scheduled campaign needs the hour at which it opens."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | ~Q(outcome={}),
                name="an_ended_campaign_tells_its_outcome",
                violation_error_message=_("Write down the outcome before you end the campaign."),
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=models.F("pk")),
                name="a_campaign_does_not_follow_itself",
                violation_error_message=_("A campaign cannot follow itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        return reverse("campaigns:campaign", args=[self.slug])

    @property
    def is_open(self) -> bool:
        """Whether one can act now. The same rule as `CampaignQuerySet.open`, for one row in hand."""
        started = self.state == CampaignState.OPEN or (
            self.state == CampaignState.SCHEDULED and self.opens_at is not None and self.opens_at <= timezone.now()
        )
        return started and (self.closes_on is None or self.closes_on >= timezone.localdate())

    @property
    def is_published(self) -> bool:
        """Whether the public sees its page. The same rule as `CampaignQuerySet.published`, for one row in hand."""
        if self.state == CampaignState.SCHEDULED:
            return self.opens_at is not None and self.opens_at <= timezone.now()
        return self.state not in UNPUBLISHED

    def last_day(self) -> dt.date | None:
        """The last day on which a letter may leave: the earlier of `act_by` and `closes_on`."""
        return min((day for day in (self.act_by, self.closes_on) if day), default=None)


class Reference(models.Model):
    """A number under which a campaign is known: UA 126.19."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="references", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    scheme = models.CharField(_("scheme"), max_length=40)
    number = models.CharField(_("number"), max_length=60)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "scheme", "number"], name="a_campaign_has_each_reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"


class CopyAddress(models.Model):
    """Where the campaign wants copies of letters. Supporters see it before they send, and can decline."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="copy_addresses", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("email"))

    class Meta:
        verbose_name = _("address for copies")
        verbose_name_plural = _("addresses for copies")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "email"], name="a_campaign_has_each_copy_address_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email
