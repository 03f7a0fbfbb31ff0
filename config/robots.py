"""What robots and finders of security holes are told, in the plain-text files where they look for it."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from campaigns.models import SiteIdentity
from prisoners.pages import public_page

# Pages with a supporter's token or form; a search engine has no business there (RFC 9309).
NOT_FOR_ROBOTS = (
    "/admin/",
    "/accounts/",
    "/letters/",
    "/signatures/",
    "/*/write/",
    "/*/sign/",
    "/*/report/",
    "/*/print/",
)
VALID_DAYS = 90


@public_page
def robots(_request: HttpRequest) -> HttpResponse:
    """`/robots.txt`."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
    return text([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml"])


@public_page
def security(_request: HttpRequest) -> HttpResponse:
    """`/.well-known/security.txt` (RFC 9116); there is none before somebody can be written to."""
    contact = SiteIdentity.current().contact_email
    if not contact:
        raise Http404
    expires = timezone.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires += dt.timedelta(days=VALID_DAYS)
    languages = ", ".join(code for code, _name in settings.LANGUAGES)
    address = f"{settings.SITE_URL}/.well-known/security.txt"
    lines = [f"Contact: mailto:{contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    return text([*lines, f"Preferred-Languages: {languages}", f"Canonical: {address}"])


def text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
