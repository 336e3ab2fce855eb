"""The nouns of long work: a job, its events, how far it is, what went wrong.

As the contract (`openapi.yaml`) shapes them. `document` makes them JSON for the wire.
"""

from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from recrate.model.verdict import Coverage
from recrate.model.wire import to_plain


class Kind(StrEnum):
    """What a job does."""

    SCAN = "scan"
    PACK = "pack"
    CHECK = "check"
    VERIFY = "verify"
    REPLAY = "replay"
    JUDGE = "judge"
    PUBLISH = "publish"
    REVIEW = "review"
    CAMPAIGN = "campaign"

    @property
    def light(self) -> bool:
        """Whether somebody waits for it at the screen: it need not wait for the long ones."""
        return self in {Kind.SCAN, Kind.CHECK, Kind.JUDGE, Kind.REVIEW}

    @property
    def is_run(self) -> bool:
        """Whether it leaves a run crate with a verdict, to be looked at and judged again."""
        return self in {Kind.VERIFY, Kind.REPLAY, Kind.REVIEW}


class Status(StrEnum):
    """Where a job stands. The last four are final until somebody resumes it."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def final(self) -> bool:
        """Whether nothing more happens by itself."""
        return self not in {Status.QUEUED, Status.RUNNING}

    @property
    def resumable(self) -> bool:
        """Whether a job that stands here can go on."""
        return self in {Status.FAILED, Status.CANCELLED, Status.INTERRUPTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong, for people: one sentence, the place, what to do, and more on demand.

    reason:  which branch of the error tree, as the contract names them
    details: for "copy details"; never holds secrets or the person's folders
    """

    message: str
    reason: str
    where: str = ""
    hint: str = ""
    details: str = ""
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the work is: `done` of `total` within `stage`; `total` is 0 while not known."""

    stage: str
    done: int
    total: int
    message: str
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a list shows of a job that is done; fields that do not apply are None."""

    verdict: str | None = None
    sentence: str | None = None
    sentence_ja: str | None = None
    coverage: Coverage | None = None
    crate: str | None = None
    identity: str | None = None
    errors: int | None = None
    warnings: int | None = None
    notes: int | None = None
    doi: str | None = None
    record_url: str | None = None
    deposit_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of long work. Times are ISO 8601 in UTC; `order` is as it was given."""

    id: str
    kind: Kind
    status: Status
    subject: str
    title: str
    created: str
    order: dict[str, Any]
    user: str
    started: str | None = None
    ended: str | None = None
    progress: Progress | None = None
    error: Problem | None = None
    summary: Summary | None = None
    resumable: bool = False
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a job's story; `number` counts from 0. `type`: status, progress or note."""

    number: int
    at: str
    type: str
    status: Status | None = None
    progress: Progress | None = None
    error: Problem | None = None
    message: str | None = None
    job: Job | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """Some jobs, newest first. `next` asks for the page after; `total` counts all that match."""

    jobs: tuple[Job, ...]
    next: str | None
    total: int


_NEVER_NULL = {
    "Summary": frozenset(field.name for field in fields(Summary)),
    "Event": frozenset({"status", "progress", "error", "message", "job"}),
    "Problem": frozenset({"details"}),
}
"""Fields that the contract leaves out where there is nothing to say, instead of sending null."""


def document(value: object) -> Any:
    """Return a record of this module as plain JSON values, in the contract's shape."""
    if isinstance(value, tuple | list):
        return [document(one) for one in value]
    if not is_dataclass(value) or isinstance(value, type):
        return to_plain(value)
    never_null = _NEVER_NULL.get(type(value).__name__, frozenset())
    found = {field.name: getattr(value, field.name) for field in fields(value)}
    return {
        name: document(one)
        for name, one in found.items()
        if name not in never_null or not (one is None or one == "")
    }
