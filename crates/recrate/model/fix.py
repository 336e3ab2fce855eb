"""A fix: what can be done about a finding, as a value that shows what it would change."""

from dataclasses import dataclass
from enum import StrEnum


class FixKind(StrEnum):
    """What is done; the words for people are chosen by it."""

    CHOOSE_LICENCE = "choose-licence"
    MAKE_PATH_RELATIVE = "make-path-relative"
    COPY_INTO_STUDY = "copy-into-study"
    MOVE_SECRET_OUT = "move-secret-out"  # noqa: S105 - a kind of fix, no secret
    CLEAR_OUTPUT = "clear-output"
    EXCLUDE_FILE = "exclude-file"
    REFER_TO_DATA = "refer-to-data"
    ADD_REQUIREMENT = "add-requirement"


class Answer(StrEnum):
    """What a choice is: it decides which field a person is shown."""

    LICENCE = "licence"
    """An SPDX expression; `choices` are the usual ones, any other counts too."""
    FILE = "file"
    """A file of the study; `choices` are those with the same name."""
    DESTINATION = "destination"
    """A new study path; `choices` has one that is free."""
    ADDRESS = "address"
    """An http(s) URL or a DOI."""
    VARIABLE = "variable"
    """The name of an environment variable; `choices` has one that is free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The lines of one file that would change, at most a dozen; secrets in them are masked.

    cell:    the notebook cell that the lines are of, counted from 0
    cleared: so many recorded outputs of that cell would be removed
    created: there is no such file yet
    """

    path: str
    before: str = ""
    after: str = ""
    cell: int | None = None
    cleared: int = 0
    created: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One thing that can be done about one finding; nothing is changed until it is applied.

    code, path, cell, line, subject: those of the finding
    file:   the study path of the file that is edited, as it is at `sha256`; where `sha256` is None
            a line is added to whatever the file has become
    asks:   what kind of choice the person makes, None when there is none
    choices: suggested answers, best first
    needs_choice: without an answer nothing is done; else the first of `choices` is taken
    names:  environment variables or requirements that are written
    """

    kind: FixKind
    code: str
    title: str
    path: str | None = None
    cell: int | None = None
    line: int | None = None
    subject: str | None = None
    file: str
    sha256: str | None = None
    asks: Answer | None = None
    choices: tuple[str, ...] = ()
    needs_choice: bool = False
    names: tuple[str, ...] = ()
    preview: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """How a file was before: what stood at one place of it, and its checksums before and after.

    before: SHA-256 of the file as it was, None when the fix made it
    after:  SHA-256 of the file as the fix left it
    at, length: the bytes that the fix put there, which `base64` takes the place of
    """

    path: str
    before: str | None
    after: str
    at: int = 0
    length: int = 0
    base64: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was done. `undo` holds what was taken away, secrets included: keep it, show it not."""

    kind: FixKind
    changed: tuple[str, ...]
    undo: tuple[Earlier, ...] = ()
