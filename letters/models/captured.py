"""The outbox of trial mode, for readers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from letters.models.delivery import Delivery


class CapturedPost(Delivery):
    """A delivery as the desk shows it in trial mode: as mail. It has a permission of its own."""

    class Meta:
        proxy = True
        verbose_name = _("captured post")
        verbose_name_plural = _("captured post")
        default_permissions = ["view"]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject or str(self.get_channel_display())
