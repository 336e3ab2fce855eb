"""What a person says who ran a crate by hand: who they are, what they saw, what they hold of it."""

from dataclasses import dataclass
from typing import Literal

Opinion = Literal["confirms", "doubts", "undecided"]
"""Whether the reviewer holds that the study's results are what it says."""

ANONYMOUS = "Anonymous reviewer"
"""What a reviewer without a name is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who ran it. `name` is empty for an anonymous reviewer; `orcid`: as URL."""

    name: str = ""
    orcid: str | None = None
    affiliation: str = ""

    @property
    def called(self) -> str:
        """The name, or what stands for it."""
        return self.name or ANONYMOUS


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """`witness.json` of a run crate that a person made by hand, in a JupyterLab.

    statement: in the reviewer's own words; may be empty
    target:    kind of the place where the session was launched
    started, ended: ISO 8601 with a zone
    notes:     which notebooks were left out, and why
    """

    reviewer: Reviewer
    opinion: Opinion
    statement: str
    session: str
    target: str
    started: str
    ended: str
    notes: tuple[str, ...] = ()
    schema: int = 1
