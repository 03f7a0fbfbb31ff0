"""Pictures of the documents, to look at after a change of templates or style sheets."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from PIL import Image

from campaigns.models import Campaign
from campaigns.people import prisoners
from letters.paper.campaign import bulletin_pdf, leaflet_pdf, open_letter_pdf
from letters.paper.card import Card, Way, card_pdf
from letters.paper.envelope import envelope_pdf, labels_pdf
from letters.paper.facts import facts_of
from letters.paper.pdf import Paper
from letters.paper.renderer import Typeset
from letters.paper.resolution import Resolution, model_text, resolution_pdf
from letters.paper.sheets import FaxSheet, LetterSheet, fax_pdf, letter_pdf

DOTS_AN_INCH = 72
ADDRESS = ("The Prosecutor General", "Example Street 1", "Exampletown 123456")
TEXT = "Dear Prosecutor General,\n\nplease release Vera Example.\n\nYours sincerely,"
Make = Callable[[], bytes | Typeset]
PAPERS: tuple[Paper, ...] = ("A4", "letter")


class Command(BaseCommand):
    help = "Write a picture of each kind of document, in each language and on both papers, into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        if not Campaign.objects.published().exists():
            raise CommandError("There is no published campaign; load one with load_campaign.")
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in documents():
            made = make()
            pdf = made.pdf if isinstance(made, Typeset) else made
            picture(pdf).save(folder / f"{name}.webp", quality=60, method=6)
            self.stdout.write(name)


def documents() -> Iterator[tuple[str, Make]]:
    """Yield the name of each document and what makes its PDF."""
    for language in ("en", "ru", "ar"):
        for campaign in Campaign.objects.published().order_by("slug"):
            yield from of_campaign(campaign, language)
        yield f"card-{language}", partial(card, language)
    for paper in PAPERS:
        yield from by_post(paper)


def of_campaign(campaign: Campaign, language: str) -> Iterator[tuple[str, Make]]:
    """Yield what is printed of a campaign."""
    facts, name = facts_of(campaign, language), f"{campaign.slug}-{language}"
    for paper in PAPERS:
        yield f"leaflet-{name}-{paper}", partial(leaflet_pdf, facts, paper=paper)
        yield f"bulletin-{name}-{paper}", partial(bulletin_pdf, facts, paper=paper)
    yield f"leaflet-{name}-A5", partial(leaflet_pdf, facts, paper="A5")
    if campaign.kind == Campaign.Kind.OPEN_LETTER:
        yield f"open-letter-{language}", partial(open_letter_pdf, facts)
    yield f"resolution-{name}", partial(resolution_pdf, Resolution(facts, model_text(campaign, language)))


def by_post(paper: Paper) -> Iterator[tuple[str, Make]]:
    """Yield letter, fax, envelope and labels."""
    sender, address = ("Ada Example", "Leeds"), "\n".join(ADDRESS)
    letter = LetterSheet("en", ADDRESS, TEXT, subject="Vera Example", sender_lines=sender)
    fax = FaxSheet("en", ADDRESS, TEXT, subject="Vera Example", sender_lines=sender, number="+44 20 7946 0000")
    yield f"letter-{paper}", partial(letter_pdf, letter, paper=paper)
    yield f"fax-{paper}", partial(fax_pdf, fax, paper=paper)
    yield f"envelope-{paper}", partial(envelope_pdf, address, sender, paper=paper)
    yield f"labels-{paper}", partial(labels_pdf, [address], paper=paper)


def card(language: str) -> Typeset:
    """A card to the first prisoner there is, collected by the organisers."""
    person = prisoners().order_by("pk").first()
    if person is None:
        raise CommandError("There is no prisoner whose case is public.")
    with translation.override(language):
        return card_pdf(Card(Way(person, None, None), language, "You are not forgotten.", "Ada"))


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
