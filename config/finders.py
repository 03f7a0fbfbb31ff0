"""Static files of installed packages: only those that a page of ours loads, not all that a package brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

FILES = {"django_htmx/htmx-4.min.js"}


class PackageFinder(BaseFinder):
    """Finds each of FILES in the package that it is named after, without importing it."""

    def find(self, path: str, find_all: Any = False, **_options: Any) -> Any:  # noqa: FBT002 - Django's own signature
        """The file at `path` on this machine; a list of it, or of nothing, where all are asked for."""
        found = [storage_of(path).path(path)] if path in FILES else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002
        """Yield each file with the storage that holds it."""
        for path in sorted(FILES):
            yield path, storage_of(path)


def storage_of(path: str) -> FileSystemStorage:
    """The folder `static` of the package that `path` begins with."""
    package = path.partition("/")[0]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed.")
    return FileSystemStorage(location=Path(spec.origin).parent / "static")
