"""Photos that organisers upload: drawn anew, so that nothing but the picture stays."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MEGABYTES = 10
# Known from the first bytes: what is larger is never unpacked.
MEGAPIXELS = 30
SIDE = 1600


class PhotoField(forms.ImageField):
    """A JPEG, PNG or WebP file; it becomes a JPEG of at most SIDE pixels with a name of its own.

    Place, hour and camera (EXIF), and whatever else a file can carry besides its picture, is left out.
    """

    def to_python(self, data: Any) -> Any:
        """Return the new file. Raises ValidationError for what is no photo, or too large."""
        return redrawn(data) if data not in self.empty_values else None


def redrawn(file: UploadedFile[Any]) -> SimpleUploadedFile:
    """Return the picture in `file` as a new JPEG file. Raises ValidationError."""
    with opened(file) as image:
        return as_jpeg(image)


@contextmanager
def opened(file: File[Any]) -> Iterator[Image.Image]:
    """Yield the picture in `file`, not unpacked yet. Raises ValidationError for what is no photo, or too large.

    What goes wrong while the block unpacks it is such an error too.
    """
    if (file.size or 0) > MEGABYTES * 1_000_000:
        raise too_large()
    try:
        # Pillow has a switch that lets half a picture pass, and a library that we use turns it on.
        Image.open(file, formats=FORMATS).verify()
        file.seek(0)
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MEGAPIXELS * 1_000_000:
                raise too_large()
            yield image
    except Image.DecompressionBombError:
        raise too_large() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):  # what Pillow raises for broken files
        raise ValidationError(_("This is no photo. Choose a JPEG, PNG or WebP file."), code="invalid_image") from None


def as_jpeg(image: Image.Image) -> SimpleUploadedFile:
    image.draft("RGB", (SIDE, SIDE))
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail((SIDE, SIDE))
    jpeg = BytesIO()
    upright.save(jpeg, "JPEG", quality=85, exif=b"")
    return SimpleUploadedFile(f"{secrets.token_hex(8)}.jpg", jpeg.getvalue(), "image/jpeg")


def too_large() -> ValidationError:
    limits = {"megabytes": MEGABYTES, "megapixels": MEGAPIXELS}
    return ValidationError(
        _("This photo is too large. At most %(megabytes)d megabytes and %(megapixels)d megapixels are taken."),
        params=limits,
        code="too_large",
    )
