"""What a campaign demands, asks of supporters, and answers to the other side."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.addressing import CampaignTarget
from campaigns.models.campaigns import Campaign
from prisoners.fields import FuzzyDateField, TranslatedField, dates_in_order


class Demand(models.Model):
    """What must happen, and whom it is put to where that differs."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="demands", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = TranslatedField(_("demand"), blank=False)
    offices = models.ManyToManyField(
        CampaignTarget, blank=True, related_name="demands", verbose_name=_("put to"), help_text=_("None: to all.")
    )

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.text)


class Ask(models.Model):
    """One thing that supporters can do, in order, for an audience, with dates of its own."""

    class Kind(models.TextChoices):
        WRITE = "write", _("write to an office")
        REPRESENTATIVE = "representative", _("urge your representative")
        PRISONER = "prisoner", _("write to a prisoner")
        COPY = "copy", _("send a copy")
        REPORT = "report", _("tell us what you did")
        CALL = "call", _("call")
        SOCIAL = "social", _("post on social media")
        VISIT = "visit", _("go to the embassy")
        EVENT = "event", _("come to an event")
        PICKET = "picket", _("picket")
        BOYCOTT = "boycott", _("boycott")
        SIGN = "sign", _("sign")
        RESOLUTION = "resolution", _("adopt a resolution")
        COVERAGE = "coverage", _("report on it")
        READ = "read", _("read or listen")
        ATTENTION = "attention", _("stay attentive")
        NETWORK = "network", _("build a network")
        PREPARE = "prepare", _("prepare what comes next")
        SOLIDARITY = "solidarity", _("show solidarity")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="asks", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    text = TranslatedField(_("in words"), blank=False)
    for_whom = TranslatedField(_("for whom"))
    audience = models.JSONField(_("for supporters in"), default=list, blank=True)
    when = FuzzyDateField(_("when"))
    recurrence = TranslatedField(_("how often"), help_text=_("For example: every Friday."))
    url = models.URLField(_("link"), blank=True)

    class Meta:
        verbose_name = _("ask")
        verbose_name_plural = _("asks")
        ordering = ["position", "pk"]
        constraints = [dates_in_order("when")]

    def __str__(self) -> str:
        return str(self.text)


class Rebuttal(models.Model):
    """A claim of the other side and our answer."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rebuttals", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    claim = TranslatedField(_("claim"), blank=False)
    said_by = TranslatedField(_("said by"))
    answer = TranslatedField(_("answer"))

    class Meta:
        verbose_name = _("claim and answer")
        verbose_name_plural = _("claims and answers")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.claim)


class Resource(models.Model):
    """Something to read, watch, hear or print; a lost link is still named."""

    class Kind(models.TextChoices):
        LINK = "link", _("link")
        PHOTO = "photo", _("photo")
        VIDEO = "video", _("video")
        AUDIO = "audio", _("audio")
        TRANSCRIPT = "transcript", _("transcript")
        DOCUMENT = "document", _("document")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="resources", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.LINK)
    title = TranslatedField(_("title"), blank=False)
    url = models.URLField(_("address"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("to read, watch or hear")
        verbose_name_plural = _("to read, watch or hear")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.title)


class ReportedFigure(models.Model):
    """A number that others counted. It is shown with its source and never added to ours."""

    class Qualifier(models.TextChoices):
        EXACTLY = "", _("exactly")
        ABOUT = "about", _("about")
        AT_LEAST = "at_least", _("at least")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="figures", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    number = models.PositiveIntegerField(_("number"))
    qualifier = models.CharField(
        _("how exact"), max_length=8, choices=Qualifier.choices, blank=True, default=Qualifier.EXACTLY
    )
    what = TranslatedField(_("of what"), blank=False)
    counted_by = TranslatedField(_("counted by"))
    as_of = FuzzyDateField(_("as of"))

    class Meta:
        verbose_name = _("figure from elsewhere")
        verbose_name_plural = _("figures from elsewhere")
        ordering = ["position", "pk"]
        constraints = [
            dates_in_order("as_of"),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="a_reported_figure_counts_something",
                violation_error_message=_("The number must be 1 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
