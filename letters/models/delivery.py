"""One text to one address over one channel: the only place where delivery status lives."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, CampaignTarget, Channel, ContactDetail, Target
from letters.models.encrypted import EncryptedTextField
from letters.models.letters import Letter, on_trial
from letters.models.queue import DeliveryQuerySet
from letters.models.signatures import Signature
from letters.models.subscription import Mailing, Subscription
from letters.models.transitions import DeliveryState, HoldReason, OvertakenError, check_move


def new_message_id() -> str:
    """128 random bits at our mail domain: the name of a message for life (RFC 5322, 3.6.4), without its brackets."""
    return f"{secrets.token_hex(16)}@{settings.MAIL_DOMAIN}"


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
        SIGN = "sign", _("link to sign")
        SUBSCRIBE = "subscribe", _("link to subscribe")
        NEWS = "news", _("news")
        DIGEST = "digest", _("news of a week")
        EXPORT = "export", _("link to one’s own data")
        ANSWER = "answer", _("answer of an office")
        AGAIN = "again", _("question whether it shall still leave")

    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("campaign"),
        help_text="Mail of ours may be about none.",
    )
    letter = models.ForeignKey(
        Letter, models.PROTECT, null=True, blank=True, related_name="deliveries", verbose_name=_("letter")
    )
    signature = models.ForeignKey(
        Signature, models.PROTECT, null=True, blank=True, related_name="mails", verbose_name=_("signature")
    )
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, blank=True, related_name="mails", verbose_name=_("subscription")
    )
    mailing = models.ForeignKey(
        Mailing, models.PROTECT, null=True, blank=True, related_name="mails", verbose_name=_("mailing")
    )
    role = models.CharField(_("role"), max_length=7, choices=Role.choices, default=Role.PRIMARY)
    purpose = models.CharField(_("purpose"), max_length=9, choices=Purpose.choices, blank=True, default=Purpose.NONE)
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
    html = EncryptedTextField(_("the same as HTML"), blank=True, help_text="Mail of ours only.")
    text_hash = models.CharField(_("keyed hash of the frozen text"), max_length=64)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True, default=new_message_id)
    reference = models.CharField(
        _("reference"), max_length=200, blank=True, help_text=_("What the relay, provider or line calls it.")
    )
    occasion = models.CharField(max_length=100, blank=True, help_text="What a mail of ours goes out for, once.")
    trial = models.BooleanField(_("made in trial mode"), default=on_trial, help_text=_("It is never sent or counted."))

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
    told_at = models.DateTimeField(_("supporter told at"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        permissions = [("decide_delivery", _("Can release, drop and retry deliveries"))]
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
            models.Index(
                fields=["handed_over_at"], condition=Q(handed_over_at__isnull=False), name="deliveries_that_left_lately"
            ),
            models.Index(
                fields=["settled_at"],
                condition=Q(state__in=["failed", "bounced", "expired", "cancelled"], told_at__isnull=True),
                name="deliveries_to_tell",
            ),
            models.Index(
                fields=["contact"],
                condition=Q(channel="fax", state__in=["queued", "deferred", "handing_over", "accepted", "unknown"]),
                name="faxes_to_a_number",
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
                    role="service",
                    purpose__in=[
                        *("confirm", "reminder", "failure", "copies", "sign"),
                        *("subscribe", "news", "digest", "export", "answer", "again"),
                    ],
                    target__isnull=True,
                )
                | Q(
                    role__in=["primary", "copy"],
                    purpose="",
                    target__isnull=False,
                    office__isnull=False,
                    letter__isnull=False,
                    campaign__isnull=False,
                ),
                name="a_delivery_is_for_an_office_or_a_mail_of_ours",
            ),
            models.UniqueConstraint(
                fields=["occasion"], condition=~Q(occasion=""), name="a_mail_of_ours_goes_out_once_an_occasion"
            ),
            models.UniqueConstraint(fields=["mailing", "subscription"], name="a_subscriber_gets_a_mailing_once"),
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

    def advance(self, to: DeliveryState, *, reason: str = "", **changes: Any) -> None:
        """Move this delivery to `to` and log it, in one transaction of its own or of the caller.

        Args:
            to: the new state.
            reason: why, in a line without personal data.
            changes: more columns to write with it.

        Raises:
            IllegalMoveError: the table has no such move.
            OvertakenError: the row is no longer as it was read (state, owner, fence), or may not leave any more.
        """
        check_move(self.state, to)
        same = Delivery.objects.filter(pk=self.pk, state=self.state, owner=self.owner, fence=self.fence)
        if to == DeliveryState.HANDING_OVER:
            same = same.in_time()
        if not same.move_one(self, to, reason=reason, **changes):
            raise OvertakenError(f"delivery {self.pk} is no longer {self.state}")
        self.state, self.reason = to, reason
