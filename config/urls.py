"""Addresses of the site. Pages have the default language without a prefix and the others below `/<code>/`."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from campaigns import views
from campaigns.feeds import SITEMAPS
from campaigns.photos import photo
from config.health import healthz, web
from config.metrics import metrics
from config.robots import robots, security
from config.style import style
from letters.sending.callbacks.fax import telnyx_fax
from letters.sending.callbacks.incoming import incoming_mail
from letters.sending.callbacks.mail import mail_news
from prisoners.pages import public_page

# The admin's own login page knows no second factor and no rate limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # the way that allauth documents

people = [
    path("", views.prisoners, name="people"),
    path("<slug:slug>/", views.person, name="person"),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("healthz/web", web, name="healthz_web"),
    path("metrics", metrics, name="metrics"),
    path("robots.txt", robots),
    path(".well-known/security.txt", security),
    path("sitemap.xml", public_page(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("photos/<slug:key>/<int:width>.<slug:kind>", photo, name="photo"),
    path("callbacks/fax/telnyx/", telnyx_fax, name="telnyx_fax"),
    path("callbacks/mail/<slug:provider>/", mail_news, name="mail_news"),
    path("callbacks/mail/", incoming_mail, name="incoming_mail"),
    *i18n_patterns(
        path("", include("letters.urls")),
        path("", include("campaigns.urls")),
        path("prisoners/", include((people, "prisoners"))),
        path("accounts/", include("allauth.urls")),
        path("admin/", admin.site.urls),
        path("style/", style, name="style"),
        path("style/<slug:page>/", style, name="style"),
        prefix_default_language=False,
    ),
]
