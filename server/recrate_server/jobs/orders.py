"""Orders: what a person may ask for, and the errand that a worker is sent on.

An order speaks in contents paths, as the contract does; an errand adds the real ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from recrate.model.errors import BadInput
from recrate.model.wire import from_plain, to_plain
from recrate.model.witness import Opinion, Reviewer
from recrate_server.jobs.model import Job, Kind

Language = Literal["en", "ja"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOrder:
    """Look at a study. `notebooks`: paths relative to it; all when empty."""

    job: ClassVar[Kind] = Kind.SCAN
    path: str
    notebooks: tuple[str, ...] = ()
    kernel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOrder:
    """Make a crate of a study. `verified_by`: the job whose verdict the crate may name."""

    job: ClassVar[Kind] = Kind.PACK
    path: str
    destination: str | None = None
    notebooks: tuple[str, ...] = ()
    kernel: str | None = None
    as_of: str | None = None
    locked: bool = True
    waived: tuple[str, ...] = ()
    verified_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOrder:
    """Check a crate."""

    job: ClassVar[Kind] = Kind.CHECK
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOrder:
    """Check a study by running: pack it aside, replay that, judge."""

    job: ClassVar[Kind] = Kind.VERIFY
    path: str
    notebooks: tuple[str, ...] = ()
    kernel: str | None = None
    as_of: str | None = None
    waived: tuple[str, ...] = ()
    repeats: int = 1
    runner: str = "local"
    environment: Literal["lock", "current"] = "lock"
    notebook_timeout_seconds: float | None = None
    cell_timeout_seconds: float | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOrder:
    """Run a crate again."""

    job: ClassVar[Kind] = Kind.REPLAY
    path: str
    notebooks: tuple[str, ...] = ()
    parameters: dict[str, str] = field(default_factory=dict)
    repeats: int = 1
    runner: str = "local"
    environment: Literal["lock", "current"] = "lock"
    notebook_timeout_seconds: float | None = None
    cell_timeout_seconds: float | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOrder:
    """Accept or waive a difference of a run; without a reason, withdraw that.

    path: the subject of the run, for the list of jobs
    run:  the job that is judged again
    """

    job: ClassVar[Kind] = Kind.JUDGE
    path: str
    run: str
    notebook: str
    cell: int
    output: int
    waiver: Literal["accept", "waive"]
    reason: str | None
    person: str | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishOrder:
    """Give a crate to a repository, or the verdict of a run.

    path:  the crate; of a run, its subject
    go_on: with a deposit that an earlier job left unfinished
    """

    job: ClassVar[Kind] = Kind.PUBLISH
    path: str
    place: str
    run: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    draft: bool = False
    new_version_of: str | None = None
    go_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewOrder:
    """Make a verdict of what a reviewer ran in this session.

    path:      empty: the session's study is the root
    notebooks: relative to it; all that were run when empty or None
    """

    job: ClassVar[Kind] = Kind.REVIEW
    opinion: Opinion
    path: str = ""
    reviewer: Reviewer = field(default_factory=Reviewer)
    statement: str = ""
    notebooks: tuple[str, ...] | None = None
    language: Language | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignOrder:
    """Replay every crate of a list.

    path:    the list, or the folder of crates, among the person's files
    list:    an address, a DOI, a community, a set; where it is not empty it is taken
    seconds: of one run of a crate; the ceilings say how far limits may grow
    """

    job: ClassVar[Kind] = Kind.CAMPAIGN
    path: str = ""
    list: str = ""
    runner: str = "local"
    workers: int = 0
    repeats: int = 1
    environment: Literal["lock", "current"] = "lock"
    seconds: float | None = None
    seconds_ceiling: float | None = None
    cell_timeout_seconds: float | None = None
    memory_bytes: int | None = None
    memory_ceiling_bytes: int | None = None
    tries: int = 3
    again: bool = False
    agreed: bool = False
    language: Language | None = None


Order = (
    ScanOrder
    | PackOrder
    | CheckOrder
    | VerifyOrder
    | ReplayOrder
    | JudgeOrder
    | PublishOrder
    | ReviewOrder
    | CampaignOrder
)

_ORDERS: dict[str, type[Order]] = {
    one.job.value: one
    for one in (
        ScanOrder,
        PackOrder,
        CheckOrder,
        VerifyOrder,
        ReplayOrder,
        JudgeOrder,
        PublishOrder,
        ReviewOrder,
        CampaignOrder,
    )
}


def read_order(plain: Mapping[str, Any]) -> Order:
    """Make the order that a document with a `kind` asks for; raises BadInput naming the field."""
    kind = _ORDERS.get(str(plain.get("kind")))
    if kind is None:
        raise BadInput(
            f"no job of kind {plain.get('kind')!r}",
            where="kind",
            hint="one of " + ", ".join(_ORDERS),
        )
    try:
        return from_plain({key: value for key, value in plain.items() if key != "kind"}, kind)
    except BadInput as error:
        raise BadInput(
            error.message, where="order", hint="openapi.yaml names the fields"
        ) from error


def order_document(order: Order) -> dict[str, Any]:
    """Return an order as plain JSON values; `read_order` is the inverse."""
    return {"kind": order.job.value, **to_plain(order)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """All that a worker needs, written to its folder before it starts.

    job:         as it was when it was accepted
    source:      the real place of the study, the crate, the session, or the run that is judged
    destination: the real place of the crate that is written; None where none is
    settings:    traitlets configuration by class name, plain values only
    unsandboxed: the operator said that crates may run without walls here
    verified_by: the real folder of the verification whose verdict the crate may name
    folders:     the real places of answers that name folders, by the name of the option
    """

    job: Job
    source: str
    destination: str | None = None
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    unsandboxed: bool = False
    verified_by: str | None = None
    folders: dict[str, str] = field(default_factory=dict)

    @property
    def order(self) -> Order:
        """The order as a record."""
        return read_order(self.job.order)


def with_destination(order: PackOrder, destination: str) -> PackOrder:
    """Return the order with the place that was chosen where the person chose none."""
    return replace(order, destination=destination)
