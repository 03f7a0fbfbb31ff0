"""The dated facts of a case, and what they say of each member's present state."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prisoners.fields import FuzzyDateField, TranslatedField, dates_in_order
from prisoners.models.cases import Case, CaseMember, Custody


class TimelineEntry(models.Model):
    """One fact, in the order in which it is told. Reversals are entries, never corrections of earlier ones."""

    class Kind(models.TextChoices):
        EVENT = "event", _("event")
        BACKGROUND = "background", _("background")
        PROTEST = "protest", _("protest")
        DISPUTE = "dispute", _("labour dispute")
        ARREST = "arrest", _("arrest")
        SEARCH = "search", _("search")
        INVESTIGATION = "investigation", _("investigation")
        HEARING = "hearing", _("hearing")
        CONVICTION = "conviction", _("conviction")
        OVERTURNED = "overturned", _("conviction overturned")
        CONFIRMED = "confirmed", _("conviction confirmed")
        TRANSFER = "transfer", _("transfer")
        HUNGER_STRIKE = "hunger_strike", _("hunger strike")
        RELEASE = "release", _("release")
        DEATH = "death", _("death")
        LETTER = "letter", _("letter")
        STATEMENT = "statement", _("statement")
        MEDIA = "media", _("in the media")
        LAW = "law", _("change of law")
        SOLIDARITY = "solidarity", _("solidarity")

    class Direction(models.TextChoices):
        SENT = "sent", _("sent")
        RECEIVED = "received", _("received")

    class Answer(models.TextChoices):
        UNSAID = "", _("not known")
        ANSWERED = "answered", _("answered")
        UNANSWERED = "unanswered", _("unanswered")

    case = models.ForeignKey(Case, models.CASCADE, related_name="timeline", verbose_name=_("case"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    date = FuzzyDateField(_("date"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.EVENT)
    text = TranslatedField(_("what happened"), blank=False)
    court = TranslatedField(_("court"))
    place = TranslatedField(_("place"))
    members = models.ManyToManyField(
        CaseMember, blank=True, related_name="timeline", verbose_name=_("whom it concerns"), help_text=_("None: all.")
    )
    custody = models.CharField(_("custody that results"), max_length=16, choices=Custody.choices, blank=True)
    custody_until = FuzzyDateField(_("custody until"))
    direction = models.CharField(_("letter"), max_length=8, choices=Direction.choices, blank=True)
    registry_number = models.CharField(_("registry number"), max_length=60, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices, blank=True, default=Answer.UNSAID)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("link to the source"), blank=True)

    class Meta:
        verbose_name = _("timeline entry")
        verbose_name_plural = _("timeline")
        ordering = ["position", "pk"]
        constraints = [
            dates_in_order("date"),
            dates_in_order("custody_until"),
            models.CheckConstraint(
                condition=Q(kind="letter") | Q(direction="", registry_number="", answer=""),
                name="only_a_letter_has_a_direction_a_number_or_an_answer",
                violation_error_message=_("Only a letter has a direction, a registry number or an answer."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.text}" if self.date else str(self.text)


def present_custody(member: CaseMember, timeline: Iterable[TimelineEntry]) -> Custody | None:
    """The state of `member` after the last entry of its case's `timeline` that changes it; None if unsaid.

    Give the timeline in order with `members` prefetched: no query is made here.
    """
    state = Custody(member.custody) if member.custody else None
    for entry in timeline:
        concerned = entry.members.all()
        if entry.custody and (not concerned or member in concerned):
            state = Custody(entry.custody)
    return state
