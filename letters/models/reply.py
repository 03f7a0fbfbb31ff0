"""Answers of offices: private until a moderator lets one through, and then only the text that the moderator chose."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, CampaignTarget
from letters.models.delivery import Delivery
from letters.models.encrypted import EncryptedTextField
from letters.models.letters import on_trial


class ReplyState(models.TextChoices):
    """What became of an answer."""

    WAITING = "waiting", _("waits for a moderator")
    KEPT = "kept", _("told to the supporter, not published")
    PUBLISHED = "published", _("told to the supporter and published")
    REJECTED = "rejected", _("no answer, or not to be passed on")
    ERASED = "erased", _("erased with its letter, unpublished")


class ReplyQuerySet(models.QuerySet["Reply"]):
    def public(self, campaign: Campaign) -> ReplyQuerySet:
        """What stands on a campaign's page, the latest first."""
        found = self.filter(campaign=campaign, state=ReplyState.PUBLISHED, trial=on_trial())
        return found.select_related("office__target").order_by("-received_at", "-pk")

    def passed_on(self) -> ReplyQuerySet:
        """Answers whose supporter may read them."""
        return self.filter(state__in=[ReplyState.KEPT, ReplyState.PUBLISHED])


class Reply(models.Model):
    """What an office answered to one delivery, as plain text, with the names of what was attached.

    `published_text` is written by a moderator and stays when the letter is erased; nothing of the supporter is in it.
    """

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="replies", verbose_name=_("delivery"))
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="replies", verbose_name=_("campaign"))
    office = models.ForeignKey(CampaignTarget, models.PROTECT, related_name="replies", verbose_name=_("office"))
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=9, choices=ReplyState.choices, default=ReplyState.WAITING)
    sender = EncryptedTextField(_("from"), blank=True)
    subject = EncryptedTextField(_("subject"), blank=True)
    text = EncryptedTextField(_("text"), blank=True)
    attachments = EncryptedTextField(_("attached, not kept"), blank=True, help_text=_("Names, types and sizes."))
    published_text = models.TextField(
        _("text for the campaign’s page"),
        blank=True,
        help_text=_("What everybody may read. Leave out names of supporters, and of anybody it could harm."),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    trial = models.BooleanField(_("to a letter of trial mode"), default=on_trial)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of an office")
        verbose_name_plural = _("answers of offices")
        ordering = ["-pk"]
        permissions = [("decide_reply", _("Can pass on, publish and reject answers of offices"))]
        indexes = [models.Index(fields=["campaign", "state"], name="replies_by_campaign_and_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | ~Q(published_text=""), name="a_published_answer_has_a_text"
            ),
            models.CheckConstraint(
                condition=Q(state="published") | Q(published_text=""),
                name="only_a_published_answer_has_a_public_text",
            ),
            models.CheckConstraint(
                condition=~Q(state="erased") | Q(sender="", subject="", text="", attachments=""),
                name="an_erased_answer_says_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"
