"""`manage.py draw_model > docs/model.svg`: the picture of docs/model.md, drawn from the models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models
from django.utils import translation

APPS = {"prisoners": "#7a3b12", "campaigns": "#1d4f6b", "letters": "#4a5d23"}
COLUMN, GUTTER, ROW, PAD, GAP, TOP = 380, 150, 22, 8, 26, 60
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.app{font-size:18px;font-weight:600}"
    ".root{font-weight:600}.word{fill:#666}path{fill:none;stroke-width:1.4;opacity:.75}"
)

Model = type[models.Model]


@dataclass
class Box:
    """A model with those that live and die with it, each on its line."""

    lines: list[tuple[int, Model]]
    x: int
    y: int
    color: str
    at: dict[Model, int] = field(default_factory=dict)

    @property
    def height(self) -> int:
        return len(self.lines) * ROW + 2 * PAD


class Command(BaseCommand):
    help = "Draw the models of prisoners, campaigns and letters as SVG."

    def handle(self, **options: Any) -> None:  # noqa: ARG002  # Django's.
        with translation.override("en"):
            self.stdout.write("\n".join(svg(list(boxes()))))


def parent(model: Model) -> Model | None:
    """The model of the same app with which a row of `model` is removed."""
    for column in model._meta.fields:
        if isinstance(column, models.ForeignKey) and column.remote_field.on_delete is models.CASCADE:
            other: Model = column.remote_field.model
            return other if other._meta.app_label == model._meta.app_label else None
    return None


def boxes() -> Iterator[Box]:
    """All boxes in their places: a column an app."""
    for number, (app, color) in enumerate(APPS.items()):
        found = [model for model in apps.get_app_config(app).get_models() if not model._meta.proxy]
        y = TOP
        for root in (model for model in found if parent(model) is None):
            box = Box(list(_family(root, found, 0)), PAD + number * (COLUMN + GUTTER), y, color)
            box.at = {model: y + PAD + line * ROW + ROW // 2 for line, (_, model) in enumerate(box.lines)}
            y += box.height + GAP
            yield box


def _family(model: Model, found: list[Model], depth: int) -> Iterator[tuple[int, Model]]:
    yield depth, model
    for child in (each for each in found if parent(each) is model):
        yield from _family(child, found, depth + 1)


def svg(drawn: list[Box]) -> Iterator[str]:
    """The lines of the picture: boxes, then the relations between them."""
    width = len(APPS) * (COLUMN + GUTTER) - GUTTER // 2 + PAD
    height = max(box.y + box.height for box in drawn) + PAD
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    yield f'<style>{STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
    for number, (app, color) in enumerate(APPS.items()):
        yield f'<text class="app" x="{PAD + number * (COLUMN + GUTTER)}" y="34" style="fill:{color}">{app}</text>'
    for box in drawn:
        yield from _box(box)
    places = {model: box for box in drawn for model in box.at}
    for box in drawn:
        for _, model in box.lines:
            yield from (_arrow(box, model, places[other], other) for other in related(model, set(places), box))
    yield "</svg>"


def _box(box: Box) -> Iterator[str]:
    shape = f'x="{box.x}" y="{box.y}" width="{COLUMN}" height="{box.height}" rx="6"'
    yield f'<rect {shape} fill="{box.color}" fill-opacity=".07" stroke="{box.color}"/>'
    for depth, model in box.lines:
        x, y = box.x + 12 + depth * 18, box.at[model] + 4
        yield f'<text x="{x}" y="{y}" class="{"child" if depth else "root"}">{model.__name__}</text>'
        word = escape(str(model._meta.verbose_name))
        yield f'<text x="{box.x + COLUMN - 10}" y="{y}" class="word" text-anchor="end">{word}</text>'


def related(model: Model, known: set[Model], box: Box) -> list[Model]:
    """The models outside its box that rows of `model` name, each once; through rows speak for themselves."""
    through = {many: many.remote_field.through for many in model._meta.many_to_many}
    plain = [many for many, rows in through.items() if rows is not None and rows._meta.auto_created]
    named = [column.related_model for column in (*model._meta.fields, *plain) if column.is_relation]
    return [other for other in dict.fromkeys(named) if other in known and other not in box.at]


def _arrow(box: Box, model: Model, target: Box, other: Model) -> str:
    """A line from a model to another: leftwards between columns, around the right inside one."""
    start, end, right = box.at[model], target.at[other], target.x + COLUMN
    if box.x == target.x:
        bend = right + 18 + abs(end - start) // 9
        path = f"M{right} {start} C{bend} {start} {bend} {end} {right} {end}"
    else:
        path = f"M{box.x} {start} C{box.x - GUTTER // 2} {start} {right + GUTTER // 2} {end} {right} {end}"
    tip = f'<path d="M{right + 7} {end - 4} L{right} {end} L{right + 7} {end + 4}" stroke="{box.color}"/>'
    return f'<path d="{path}" stroke="{box.color}"/>{tip}'
