"""The public pages. All but a draft's preview are the same for everyone (`public_page`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AbstractUser, AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.clickjacking import xframe_options_exempt

from campaigns import calendar, people
from campaigns.listing import FindForm, listed
from campaigns.missions import MissionForm
from campaigns.models import Campaign, CampaignState, Event, Tag, Update
from campaigns.story import Story, with_rows
from prisoners.pages import public_page

PER_PAGE = 50


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The campaigns that can be acted on now, the most urgent first, with filters."""
    campaigns = listed(Campaign.objects.open())
    context = {
        "form": FindForm(request.GET, campaigns),
        "lead": next(iter(campaigns), None),
        "sample": next((item.sample for item in campaigns if item.sample.text), None),
        "freed": people.freed(limit=5),
        "events": calendar.coming()[:4],
    }
    return render(request, "campaigns/home.html", context)


@public_page
def past(request: HttpRequest) -> HttpResponse:
    """Campaigns that are over, the latest first."""
    page = Paginator(Campaign.objects.past(), PER_PAGE).get_page(request.GET.get("page"))
    campaigns = listed(Campaign.objects.filter(pk__in=[campaign.pk for campaign in page]))
    return render(request, "campaigns/past.html", {"page": page, "campaigns": campaigns})


@public_page
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """All public campaigns under one theme."""
    tag = get_object_or_404(Tag, slug=slug)
    campaigns = listed(Campaign.objects.published().filter(tags=tag))
    return render(request, "campaigns/theme.html", {"theme": tag, "campaigns": campaigns})


@public_page
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a campaign; a draft's only for those who may edit it."""
    found = get_object_or_404(with_rows(Campaign.objects.all()), slug=slug)
    if found.state == CampaignState.WITHDRAWN:
        return not_available(request)
    if not found.is_published:
        return preview(request, found)
    return render(request, "campaigns/campaign.html", context_of(found))


def context_of(found: Campaign) -> dict[str, Any]:
    """What the template of a campaign page is given."""
    address = f"{settings.SITE_URL}{found.get_absolute_url()}"
    return {"campaign": found, "story": Story(found), "page_url": address}


def preview(request: HttpRequest, found: Campaign) -> HttpResponse:
    """Show a campaign that is not public yet to those who may edit it; for others it does not exist."""
    if not may_edit(request.user, found):
        raise Http404
    response = render(request, "campaigns/campaign.html", {**context_of(found), "is_preview": True})
    add_never_cache_headers(response)
    return response


def may_edit(user: AbstractBaseUser | AnonymousUser, found: Campaign) -> bool:
    """Whether `user` is an organiser who may change the campaign."""
    if not (isinstance(user, AbstractUser) and user.is_active and user.is_staff):
        return False
    return user.has_perm("campaigns.change_campaign") or found.editors.filter(pk=user.pk).exists()


def not_available(request: HttpRequest) -> HttpResponse:
    """Say that a page is gone, and nothing of whom it named: its address is not repeated in links either."""
    return render(request, "410.html", {"language_links": ()}, status=410)


@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # typed for views without arguments
@xframe_options_exempt
@public_page
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign in a small frame for other sites; its links open a new tab."""
    found = get_object_or_404(Campaign.objects.published(), slug=slug)
    [item] = listed(Campaign.objects.filter(pk=found.pk))
    return render(request, "campaigns/embed.html", {"item": item})


@public_page
def prisoners(request: HttpRequest) -> HttpResponse:
    """The people in prison, at risk or disappeared, by country and name."""
    form = people.PeopleForm(request.GET)
    page = Paginator(form.results(), PER_PAGE).get_page(request.GET.get("page"))
    found = [(person, people.present(person)) for person in page]
    return render(request, "prisoners/people.html", {"form": form, "page": page, "people": found})


@public_page
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """One person: names, what happened to them, the campaigns, and how to write to them."""
    found = get_object_or_404(people.with_standing(people.public_people()), slug=slug)
    return render(request, "prisoners/person.html", {"person": found, "profile": people.Profile(found)})


@public_page
def missions(request: HttpRequest) -> HttpResponse:
    """Find the mission of a state near you."""
    form = MissionForm(request.GET)
    found = form.missions() if form.is_answered else None
    return render(request, "campaigns/missions.html", {"form": form, "missions": found})


@public_page
def events(request: HttpRequest) -> HttpResponse:
    """Days of action: those to come, and what happened on the others."""
    page = Paginator(calendar.over(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/events.html", {"coming": calendar.coming(), "page": page})


@public_page
def events_file(_request: HttpRequest) -> HttpResponse:
    """All events to come, for a calendar that subscribes to them."""
    return ics(calendar.coming(), "days-of-action")


@public_page
def event_file(_request: HttpRequest, pk: int) -> HttpResponse:
    """One event for one's own calendar."""
    return ics([get_object_or_404(calendar.public_events(), pk=pk)], f"event-{pk}")


def ics(found: Iterable[Event], name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(calendar.calendar(found), content_type="text/calendar; charset=utf-8", headers=headers)


@public_page
def updates(request: HttpRequest) -> HttpResponse:
    """News of all campaigns, the latest first."""
    found = Update.objects.published().select_related("campaign")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "campaigns/updates.html", {"page": page})


@public_page
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page about the site itself: `name` is its template in templates/pages/."""
    return render(request, f"pages/{name}.html", {"retention_days": settings.RETENTION_DAYS})
