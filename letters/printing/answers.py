"""A document as an answer, and what to say where there is none."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse

from letters.writing.abuse import TooManyError


def as_pdf(pdf: bytes, name: str) -> HttpResponse:
    """A PDF that a browser shows and saves under `name`."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def status_of(failure: Exception) -> HTTPStatus:
    """How to answer where a document could not be made."""
    return HTTPStatus.TOO_MANY_REQUESTS if isinstance(failure, TooManyError) else HTTPStatus.SERVICE_UNAVAILABLE
