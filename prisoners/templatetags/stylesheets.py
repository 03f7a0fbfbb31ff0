"""The links to the style sheets of every page."""

from __future__ import annotations

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from prisoners.stylesheets import JOINED, PRINT, SCREEN, JoinedStorage

register = template.Library()


@register.simple_tag
def stylesheets() -> SafeString:
    """Link one file where static files were collected, else those that a developer edits."""
    if isinstance(staticfiles_storage, JoinedStorage):
        return format_html('<link rel="stylesheet" href="{}">', static(JOINED))
    links = format_html_join("\n  ", '<link rel="stylesheet" href="{}">', ((static(name),) for name in SCREEN))
    return format_html('{}\n  <link rel="stylesheet" href="{}" media="print">', links, static(PRINT))
