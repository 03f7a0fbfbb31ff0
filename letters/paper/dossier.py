"""A dossier: thousands of letters in one PDF, printed part by part, so that memory does not grow with their number.

Each part is a file of its own until all are there. A worker that dies leaves whole parts, and the next one goes on.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pikepdf
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from letters.models import Delivery, Dossier
from letters.paper.pdf import Paper, typeset
from letters.paper.renderer import PressBusyError, RenderingFailedError
from letters.paper.scripts import direction_of_language
from letters.wording import country_name, formatted

PART = 25
LEASE = dt.timedelta(minutes=10)
STYLES = ("css/pdf/campaign.css",)


def go_on(dossier: Dossier) -> bool:
    """Print the next part, or bind all parts where none is left; True while there is more to do.

    Raises:
        PressBusyError: the press has no time now; nothing is changed.
    """
    if not dossier.claim(LEASE):
        return False
    dossier.refresh_from_db()
    try:
        rows = list(dossier.letters.filter(pk__gt=dossier.last)[:PART])
        return add_part(dossier, rows) if rows else finish(dossier)
    except RenderingFailedError as failure:
        if isinstance(failure, PressBusyError):
            raise
        return settle(dossier, Dossier.State.FAILED, str(failure))
    finally:
        Dossier.objects.filter(pk=dossier.pk).update(lease_until=None)


def add_part(dossier: Dossier, rows: list[Delivery]) -> bool:
    """Print these letters and note how far it is."""
    dossier.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for number, pdf in printed(dossier, rows, dossier.done + 1):
        write(dossier.folder / f"{number:09}.part", pdf)
    countries = Counter(dossier.countries) + Counter(str(row.letter.country) for row in rows if row.letter)
    Dossier.objects.filter(pk=dossier.pk, last=dossier.last).update(
        last=rows[-1].pk, done=dossier.done + len(rows), countries=dict(countries)
    )
    return True


def printed(dossier: Dossier, rows: list[Delivery], number: int) -> Iterator[tuple[int, bytes]]:
    """The letters as PDFs with the number of their first; one that can't be printed becomes a sheet that says so."""
    try:
        yield number, typeset_part(dossier, rows, number)
    except PressBusyError:
        raise
    except RenderingFailedError:
        if len(rows) == 1:
            yield number, typeset_part(dossier, rows, number, unprintable=True)
            return
        half = len(rows) // 2
        yield from printed(dossier, rows[:half], number)
        yield from printed(dossier, rows[half:], number + half)


def typeset_part(dossier: Dossier, rows: list[Delivery], number: int, *, unprintable: bool = False) -> bytes:
    sheets = [
        {"number": number + place, "row": row, "direction": direction_of_language(row.language)}
        for place, row in enumerate(rows)
    ]
    context = {"dossier": dossier, "sheets": sheets, "unprintable": unprintable}
    with translation.override(dossier.language):
        return typeset("pdf/dossier.html", context, paper=cast(Paper, dossier.paper), styles=STYLES).pdf


def finish(dossier: Dossier) -> bool:
    """Bind cover and parts into one file, unless a letter was taken back meanwhile or there is none."""
    if not dossier.done:
        return settle(dossier, Dossier.State.FAILED, _("No letter of this period may be handed over."))
    if dossier.lost_a_letter:
        return withdraw(dossier)
    write(dossier.folder / "cover.part", cover(dossier))
    parts = sorted(dossier.folder.glob("*[0-9].part"))
    bind([dossier.folder / "cover.part", *parts], dossier.file)
    for part in dossier.folder.glob("*.part"):
        part.unlink()
    return settle(dossier, Dossier.State.READY)


def cover(dossier: Dossier) -> bytes:
    """The first sheet: to whom, on whose behalf, how many letters, from where."""
    with translation.override(dossier.language):
        counted = Counter(dossier.countries).most_common()
        names = [(country_name(code, dossier.language) or _("not said"), number) for code, number in counted]
        context = {
            "dossier": dossier,
            "direction": direction_of_language(dossier.language),
            "countries": names,
            "period": [formatted(day, dossier.language) for day in (dossier.since, dossier.until)],
            "today": formatted(timezone.localdate(), dossier.language),
            "capture": settings.DELIVERY_MODE == "capture",
        }
        return typeset("pdf/dossier_cover.html", context, paper=cast(Paper, dossier.paper), styles=STYLES).pdf


def bind(parts: list[Path], file: Path) -> None:
    """Join PDFs. Pages are copied when the file is written, from the parts, which are not held in memory till then."""
    with pikepdf.new() as whole:
        for path in parts:
            with pikepdf.open(path) as part:
                whole.pages.extend(part.pages)
        unfinished = file.with_suffix(".part")
        whole.save(unfinished)
    unfinished.chmod(0o600)
    unfinished.replace(file)


def write(path: Path, content: bytes) -> None:
    """Write a file for our own account's eyes, whole or not at all."""
    unfinished = path.with_suffix(".tmp")
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(content)
    unfinished.replace(path)


def settle(dossier: Dossier, state: Dossier.State, reason: str = "") -> bool:
    """Nothing more is to be done. Of one that is not ready no letter stays on disk."""
    if state != Dossier.State.READY:
        shutil.rmtree(dossier.folder, ignore_errors=True)
    Dossier.objects.filter(pk=dossier.pk).update(state=state, reason=reason[:200], finished_at=timezone.now())
    return False


def withdraw(dossier: Dossier) -> bool:
    """A letter in it was taken back: the file goes, and another can be asked for."""
    return settle(dossier, Dossier.State.FAILED, _("Somebody took their letter back since. Ask for it again."))


def tidy(days: int) -> None:
    """Delete files after so many days, those that hold a letter taken back, and those whose row is gone."""
    old = timezone.now() - dt.timedelta(days=days)
    for dossier in Dossier.objects.filter(state=Dossier.State.READY):
        if dossier.finished_at and dossier.finished_at < old:
            settle(dossier, Dossier.State.DELETED)
        elif dossier.lost_a_letter:
            withdraw(dossier)
    known = set(Dossier.objects.exclude(state=Dossier.State.DELETED).values_list("pk", flat=True))
    for folder in (Path(settings.VAR_DIR) / "dossiers").glob("*"):
        if not (folder.name.isdecimal() and int(folder.name) in known):
            shutil.rmtree(folder, ignore_errors=True)
