"""What every depositor is: one small interface, and the parcel that it is handed.

Nothing is published twice and no draft is lost: each step of a depositor may be called again after
any failure, and goes on where the journal and the repository say that it stands. So before it makes
anything it notes what it is about to do, and when it does not know whether it was made, it asks the
repository for the deposit's mark before it makes it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from recrate.model.crate import Crate
from recrate.model.deposit import About, DepositOrder, Place, Receipt, Reservation
from recrate.model.finding import Finding
from recrate.model.progress import Progress
from recrate.model.record import Record, RecordLink
from recrate.model.secret import Secret
from recrate.outside.web import WebSettings
from recrate.publish.journal import Journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What a depositor is handed: the crate as a zip file, its record, and that in other forms.

    file:      the zip; its metadata hold the DOI once that is reserved
    sha256:    of the zip, in hex
    documents: by the name of the format, for those that the depositor's `about` names
    """

    crate: Crate
    file: Path
    size_bytes: int
    sha256: str
    record: Record
    order: DepositOrder
    documents: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a depositor is made with, beside the place's own answers.

    secret: the token, None where there is none
    today:  ISO date
    agent:  `recrate 0.1.0`
    """

    web: WebSettings
    secret: Secret | None
    today: str
    agent: str


class Depositor(Protocol):
    """A repository that takes a crate. Made by its entry point: `(place, surroundings)`."""

    about: About

    def preflight(self, parcel: Parcel) -> tuple[Finding, ...]:
        """Say what the repository would refuse or lose, before a byte is sent.

        Errors are refusals, warnings are losses. Asks the repository where that is quick and the
        token allows it; a repository that does not answer is a note, not an exception.
        """
        ...

    def reserve(self, parcel: Parcel, journal: Journal, progress: Progress) -> Reservation:
        """Find or make the draft, and its DOI where the repository gives one before publishing."""
        ...

    def deposit(self, parcel: Parcel, journal: Journal, progress: Progress) -> Receipt:
        """Upload what is not there yet, and publish unless a draft is wanted."""
        ...

    def discard(self, journal: Journal) -> bool:
        """Remove an unpublished draft; say whether there was one. A published record stays."""
        ...

    def relate(self, record: str, link: RecordLink) -> bool:
        """Write a relation into a record that the person may edit, unless it is there already.

        record: its DOI or address
        False: not a record of this repository, or not one that the person may edit.
        """
        ...


class Maker(Protocol):
    """What an entry point of the group `recrate.depositors` names: the depositor's class."""

    about: About

    def __call__(self, place: Place, surroundings: Surroundings) -> Depositor:
        """Make a depositor. Raises BadInput where the place's answers are not enough."""
        ...
