"""Photos as pages show them: cut to 4:5, in three widths and formats. What was uploaded is never served."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.crypto import salted_hmac
from PIL import ImageOps

from prisoners.fields.photos import opened
from prisoners.models import Person

# A card of a phone in two columns; the whole width of a phone, or the side of a wide page; the same for fine screens.
WIDTHS = (180, 360, 720)
# A face stands above the middle of most portraits.
CENTRE = (0.5, 0.35)


class Format(NamedTuple):
    """One way to write a picture: its media type, Pillow's name of it, and what Pillow is told."""

    media_type: str
    name: str
    options: dict[str, int | bool]


# The smallest first: a browser takes the first that it knows.
FORMATS = {
    "avif": Format("image/avif", "AVIF", {"quality": 50, "speed": 8}),
    "webp": Format("image/webp", "WEBP", {"quality": 70}),
    "jpg": Format("image/jpeg", "JPEG", {"quality": 75, "progressive": True, "optimize": True}),
}


def height_of(width: int) -> int:
    """Return the height of a picture so wide, at 4:5."""
    return width * 5 // 4


def key_of(name: str) -> str:
    """Return the part of a photo's address that stands for its file: it tells nobody whose photo it is."""
    return salted_hmac("prisoners.photos", name, algorithm="sha256").hexdigest()[:24]


def drawn(name: str, width: int, kind: str) -> bytes:
    """Return the photo in the file `name` as a picture of one of WIDTHS and FORMATS; it is drawn when first asked for.

    Raises ValidationError for what is no photo, or too large, and OSError where the file is gone.
    """
    target = folder() / f"{key_of(name)}-{width}.{kind}"
    if not target.exists() or target.stat().st_mtime < default_storage.get_modified_time(name).timestamp():
        put(target, draw(name, width, kind))
    return target.read_bytes()


def draw(name: str, width: int, kind: str) -> bytes:
    """Cut and encode the picture; nothing but pixels goes from one file to the other."""
    way, size = FORMATS[kind], (width, height_of(width))
    with default_storage.open(name) as file, opened(file) as image:
        image.draft("RGB", size)
        upright = ImageOps.exif_transpose(image).convert("RGB")
        cut = ImageOps.fit(upright, size, centering=CENTRE)
    cut.info.clear()  # EXIF, colour profile and comments, which some encoders would carry over
    picture = BytesIO()
    cut.save(picture, way.name, **way.options)
    return picture.getvalue()


def put(target: Path, content: bytes) -> None:
    """Write the file at once or not at all: another process may be reading it."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(target)


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "drawn"


def forget_photos() -> int:
    """Delete the photos whose last day is over, and every drawn picture that no page may show. Return how many ended.

    `manage.py forget` and its task call this; running it again does no harm.
    """
    over = Person.objects.exclude(photo="").filter(photo_until__lt=timezone.localdate())
    ended = 0
    for person in over:
        person.photo.delete(save=False)
        person.save(update_fields=["photo"])
        ended += 1
    shown = {key_of(name) for name in Person.objects.photo_on_show().values_list("photo", flat=True)}
    for picture in folder().glob("*-*.*"):
        if picture.name.partition("-")[0] not in shown:
            picture.unlink(missing_ok=True)
    return ended
