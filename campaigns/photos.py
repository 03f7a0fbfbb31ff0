"""The addresses of photos: who may see one is asked each time, so that it goes when a consent ends."""

from __future__ import annotations

import logging
from hashlib import blake2b
from typing import cast

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from campaigns.people import public_people
from prisoners.models import Person, PersonQuerySet
from prisoners.photos import FORMATS, WIDTHS, drawn, key_of

logger = logging.getLogger(__name__)

# How long a photo may still be seen in a cache after somebody took it back.
KEPT_SECONDS = 3600


@require_safe
def photo(request: HttpRequest, key: str, width: int, kind: str) -> HttpResponse:
    """A photo as pages show it, in one of the widths and formats; for organisers also those of drafts."""
    if width not in WIDTHS or kind not in FORMATS:
        raise Http404
    public = on_show(public_people(), key)
    name = public or (on_show(Person.objects.all(), key) if request.user.is_staff else None)
    if name is None:
        raise Http404
    try:
        response = HttpResponse(drawn(name, width, kind), content_type=FORMATS[kind].media_type)
    except (ValidationError, OSError) as error:
        logger.warning("A photo can't be drawn: %s", type(error).__name__)
        raise Http404 from error
    if not public:
        add_never_cache_headers(response)
        return response
    etag = quote_etag(blake2b(response.content, digest_size=16).hexdigest())
    response.headers["ETag"] = etag
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
    return cast(HttpResponse, get_conditional_response(request, etag=etag, response=response))


def on_show(people: PersonQuerySet, key: str) -> str | None:
    """The file of the photo that has this key, None where none of `people` shows it (any more)."""
    files = people.photo_on_show().values_list("photo", flat=True)
    return next((name for name in files if key_of(name) == key), None)
