"""People who work at the desk, by role."""

import itertools

from django.contrib.auth.models import Group, User

numbers = itertools.count(1)

ROLES = ("organiser", "coordinator", "translator", "moderator")


def make_staff(*roles: str) -> User:
    """Make somebody who may log in to the desk with `roles`; without one, they may do nothing there."""
    number = next(numbers)
    user = User.objects.create_user(f"staff-{number}", f"staff-{number}@desk.test", is_staff=True)
    user.groups.set(Group.objects.get(name=role) for role in roles)
    return user


def make_administrator() -> User:
    number = next(numbers)
    return User.objects.create_superuser(f"admin-{number}", f"admin-{number}@desk.test")
