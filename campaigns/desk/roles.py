"""Who may do what: groups with permissions, and which campaigns somebody may change.

Each app says in `role_permissions` of its AppConfig what a role may do with its rows: "view" for every kind of row,
or "view_letter" for one. What is not named is denied. A role has exactly those permissions; groups that a site makes
for itself are left alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.db.models import Q, QuerySet

from campaigns.models import Campaign

ROLES = ("organiser", "coordinator", "translator", "moderator")


def sync_roles(app_config: AppConfig, using: str = "default", **_signal: Any) -> None:
    """Give each role its permissions in one app. Running it again changes nothing."""
    granted: dict[str, tuple[str, ...]] = getattr(app_config, "role_permissions", {})
    if not granted:
        return
    # Django makes permissions on the same signal, maybe after us.
    create_permissions(app_config, verbosity=0, using=using)
    offered = Permission.objects.using(using).filter(content_type__app_label=app_config.label)
    for role in ROLES:
        group, _created = Group.objects.using(using).get_or_create(name=role)
        wanted = [permission for permission in offered if is_granted(permission, granted.get(role, ()))]
        group.permissions.remove(*set(offered) - set(wanted))
        group.permissions.add(*wanted)


def is_granted(permission: Permission, names: Iterable[str]) -> bool:
    """Whether `names` holds the permission, or its verb for every kind of row."""
    return permission.codename in names or permission.codename.partition("_")[0] in names


def editable_campaigns(user: User | AnonymousUser) -> QuerySet[Campaign]:
    """Campaigns that `user` may change if their role allows it: those without editors, and those they edit."""
    if user.is_superuser:
        return Campaign.objects.all()
    mine = Q(pk__in=Campaign.objects.filter(editors=user.pk).values("pk"))
    return Campaign.objects.filter(mine | Q(editors__isnull=True))


def may_edit(user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Whether `campaign` is among `editable_campaigns` of `user`."""
    return editable_campaigns(user).filter(pk=campaign.pk).exists()
