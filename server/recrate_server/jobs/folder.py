"""A job's folder: what lies where in it, and how it is read back.

errand.json     what the worker is sent on, written before it starts
events.jsonl    its story
process.json    the worker's process, written by itself
held            locked by the worker while it lives: there are never two
pulse           touched by the worker every few seconds, for who cannot see its process
cancel          the person wants it to end
result.json     what came of it, whole or not there
stderr.txt      what the worker and its children said on their own
replay/         of a replay or a verification: its run crate
campaign/       of a campaign: its folder; standing.json how it stood last
study.crate.zip of a verification: the crate it ran
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.model.errors import NotFound
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, write_text
from recrate_server.jobs.model import Job
from recrate_server.jobs.orders import Errand
from recrate_server.jobs.processes import ProcessMark

_SAID_BYTES = 4_000
_DISCARDED = ".discarded-"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFolder:
    """The folder of one job."""

    root: Path

    @property
    def id(self) -> str:
        """The job's id."""
        return self.root.name

    @property
    def events(self) -> Path:
        """The job's story."""
        return self.root / "events.jsonl"

    @property
    def result(self) -> Path:
        """What came of it."""
        return self.root / "result.json"

    @property
    def replay(self) -> Path:
        """The replay's folder; it is the run crate."""
        return self.root / "replay"

    @property
    def campaign(self) -> Path:
        """The folder of a campaign."""
        return self.root / "campaign"

    @property
    def crate(self) -> Path:
        """The crate that a verification packed aside."""
        return self.root / "study.crate.zip"

    @property
    def held(self) -> Path:
        """The file that the worker locks."""
        return self.root / "held"

    @property
    def pulse(self) -> Path:
        """The file that the worker touches."""
        return self.root / "pulse"

    @property
    def said(self) -> Path:
        """What the worker said on its own."""
        return self.root / "stderr.txt"

    @property
    def cancel(self) -> Path:
        """The file that says that the person wants it to end."""
        return self.root / "cancel"

    def make(self, errand: Errand) -> None:
        """Make the folder, for its owner alone; raises OutsideFailed when the disk fails us."""
        with disk_errors(self.root):
            self.root.mkdir(parents=True, mode=0o700)
        write_text(self.root / "errand.json", to_json(errand))

    def errand(self) -> Errand:
        """Return what the worker is sent on; raises NotFound or BadInput when it cannot be read."""
        source = self.root / "errand.json"
        if not source.is_file():
            raise NotFound(
                "the job's folder is gone or empty", where=self.id, hint="start it again"
            )
        return from_json(source.read_bytes(), Errand, where=str(source))

    def write_process(self, mark: ProcessMark) -> None:
        """Say which process works here."""
        write_text(self.root / "process.json", to_json(mark))

    def process(self) -> ProcessMark | None:
        """Return which process works here, or did last; None when none did."""
        source = self.root / "process.json"
        if not source.is_file():
            return None
        return from_json(source.read_bytes(), ProcessMark, where=str(source))

    def write_result(self, result: dict[str, Any]) -> None:
        """Keep what came of it, whole or not at all."""
        write_text(self.result, json.dumps(result, ensure_ascii=False) + "\n")

    def read_result(self) -> dict[str, Any]:
        """Return what came of it; raises NotFound when there is nothing."""
        if not self.result.is_file():
            raise NotFound("this job left no result", where=self.id, hint="start it again")
        with disk_errors(self.result):
            found: dict[str, Any] = json.loads(self.result.read_bytes())
        return found

    def write_standing(self, standing: dict[str, Any]) -> None:
        """Keep how a campaign stands, whole or not at all."""
        write_text(self.root / "standing.json", json.dumps(standing, ensure_ascii=False) + "\n")

    def read_standing(self) -> dict[str, Any] | None:
        """Return how a campaign stood last; None before it has begun."""
        source = self.root / "standing.json"
        if not source.is_file():
            return None
        with disk_errors(source):
            found: dict[str, Any] = json.loads(source.read_bytes())
        return found

    def last_said(self) -> str:
        """Return the end of what the worker said on its own."""
        try:
            with self.said.open("rb") as stream:
                stream.seek(max(0, self.said.stat().st_size - _SAID_BYTES))
                return stream.read().decode("utf-8", "replace").strip()
        except OSError:
            return ""

    def ready(self) -> None:
        """Take away what an earlier worker left, so that a new one can begin."""
        with disk_errors(self.root):
            for left in (self.cancel, self.root / "process.json"):
                left.unlink(missing_ok=True)

    def discard(self) -> None:
        """Take the folder away at once; `JobFolders.finish_discarding` removes what is in it."""
        with disk_errors(self.root):
            if self.root.is_dir():
                self.root.rename(self.root.with_name(_DISCARDED + self.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFolders:
    """Where all jobs have their folders."""

    root: Path

    def of(self, job: Job | str) -> JobFolder:
        """Return the folder of a job, made or not."""
        return JobFolder(root=self.root / (job if isinstance(job, str) else job.id))

    def ids(self) -> Iterator[str]:
        """Yield the ids of the jobs that have a folder."""
        if self.root.is_dir():
            for entry in self.root.iterdir():
                if len(entry.name) == 32 and entry.is_dir():
                    yield entry.name

    def finish_discarding(self) -> None:
        """Remove what was discarded."""
        for left in self.root.glob(f"{_DISCARDED}*"):
            remove_tree(left)
