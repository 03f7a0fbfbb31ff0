"""Addresses of the site. Pages have the default language without a prefix and the others below `/<code>/`."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from config.health import healthz
from config.style import style

# The admin's own login page knows no second factor and no rate limit.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # the way that allauth documents

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    *i18n_patterns(
        path("", include("letters.urls")),
        path("accounts/", include("allauth.urls")),
        path("admin/", admin.site.urls),
        path("style/", style, name="style"),
        path("style/<slug:page>/", style, name="style"),
        prefix_default_language=False,
    ),
]
