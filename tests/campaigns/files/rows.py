"""All rows of people and campaigns by their content, so that two databases can be compared."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

NOT_COMPARED = {"id", "created_at", "updated_at"}


def content(row: models.Model) -> str:
    """A row's values in words; rows that it names stand there with theirs."""
    values: list[tuple[str, Any]] = []
    for field in row._meta.fields:
        if field.name in NOT_COMPARED:
            continue
        value = getattr(row, field.name)
        values.append((field.name, content(value) if isinstance(value, models.Model) else str(value or "")))
    plain = [many for many in row._meta.many_to_many if many.name != "contacts"]  # Those are rows of their own.
    values += [(many.name, sorted(content(each) for each in getattr(row, many.name).all())) for many in plain]
    return repr(values)


def all_rows() -> dict[str, list[str]]:
    """The content of every row of both apps, by model."""
    found = [model for app in ("prisoners", "campaigns") for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: sorted(map(content, model._default_manager.all())) for model in found}
