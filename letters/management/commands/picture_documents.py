"""Pictures of the documents, to look at after a change of templates or style sheets."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from PIL import Image

from letters.management.samples import documents
from letters.paper.renderer import Typeset

DOTS_AN_INCH = 72


class Command(BaseCommand):
    help = "Write a picture of each kind of document, in each language and on both papers, into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--only", default="", help="documents whose names begin so, such as leaflet-")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in documents():
            if name.startswith(options["only"]):
                made = make()
                pdf = made.pdf if isinstance(made, Typeset) else made
                picture(pdf).save(folder / f"{name}.webp", quality=60, method=6)
                self.stdout.write(name)


def picture(pdf: bytes) -> Image.Image:
    """The pages of a PDF side by side."""
    with TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(DOTS_AN_INCH), "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, check=True)
        pages = [Image.open(BytesIO(path.read_bytes())).convert("RGB") for path in sorted(Path(folder).iterdir())]
    sheet = Image.new("RGB", (sum(page.width + 8 for page in pages), max(page.height for page in pages)), "#888")
    left = 0
    for page in pages:
        sheet.paste(page, (left, 0))
        left += page.width + 8
    return sheet
