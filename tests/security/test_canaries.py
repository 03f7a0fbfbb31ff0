"""What a supporter typed, looked for where it must not be: in rows, logs, and pages (T6, T34, T35, T36)."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import html5lib
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from campaigns.models import Campaign, CopyAddress
from config.logs import PrivateFormatter
from letters import tokens
from letters.models import Letter
from letters.sending import notices
from tests.factories import (
    make_campaign,
    make_case,
    make_event,
    make_model_letter,
    make_office,
    make_person,
    make_update,
)
from tests.letters.writing.supporter import mailed_links, written
from tests.staff import make_administrator

pytestmark = pytest.mark.django_db

CANARIES = {name: f"canary{name} zeta" for name in ("name", "city", "organisation", "role", "own_words")}
CANARIES["email"] = "canary@supporter.test"
PAYLOAD = (
    "\"'><img src=zqx onerror=zqx()><script>zqx()</script><svg/onload=zqx()>"
    "[click](javascript:zqx) <a href='javascript:zqx()'>x</a>{{7*7}}{% debug %}"
)


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign(make_office(), slug="free-vera")
    make_model_letter(campaign, key="model")
    CopyAddress.objects.create(campaign=campaign, email="committee@campaign.test")
    return campaign


def confirmed(campaign: Campaign, **typed: str) -> Letter:
    """A letter that went all the way, by the pages."""
    written(campaign, **typed)
    assert Client().post(mailed_links()[-1]).status_code == 302
    return Letter.objects.latest("pk")


def all_rows() -> Iterator[str]:
    """Every row of every table as the database holds it."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # names of our own tables
            yield from map(str, cursor.fetchall())


def test_t35_no_row_of_the_database_tells_in_plain_who_wrote_what(campaign: Campaign) -> None:
    confirmed(campaign, **CANARIES)
    rows = list(all_rows())

    assert any("free-vera" in row for row in rows)
    assert not [row for row in rows if "canary" in row.lower()]


def test_t36_after_erasure_no_column_tells_it_even_with_the_keys(campaign: Campaign) -> None:
    letter = confirmed(campaign, **CANARIES)
    erase = f"/letters/{tokens.make(letter, tokens.Purpose.ERASE)}/erase/"
    Client().post(erase)
    notices.bundle()

    models = [model for model in apps.get_app_config("letters").get_models() if not model._meta.proxy]
    values = [str(value) for model in models for row in model._default_manager.values() for value in row.values()]
    assert values
    assert not [value for value in values if "canary" in value.lower()]
    assert Letter.objects.confirmed().count() == 1


def test_t34_no_log_line_names_a_supporter_or_a_token(campaign: Campaign, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    letter = confirmed(campaign, **CANARIES)
    client = Client(raise_request_exception=False)
    for purpose in tokens.Purpose:
        client.get(f"/letters/{tokens.make(letter, purpose)}/nowhere/")
        client.post(f"/letters/{tokens.make(letter, purpose)}/", {**CANARIES, "token": "x"})
    client.post(f"/campaigns/{campaign.slug}/write/", CANARIES, headers={"Origin": "https://evil.test"})

    lines = [PrivateFormatter().format(record) for record in caplog.records]
    assert any("/letters/***" in line for line in lines)
    assert not [line for line in lines if "canary" in line.lower() or letter.public_id in line]


def hostile_nodes(html: str) -> list[str]:
    """Elements and attributes that only the payload can have brought."""
    found = []
    for element in html5lib.parse(html, namespaceHTMLElements=False).iter():
        names = [name for name in element.attrib if str(name).startswith("on")]
        links = [value for value in element.attrib.values() if str(value).strip().lower().startswith("javascript:")]
        text = element.tag in {"script", "style"} and "zqx" in (element.text or "")
        if names or links or text or element.get("src") == "zqx":
            found.append(f"{element.tag} {names} {links}")
    return found


def test_t6_nothing_that_organisers_or_supporters_type_becomes_a_node() -> None:
    words = {"en": PAYLOAD}
    person = make_person(PAYLOAD, slug="vera", biography=words, occupation=words)
    office = make_office(name=words, salutation=words)
    campaign = make_campaign(
        office, case=make_case(person, title=words), slug="free-vera", title=words, summary=words, story=words
    )
    make_model_letter(campaign, key="model", subject=words, body=words)
    make_update(campaign, title=words, text=words)
    make_event(campaign, name=words, description=words)
    letter = confirmed(campaign, name=PAYLOAD[:79], city=PAYLOAD[:79], own_words=PAYLOAD)

    visitor, desk = Client(), Client()
    desk.force_login(make_administrator())
    public = [
        "/",
        "/prisoners/",
        "/prisoners/vera/",
        "/updates/",
        "/events/",
        "/campaigns/free-vera/",
        "/embed/free-vera/",
    ]
    writing = [f"/campaigns/free-vera/{page}/?from=GB" for page in ("write", "print", "own-mailbox", "report")]
    own = [f"/letters/{tokens.make(letter, tokens.Purpose.STATUS)}/"]
    kinds = ["letters/letter", "letters/delivery", "campaigns/campaign", "prisoners/person", "campaigns/target"]
    lists = [f"/admin/{kind}/" for kind in kinds]
    rows = [f"/admin/letters/letter/{letter.pk}/change/", f"/admin/campaigns/campaign/{campaign.pk}/change/"]
    rows += [f"/admin/letters/delivery/{delivery.pk}/change/" for delivery in letter.deliveries.all()]
    rows += [f"/admin/prisoners/person/{person.pk}/change/"]
    for client, pages in ((visitor, [*public, *writing, *own]), (desk, [*lists, *rows])):
        for page in pages:
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert not hostile_nodes(answer.content.decode()), page
            assert "default-src 'self'" in answer["Content-Security-Policy"], page
    assert hostile_nodes(PAYLOAD), "the search sees what it looks for"
