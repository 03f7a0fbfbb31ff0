"""Odd requests from outside, and a database that fails (T23, T24, T28 to T32, T43)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from config.logs import PrivateFormatter
from letters.models import Letter
from tests.factories import make_campaign, make_model_letter, make_office
from tests.letters.writing.supporter import Supporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign = make_campaign(make_office(), slug="free-vera")
    make_model_letter(campaign, key="model")
    return campaign


def pages(campaign: Campaign) -> list[str]:
    """Every kind of page that takes a form from outside."""
    return [
        *(reverse(f"letters:{name}", args=[campaign.slug]) for name in ("write", "print", "own_mailbox", "report")),
        *("/accounts/login/", "/accounts/password/reset/", "/letters/x/confirm/"),
    ]


@pytest.mark.parametrize(
    "charset",
    ["raw_unicode_escape", "unicode_escape", "punycode", "idna", "rot13", "hex", "undefined", "utf-16"],
)
def test_t28_a_form_in_another_charset_is_refused_and_never_breaks_a_page(campaign: Campaign, charset: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\\ud800\r\n--x--\r\n'
    client = Client(raise_request_exception=False)
    for page in pages(campaign):
        answer = client.generic("POST", page, body, content_type=f"multipart/form-data; boundary=x; charset={charset}")
        assert answer.status_code == 400, page
        assert answer.content == b"Send this in UTF-8."


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF-8", '; charset="utf8"'])
def test_t28_a_form_in_utf_8_is_read(campaign: Campaign, charset: str) -> None:
    body = '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nÄda\r\n--x--\r\n'.encode()
    page = Client().post(
        reverse("letters:write", args=[campaign.slug]) + "?from=GB", body, f"multipart/form-data; boundary=x{charset}"
    )
    assert "Äda" in page.content.decode()


def test_t23_every_form_needs_its_token_or_comes_from_here(campaign: Campaign) -> None:
    client = Client(enforce_csrf_checks=True)
    write = reverse("letters:write", args=[campaign.slug])
    assert client.post(write, {"name": "Ada"}).status_code == 403
    for path in ("/accounts/login/", "/accounts/password/reset/", reverse("letters:report", args=[campaign.slug])):
        assert client.post(path, {"login": "ada"}).status_code == 403
    supporter = Supporter()
    supporter.open_form(campaign)
    token = supporter.client.cookies["csrftoken"].value
    foreign = {"Origin": "https://evil.test"}
    assert supporter.client.post(write, {"csrfmiddlewaretoken": token}, headers=foreign).status_code == 403


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "http:///evil.test"]
)
def test_t24_signing_in_leads_to_our_own_pages_only(client: Client, django_user_model: Any, target: str) -> None:
    django_user_model.objects.create_user("ada", "ada@desk.test", "a long enough password", is_staff=True)
    form = {"login": "ada@desk.test", "password": "a long enough password", "next": target}
    answer = client.post("/accounts/login/", form)

    assert answer.status_code == 302
    assert re.match(r"/[^/\\]", answer["Location"])


def test_t29_only_the_small_frame_may_be_framed_and_it_has_no_cookie(campaign: Campaign, client: Client) -> None:
    frame = client.get(f"/embed/{campaign.slug}/")
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert not frame.cookies
    for page in ["/", campaign.get_absolute_url(), *pages(campaign), "/admin/login/", "/nowhere/"]:
        answer = client.get(page)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], page
        assert answer["X-Frame-Options"] == "DENY", page


def test_t30_no_page_is_open_to_scripts_of_other_sites(campaign: Campaign, client: Client) -> None:
    for page in ["/", f"/embed/{campaign.slug}/", "/feeds/all/", *pages(campaign)]:
        answer = client.get(page, headers={"Origin": "https://evil.test"})
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")], page


def test_t31_what_bears_a_cookie_or_depends_on_one_is_kept_by_no_cache(campaign: Campaign) -> None:
    for page in [*pages(campaign), "/admin/"]:
        answer = Client().get(page)
        if answer.cookies or "Cookie" in answer.get("Vary", ""):
            assert "no-store" in answer["Cache-Control"], page
    assert "public" in Client().get(campaign.get_absolute_url())["Cache-Control"]


@pytest.mark.parametrize("host", ["evil.test", "testserver@evil.test", "evil.test:80", "testserver.evil.test"])
def test_t32_another_host_name_is_refused_and_a_forwarded_one_ignored(client: Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400
    assert "evil" not in client.get("/", headers={"X-Forwarded-Host": host}).content.decode()


@pytest.fixture(params=[OperationalError, InternalError], ids=["full", "read-only"])
def failing(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every statement that writes fails, as on a full disk (PostgreSQL 53100) or a read-only replica (25006)."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  # Django's form
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise request.param("ada@supporter.test could not be written")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def test_t43_without_a_database_that_can_be_written_nobody_is_thanked(
    campaign: Campaign, failing: None, caplog: pytest.LogCaptureFixture
) -> None:
    supporter = Supporter(Client(enforce_csrf_checks=True, raise_request_exception=False))
    supporter.open_form(campaign)
    supporter.check()
    page = supporter.ask_for_link()

    assert page.status_code == 503
    assert int(page["Retry-After"]) > 0
    assert page["Cache-Control"] == "no-store"
    assert "Nothing was sent by this step" in supporter.text
    assert not Letter.objects.exists()
    lines = [PrivateFormatter().format(record) for record in caplog.records]
    assert any("The database failed" in line for line in lines)
    assert not [line for line in lines if "ada@supporter.test" in line]
