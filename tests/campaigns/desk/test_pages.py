"""Every page of the desk opens, and what is saved there unchanged stays unchanged."""

from typing import Any

import html5lib
import pytest
from django.contrib import admin
from django.core import serializers
from django.db import models
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from prisoners.models import Case, Person
from tests.campaigns.desk.conftest import desk_models
from tests.staff import make_administrator


def page(model: type[models.Model], kind: str, *args: Any) -> str:
    """Return the address of a page of `model` in the admin."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}", args=args)


@pytest.fixture
def administrator(client: Client, world: None) -> Client:
    client.force_login(make_administrator())
    return client


@pytest.mark.parametrize("model", desk_models(), ids=lambda model: model.__name__)
def test_every_kind_of_row_can_be_listed_searched_opened_and_traced(
    model: type[models.Model], administrator: Client
) -> None:
    row = model._default_manager.order_by("pk").last()
    assert row is not None
    pages = [page(model, "changelist"), page(model, "change", row.pk), page(model, "history", row.pk)]
    if admin.site._registry[model].search_fields:
        pages.append(f"{page(model, 'changelist')}?q=Вера")

    assert {address: administrator.get(address).status_code for address in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("model", desk_models(), ids=lambda model: model.__name__)
def test_a_page_to_add_a_row_opens_where_rows_may_be_added(model: type[models.Model], administrator: Client) -> None:
    response = administrator.get(page(model, "add"))

    assert response.status_code == (
        200 if admin.site._registry[model].has_add_permission(response.wsgi_request) else 403
    )


def fields_of(response: Any) -> dict[str, list[str]]:
    """Return what a browser would send back from the main form of the page, untouched."""
    tree = html5lib.parse(response.content, transport_encoding="utf-8", namespaceHTMLElements=False)
    form = next(form for form in tree.iter("form") if form.get("id", "").endswith("_form"))
    sent: dict[str, list[str]] = {}
    for tag in form.iter():
        if tag.tag in {"input", "textarea", "select"} and tag.get("name"):
            sent.setdefault(str(tag.get("name")), []).extend(values_of(tag))
    return {name: values for name, values in sent.items() if not name.startswith("_")}


def values_of(tag: Any) -> list[str]:
    """Return what one input of a form sends."""
    if tag.tag == "textarea":
        return ["".join(tag.itertext()).removeprefix("\n")]
    if tag.tag == "select":
        return [option.get("value", "") for option in tag.iter("option") if option.get("selected") is not None]
    if tag.get("type") in {"checkbox", "radio"}:
        return [tag.get("value", "on")] if tag.get("checked") is not None else []
    return [] if tag.get("type") == "file" else [tag.get("value", "")]


@pytest.mark.parametrize("model", [Campaign, Case, Person], ids=lambda model: model.__name__)
def test_saving_a_page_untouched_changes_nothing(model: type[models.Model], administrator: Client) -> None:
    row = model._default_manager.get(pk=model._default_manager.order_by("pk").values_list("pk")[0][0])
    before = everything()
    address = page(model, "change", row.pk)

    response = administrator.post(address, fields_of(administrator.get(address)))

    assert response.status_code == 302, response.context["errors"]
    assert everything() == before


def everything() -> str:
    """Return all rows of people, cases and campaigns as text, without the time of the last save."""
    rows = [row for model in desk_models() for row in model._default_manager.order_by("pk")]
    lines = serializers.serialize("jsonl", rows).splitlines()
    return "\n".join(sorted(line.partition('"updated_at"')[0] for line in lines))


def test_a_list_is_filtered_by_the_countries_that_occur(administrator: Client) -> None:
    html = administrator.get(page(Case, "changelist")).content.decode()
    assert "responsible_states__country__exact=RU" in html
    assert "responsible_states__country__exact=AF" not in html


def test_a_slug_is_explained(administrator: Client) -> None:
    assert "small letters, digits and hyphens" in administrator.get(page(Case, "add")).content.decode()
