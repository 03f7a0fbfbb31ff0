"""The alert rules are valid, ask for metrics that exist, and are explained."""

import re
from pathlib import Path

import pytest
import yaml
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

ROOT = Path(__file__).parents[2]
RULES = [rule for group in yaml.safe_load((ROOT / "docs/alerts.yaml").read_text())["groups"] for rule in group["rules"]]
SERIES = re.compile(r"\b(postbag_\w+)(?:\{([^}]*)\})?")


@pytest.fixture
def samples(client: Client, db: None, settings: Settings) -> list[tuple[str, dict[str, str]]]:
    """Return name and labels of every sample that /metrics of an empty site gives."""
    settings.METRICS_TOKEN = "t" * 32
    text = client.get("/metrics", headers={"Authorization": f"Bearer {'t' * 32}"}).content.decode()
    return [(s.name, s.labels) for family in text_string_to_metric_families(text) for s in family.samples]


def fits(labels: dict[str, str], wanted: str) -> bool:
    """Say whether a sample with `labels` is among those that a selector means, such as `end=~"failed|bounced"`."""
    conditions = re.findall(r'(\w+)(=~?)"([^"]*)"', wanted)
    return all(
        re.fullmatch(value if sign == "=~" else re.escape(value), labels.get(name, ""))
        for name, sign, value in conditions
    )


def test_every_series_that_an_alert_asks_for_is_there_on_an_empty_site(
    samples: list[tuple[str, dict[str, str]]],
) -> None:
    asked = {(name, labels) for rule in RULES for name, labels in SERIES.findall(rule["expr"])}
    missing = {
        (name, labels) for name, labels in asked if not any(n == name and fits(found, labels) for n, found in samples)
    }

    assert len(asked) >= 10
    assert missing == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_has_the_parts_that_prometheus_wants(rule: dict[str, object]) -> None:
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"[A-Z][A-Za-z]+", str(rule["alert"]))
    assert re.fullmatch(r"\d+[mh]", str(rule["for"]))
    assert rule["labels"] in ({"severity": "page"}, {"severity": "ticket"})


def test_operators_are_told_what_each_alarm_means_and_no_other() -> None:
    told = re.findall(r"^\| `(Postbag\w+)` \|", (ROOT / "docs/operators.md").read_text(), flags=re.MULTILINE)

    assert sorted(told) == sorted(rule["alert"] for rule in RULES)
