from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrisonersConfig(AppConfig):
    name = "prisoners"
    verbose_name = _("Prisoners")
    # See campaigns.desk.roles. Who may change but not add changes texts only.
    role_permissions = {
        "organiser": ("view", "add", "change", "delete"),
        "coordinator": ("view",),
        "translator": ("view", "change"),
        "moderator": ("view",),
    }
