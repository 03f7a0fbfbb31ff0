"""The style sheets of every page: written by subject, sent as one file, for which a cheap phone asks once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The first names the layers; the order is that of the layers (docs/look.md).
SUBJECTS = ["tokens", "base", "frame", "layout", "forms", "components", "status", "people", "paper", "letter", "story"]
SCREEN = [f"css/{name}.css" for name in SUBJECTS]
PRINT = "css/print.css"
JOINED = "css/site.css"


class JoinedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Static files as production serves them: named by their content, packed, and with all style sheets in JOINED."""

    def post_process(
        self,
        paths: dict[str, Any],
        dry_run: bool = False,  # noqa: FBT001, FBT002  # Django's own signature
        **options: Any,
    ) -> Iterator[Any]:
        """Write the joined file when all others lie in place, and name and pack it with them."""
        if not dry_run:
            self.delete(JOINED)
            self._save(JOINED, ContentFile(joined().encode()))
            paths[JOINED] = (self, JOINED)
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined() -> str:
    """All style sheets in one: twelve files weigh more than one, since each is packed for itself."""
    return "\n".join([*map(read, SCREEN), f"@media print {{\n{read(PRINT)}\n}}"])


def read(name: str) -> str:
    """The text of a static file, where the finders know it."""
    return Path(str(finders.find(name))).read_text(encoding="utf-8")
