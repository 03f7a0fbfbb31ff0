"""What a printed document says."""

from __future__ import annotations

import re
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from pypdf import PdfReader

from campaigns.models import Campaign

SEEDS = Path(__file__).parents[3] / "campaigns" / "files" / "seeds"
ISOLATES = re.compile("[\u2066-\u2069\u200e]")


def seed(slug: str) -> Campaign:
    """Load a campaign that comes with the project."""
    call_command("load_campaign", *SEEDS.glob(f"{slug}.yaml"), *SEEDS.glob("missions-*.yaml"), verbosity=0)
    return Campaign.objects.get(slug=slug)


def pages(pdf: bytes, *arguments: str) -> list[str]:
    """The words of each page in the order of reading, with single blanks."""
    command = ["pdftotext", "-raw", *arguments, "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [" ".join(ISOLATES.sub("", page).split()) for page in text.split("\f")[:-1]]


def size(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page in millimetres."""
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def fonts(pdf: bytes) -> set[str]:
    """The names of the fonts that are in the file."""
    found: set[str] = set()
    for page in PdfReader(BytesIO(pdf)).pages:
        resources: Any = page["/Resources"]
        found |= {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in resources["/Font"].values()}
    return found
