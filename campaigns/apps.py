from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = _("Campaigns")
    # See campaigns.desk.roles. Who may change but not add changes texts only.
    role_permissions = {
        "organiser": ("view", "add", "change", "delete"),
        "coordinator": ("view",),
        "translator": ("view", "change"),
        "moderator": ("view",),
    }

    def ready(self) -> None:
        from campaigns.desk.roles import sync_roles  # noqa: PLC0415  # models can be imported from here on only

        post_migrate.connect(sync_roles, dispatch_uid="campaigns.desk.roles")
