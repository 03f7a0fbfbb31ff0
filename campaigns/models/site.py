"""The organisation that runs this site."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from prisoners.fields import TranslatedField


class SiteIdentity(models.Model):
    """Who runs the site: one row, edited in the admin."""

    name = models.CharField(_("name"), max_length=120, default="Postbag")
    purpose = TranslatedField(_("what the site is for, in a line"))
    contact_email = models.EmailField(_("contact"), blank=True)
    privacy_email = models.EmailField(_("contact for privacy"), blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    safety = TranslatedField(_("advice on safety"))
    privacy = TranslatedField(_("more on privacy"))
    source_url = models.URLField(_("source code of this site"), blank=True)

    class Meta:
        verbose_name = _("this site")
        verbose_name_plural = _("this site")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1), name="a_site_has_one_identity", violation_error_message=_("There is one such row.")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> SiteIdentity:
        """The one row, or an unsaved one with the defaults before anybody filled it in."""
        return cls.objects.first() or cls(pk=1)
