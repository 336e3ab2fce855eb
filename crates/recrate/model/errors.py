"""Everything recrate raises, as one tree.

    RecrateError
    ├── BadInput        the person can fix it: a file, a field, a choice         exit 2
    │   ├── BadCrate    the crate does not say what it must
    │   ├── NotFound    no such crate, notebook, record
    │   └── Conflict    somebody or something was first
    ├── OutsideFailed   a service, disk, package index or scheduler let us down  exit 3
    │   └── DiskFull    no space, or a quota used up
    └── Refused         we will not: a secret, an unsafe archive, no sandbox     exit 4
        └── Busy        a limit or quota; says when to come back

Things wrong with a study or a run are findings and verdicts: values, not exceptions.
"""


class RecrateError(Exception):
    """What went wrong, where, and what the person can do about it."""

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class BadInput(RecrateError):
    """The person can fix it: a file, a field, a choice."""

    exit_code = 2


class BadCrate(BadInput):
    """The crate does not say what it must."""


class NotFound(BadInput):
    """No such crate, notebook or record."""


class Conflict(BadInput):
    """Somebody or something was first."""


class OutsideFailed(RecrateError):
    """A service, disk, package index or scheduler let us down."""

    exit_code = 3


class DiskFull(OutsideFailed):
    """No space is left where something is to be written, or a quota is used up."""


class Refused(RecrateError):
    """We will not: a secret, an unsafe archive, no sandbox."""

    exit_code = 4


class Busy(Refused):
    """A limit or quota; the hint says when to come back."""
