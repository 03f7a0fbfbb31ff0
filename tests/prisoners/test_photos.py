"""Photos as pages show them: what leaves the house, to whom, and until when."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from campaigns.models import CampaignState
from prisoners.models import Person
from prisoners.photos import FORMATS, WIDTHS
from tests.factories import make_campaign, make_case, make_member, make_person
from tests.staff import make_staff

pytestmark = pytest.mark.django_db

CANARY = "CANARY of the family's street"
SAVING = {"Save-Data": "on"}


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Return an empty media folder."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(size: tuple[int, int] = (600, 900)) -> bytes:
    """Return a JPEG file that tells more than it should."""
    exif = Image.Exif()
    exif[0x010E] = CANARY
    file = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(file, "JPEG", exif=exif, comment=CANARY.encode())
    return file.getvalue()


def photographed(name: str = "Vera Example", content: bytes | None = None, **fields: object) -> Person:
    """Make a person of a public campaign with a photo, which lies in the media folder as it was uploaded."""
    path = default_storage.save("people/vera-at-home.jpg", ContentFile(content or picture()))
    person = make_person(name, slug="vera", photo=path, photo_consent="Her mother, 2026", **fields)
    make_campaign(case=make_case(person), slug="free-vera")
    return person


def read(path: str, client: Client | None = None, **headers: str) -> str:
    return (client or Client()).get(path, headers=headers).content.decode()


def addresses(html: str) -> list[str]:
    return sorted(set(re.findall(r"/photos/[^\s\",]+", html)))


def test_pages_offer_each_width_in_each_format_with_room_kept_for_it() -> None:
    photographed(photo_alt={"en": "Vera with her dog"}, photo_credit="Ada Example")

    html = read("/prisoners/vera/")

    assert len(addresses(html)) == len(WIDTHS) * len(FORMATS)
    assert re.findall(r'type="image/(\w+)"', html) == ["avif", "webp"]
    assert re.search(r'width="360" height="450" alt="Vera with her dog"', html)
    assert 'loading="lazy"' not in html
    assert 'loading="lazy"' in read("/prisoners/")
    assert "Ada Example" in html


def test_every_picture_is_cut_to_its_size_and_tells_nothing_but_itself() -> None:
    photographed()

    for path in addresses(read("/prisoners/vera/")):
        response = Client().get(path)
        with Image.open(BytesIO(response.content)) as image:
            assert image.size == (image.width, image.width * 5 // 4)
            assert image.width in WIDTHS
            assert not image.getexif()
        assert CANARY.encode() not in response.content
        assert "vera" not in path
        assert not response.cookies
        assert response.headers["Cache-Control"] == "public, max-age=3600"
        assert Client().get(path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_what_was_uploaded_has_no_address() -> None:
    person = photographed()
    [first, *_rest] = addresses(read("/prisoners/vera/"))

    assert Client().get(f"/media/{person.photo.name}").status_code == 404
    assert Client().get(f"/{person.photo.name}").status_code == 404
    assert Client().get(re.sub(r"/\w{24}/", f"/{24 * 'a'}/", first)).status_code == 404
    assert Client().get(re.sub(r"/\d+\.", "/361.", first)).status_code == 404
    assert Client().get(re.sub(r"\.\w+$", ".png", first)).status_code == 404


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", picture()[:300]])
def test_a_file_that_is_no_photo_is_never_handed_on(content: bytes) -> None:
    photographed(content=content)

    assert [Client().get(path).status_code for path in addresses(read("/prisoners/vera/"))] == [404] * 9


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"photo_use": Person.PhotoUse.WITHHELD}, "Photo withheld for safety"),
        ({"photo_use": Person.PhotoUse.UNNAMED}, ""),
        ({"photo_until": dt.date(2020, 1, 1)}, ""),
    ],
)
def test_a_photo_that_may_not_stand_beside_the_name_does_not(fields: dict[str, object], said: str) -> None:
    photographed()
    seen = addresses(read("/prisoners/vera/"))
    Person.objects.update(**fields)

    for path in ("/", "/prisoners/", "/prisoners/vera/", "/campaigns/free-vera/"):
        assert "/photos/" not in read(path)
    assert said in read("/prisoners/vera/")
    is_gone = fields.get("photo_use") != Person.PhotoUse.UNNAMED
    assert Client().get(seen[0]).status_code == (404 if is_gone else 200)


def test_a_photo_without_a_name_stands_apart_where_several_are_named() -> None:
    photographed(photo_use=Person.PhotoUse.UNNAMED, photo_alt={"en": "At a desk"})
    make_member(Person.objects.get().memberships.get().case, make_person("Boris Example"))

    html = read("/campaigns/free-vera/")
    figure = html.partition('<figure class="photo">')[2].partition("</figure>")[0]

    assert "At a desk" in figure
    assert "Vera" not in figure
    assert "/photos/" not in read("/prisoners/vera/")


def test_after_its_last_day_the_file_and_all_that_was_drawn_from_it_are_deleted(media: Path) -> None:
    photographed(photo_until=timezone.localdate())
    for path in addresses(read("/prisoners/vera/")):
        Client().get(path)
    call_command("forget")
    before = [file.name for file in media.rglob("*.*")]
    Person.objects.update(photo_until=timezone.localdate() - dt.timedelta(days=1))
    call_command("forget")

    assert len(before) == 1 + len(WIDTHS) * len(FORMATS)
    assert [file for file in media.rglob("*") if file.is_file()] == []
    assert not Person.objects.get().photo


def test_the_photo_of_a_draft_is_for_organisers_alone() -> None:
    photographed()
    [path, *_rest] = addresses(read("/prisoners/vera/"))
    Person.objects.get().memberships.get().case.campaigns.update(state=CampaignState.DRAFT)
    organiser = Client()
    organiser.force_login(make_staff("organiser"))

    assert Client().get(path).status_code == 404
    assert "no-store" in organiser.get(path).headers["Cache-Control"]


def test_who_saves_data_gets_words_instead_and_caches_keep_both_apart(settings: Settings) -> None:
    settings.PUBLIC_PAGE_SECONDS = 10
    photographed(photo_alt={"en": "Vera with her dog"})
    plain, saving = (Client().get("/prisoners/vera/", headers=headers) for headers in ({}, SAVING))
    again = Client().get("/prisoners/vera/", headers={**SAVING, "If-None-Match": plain.headers["ETag"]})

    assert "<img" in plain.content.decode()
    assert "<img" not in saving.content.decode()
    assert "Vera with her dog" in saving.content.decode()
    assert {response.headers["Vary"] for response in (plain, saving, again)} == {"Accept-Encoding, Save-Data"}
    assert plain.headers["ETag"] != saving.headers["ETag"]
    assert again.status_code == 200
