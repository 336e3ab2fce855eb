"""One run of a study: every notebook in order, and everything that was seen."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from recrate.model.crate import Crate
from recrate.model.environment import Environment
from recrate.model.errors import BadInput, Refused
from recrate.model.observation import (
    EnvironmentSeen,
    NotebookObservation,
    Observation,
    RunError,
)
from recrate.model.progress import Progress, silent
from recrate.model.wire import to_json
from recrate.outside import sandbox
from recrate.outside.disk import scratch_folder, write_text
from recrate.outside.gateway import Gateway
from recrate.outside.grants import held_to_grant, usual_memory_bytes
from recrate.replay.asking import ASKED, hook_of
from recrate.replay.chance import DRAWN, watch_of
from recrate.replay.copies import StudyCopy
from recrate.replay.drawing import drawn_as_recorded
from recrate.replay.keeping import Kept
from recrate.replay.kernels import Kernel, Kernels
from recrate.replay.onward import Guide
from recrate.replay.own_modules import modules_elsewhere
from recrate.replay.places import Places, socket_folder
from recrate.replay.prelude import prelude_of
from recrate.replay.settings import ReplaySettings
from recrate.replay.way_out import way_out_of

if TYPE_CHECKING:
    from recrate.replay.running import Run

_DONE = frozenset({"completed", "failed", "timeout", "memory", "killed"})
"""How a notebook ended that a resumed run does not run again."""


def observe(
    study: Path,
    notebooks: tuple[str, ...],
    environment: Environment,
    *,
    crate: Crate,
    settings: ReplaySettings,
    destination: Path,
    repeat: int = 0,
    earlier: Observation | None = None,
    progress: Progress = silent,
    guide: Guide | None = None,
    gateway: Gateway | None = None,
) -> Observation:
    """Run `notebooks` of `study`, in this order, and return what was seen.

    All run in one copy of the study, so that they feed each other; `study` is not touched. In
    `destination`: `notebooks/` gets the executed ones, `files/` what they wrote, and
    `observation.json` the state after each of them. With `earlier`, notebooks that are done there
    are not run again. `guide` makes, for each notebook, what says behind which cells that failed
    the run goes on; nobody is asked with parameters, where nothing is judged. `gateway`: what
    Python kernels may ask of the web; without one those that may ask have the whole network.
    Raises Refused when walls are wanted and there are none, OutsideFailed for a full disk, and
    passes KeyboardInterrupt on after everything was ended and saved.
    """
    if settings.sandboxed and not (found := sandbox.availability()).ok:
        raise Refused(f"no sandbox: {found.reason}", hint=found.hint)
    observation = _blank(crate, environment, settings, repeat, earlier)
    with scratch_folder() as scratch, socket_folder() as sockets, _terminated_like_interrupted():
        places = Places(scratch=scratch, sockets=sockets, walled=settings.sandboxed)
        places.make()
        kept = Kept.within(destination, settings.kept_file_bytes)
        finished, notes = _finished(notebooks, earlier, destination, kept)
        observation = replace(observation, notes=(*observation.notes, *notes))
        work = _Work(
            study=study,
            environment=environment,
            settings=settings,
            destination=destination,
            places=places,
            kept=kept,
            kernels=Kernels(
                environment=environment,
                settings=settings,
                places=places,
                memory_bytes=_memory_limit(settings),
                gateway=gateway,
            ),
            progress=progress,
            guide=None if settings.parameters else guide,
            ends=_end_of(settings.total_timeout_seconds),
        )
        return work.run(notebooks, observation, finished)


@dataclass(kw_only=True)
class _Work:
    """What the steps of one run share. `ends`: of the whole run, on the monotonic clock."""

    study: Path
    environment: Environment
    settings: ReplaySettings
    destination: Path
    places: Places
    kept: Kept
    kernels: Kernels
    progress: Progress
    guide: Guide | None
    ends: float | None

    @cached_property
    def modules(self) -> dict[str, tuple[str, ...]]:
        """The study's own modules, wherever they lie."""
        return modules_elsewhere(self.study)

    def run(
        self,
        notebooks: tuple[str, ...],
        observation: Observation,
        finished: tuple[NotebookObservation, ...],
    ) -> Observation:
        copy = StudyCopy.make(self.study, self.places.study)
        self.kept.restore(copy.root, finished)
        copy.look_again()
        seen = list(finished)
        try:
            for number in range(len(finished), len(notebooks)):
                self.progress("replay", number * 100, len(notebooks) * 100, notebooks[number])
                seen.append(self._observe(notebooks, number, copy))
                observation = self._save(observation, seen)
                if seen[-1].status == "interrupted":
                    raise KeyboardInterrupt
        finally:
            self.kernels.end()
        self.progress("replay", len(notebooks) * 100, len(notebooks) * 100, "")
        return self._save(observation, seen)

    def _observe(
        self, notebooks: tuple[str, ...], number: int, copy: StudyCopy
    ) -> NotebookObservation:
        path = notebooks[number]
        begun = time.monotonic()
        if self.ends is not None and begun >= self.ends:
            limit = f"the limit of {self.settings.total_timeout_seconds:g} seconds for the run"
            return NotebookObservation(
                path=path, status="not run", seconds=0.0, notes=(f"{limit} was reached before",)
            )
        kernel = self.kernels.take(path)
        try:
            seen = self._run(path, kernel, notebooks, number)
        finally:
            kernel.end()
        changes = copy.changes()
        left_out = self.kept.keep(copy.root, changes.written)
        notes = [*seen.notes, *changes.notes]
        if left_out:
            notes.append(f"{len(left_out)} of the files it wrote were too large to be kept")
        return replace(
            seen,
            seconds=time.monotonic() - begun,
            written=changes.written,
            rewritten=changes.rewritten,
            deleted=changes.deleted,
            notes=tuple(notes),
        )

    def _run(
        self, path: str, kernel: Kernel, notebooks: tuple[str, ...], number: int
    ) -> NotebookObservation:
        # papermill takes half a second to load, and that is while the first kernel starts.
        from recrate.replay.running import Deadline, open_notebook, run_notebook  # noqa: PLC0415
        from recrate.replay.saving import write_rerun  # noqa: PLC0415

        try:
            run = open_notebook(self.study / path, self.settings, self.environment.language)
        except (ValueError, BadInput, OSError, AttributeError, KeyError, TypeError) as error:
            problem = RunError(name="UnreadableNotebook", message=str(error), cell=None)
            return NotebookObservation(path=path, status="failed", seconds=0.0, error=problem)
        if number + 1 < len(notebooks):
            self.kernels.prepare(notebooks[number + 1])
        moment, words = self._deadline()
        tell = self._teller(path, number, len(notebooks), len(run.notebook.cells))
        try:
            run_notebook(
                run,
                kernel,
                prelude=self._prelude(path, run, kernel),
                settings=self.settings,
                deadline=Deadline(moment=moment, words=words),
                on_cell=tell,
                onward=self.guide(run.notebook) if self.guide else None,
            )
        except KeyboardInterrupt:
            run.status = "interrupted"
        kernel.confined.end()
        write_rerun(run.notebook, self.destination / (rerun := f"notebooks/{path}"))
        return _seen(path, run, kernel, rerun)

    def _teller(self, path: str, number: int, notebooks: int, cells: int) -> Callable[[int], None]:
        """Return what tells the progress of one notebook, in hundredths of a notebook."""

        def tell(cell: int) -> None:
            done = int((number + cell / max(1, cells)) * 100)
            self.progress("replay", done, notebooks * 100, f"{path}, cell {cell + 1} of {cells}")

        return tell

    def _deadline(self) -> tuple[float | None, str]:
        limit = self.settings.notebook_timeout_seconds
        moment = _end_of(limit)
        words = f"the limit of {limit or 0:g} seconds for a notebook"
        if self.ends is not None and (moment is None or self.ends < moment):
            total = self.settings.total_timeout_seconds or 0
            return self.ends, f"the limit of {total:g} seconds for the whole run"
        return moment, words

    def _prelude(self, path: str, run: "Run", kernel: Kernel) -> str:
        if self.environment.language.lower() != "python":
            return ""
        first = [way_out_of(kernel.inside)] if kernel.door is not None else []
        drawn = drawn_as_recorded(run.notebook, self.environment.packages, kernel.inside)
        if drawn is not None:
            first.append(drawn.code)
            run.notes += (drawn.words,)
        first += [hook_of(f"{kernel.inside}/{ASKED}"), watch_of(f"{kernel.inside}/{DRAWN}")]
        return prelude_of(path, self.places, self.modules, first=first)

    def _save(self, observation: Observation, seen: list[NotebookObservation]) -> Observation:
        bounds = self.kernels.held_by
        notes = observation.notes
        if bounds and f"limits held by {bounds}" not in notes:
            notes = (*notes, f"limits held by {bounds}")
        observation = replace(
            observation,
            notebooks=tuple(seen),
            ended=self.settings.clock().isoformat(),
            notes=notes,
        )
        write_text(self.destination / "observation.json", to_json(observation))
        return observation


