"""Somebody who writes: goes from page to page with what the forms there hold, as a browser without scripts does."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import html5lib
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from letters.models import Delivery

ANSWERS = {"own_words": "I teach history in Leeds.", "name": "Ada Example", "email": "ada@supporter.test"}


@dataclass
class Supporter:
    """A browser with cookies and CSRF checks on, and the page that it shows."""

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    page: Any = None

    def open(self, address: str) -> Any:
        """Open an address, following redirects."""
        self.page = self.client.get(address, follow=True)
        return self.page

    def open_form(self, campaign: Campaign, country: str = "US") -> Any:
        return self.open(f"{reverse('letters:write', args=[campaign.slug])}?from={country}")

    def submit(self, number: int = 0, /, **typed: Any) -> Any:
        """Submit the page's form with what it holds; `typed` replaces fields, None leaves one out."""
        form = self.forms()[number]
        data = {**values(form), **typed}
        action = form.get("action") or self.address
        self.page = self.client.post(action, {k: v for k, v in data.items() if v is not None}, follow=True)
        return self.page

    def forms(self) -> list[Any]:
        """The page's forms that are posted."""
        return [form for form in tree(self.page).iter("form") if form.get("method") == "post"]

    def filled_in(self) -> dict[str, Any]:
        """What the first of them holds."""
        return values(self.forms()[0])

    def check(self, **typed: Any) -> Any:
        """Submit page 1."""
        return self.submit(**{**ANSWERS, "step": "check", **typed})

    def ask_for_link(self) -> Any:
        """Submit the check page."""
        return self.submit(step="send")

    @property
    def address(self) -> str:
        """The address of the page after all redirects."""
        if self.page.redirect_chain:
            return str(self.page.redirect_chain[-1][0])
        return str(self.page.request["PATH_INFO"])

    @property
    def text(self) -> str:
        """The words on the page, with single spaces."""
        return " ".join("".join(tree(self.page).itertext()).split())


def tree(page: HttpResponse) -> Any:
    return html5lib.parse(page.content.decode(), namespaceHTMLElements=False)


def values(form: Any) -> dict[str, Any]:
    """What a browser would send of an untouched form, without its buttons."""
    data: dict[str, Any] = {}
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "")
        if not name or control.get("disabled") is not None:
            continue
        if control.tag == "textarea":
            data[name] = (control.text or "").removeprefix("\n")
        elif control.tag == "select":
            chosen = [option for option in control.iter("option") if option.get("selected") is not None]
            data[name] = (chosen or list(control.iter("option")))[0].get("value")
        elif control.tag == "input" and (kind not in {"checkbox", "radio"} or control.get("checked") is not None):
            box = kind == "checkbox"
            data.setdefault(name, []).append(control.get("value") or "on") if box else data.update(
                {name: control.get("value") or ""}
            )
    return data


def mailed_links() -> list[str]:
    """The paths of the links to confirm in all mails so far, in order."""
    mails = Delivery.objects.filter(purpose="confirm").order_by("pk")
    return [urlsplit(re.findall(r"https?://\S+/confirm/", mail.text)[0]).path for mail in mails]


def written(campaign: Campaign, **typed: Any) -> Supporter:
    """A supporter who wrote, checked and asked for the link."""
    supporter = Supporter()
    supporter.open_form(campaign)
    supporter.check(**typed)
    supporter.ask_for_link()
    return supporter


def at_once(act: Callable[[], Any], times: int = 50) -> list[Any]:
    """Do something so many times in parallel, ten at a time, each thread with a database connection of its own."""

    def once(_number: int) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        return list(pool.map(once, range(times)))
