"""What a server needs to start: no more than its routes, for people wait for it."""

import subprocess
import sys

import pytest

HEAVY = (
    "PIL",
    "markdown_it",
    "numpy",
    "pandas",
    "rocrate",
    "rocrate_validator",
    "recrate.compare.judge",
    "recrate.report.page",
    "recrate.scan.inventory",
)
"""Of comparing, reporting, scanning and writing crates: workers import them, or a first request."""


def imported_with(module: str) -> set[str]:
    """Import a module in a Python of its own, and return the names of all that came with it."""
    command = [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return set(told.stdout.split())


def test_a_server_starts_without_what_only_its_jobs_need():
    assert imported_with("recrate_server.app") & set(HEAVY) == set()


@pytest.mark.parametrize("module", ["recrate.flow.judging", "recrate.flow.pack"])
def test_what_its_jobs_need_is_told_apart_by_names_that_are_there(module):
    assert imported_with(module) & set(HEAVY)
