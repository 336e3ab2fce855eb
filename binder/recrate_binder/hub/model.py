"""What the launch service speaks of: launches, their stages, and what was made ready for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from recrate.locate.whereabouts import Origin
from recrate.model.environment import Environment
from recrate.model.launch import LastVerdict
from recrate.model.wire import to_plain

StageName = Literal["fetch", "environment", "start"]
StageStatus = Literal["waiting", "running", "done", "failed"]
Status = Literal["waiting", "running", "ready", "failed", "cancelled", "stopped"]
Language = Literal["en", "ja"]

STAGES: tuple[StageName, ...] = ("fetch", "environment", "start")
UNDER_WAY: tuple[Status, ...] = ("waiting", "running")
HELD: tuple[Status, ...] = (*UNDER_WAY, "ready")
"""A launch that holds something: a place in the queue, a crate, or a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a person is told of something that went wrong. `code`: a word that stays the same."""

    title: str
    detail: str = ""
    hint: str = ""
    code: str = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of a launch. `total` is 0 while it is not known; `seconds`: None until it ended."""

    name: StageName
    status: StageStatus = "waiting"
    done: int = 0
    total: int = 0
    message: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One person's launch of one crate.

    where:    as the person wrote it; key: the same for all ways of writing it
    server:   name of the server on the hub, unique for ever
    prepared: key of what is shared, once it was made ready
    size_bytes: of the crate, once it is here
    created, updated: seconds since the epoch
    """

    id: str
    user: str
    where: str
    key: str
    server: str
    created: float
    updated: float
    agreed: bool = False
    language: Language = "en"
    title: str = ""
    status: Status = "waiting"
    ahead: int = 0
    stages: tuple[Stage, ...] = tuple(Stage(name=name) for name in STAGES)
    url: str | None = None
    problem: Problem | None = None
    prepared: str | None = None
    size_bytes: int | None = None

    def stage(self, name: StageName) -> Stage:
        """Return the stage of that name."""
        return next(one for one in self.stages if one.name == name)

    def told(self) -> dict[str, Any]:
        """Return what the API says of it: nothing of how it is kept."""
        names = ("id", "where", "title", "status", "ahead", "stages", "url", "problem")
        document: dict[str, Any] = to_plain(self)
        return {name: document[name] for name in (*names, "created", "updated")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A crate that is ready to be opened: `<shared>/launches/<key>.json`.

    location:     of the crate, relative to the shared folder
    environments: by language, in the shared cache, where users can read and not write
    first, notebooks: paths relative to the study's root
    """

    key: str
    location: str
    identity: str
    name: str
    title: str
    creators: tuple[str, ...]
    licence: str
    doi: str | None
    origin: Origin | None
    notebooks: tuple[str, ...]
    first: str
    environments: Mapping[str, Environment] = field(default_factory=dict)
    size_bytes: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a crate before it is launched; `GET api/crate` adds what time it takes."""

    where: str
    title: str
    creators: tuple[str, ...] = ()
    licence: str = ""
    doi: str | None = None
    record_url: str | None = None
    version: str | None = None
    size_bytes: int | None = None
    blind: bool = False
    notebooks: int | None = None
    last_verdict: LastVerdict | None = None
    prepared: str | None = None
    needs_agreement: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A crate that was fetched. `place`: relative to the shared folder; `prepared`: its key."""

    place: str
    origin: Origin | None
    title: str
    size_bytes: int
    prepared: str
    notes: tuple[str, ...] = ()


WorkKind = Literal["look", "fetch", "prepare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder:
    """What one worker process does.

    look:    say what is behind `where`
    fetch:   bring it here
    prepare: restore the environments of the crate at `place`
    """

    kind: WorkKind
    where: str
    agreed: bool = False
    place: str = ""
    origin: Origin | None = None
    prepared: str = ""

    @property
    def name(self) -> str:
        """The same for works that are one work."""
        return f"{self.kind} {self.prepared or self.where}{' agreed' if self.agreed else ''}"
