"""Repair: patch gone names in a copy of the study, run the copy, and keep all of it apart.

The plain replay, its observations and its verdict stay as they are. What the copy shows lies in a
folder of its own inside the replay's, which `judge` judges by the same policy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.utils import canonicalize_name

from recrate.flow.adding import ADDED, observe_adding
from recrate.flow.explaining import runs_with
from recrate.flow.mending_source import parse
from recrate.flow.policies import keep_authors
from recrate.flow.running import Restored, Run, language_of, observe_once
from recrate.flow.settings import Settings
from recrate.flow.work import ReplayFolder
from recrate.mending.diff import Key, diff_of
from recrate.mending.gone import gone_of
from recrate.mending.notebooks import CellEdit, NotebookFile
from recrate.mending.patching import Stopped, Unit, mend
from recrate.mending.spans import LONGEST
from recrate.model.environment import Environment, Lock
from recrate.model.observation import NotebookObservation, Observation
from recrate.model.progress import Progress, silent
from recrate.model.repair import DIFF, REPAIR, REPAIRED, Patch, Repair
from recrate.model.verdict import Cause, Verdict
from recrate.model.wire import to_json
from recrate.outside.disk import disk_errors, remove_tree, scratch_folder, write_text, writing
from recrate.replay.copies import StudyCopy

ROUNDS = 5
"""A patched notebook may reveal the next name that is gone; it is patched so often at most."""
_NEVER = (Cause.AUTHORS_CODE, Cause.NETWORK_REFUSED)
_MODULES = 2_000


@dataclass
class Repairer:
    """Repairs the notebooks of one replay, in the environments that it had."""

    run: Run
    environments: Mapping[str, Restored]
    lock: Lock | None
    settings: Settings
    progress: Progress = silent
    before: dict[Key, str] = field(default_factory=dict)
    after: dict[Key, str] = field(default_factory=dict)
    patches: list[Patch] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> ReplayFolder:
        """Where the repaired run lies."""
        return ReplayFolder(root=self.run.folder.root / REPAIRED)

    def repair(self, verdict: Verdict) -> bool:
        """Patch and run until nothing more fits; return whether there was anything to repair.

        verdict: of the plain replay
        """
        _forget(self.folder.root)
        seen = self.run.folder.read_observation(0)
        if seen is None or not isinstance(self.environments.get("python"), Environment):
            return False
        own = {one.path for one in verdict.notebooks if one.error and one.error.cause in _NEVER}
        rounds = 0
        with scratch_folder() as scratch:
            copy = scratch / "study"
            StudyCopy.make(self.run.study, copy)
            while rounds < ROUNDS and self._patch(copy, seen, own, rounds + 1):
                rounds += 1
                seen = self._run(copy, rounds)
        if not self.patches and not self.left:
            return False
        self._keep(rounds, runs_with(verdict))
        return True

    def _patch(self, copy: Path, seen: Observation, own: set[str], number: int) -> bool:
        """Patch what the failed notebooks stopped at; say whether there was something."""
        done = False
        for notebook in seen.notebooks:
            if notebook.status == "failed" and notebook.path not in own:
                done |= self._patch_notebook(copy, notebook, _versions_of(seen), number)
        return done

    def _patch_notebook(
        self, copy: Path, seen: NotebookObservation, versions: Mapping[str, str], number: int
    ) -> bool:
        error = seen.error
        gone = gone_of(error.message) if error is not None else None
        if error is None or gone is None:
            self.left.pop(seen.path, None)
            return False
        if language_of(self.run.recorded[seen.path]) != "python":
            return False
        try:
            notebook = NotebookFile(_read(copy / seen.path))
        except ValueError as why:
            self.left[seen.path] = f"{seen.path}: its file is not patched: {why}"
            return False
        cells = [
            Unit(path=seen.path, cell=index, source=cell.source)
            for index, cell in notebook.cells.items()
        ]
        modules = list(_modules(copy, error.traceback))
        stopped = Stopped(cell=error.cell, traceback=error.traceback)
        done = mend(
            [cells, *([one] for one in modules)],
            gone,
            stopped=stopped,
            versions=versions,
            parse=parse,
        )
        if not done.patches:
            self.left[seen.path] = f"{seen.path}: {done.left}"
            return False
        self.left.pop(seen.path, None)
        known = {(one.path, one.cell): one.source for one in (*cells, *modules)}
        for key, source in done.sources.items():
            self.before.setdefault(key, known[key])
            self.after[key] = source
        _write(copy, notebook, seen.path, done.sources)
        self.patches += [replace(one, round=number) for one in done.patches]
        return True

    def _run(self, copy: Path, number: int) -> Observation:
        """Run the patched copy, and keep what was seen in place of the round before."""
        folder, plain = self.folder, self.run.folder
        self.progress("repair", number, ROUNDS, "running a patched copy")
        remove_tree(folder.observation(0))
        folder.write_head(replace(plain.read_head(), repeats=1))
        folder.write_recorded(dict(self.run.recorded))
        folder.write_crate(plain.read_crate())
        keep_authors(self.run.study, folder.root)
        run = replace(self.run, study=copy, folder=folder)
        if self.lock is not None and self.settings.environment.add_missing:
            added = plain.root / ADDED
            if added.is_file() and not (folder.root / ADDED).is_file():
                write_text(folder.root / ADDED, added.read_text("utf-8"))
            observe_adding(run, self.environments, self.lock, settings=self.settings)
        seen = observe_once(run, self.environments, 0, settings=self.settings)
        seen = replace(seen, after_repair=True)
        folder.write_observation(seen)
        return seen

    def _keep(self, rounds: int, dated: tuple[str, ...]) -> None:
        root = self.folder.root
        repair = Repair(
            patches=tuple(self.patches), rounds=rounds, left=tuple(self.left.values()), dated=dated
        )
        if self.patches:
            write_text(root / DIFF, diff_of(self.before, self.after, self.patches))
        write_text(root / REPAIR, to_json(repair))


def _forget(root: Path) -> None:
    """Take away an earlier repair: its patches were of another run."""
    if root.is_symlink():
        with disk_errors(root):
            root.unlink()
    remove_tree(root)


def _versions_of(seen: Observation) -> dict[str, str]:
    """Return the versions as they were measured inside the kernel."""
    if seen.environment is None:
        return {}
    found = {str(canonicalize_name(one.name)): one.version for one in seen.environment.packages}
    return {**found, "python": seen.environment.python}


def _modules(copy: Path, traceback: str) -> Iterator[Unit]:
    """Yield the study's own modules that a traceback goes through."""
    for number, path in enumerate(sorted(copy.rglob("*.py"))):
        name = path.relative_to(copy).as_posix()
        if number >= _MODULES or path.is_symlink() or not path.is_file():
            continue
        if f"/{name}" not in traceback or path.stat().st_size > LONGEST:
            continue
        try:
            yield Unit(path=name, cell=None, source=_read(path).decode("utf-8"))
        except UnicodeDecodeError:
            continue


def _read(path: Path) -> bytes:
    with disk_errors(path):
        return path.read_bytes()


def _write(copy: Path, notebook: NotebookFile, path: str, sources: Mapping[Key, str]) -> None:
    """Write the patched cells and modules into the copy; the study itself is another folder."""
    cells = {
        cell: CellEdit(source=source)
        for (where, cell), source in sources.items()
        if where == path and cell is not None
    }
    contents = {path: notebook.edited(cells)} if cells else {}
    for (where, cell), source in sources.items():
        if cell is None:
            contents[where] = source.encode("utf-8")
    for where, content in contents.items():
        with writing(copy / where) as stream:
            stream.write(content)
