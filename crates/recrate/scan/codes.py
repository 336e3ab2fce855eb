"""Every code that a scan can give a finding, with its severity and meaning, in one table.

error: as it lies, the study cannot run again or must not be published.
warning: it may not run again, or not give the same; somebody should look.
note: worth knowing.
"""

from dataclasses import dataclass

from recrate.model.finding import Finding, Severity, find

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of finding: how much it weighs, and what the person can do about it."""

    severity: Severity
    meaning: str
    hint: str


CODES: dict[str, Code] = {
    "unreadable-notebook": Code(
        severity=_E,
        meaning="a notebook that is not JSON, not a notebook, or of a format other than 3 and 4",
        hint="open it in Jupyter and save it again, or leave it out with .recrateignore",
    ),
    "missing-file": Code(
        severity=_E,
        meaning="a file that code reads is not in the study, and no earlier code writes it",
        hint="put the file into the study, or correct the path",
    ),
    "file-left-out": Code(
        severity=_E,
        meaning="a file that code reads is left out by an ignore file",
        hint="add a line with ! and its path to .recrateignore, or name its source with "
        "`recrate refer`",
    ),
    "outside-study": Code(
        severity=_E,
        meaning="a relative path that leaves the study's folder is read",
        hint="move the file into the study, or pack the folder that holds both",
    ),
    "windows-path": Code(
        severity=_W,
        meaning="a path written with backslashes, which only Windows understands",
        hint="write it with /, or with pathlib",
    ),
    "absolute-path": Code(
        severity=_W,
        meaning="a path that exists on the author's machine only; an error where it is read",
        hint="write the path relative to the notebook",
    ),
    "local-module-missing": Code(
        severity=_E,
        meaning="a module of the study's own is imported but not in the study",
        hint="put the module's file into the study",
    ),
    "undefined-name": Code(
        severity=_E,
        meaning="a name is used that no cell defines: its cell was deleted or never saved",
        hint="restart the kernel, run all cells, and mend what fails",
    ),
    "used-before-definition": Code(
        severity=_W,
        meaning="a name is used in a cell above the only cells that define it",
        hint="move the cell that defines it up, then restart the kernel and run all cells",
    ),
    "never-run": Code(
        severity=_W,
        meaning="code cells without a recorded execution: there is nothing to compare with",
        hint="restart the kernel, run all cells, and save",
    ),
    "run-out-of-order": Code(
        severity=_W,
        meaning="cells were run in another order than they stand in",
        hint="restart the kernel, run all cells, and save",
    ),
    "stored-error": Code(
        severity=_W,
        meaning="a recorded output is an error",
        hint="mend the cell and run it again, or tag it `raises-exception` if that is meant",
    ),
    "syntax-error": Code(
        severity=_W,
        meaning="a cell is no Python that can be parsed, neither 3 nor 2",
        hint="mend the cell, or make it a raw or markdown cell",
    ),
    "old-python": Code(
        severity=_N,
        meaning="a cell is written in Python 2",
        hint="a kernel for Python 2 is needed to run it again",
    ),
    "order-cycle": Code(
        severity=_W,
        meaning="notebooks that read what each other writes: no order serves all of them",
        hint="let one notebook write what the others read",
    ),
    "bad-setting": Code(
        severity=_W,
        meaning="metadata or a tag for the judge (tolerance, skip, claim) that cannot be used",
        hint="docs/researchers.md shows what metadata and tags may say; as it is, it is not heeded",
    ),
    "claim-not-found": Code(
        severity=_W,
        meaning="a claim of a notebook's list names a cell or an output that is not there",
        hint="name the cell by its id, its index from 0, or a tag that no other cell has",
    ),
    "bad-policy": Code(
        severity=_W,
        meaning="the study's `recrate-policy.json` cannot be used as it is",
        hint="docs/judging.md shows what a policy may say; the usual one judges instead",
    ),
    "secret": Code(
        severity=_E,
        meaning="something that looks like a password, key or token",
        hint="remove it, run the cell again, and revoke it where it was issued; "
        "waive by name if it is none",
    ),
    "personal-data": Code(
        severity=_W,
        meaning="a mail address, phone number or My Number in an output",
        hint="clear the output or make the data anonymous before publishing",
    ),
    "large-file": Code(
        severity=_W,
        meaning="a file over the size limit",
        hint="deposit it elsewhere and name it with `recrate refer`, or raise the limit",
    ),
    "network-use": Code(
        severity=_W,
        meaning="code fetches something from the network; a replay has none by default",
        hint="save it in the study and name its source with `recrate refer`",
    ),
    "needs-gpu": Code(
        severity=_N,
        meaning="code that needs a GPU",
        hint="say in the README which one; results may differ on another machine",
    ),
    "pip-in-cell": Code(
        severity=_N,
        meaning="a cell installs packages",
        hint="declare them in requirements.txt",
    ),
    "undeclared-package": Code(
        severity=_W,
        meaning="code imports a package that the study's declarations do not name",
        hint="add it to requirements.txt, with its version",
    ),
    "environment-variable": Code(
        severity=_N,
        meaning="code reads an environment variable",
        hint="say in the README what it must hold",
    ),
    "link-outside": Code(
        severity=_W,
        meaning="a link that points out of the study's folder; it is not packed",
        hint="replace the link by the file, or name its source with `recrate refer`",
    ),
    "broken-link": Code(
        severity=_W,
        meaning="a link that points to nothing, or in a circle; it is not packed",
        hint="remove the link",
    ),
    "unreadable-file": Code(
        severity=_W,
        meaning="a file or folder that cannot be read, or is no regular file; it is not packed",
        hint="give yourself permission to read it, or name it in .recrateignore",
    ),
    "name-not-unicode": Code(
        severity=_E,
        meaning="a name that is not UTF-8, which no crate can hold; it is not packed",
        hint="rename it",
    ),
    "unportable-name": Code(
        severity=_N,
        meaning="a name that some systems cannot write",
        hint="rename it without special characters",
    ),
}


def finding(
    code: str,
    message: str,
    *,
    severity: Severity | None = None,
    hint: str | None = None,
    path: str | None = None,
    cell: int | None = None,
    line: int | None = None,
    subject: str | None = None,
) -> Finding:
    """Make a finding of this table: its code must stand here; severity and hint come from it."""
    entry = CODES[code]
    return find(
        severity or entry.severity,
        code,
        printable(message),
        hint=entry.hint if hint is None else hint,
        path=None if path is None else printable(path),
        cell=cell,
        line=line,
        subject=None if subject is None else printable(subject),
    )


def printable(text: str) -> str:
    """Return `text` as something UTF-8 can hold: broken surrogates become replacement marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
