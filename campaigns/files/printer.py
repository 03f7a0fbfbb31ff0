"""Plain values as YAML that people like to read: texts as blocks, no quotes where none are needed."""

from __future__ import annotations

import re
from typing import Any

import yaml

WIDTH = 110
SHORT = 60
WORD = re.compile(r"[\w.\-]+")


class Printer(yaml.SafeDumper):
    """Prints strings as they are: no string can be taken for a number or a truth value by `reader`."""

    yaml_implicit_resolvers = {}

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # PyYAML's.
        """Indent lists below their key."""
        super().increase_indent(flow, indentless=False)


def _text(printer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else ">" if len(text) > WIDTH - 20 else "'" if text in ("null", "~") else None
    return printer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(printer: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    words = all(isinstance(item, str) and WORD.fullmatch(item) for item in items)
    in_a_line = words and sum(map(len, items)) < SHORT
    return printer.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=in_a_line)


Printer.add_representer(str, _text)
Printer.add_representer(list, _list)


def print_yaml(document: dict[str, Any]) -> str:
    """The document as YAML, a blank line before each section."""
    sections = (
        yaml.dump({name: value}, None, Printer, allow_unicode=True, width=WIDTH, sort_keys=False)
        for name, value in document.items()
    )
    return "\n".join(sections)
