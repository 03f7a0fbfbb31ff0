"""Pages for requests that fail."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SHORTEST_TEXT = 20


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Give the typed text back: the form came without its token, so nothing was done with it."""
    fields = [value for name in request.POST if name != "csrfmiddlewaretoken" for value in request.POST.getlist(name)]
    typed = [str(text) for text in fields if len(text) >= SHORTEST_TEXT]
    return render(request, "403_csrf.html", {"typed": typed}, status=403)
