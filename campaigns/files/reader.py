"""YAML as plain strings with line numbers: NO is Norway, +7495 is a number to call, 126.19 keeps its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from campaigns.directory.contacts import is_masked
from campaigns.files.problems import Place, Problems

LARGEST = 2_000_000  # Bytes: the longest appeal with all its translations is a twentieth of that.
DEEPEST = 20


@dataclass(frozen=True)
class Text:
    """A plain string."""

    value: str
    place: Place


@dataclass(frozen=True)
class Items:
    """A list."""

    nodes: list[Node]
    place: Place

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)


@dataclass(frozen=True)
class Entries:
    """A mapping; no key occurs twice."""

    place: Place
    nodes: dict[str, Node] = field(default_factory=dict)


Node = Text | Items | Entries


class PlainLoader(yaml.BaseLoader):
    """Composes nodes only, so nothing is ever guessed or constructed; refuses what could grow without end."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose one node, without aliases and not too deep."""
        if self.check_event(yaml.AliasEvent):
            raise self._error("write it out: aliases (*name) are not used here")
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._error(f"nested deeper than {DEEPEST} levels")
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def _error(self, reason: str) -> yaml.MarkedYAMLError:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it open.
        return yaml.MarkedYAMLError(problem=reason, problem_mark=event.start_mark)


def read(file: str, content: bytes, problems: Problems) -> Entries | None:
    """Read `content` of the file called `file`; None, with its problems noted, where that is impossible."""
    start = Place(file, 1)
    if len(content) > LARGEST:
        problems.add(start, f"The file is larger than {LARGEST:,} bytes.")
        return None
    try:
        root = yaml.compose(content.decode("utf-8-sig"), PlainLoader)
    except UnicodeDecodeError:
        problems.add(start, "The file is not in UTF-8: save it as UTF-8 text.")
        return None
    except yaml.YAMLError as error:
        problems.add(*_not_yaml(file, error))
        return None
    node = _node(root, start, problems) if root is not None else Entries(start)
    if not isinstance(node, Entries):
        problems.add(start, "Expected sections such as “campaign:”, “people:” and “offices:”.")
        return None
    return node


def _not_yaml(file: str, error: yaml.YAMLError) -> tuple[Place, str]:
    """Where and why it is no YAML, in words for someone who never met YAML."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
    hint = " Put text that holds a colon or starts with a sign into quotes; indent with spaces, never tabs."
    return Place(file, mark.line + 1 if mark else 1), f"This is not readable YAML: {reason}.{hint}"


def _node(node: yaml.Node, place: Place, problems: Problems) -> Node:
    if isinstance(node, yaml.MappingNode):
        return _entries(node, place, problems)
    if isinstance(node, yaml.SequenceNode):
        nodes = enumerate(node.value, start=1)
        return Items(
            [_node(item, place.item(number, item.start_mark.line + 1), problems) for number, item in nodes], place
        )
    return _text(node, place, problems)


def _entries(node: yaml.MappingNode, place: Place, problems: Problems) -> Entries:
    entries = Entries(place)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            problems.add(Place(place.file, line, place.path), "Expected a word before the colon.")
            continue
        there = place.below(key_node.value, line)
        if key_node.value in entries.nodes:
            first = entries.nodes[key_node.value].place.line
            problems.add(there, f"“{key_node.value}” is given twice; the first stands in line {first}.")
            continue
        entries.nodes[key_node.value] = _node(value_node, there, problems)
    return entries


def _text(node: yaml.Node, place: Place, problems: Problems) -> Text:
    if getattr(node, "style", None) is None and node.value in ("null", "~"):
        problems.add(place, f"“{node.value}” says nothing: leave the key out, or put the word into quotes.")
    if is_masked(node.value):
        problems.add(place, "The page had hidden a mail address here: write it as lost, or find the real one.")
    return Text("\n".join(line.rstrip() for line in node.value.splitlines()).strip(), place)
