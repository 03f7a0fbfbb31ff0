"""What organisers upload (T37)."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from prisoners.fields.photos import SIDE, PhotoField
from prisoners.models import Person
from tests.factories import make_person
from tests.staff import make_staff

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def upload(content: bytes, name: str = "../../evil.php.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **options)
    return file.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG file of some bytes whose header promises so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(1000))), chunk(b"IEND", b"")]
    return b"".join([b"\x89PNG\r\n\x1a\n", *chunks])


def test_t37_a_photo_is_drawn_anew_without_place_hour_and_its_own_name() -> None:
    exif = Image.Exif()
    exif[0x010E] = "CANARY description"
    exif.get_ifd(0x8825)[1] = "N"
    before = picture("JPEG", (4000, 20), exif=exif) + b"CANARY behind the end <?php"

    after = PhotoField().clean(upload(before))
    content = after.read()
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.width, dict(image.getexif())) == ("JPEG", SIDE, {})
    assert b"CANARY" not in content
    assert "evil" not in after.name


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_t37_other_formats_become_jpeg(kind: str) -> None:
    assert PhotoField().clean(upload(picture(kind))).read().startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    "content",
    [
        *(SVG, b"GIF89a" + bytes(50), picture("GIF"), picture("TIFF"), b"<html>", png_that_claims(50_000, 50_000)),
        *(png_that_claims(9_000, 9_000), picture("PNG")[:60], b"%!PS-Adobe-3.0 EPSF-3.0\n", bytes(11_000_000)),
    ],
)
def test_t37_what_is_no_photo_or_a_bomb_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError):
        PhotoField().clean(upload(content))


@pytest.mark.django_db
def test_t37_the_desk_says_what_is_wrong_and_stores_nothing(client: Client) -> None:
    client.force_login(make_staff("organiser"))
    person = make_person()
    form: dict[str, object] = {
        "name": person.name,
        "slug": person.slug,
        "photo": upload(SVG, "photo.svg"),
        "photo_consent": "Ada, 2026",
    }
    inlines = ("names", "roles", "addresses")
    form |= {f"{name}-{key}": 0 for name in inlines for key in ("TOTAL_FORMS", "INITIAL_FORMS")}
    page = client.post(reverse("admin:prisoners_person_change", args=[person.pk]), form)

    assert page.status_code == 200
    assert "Choose a JPEG" in page.content.decode()
    assert not Person.objects.get().photo
