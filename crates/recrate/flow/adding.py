"""Packages that only running shows to be missing: added, and run again, until none is missed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from recrate.environment.adding import add_packages
from recrate.environment.by_running import missing_package
from recrate.environment.realise import realise
from recrate.flow.running import Restored, Run, date_of, observe_once, restore
from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder
from recrate.model.environment import Addition, Lock, NotRestored
from recrate.model.errors import OutsideFailed
from recrate.model.observation import (
    DEBIAN_PACKAGE,
    NOT_ADDED,
    NotebookObservation,
    Observation,
)
from recrate.model.progress import Progress, silent
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import remove_tree, write_text
from recrate.replay.own_modules import own_names

ADDED = "added.json"
"""In a replay's folder: what was added to the lock, and why; and that lock."""
_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The packages that were added to a crate's lock; none where they made no difference.

    lock: the crate's with all of them
    """

    packages: tuple[Addition, ...] = ()
    lock: Lock | None = None
    schema: int = 1


@dataclass(kw_only=True)
class _Adding:
    """What was missed so far, by requirement, and what was tried and made no difference."""

    run: Run
    first: Lock
    settings: Settings
    progress: Progress
    wanted: dict[str, Addition]
    idle: set[str] = field(default_factory=set)

    def learn(self, seen: Observation) -> bool:
        """Drop what made no difference, take up what is missed; say whether anything changed."""
        errors = {one.path: _told(one) for one in seen.notebooks}
        idle = [
            text
            for text, one in self.wanted.items()
            if errors.get(one.notebook) == (one.cell, one.evidence)
        ]
        self.wanted = {text: one for text, one in self.wanted.items() if text not in idle}
        self.idle |= {_name_of(text) for text in idle}
        missed = self._missed(seen)
        self.wanted |= missed
        return bool(idle or missed)

    def _missed(self, seen: Observation) -> dict[str, Addition]:
        """Return what notebooks missed that can be added, each with the first that did."""
        wanted = {one.name for one in self.wanted.values()}
        have = {one.name for one in self.first.packages} | self.idle | wanted
        local = own_names(self.run.study)
        found: dict[str, Addition] = {}
        for notebook in seen.notebooks:
            error = notebook.error
            if notebook.status != "failed" or error is None:
                continue
            cell, evidence = _told(notebook)
            for text in missing_package(error.name, error.message, have=have, local=local):
                found.setdefault(
                    text,
                    Addition(
                        requirement=text,
                        name=_name_of(text),
                        version="",
                        notebook=notebook.path,
                        cell=cell,
                        evidence=evidence,
                    ),
                )
        return found

    def environment(self, lock: Lock) -> Restored:
        """Return the environment of such a lock, with what is new in it."""
        made = realise(lock, settings=self.settings.environment, progress=self.progress)
        if isinstance(made, NotRestored):
            return made
        held = {one.name for one in self.first.packages}
        new = {one.name: one.version for one in lock.packages if one.name not in held}
        lines = (f"{name} {version} is not in the lock" for name, version in new.items())
        return replace(
            made,
            restored=False,
            differences=(*made.differences, *lines),
            added=tuple(
                replace(one, version=new.get(one.name, "")) for one in self.wanted.values()
            ),
        )

    def next(self, plain: Restored) -> tuple[Restored, Added] | str:
        """Return the next environment and what is to be kept of it, or why it cannot be had."""
        if not self.wanted:
            return plain, Added()
        settings = self.settings.environment
        as_of = self.first.as_of or date_of(self.run.crate) or settings.today
        self.progress("environment", 0, 1, f"adding {', '.join(self.wanted)}, which notebooks miss")
        try:
            lock = add_packages(self.first, tuple(self.wanted), as_of=as_of, settings=settings)
            if isinstance(lock, str):
                return lock
            made = self.environment(lock)
        except OutsideFailed as error:
            return str(error)
        if isinstance(made, NotRestored):
            return made.message
        return made, Added(packages=made.added, lock=lock)


def observe_adding(
    run: Run,
    restored: Mapping[str, Restored],
    lock: Lock,
    *,
    settings: Settings,
    progress: Progress = silent,
) -> dict[str, Restored]:
    """Run the notebooks as often as packages are missed that can be added; at most five times more.

    restored: by language, as the crate's lock gives it
    Returns the environments for all further runs; the first observation is of the last of these
    runs, as if there had been no other. What could not be added is a note of it; what made no
    difference is not kept.
    """
    environments = dict(restored)
    earlier = _read(run.folder)
    adding = _Adding(
        run=run,
        first=lock,
        settings=settings,
        progress=progress,
        wanted={one.requirement: one for one in earlier.packages},
    )
    if earlier.lock is not None:
        environments["python"] = adding.environment(earlier.lock)
    for _ in range(_ROUNDS):
        seen = observe_once(run, environments, 0, settings=settings, progress=progress)
        if not adding.learn(seen):
            break
        found = adding.next(restored["python"])
        if isinstance(found, str):
            note = f"{', '.join(adding.wanted)} {NOT_ADDED}: {found}"
            run.folder.write_observation(replace(seen, notes=(*seen.notes, note[:500])))
            break
        environments["python"], kept = found
        remove_tree(run.folder.observation(0))  # first: whoever resumes must not take it for new
        write_text(run.folder.root / ADDED, to_json(kept))
    return environments


def observe_first(
    run: Run,
    lock: Lock | None,
    *,
    current: bool = False,
    settings: Settings,
    progress: Progress = silent,
) -> dict[str, Restored]:
    """Restore a lock, run the notebooks in it, and add what they miss where that is wanted.

    current: the machine's own kernels were asked for
    Returns the environments for all further runs; what is done already is not run again.
    """
    made = restore(run, lock, current=current, settings=settings, progress=progress)
    if lock is not None and settings.environment.add_missing:
        return observe_adding(run, made, lock, settings=settings, progress=progress)
    observe_once(run, made, 0, settings=settings, progress=progress)
    return made


def found_by(replay: Path) -> tuple[Addition, ...]:
    """Return what a replay found by running: for packing the study again, with a lock of all.

    That are packages, and the Debian packages of programs and libraries that were missed.
    Raises NotFound where no replay was made.
    """
    folder = ReplayFolder(root=replay)
    folder.read_head()
    return (*_read(folder).packages, *_programs(folder.observations()))


def _programs(observations: Iterable[Observation]) -> tuple[Addition, ...]:
    found: dict[str, Addition] = {}
    for seen in observations:
        for notebook in seen.notebooks:
            for note in notebook.notes:
                name, colon, _ = note.removeprefix(f"{DEBIAN_PACKAGE} ").partition(":")
                if not note.startswith(f"{DEBIAN_PACKAGE} ") or not colon:
                    continue
                cell, evidence = _told(notebook)
                found.setdefault(
                    name,
                    Addition(
                        requirement="",
                        name=name,
                        version="",
                        notebook=notebook.path,
                        cell=cell,
                        evidence=evidence,
                    ),
                )
    return tuple(found.values())


def lock_with_added(folder: ReplayFolder) -> Lock | None:
    """Return the crate's lock with what a replay added to it; None where it added nothing."""
    return _read(folder).lock


def _read(folder: ReplayFolder) -> Added:
    """Return what a replay has added so far."""
    place = folder.root / ADDED
    if not place.is_file():
        return Added()
    return from_json(place.read_bytes(), Added, where=str(place))


def _told(notebook: NotebookObservation) -> tuple[int | None, str]:
    """Return where a notebook stopped, and what its error said first."""
    error = notebook.error
    if error is None:
        return None, ""
    first = error.message.strip().split("\n", 1)[0]
    return error.cell, f"{error.name}: {first}"[:300]


def _name_of(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)
