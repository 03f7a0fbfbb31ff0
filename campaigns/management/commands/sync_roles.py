"""Make the groups of the desk."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from campaigns.desk.roles import ROLES, sync_roles


class Command(BaseCommand):
    help = "Give the groups organiser, coordinator, translator and moderator their permissions. Safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for app_config in apps.get_app_configs():
            sync_roles(app_config)
        self.stdout.write(", ".join(ROLES))
