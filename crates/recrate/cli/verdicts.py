"""A verdict as the JSON that outside programs rely on, and as an exit code."""

from typing import Any

from recrate.model.verdict import Judgement, NotebookVerdict, Verdict
from recrate.model.wire import to_plain

HOLDS = (Judgement.IDENTICAL, Judgement.EQUIVALENT, Judgement.RAN)


def exit_code_of(verdict: Verdict) -> int:
    """Return 0 for identical, equivalent and ran, else 1."""
    return 0 if verdict.verdict in HOLDS else 1


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """Return verdict, coverage and notebooks as `replay --json` and `judge --json` print them."""
    return {
        "verdict": verdict.verdict.value,
        "sentence": verdict.sentence,
        "coverage": to_plain(verdict.coverage),
        "notebooks": [notebook_document(notebook) for notebook in verdict.notebooks],
        "findings": to_plain(verdict.findings),
    }


def notebook_document(notebook: NotebookVerdict) -> dict[str, Any]:
    """Return one notebook's part."""
    return {
        "path": notebook.path,
        "verdict": notebook.verdict.value,
        "seconds": notebook.seconds,
        "error": to_plain(notebook.error),
        "coverage": to_plain(notebook.coverage),
        "cells": [to_plain(cell) for cell in notebook.cells],
    }
