"""What a campaign said in each version of its facts, so that one can see later what has changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from prisoners.fields import Translated

# Parts of a text of the campaign that letters are built on, by name; that of a model letter begins with LETTER.
Texts = dict[str, dict[str, str]]
TOLD = ("summary", "story", "urgency")
LETTER = "letter:"


class KeptFactsManager(models.Manager["KeptFacts"]):
    def keep(self, campaign: Campaign, version: int) -> None:
        """Keep what `campaign` says now as its `version`, unless that was kept or is not the present one."""
        if version != campaign.facts_version or self.filter(campaign=campaign, version=version).exists():
            return
        self.bulk_create(
            [self.model(campaign=campaign, version=version, texts=texts_of(campaign))], ignore_conflicts=True
        )


class KeptFacts(models.Model):
    """The texts of one version, as they were when the first letter of that version was confirmed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kept_facts", verbose_name=_("campaign"))
    version = models.PositiveIntegerField(_("version of the facts"))
    texts = models.JSONField(_("texts"))
    kept_at = models.DateTimeField(_("kept at"), auto_now_add=True)

    objects = KeptFactsManager()

    class Meta:
        verbose_name = _("facts as they were")
        verbose_name_plural = _("facts as they were")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="a_version_of_the_facts_is_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.version}"


def texts_of(campaign: Campaign) -> Texts:
    """The texts of a campaign that letters are built on, by part and language."""
    parts: dict[str, list[Translated]] = {name: [getattr(campaign, name)] for name in TOLD}
    parts["demands"] = [demand.text for demand in campaign.demands.all()]
    for letter in campaign.letters.prefetch_related("points"):
        points = [point.text for point in letter.points.all()]
        parts[LETTER + letter.key] = [letter.subject, letter.opening, letter.body, *points, letter.closing]
    return {name: joined for name, texts in parts.items() if (joined := _joined(texts))}


def _joined(texts: list[Translated]) -> dict[str, str]:
    languages = sorted({language for text in texts for language in text})
    return {language: "\n\n".join(text[language] for text in texts if language in text) for language in languages}
