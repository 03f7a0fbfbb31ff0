"""Who gets news by mail, and what is mailed to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Update
from letters.models.encrypted import EncryptedTextField
from letters.models.letters import new_public_id, on_trial


class Pace(models.TextChoices):
    """How often a subscriber wants mail."""

    AT_ONCE = "at_once", _("at once")
    WEEKLY = "weekly", _("once a week")


class Subscription(models.Model):
    """A mailbox whose owner confirmed that they want news. Whoever ends it is deleted, not marked.

    Address and topics are encrypted: which country somebody follows may tell as much as a name. What was not confirmed
    has no row: it is in the link that was mailed.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    token_generation = models.PositiveSmallIntegerField(default=1, help_text="Raised to make old links useless.")
    mailbox_key = models.CharField(max_length=64, unique=True, help_text="HMAC of the canonical email.")
    email = EncryptedTextField(_("email"))
    topics = EncryptedTextField(_("topics"), help_text="See letters.subscribing.topics; a space between two.")
    pace = models.CharField(_("how often"), max_length=7, choices=Pace.choices, default=Pace.WEEKLY)
    language = models.CharField(_("language"), max_length=12)
    consent_version = models.CharField(_("version of the privacy text agreed to"), max_length=20)
    trial = models.BooleanField(_("made in trial mode"), default=on_trial, help_text=_("Going live never mails it."))
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)
    since = models.DateTimeField(
        default=timezone.now, help_text="It gets what is mailed from here on; a new pace starts anew."
    )

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["pk"]
        indexes = [models.Index(fields=["pace", "trial", "id"], name="subscriptions_to_mail")]
        constraints = [
            models.CheckConstraint(condition=~Q(email="") & ~Q(topics=""), name="a_subscription_has_mailbox_and_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_pace_display()})"


class MailingState(models.TextChoices):
    """Where a mailing stands. Pausing or cancelling one writes this column only: what waits to be sent looks here."""

    RUNNING = "running", _("is being mailed")
    PAUSED = "paused", _("paused")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("mailed")


class MailingQuerySet(models.QuerySet["Mailing"]):
    def of_updates(self) -> MailingQuerySet:
        return self.filter(update__isnull=False)

    def running(self) -> MailingQuerySet:
        """Mailings of this mode of the site that have mails to make: on trial what was asked for on trial."""
        return self.filter(state=MailingState.RUNNING, trial=on_trial())


class Mailing(models.Model):
    """An update that an organiser let go to subscribers, or the digest of a week, which holds such updates."""

    update = models.ForeignKey(
        Update, models.PROTECT, null=True, blank=True, related_name="mailings", verbose_name=_("update")
    )
    week = models.DateField(_("week from"), null=True, blank=True, help_text=_("Its Monday, for a weekly digest."))
    digest = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="contents", verbose_name=_("weekly digest")
    )
    state = models.CharField(_("state"), max_length=9, choices=MailingState.choices, default=MailingState.RUNNING)
    trial = models.BooleanField(_("made in trial mode"), default=on_trial)
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="mailings",
        verbose_name=_("confirmed by"),
    )
    reached = models.BigIntegerField(default=0, help_text="The last subscription that was looked at.")

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        permissions = [("confirm_mailing", _("Can mail news to subscribers"))]
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(update__isnull=False, week__isnull=True)
                | Q(update__isnull=True, week__isnull=False, digest__isnull=True),
                name="a_mailing_is_an_update_or_a_digest",
            ),
            models.UniqueConstraint(fields=["update", "trial"], name="an_update_is_mailed_once"),
            models.UniqueConstraint(fields=["week", "trial"], name="a_week_has_one_digest"),
        ]

    def __str__(self) -> str:
        return str(self.update) if self.update else str(_("Digest of %(day)s") % {"day": self.week})

    @property
    def pace(self) -> Pace:
        """Whom it goes to: a digest to those who want one mail a week."""
        return Pace.AT_ONCE if self.update_id else Pace.WEEKLY
