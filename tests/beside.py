"""Fax tests run beside the others: a call takes a minute of waiting and next to no processor.

Where a run holds fax tests and others, the fax tests go to a second pytest as soon as all are collected, and their
results are told at the end of the first, which waits for them. Alone (`-m fax`) and under pytest-xdist they run as
usual.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

# Where the second pytest writes its reports, a line each.
REPORTS = "POSTBAG_TEST_REPORTS"
LONGEST_SECONDS = 1_200


def install(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Move the fax tests to the end of `items` and start them beside the others."""
    faxes = [item for item in items if item.get_closest_marker("fax")]
    others = [item for item in items if item not in faxes]
    if faxes and others and not config.option.collectonly and REPORTS not in os.environ:
        items[:] = [*others, *faxes]
        config.pluginmanager.register(Beside(config, faxes))


class Beside:
    """A second pytest, and the tests whose results are read from it."""

    def __init__(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        self._config, self._nodes = config, {item.nodeid for item in items}
        self._folder = tempfile.TemporaryDirectory(prefix="postbag-beside-")
        self._file = Path(self._folder.name) / "reports"
        self._log = Path(self._folder.name) / "log"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sorted(self._nodes)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=config.rootpath, env=os.environ | {REPORTS: str(self._file)}, stdout=log, stderr=log
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Tell what became of a fax test, instead of running it."""
        if item.nodeid not in self._nodes:
            return None
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for report in self._reports(item):
            item.ihook.pytest_runtest_logreport(report=report)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _reports(self, item: pytest.Item) -> list[pytest.TestReport]:
        """The reports of a test once the other pytest is done; a test that it never ran has failed."""
        try:
            self._process.wait(LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        written = self._file.read_text().splitlines() if self._file.exists() else []
        found = [json.loads(line) for line in written]
        return [self._read(data) for data in found if data["nodeid"] == item.nodeid] or [self._missing(item)]

    def _read(self, data: dict[str, Any]) -> pytest.TestReport:
        report = self._config.hook.pytest_report_from_serializable(config=self._config, data=data)
        assert isinstance(report, pytest.TestReport)
        return report

    def _missing(self, item: pytest.Item) -> pytest.TestReport:
        said = self._log.read_text(errors="replace")[-5_000:]
        return pytest.TestReport(
            item.nodeid, item.location, keywords={}, outcome="failed", longrepr=f"It did not run:\n{said}", when="call"
        )

    def pytest_unconfigure(self) -> None:
        """End it where the run ends early."""
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()


class Teller:
    """In the second pytest: writes down its reports for the first."""

    def __init__(self, config: pytest.Config) -> None:
        self._config, self._file = config, Path(os.environ[REPORTS])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        data = self._config.hook.pytest_report_to_serializable(config=self._config, report=report)
        with self._file.open("a") as file:
            file.write(json.dumps(data) + "\n")
