"""One text to one address over one channel: the only place where delivery status lives."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, CampaignTarget, Channel, ContactDetail, Target
from letters.models.encrypted import EncryptedTextField
from letters.models.letters import Letter


class DeliveryState(models.TextChoices):
    """The life of a delivery; which moves are allowed stands in `letters.models.transitions`."""

    QUEUED = "queued", _("waits for its turn")
    SENDING = "sending", _("being prepared")
    HANDING_OVER = "handing_over", _("being handed over")
    DEFERRED = "deferred", _("will be tried again")
    HELD = "held", _("held")
    ACCEPTED = "accepted", _("handed over")
    DELIVERED = "delivered", _("received, with a receipt")
    BOUNCED = "bounced", _("came back")
    FAILED = "failed", _("could not be sent")
    UNKNOWN = "unknown", _("not known whether it was taken")
    UNRESOLVED = "unresolved", _("not known, an organiser must decide")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("too late to be sent")
    CAPTURED = "captured", _("kept here, not sent (trial mode)")


class HoldReason(models.TextChoices):
    """Why a delivery waits for somebody."""

    NONE = "", _("not held")
    FACTS_CHANGED = "facts_changed", _("the facts changed after it was written")
    CAMPAIGN_PAUSED = "campaign_paused", _("the campaign is paused")
    OFFICE_PAUSED = "office_paused", _("the office is paused")
    MODERATION = "moderation", _("an organiser looks at it")


class Delivery(models.Model):
    """A frozen text for one address. Nobody edits it: release it, drop it, or ask for a new confirmation.

    Role `service` is our own mail to a supporter or organiser (`purpose` says which); it is never counted.
    `fence` rises with each claim: a worker that slept past its lease writes nothing.
    """

    class Role(models.TextChoices):
        PRIMARY = "primary", _("letter to an office")
        COPY = "copy", _("visible copy to an office")
        SERVICE = "service", _("mail of this site")

    class Purpose(models.TextChoices):
        NONE = "", _("letter")
        CONFIRM = "confirm", _("link to confirm")
        REMINDER = "reminder", _("reminder to confirm")
        FAILURE = "failure", _("notice of a failure")
        COPIES = "copies", _("copies for the campaign")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deliveries", verbose_name=_("campaign"))
    letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name=_("letter")
    )
    role = models.CharField(_("role"), max_length=7, choices=Role.choices, default=Role.PRIMARY)
    purpose = models.CharField(_("purpose"), max_length=8, choices=Purpose.choices, blank=True, default=Purpose.NONE)
    office = models.ForeignKey(
        CampaignTarget,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("office in the campaign"),
    )
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name=_("office")
    )
    contact = models.ForeignKey(
        ContactDetail, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name=_("contact")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)

    address = EncryptedTextField(_("address"), blank=True)
    addressee = EncryptedTextField(_("address block"), blank=True)
    reply_to = EncryptedTextField(_("reply to"), blank=True)
    sender = EncryptedTextField(_("name of the sender"), blank=True)
    language = models.CharField(_("language"), max_length=12)
    subject = EncryptedTextField(_("subject"), blank=True)
    text = EncryptedTextField(_("text"), blank=True)
    text_hash = models.CharField(_("keyed hash of the frozen text"), max_length=64)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)

    state = models.CharField(_("state"), max_length=12, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    hold_reason = models.CharField(
        _("held because"), max_length=16, choices=HoldReason.choices, blank=True, default=HoldReason.NONE
    )
    released_facts_version = models.PositiveIntegerField(
        null=True, blank=True, help_text="An organiser released it knowing these facts."
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, help_text=_("Of the last failure."))
    owner = models.CharField(max_length=100, blank=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    deliver_by = models.DateTimeField(_("deliver by"), null=True, blank=True)

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("received at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "deliver_by"],
                condition=Q(state__in=["queued", "deferred"]),
                name="deliveries_to_send",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=["sending", "handing_over"]), name="deliveries_leased"
            ),
            models.Index(fields=["campaign", "role", "state", "handed_over_on", "channel"], name="deliveries_to_count"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "target"],
                condition=Q(replaced_at__isnull=True) & ~Q(role="service"),
                name="a_letter_goes_to_an_office_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    role="service", purpose__in=["confirm", "reminder", "failure", "copies"], target__isnull=True
                )
                | Q(
                    role__in=["primary", "copy"],
                    purpose="",
                    target__isnull=False,
                    office__isnull=False,
                    letter__isnull=False,
                ),
                name="a_delivery_is_for_an_office_or_a_mail_of_ours",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "handing_over"]) | Q(lease_until__isnull=False),
                name="a_delivery_in_hand_has_a_lease",
            ),
            models.CheckConstraint(condition=~Q(state="held") | ~Q(hold_reason=""), name="a_held_delivery_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "delivered", "bounced"])
                | Q(handed_over_at__isnull=False, handed_over_on__isnull=False),
                name="a_delivery_that_left_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"


class DeliveryLog(models.Model):
    """One move of a delivery, never changed afterwards."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log", verbose_name=_("delivery"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    from_state = models.CharField(_("from"), max_length=12, choices=DeliveryState.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=12, choices=DeliveryState.choices)
    owner = models.CharField(_("by"), max_length=100, blank=True)
    fence = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("move of a delivery")
        verbose_name_plural = _("moves of a delivery")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_state} -> {self.to_state}"
