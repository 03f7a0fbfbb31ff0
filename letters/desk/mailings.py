"""News to subscribers: an organiser sees an update as it will be mailed, tries it out, and lets it go or stops it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.desk.roles import editable_campaigns
from campaigns.models import Update
from letters.desk.reading import ReadOnly
from letters.models import DeliveryState, Mailing, MailingState, Pace
from letters.models.letters import on_trial
from letters.sending import tasks
from letters.subscribing import mailing as mailings
from letters.subscribing import mails
from prisoners.fields.admin import badge

LOOK = {
    MailingState.RUNNING: "ok",
    MailingState.PAUSED: "warn",
    MailingState.CANCELLED: "bad",
    MailingState.DONE: "plain",
}
MOVES = {"pause": MailingState.PAUSED, "resume": MailingState.RUNNING, "cancel": MailingState.CANCELLED}


@admin.register(Mailing)
class MailingAdmin(ReadOnly):
    list_display = ["__str__", "campaign", "state_shown", "confirmed_at", "confirmed_by", "mailed", "page"]
    list_filter = ["state", "trial"]
    list_select_related = ["update__campaign", "confirmed_by"]
    date_hierarchy = "confirmed_at"
    fields = ["update", "week", "digest", "state", "confirmed_at", "confirmed_by", "mailed"]
    readonly_fields = ["mailed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mailing]:
        mine = Q(update__campaign__in=editable_campaigns(request.user)) | Q(update__isnull=True)
        rows: QuerySet[Mailing] = super().get_queryset(request).filter(mine)
        return rows

    def get_urls(self) -> list[URLPattern]:
        of = self.admin_site.admin_view(self.of_update)
        return [path("of/<int:pk>/", of, name="letters_mailing_of"), *super().get_urls()]

    def of_update(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show an update as it will be mailed, with what can be done about it; each act asks once more."""
        mine = Update.objects.filter(campaign__in=editable_campaigns(request.user))
        update = get_object_or_404(mine.select_related("campaign"), pk=pk)
        if not request.user.has_perm("letters.confirm_mailing"):
            raise PermissionDenied
        if request.method == "POST" and self.act(request, update, request.POST.get("do", "")):
            return redirect("admin:letters_mailing_of", pk)
        return render(request, "admin/letters/mailing/update.html", self.context_of(request, update))

    def act(self, request: HttpRequest, update: Update, do: str) -> bool:
        """Carry out what a button says; False where it has to be asked about first."""
        is_sure = "yes" in request.POST
        mailing = Mailing.objects.filter(update=update, trial=on_trial()).first()
        if do == "test":
            self.try_out(request, update)
        elif do == "start" and is_sure and mailing is None and is_out(update):
            self.note(request, mailings.start(update, request.user), _("Let go to subscribers."))  # type: ignore[arg-type]  # staff
        elif mailing and do in MOVES and (is_sure or do != "cancel"):
            done = mailings.move(mailing, MOVES[do])
            self.note(request, mailing, str(MOVES[do].label) if done else _("Nothing to change any more."))
        else:
            return do not in {"start", "cancel"}
        return True

    def try_out(self, request: HttpRequest, update: Update) -> None:
        """Mail the update to the organiser who asks, and to nobody else."""
        language = request.POST.get("language", "")
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        mails.sample(update, request.user.email, known).save(force_insert=True)  # type: ignore[union-attr]  # staff
        tasks.wake_on_commit()
        self.message_user(request, _("A test is on its way to your own address."), messages.SUCCESS)

    def note(self, request: HttpRequest, mailing: Mailing, what: str) -> None:
        """Write into the journal what was done, and say so."""
        self.log_change(request, mailing, what)
        self.message_user(request, what, messages.SUCCESS)

    def context_of(self, request: HttpRequest, update: Update) -> dict[str, Any]:
        language = request.GET.get("language", "")
        shown = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        mailing = Mailing.objects.filter(update=update, trial=on_trial()).first()
        return {
            **self.admin_site.each_context(request),
            "title": _("Mail it to subscribers"),
            "opts": self.opts,
            "update": update,
            "mailing": mailing,
            "is_out": is_out(update),
            "asked": request.POST.get("do", ""),
            "audience": [(Pace(pace).label, number) for pace, number in mailings.audience(update).items()],
            "progress": progress(mailing) if mailing else [],
            "sample": mails.sample(update, request.user.email, shown),  # type: ignore[union-attr]  # staff
            "languages": settings.LANGUAGES,
            "language": shown,
        }

    @admin.display(description=gettext_lazy("campaign"))
    def campaign(self, mailing: Mailing) -> str:
        return str(mailing.update.campaign) if mailing.update else "–"

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, mailing: Mailing) -> str:
        return badge(LOOK[MailingState(mailing.state)], mailing.get_state_display())

    @admin.display(description=gettext_lazy("mails"))
    def mailed(self, mailing: Mailing) -> str:
        return ", ".join(f"{label}: {number}" for label, number in progress(mailing)) or "–"

    @admin.display(description=gettext_lazy("what you can do"))
    def page(self, mailing: Mailing) -> str:
        if not mailing.update_id:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:letters_mailing_of", args=[mailing.update_id]), _("Look, pause, stop")
        )


def is_out(update: Update) -> bool:
    """Whether the public can read the update now: what is mailed stands on the site first."""
    return Update.objects.published().filter(pk=update.pk).exists()


def progress(mailing: Mailing) -> list[tuple[str, int]]:
    """How many mails are in each state, in words."""
    return [(str(DeliveryState(state).label), number) for state, number in mailings.progress(mailing).items()]
