"""Addresses of the public pages, for each language."""

from django.urls import path

from campaigns import feeds, views
from prisoners.pages import public_page

app_name = "campaigns"
urlpatterns = [
    path("", views.home, name="home"),
    path("campaigns/<slug:slug>/", views.campaign, name="campaign"),
    path("embed/<slug:slug>/", views.embed, name="embed"),
    path("past/", views.past, name="past"),
    path("themes/<slug:slug>/", views.theme, name="theme"),
    path("missions/", views.missions, name="missions"),
    path("events/", views.events, name="events"),
    path("events/all.ics", views.events_file, name="events-file"),
    path("events/<int:pk>.ics", views.event_file, name="event-file"),
    path("updates/", views.updates, name="updates"),
    path("feeds/all/", public_page(feeds.AllNews()), name="feed"),
    path("feeds/campaigns/<slug:slug>/", public_page(feeds.CampaignNews()), name="campaign-feed"),
    path("feeds/themes/<slug:slug>/", public_page(feeds.ThemeNews()), name="theme-feed"),
    path("about/", views.page, {"name": "about"}, name="about"),
    path("help/", views.page, {"name": "help"}, name="help"),
    path("privacy/", views.page, {"name": "privacy"}, name="privacy"),
    path("safety/", views.page, {"name": "safety"}, name="safety"),
]
