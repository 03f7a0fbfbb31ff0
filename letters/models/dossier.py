"""A file of letters that lawyers or a delegation hand over in person."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Target
from letters.models.delivery import Delivery
from letters.models.letters import Letter, LetterState, on_trial
from letters.models.transitions import DeliveryState

# Texts that somebody decided against, or has still to decide on.
NOT_HANDED_OVER = (DeliveryState.CANCELLED, DeliveryState.HELD)


class Dossier(models.Model):
    """The letters of a period to one office, of those who agreed that they may be handed over on paper.

    It is printed part by part: `last` is the delivery that the finished parts end with, `done` how many they hold.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("being printed")
        READY = "ready", _("ready")
        FAILED = "failed", _("could not be printed")
        DELETED = "deleted", _("deleted after some days")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="dossiers", verbose_name=_("campaign"))
    target = models.ForeignKey(Target, models.PROTECT, related_name="dossiers", verbose_name=_("office"))
    since = models.DateField(_("confirmed from"), null=True, blank=True)
    until = models.DateField(_("confirmed to"), null=True, blank=True)
    language = models.CharField(_("language of the cover"), max_length=12, default="en")
    paper = models.CharField(_("paper"), max_length=6, choices=[("A4", "A4"), ("letter", "US Letter")], default="A4")
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    total = models.PositiveIntegerField(_("letters"), default=0)
    done = models.PositiveIntegerField(_("printed"), default=0)
    last = models.BigIntegerField(default=0)
    countries = models.JSONField(_("by country"), default=dict, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="a_dossier_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(finished_at__isnull=False), name="a_finished_dossier_says_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.target}"

    @property
    def folder(self) -> Path:
        """Where its parts and the finished file lie: for web server and worker the same place."""
        return Path(settings.VAR_DIR) / "dossiers" / str(self.pk)

    @property
    def file(self) -> Path:
        return self.folder / "dossier.pdf"

    @property
    def letters(self) -> models.QuerySet[Delivery]:
        """What it holds: the frozen texts, oldest first."""
        found = Delivery.objects.filter(
            campaign=self.campaign_id,
            target=self.target_id,
            role=Delivery.Role.PRIMARY,
            replaced_at__isnull=True,
            trial=on_trial(),
            letter__in=self._agreed().filter(state=LetterState.CONFIRMED),
        )
        return found.exclude(state__in=NOT_HANDED_OVER).exclude(text="").select_related("letter").order_by("pk")

    @property
    def lost_a_letter(self) -> bool:
        """Whether somebody took their letter back since it was asked for: then nobody may hand it over any more."""
        return self._agreed().filter(erased_at__gte=self.created_at).exists()

    def _agreed(self) -> models.QuerySet[Letter]:
        letters = Letter.objects.filter(campaign=self.campaign_id, in_dossier=True)
        if self.since:
            letters = letters.filter(confirmed_on__gte=self.since)
        return letters.filter(confirmed_on__lte=self.until) if self.until else letters

    def claim(self, lease: dt.timedelta) -> bool:
        """Take it in hand for so long; False where another worker has it, or there is nothing to do."""
        now = timezone.now()
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        waiting = Dossier.objects.filter(free, pk=self.pk, state=self.State.WAITING)
        return bool(waiting.update(lease_until=now + lease))
