"""Data flows one way: prisoners <- campaigns <- letters. An app imports itself and apps to its left, nothing else.

import-linter sees `import` statements. What it can't see, because Django resolves it at run time, is looked for here:
dotted names in strings ("letters.Letter") and the reverse names that a foreign key of a later app gives an earlier one.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
APPS = ["prisoners", "campaigns", "letters"]
# Calls whose text arguments name relations.
LOOKUPS = {"Count", "Exists", "F", "Max", "Min", "OuterRef", "Prefetch", "Q", "Sum", "annotate", "aggregate", "defer"}
LOOKUPS |= {"distinct", "only", "order_by", "prefetch_related", "select_related", "values", "values_list"}


def modules(app: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield each module of `app` with its syntax tree."""
    for path in sorted((ROOT / app).rglob("*.py")):
        yield path, ast.parse(path.read_text(), str(path))


def later_apps(app: str) -> list[str]:
    """Return the apps that `app` must not know, and `config`."""
    return [*APPS[APPS.index(app) + 1 :], "config"]


def reverse_names(app: str) -> set[str]:
    """Return the names by which a model of `app` would reach rows of a later app."""
    related = [relation for model in apps.get_app_config(app).get_models() for relation in model._meta.related_objects]
    later = [relation for relation in related if relation.related_model._meta.app_label in later_apps(app)]
    own = {field.name for model in apps.get_app_config(app).get_models() for field in model._meta.get_fields()}
    names = {str(name) for relation in later for name in (relation.get_accessor_name(), relation.name)}
    return names - (own - {relation.name for relation in later})


def dotted_names(tree: ast.Module, forbidden: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the line and text of strings that name a module or model of a forbidden app."""
    name = re.compile(rf"(?:{'|'.join(forbidden)})\.\w+(?:\.\w+)*")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and name.fullmatch(node.value):
            yield node.lineno, node.value


def uses_of(tree: ast.Module, names: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the line and text of attributes, lookups and relation names that go through one of `names`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, text) for text in lookups(node) if names & set(text.lstrip("-").split("__")))


def lookups(call: ast.Call) -> list[str]:
    """Return the texts of `call` that may walk from model to model: `a__b=...`, and the arguments of LOOKUPS."""
    texts = [keyword.arg for keyword in call.keywords if keyword.arg and "__" in keyword.arg]
    if called(call) in LOOKUPS:
        texts += [str(word.value) for word in call.args if isinstance(word, ast.Constant)]
    return texts


def called(node: ast.Call) -> str:
    """Return the last word of the name that `node` calls."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@pytest.mark.slow
def test_import_statements_keep_the_contracts() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("app", APPS)
def test_no_string_names_a_module_or_model_of_a_later_app(app: str) -> None:
    found = [(str(path), *use) for path, tree in modules(app) for use in dotted_names(tree, later_apps(app))]

    assert found == []


@pytest.mark.parametrize("app", APPS[:-1])
def test_no_query_goes_backwards_into_a_later_app(app: str) -> None:
    names = reverse_names(app)
    found = [(str(path), *use) for path, tree in modules(app) for use in uses_of(tree, names)]

    assert names
    assert found == []


def test_the_search_sees_what_it_looks_for() -> None:
    tree = ast.parse(
        "get_model('letters.Letter')\n"
        "campaign.deliveries.count()\n"
        "Campaign.objects.filter(deliveries__state='sent')\n"
        "Campaign.objects.annotate(n=Count('deliveries'))\n"
        "reverse('letters:write')\n"
    )

    assert list(dotted_names(tree, ["letters"])) == [(1, "letters.Letter")]
    assert sorted(line for line, _ in uses_of(tree, {"deliveries"})) == [2, 3, 4]
