"""Pages that show and never change: nobody edits a supporter's words, and few may read them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from campaigns.desk.roles import editable_campaigns
from prisoners.fields.admin import ModelAdmin

# Encrypted columns: not fetched, and not decrypted, where no name or text is shown.
PERSONAL = ("name", "email", "city", "organisation", "role", "own_words")
FROZEN = ("address", "addressee", "reply_to", "sender", "subject", "text")


def may_read(user: User | AnonymousUser) -> bool:
    """Whether `user` may see names and texts of supporters."""
    return user.has_perm("letters.read_letter")


def masked(email: str) -> str:
    """An address that tells one supporter from another and can't be written to: "v…@mail.test"."""
    mailbox, at, domain = email.partition("@")
    return f"{mailbox[:1]}…{at}{domain}" if at else ""


class ReadOnly(ModelAdmin):
    """A kind of row that the admin shows and nothing more."""

    list_per_page = 50
    personal: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (title, options)
            for title, options in super().get_fieldsets(request, obj)
            if may_read(request.user) or not set(self.personal) & set(options["fields"])
        ]


class OfEditors(ModelAdmin):
    """Rows of campaigns: those of a campaign with editors are seen by them and administrators alone.

    Mail of ours that is about no campaign is seen by all who may see such rows.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.filter(Q(campaign__in=editable_campaigns(request.user)) | Q(campaign__isnull=True))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "campaign":
            kwargs["queryset"] = editable_campaigns(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg]  # of any pair of models
    """Rows of a page that is only shown."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
