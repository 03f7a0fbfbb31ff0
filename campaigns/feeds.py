"""News as Atom feeds (RFC 4287), and what search engines are told (sitemaps.org)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from campaigns.models import Campaign, Tag, Update
from campaigns.people import public_people
from prisoners.models import Person
from prisoners.prose import render

NEWEST = 50

# Django's classes take their type parameters from the stubs only.
if TYPE_CHECKING:
    NewsFeed = Feed["News", "Source"]
    SitemapOf = Sitemap[Any]
else:
    NewsFeed, SitemapOf = Feed, Sitemap


class News(NamedTuple):
    """One entry of a feed: an update, or a campaign that has opened."""

    title: str
    html: str
    path: str
    at: dt.datetime


def newest(campaigns: QuerySet[Campaign]) -> list[News]:
    """Return the newest of the updates and openings of `campaigns`, which are public."""
    updates = Update.objects.published().filter(campaign__in=campaigns).select_related("campaign")[:NEWEST]
    news = [of_update(update) for update in updates]
    news += [of_campaign(campaign) for campaign in campaigns.order_by("-created_at")[:NEWEST]]
    return sorted(news, key=lambda entry: entry.at, reverse=True)[:NEWEST]


def of_update(update: Update) -> News:
    path = f"{update.campaign.get_absolute_url()}#update-{update.slug}"
    return News(str(update.title), render(str(update.text)), path, update.published_at or update.campaign.created_at)


def of_campaign(campaign: Campaign) -> News:
    opened = campaign.opens_at or campaign.created_at
    return News(str(campaign.title), render(str(campaign.summary)), campaign.get_absolute_url(), opened)


class Source(NamedTuple):
    """What a feed is about: its title, the page with the same news, its own path, and the campaigns."""

    title: str
    page: str
    feed: str
    campaigns: QuerySet[Campaign]


class AllNews(NewsFeed):
    """News of all campaigns. Every address is made from SITE_URL, never from the request."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, **_which: str) -> Source:
        campaigns = Campaign.objects.published()
        return Source(_("News of all campaigns"), reverse("campaigns:updates"), request.path, campaigns)

    def title(self, source: Source) -> str:
        return source.title

    def link(self, source: Source) -> str:
        return absolute(source.page)

    def feed_url(self, source: Source) -> str:
        return absolute(source.feed)

    def items(self, source: Source) -> list[News]:
        return newest(source.campaigns)

    def item_title(self, item: News) -> str:
        return item.title

    def item_description(self, item: News) -> str:
        return item.html

    def item_link(self, item: News) -> str:
        return absolute(item.path)

    def item_pubdate(self, item: News) -> dt.datetime:
        return item.at

    def item_updateddate(self, item: News) -> dt.datetime:
        return item.at


class CampaignNews(AllNews):
    """News of one campaign."""

    def get_object(self, request: HttpRequest, **which: str) -> Source:
        campaign = get_object_or_404(Campaign.objects.published(), slug=which["slug"])
        only = Campaign.objects.published().filter(pk=campaign.pk)
        return Source(str(campaign), campaign.get_absolute_url(), request.path, only)


class ThemeNews(AllNews):
    """News of the campaigns under one theme."""

    def get_object(self, request: HttpRequest, **which: str) -> Source:
        tag = get_object_or_404(Tag, slug=which["slug"])
        page = reverse("campaigns:theme", args=[tag.slug])
        return Source(str(tag), page, request.path, Campaign.objects.published().filter(tags=tag))


class PublicSitemap(SitemapOf):
    """Pages in every language, with their addresses made from SITE_URL."""

    i18n = True
    alternates = True
    x_default = True

    def get_domain(self, _site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, _protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class CampaignPages(PublicSitemap):
    def items(self) -> QuerySet[Campaign]:
        return Campaign.objects.published()

    def lastmod(self, item: Campaign) -> dt.datetime:
        return item.updated_at


class PeoplePages(PublicSitemap):
    def items(self) -> QuerySet[Person]:
        return public_people()


class OtherPages(PublicSitemap):
    def items(self) -> list[str]:
        return ["home", "past", "missions", "events", "updates", "about", "help", "privacy", "safety"]

    def location(self, item: str) -> str:
        return reverse(f"campaigns:{item}")


SITEMAPS = {"campaigns": CampaignPages, "people": PeoplePages, "pages": OtherPages}


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