def _blank(
    crate: Crate,
    environment: Environment,
    settings: ReplaySettings,
    repeat: int,
    earlier: Observation | None,
) -> Observation:
    """Return the observation before anything ran."""
    now = settings.clock().isoformat()
    seen = EnvironmentSeen(
        language=environment.language,
        python=environment.python,
        packages=environment.packages,
        restored=environment.restored,
        seconds=environment.seconds,
        differences=environment.differences,
        notes=environment.notes,
        added=environment.added,
    )
    return Observation(
        crate=crate.identity,
        crate_name=crate.name,
        repeat=repeat,
        agent=settings.agent,
        started=earlier.started if earlier else now,
        ended=now,
        runner=settings.runner,
        sandbox="bubblewrap" if settings.sandboxed else "none",
        environment=(earlier.environment if earlier else None) or seen,
        notebooks=(),
        parameters=settings.parameters,
        network_allowed=settings.allow_network,
        notes=earlier.notes if earlier else (),
    )


def _seen(path: str, run: "Run", kernel: Kernel, rerun: str) -> NotebookObservation:
    """Return what came of one notebook that was run; what it wrote is not among it."""
    return NotebookObservation(
        path=path,
        status=run.status,
        seconds=0.0,
        seconds_in_cells=run.seconds_in_cells,
        rerun=rerun,
        error=run.error,
        peak_memory_bytes=kernel.confined.peak_bytes(),
        cut_outputs=run.cut,
        notes=run.notes,
        asked=run.asked,
        fetched=run.fetched,
        held_up=run.held_up,
        drew=run.drew,
    )


def _finished(
    notebooks: tuple[str, ...], earlier: Observation | None, destination: Path, kept: Kept
) -> tuple[tuple[NotebookObservation, ...], tuple[str, ...]]:
    """Return the notebooks that need not run again, and a note when they should have been some."""
    done: list[NotebookObservation] = []
    for path, seen in zip(notebooks, earlier.notebooks if earlier else (), strict=False):
        has_rerun = seen.rerun is None or (destination / seen.rerun).is_file()
        if seen.path != path or seen.status not in _DONE or not has_rerun:
            break
        done.append(seen)
    if kept.holds(done):
        return tuple(done), ()
    kept.forget()
    return (), ("all notebooks were run again: not all the files they had written were kept",)


def _memory_limit(settings: ReplaySettings) -> int | None:
    if settings.memory_bytes is not None:
        return held_to_grant(settings.memory_bytes)
    return usual_memory_bytes() if settings.sandboxed else None


def _end_of(limit_seconds: float | None) -> float | None:
    return None if limit_seconds is None else time.monotonic() + limit_seconds


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does: everything ended, what was done kept."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    main = threading.current_thread() is threading.main_thread()
    if not main or sys.platform == "win32" or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
