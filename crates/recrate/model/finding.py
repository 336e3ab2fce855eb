"""Something wrong or missing: a value with severity, place and hint, never an exception."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error stops the study from running or being published."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


FOUND_BY_RUNNING = "found-by-running"
"""Code for a package that a replay added; its subject is name and version."""
CLAIM_NOT_FOUND = "claim-not-found"
"""Code for a claim of a notebook's list whose cell or output is not there."""
AUTHORS_TERMS = "authors-terms"
"""Code for what an author's policy and tolerances allow beyond the usual ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a person should know about a study or a crate.

    code:  stable and kebab-case (`absolute-path`, `secret`, `no-licence`); waivers name it
    where: the place in words (`analysis.ipynb, cell 3, line 2`); for programs, `path` and `cell`
    cell:  counted from 0 among all cells of the notebook
    subject: the thing meant, for programs: a path as written, a URL, a module, the kind of a
             secret; never the secret itself
    """

    severity: Severity
    code: str
    where: str
    message: str
    hint: str = ""
    path: str | None = None
    cell: int | None = None
    line: int | None = None
    subject: str | None = None


def find(
    severity: Severity,
    code: str,
    message: str,
    *,
    hint: str = "",
    path: str | None = None,
    cell: int | None = None,
    line: int | None = None,
    subject: str | None = None,
) -> Finding:
    """Make a finding whose `where` is written from its path, cell and line (line from 1)."""
    parts = [path or "the study"]
    if cell is not None:
        parts.append(f"cell {cell}")
    if line is not None:
        parts.append(f"line {line}")
    return Finding(
        severity=severity,
        code=code,
        where=", ".join(parts),
        message=message,
        hint=hint,
        path=path,
        cell=cell,
        line=line,
        subject=subject,
    )


def worst(findings: tuple[Finding, ...]) -> Severity | None:
    """Return the heaviest severity among `findings`, or None when there are none."""
    order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    present = {finding.severity for finding in findings}
    return next((severity for severity in order if severity in present), None)
