"""The published files that notebooks wrote again: judged in a child process, within walls.

Their content is a stranger's and readers of HDF5 or parquet are large: what takes too long, too
much memory, or breaks its reader is not compared, and the judge goes on.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import recrate
from recrate.compare.pictures import difference_picture
from recrate.compare.written import (
    Rewritten,
    not_compared,
    rewritten_files,
    same_file,
    terms_of_file,
    why_left_out,
)
from recrate.flow.file_comparing import ANSWER, FileCase, FileOrder
from recrate.flow.file_keeping import RECORDED_FILES
from recrate.flow.work import ReplayFolder
from recrate.model.crate import Crate
from recrate.model.errors import BadInput
from recrate.model.observation import Observation
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import FileVerdict, OutputJudgement, Verdict
from recrate.model.wire import from_json, to_json
from recrate.outside import sandbox
from recrate.outside.disk import scratch_folder, write_text
from recrate.outside.grants import held_to_grant
from recrate.outside.limits import Limits
from recrate.outside.process import Finished
from recrate.replay.copies import open_beneath
from recrate.replay.keeping import FOLDER

LARGEST_BYTES = 256 * 1024**2
"""Of a file that is compared."""
SECONDS = 120.0
"""For the files that one child compares."""
MEMORY_BYTES = 3 * 1024**3
"""For one child."""
AT_ONCE = 200
"""Files that one child compares."""
MOST_BROKEN = 5
"""Children that may break; what is left then is not compared."""

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
LARGEST_PICTURE = 16 * 1024**2
"""Bytes of a picture of which the difference is drawn."""
MOST_DRAWN = 50

_TOO_LARGE = "differs; too large to be compared"
_PACKAGE = Path(recrate.__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A file to be compared: whose it is, and what the child is told of it."""

    notebook: str
    told: FileCase


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    """What every child is started with. folder: the replay's; scratch: where its order lies."""

    folder: Path
    scratch: Path
    seconds: float
    memory_bytes: int

    def ask(self, cases: tuple[FileCase, ...]) -> Finished:
        """Run one child to its end: within walls where there are some, within limits always."""
        order = self.scratch / "order.json"
        write_text(order, to_json(FileOrder(folder=str(self.folder), cases=cases)))
        start = (
            f"import sys; sys.path.insert(0, {str(_PACKAGE.parent)!r});"
            " from recrate.flow.file_comparing import main; sys.exit(main(sys.argv[1]))"
        )
        command = [sys.executable, "-I", "-B", "-c", start, str(order)]
        walled = sandbox.availability().ok
        readable = (sys.prefix, sys.base_prefix, _PACKAGE, self.scratch, self.folder)
        walls = sandbox.Walls(
            folder="/tmp" if walled else str(self.scratch),  # noqa: S108 - the sandbox's own
            readable=tuple(dict.fromkeys(map(str, readable))),
            variables={"PATH": "/usr/bin:/bin", "HOME": sandbox.HOME, "LANG": "C.UTF-8"},
            limits=Limits(memory_bytes=self.memory_bytes, processes=256, file_bytes=0),
        )
        if walled:
            return sandbox.run(command, walls, timeout_seconds=self.seconds)
        with sandbox.start_without_walls(command, walls) as confined:
            return confined.finish(self.seconds)


def judge_files(
    folder: ReplayFolder,
    crate: Crate,
    observations: Sequence[Observation],
    recorded: Mapping[str, Notebook],
    policy: Policy,
    *,
    seconds: float = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> dict[str, tuple[FileVerdict, ...]]:
    """Return notebook → its verdicts on published files that it wrote again, in path order.

    seconds, memory_bytes: for each child that compares some of them
    Works on what the replay's folder holds; nothing is run. Raises OutsideFailed when the disk lets
    us down, or no child can be started.
    """
    found: dict[str, list[FileVerdict]] = {}
    cases: list[_Case] = []
    published = {file.path: file.sha256 for file in crate.files}
    for file in rewritten_files(observations, published):
        notebook = recorded.get(file.notebook)
        if notebook is None:
            continue
        judged = found.setdefault(file.notebook, [])
        if left_out := why_left_out(file.path, notebook, policy):
            judged.append(not_compared(file.path, left_out))
        elif file.same:
            judged.append(same_file(file.path))
        elif (case := _case(folder, file, notebook, policy)) is not None:
            cases.append(_Case(notebook=file.notebook, told=case))
        else:
            judged.append(not_compared(file.path, _TOO_LARGE))
    with scratch_folder() as scratch:
        child = _Child(
            folder=folder.root.resolve(),
            scratch=scratch.resolve(),
            seconds=seconds,
            memory_bytes=held_to_grant(memory_bytes),
        )
        for notebook_path, verdict in _compared(child, cases):
            found[notebook_path].append(verdict)
    return {
        path: tuple(sorted(verdicts, key=lambda one: one.path)) for path, verdicts in found.items()
    }


def _case(
    folder: ReplayFolder, file: Rewritten, notebook: Notebook, policy: Policy
) -> FileCase | None:
    """Return where the contents of a file lie, None when one of them is not there as it was."""
    before = f"{RECORDED_FILES}/{file.path}"
    if not _holds(folder.root, before, file.recorded):
        return None
    places: list[str | None] = []
    for repeat, digest in file.seen:
        place = f"observations/{repeat}/{FOLDER}/{file.path}" if digest else None
        if digest == file.recorded:
            place = before
        elif place and not _holds(folder.root, place, digest):
            return None
        places.append(place)
    return FileCase(
        path=file.path,
        recorded=before,
        reruns=tuple(places),
        terms=terms_of_file(file.path, notebook, policy),
    )


def _holds(root: Path, path: str, digest: str | None) -> bool:
    """Say whether a file is there, no link on the way to it, not too large, and unaltered."""
    if ".." in path.split("/"):
        return False
    stream = open_beneath(root, path)
    if stream is None:
        return False
    with stream:
        if stream.seek(0, 2) > LARGEST_BYTES:
            return False
        stream.seek(0)
        return hashlib.file_digest(stream, "sha256").hexdigest() == digest


def draw_files(folder: ReplayFolder, verdict: Verdict) -> dict[tuple[str, str], bytes]:
    """Return (notebook, file) → difference picture as PNG, of pictures that differ; a bounded few.

    The first run's picture is the one that is shown.
    Decoding is bounded as it is for the pictures in outputs.
    """
    drawn: dict[tuple[str, str], bytes] = {}
    for notebook in verdict.notebooks:
        for file in notebook.files:
            if file.verdict not in (OutputJudgement.DIFFERENT, OutputJudgement.UNSTABLE):
                continue
            if not file.path.lower().endswith(PICTURES) or len(drawn) >= MOST_DRAWN:
                continue
            before = _small(folder.root, f"{RECORDED_FILES}/{file.path}")
            after = _small(folder.root, f"observations/0/{FOLDER}/{file.path}")
            if before and after:
                drawn[notebook.path, file.path] = difference_picture(before, after)
    return drawn


def _small(root: Path, path: str) -> bytes | None:
    """Return a file of the folder, None when it is not there or too large to be drawn."""
    stream = open_beneath(root, path) if ".." not in path.split("/") else None
    if stream is None:
        return None
    with stream:
        content = stream.read(LARGEST_PICTURE + 1)
    return content if len(content) <= LARGEST_PICTURE else None


def _compared(child: _Child, cases: Sequence[_Case]) -> Iterator[tuple[str, FileVerdict]]:
    """Compare in children, some files in each; who breaks its child is named and left behind."""
    waiting = list(cases)
    broken = 0
    while waiting and broken < MOST_BROKEN:
        batch = waiting[:AT_ONCE]
        told = child.ask(tuple(one.told for one in batch))
        answers = list(_answers(told, batch))
        yield from answers
        waiting = waiting[len(answers) :]
        if len(answers) < len(batch):
            broken += 1
            yield batch[len(answers)].notebook, _broken(batch[len(answers)], told)
            waiting = waiting[1:]
    for one in waiting:
        yield one.notebook, not_compared(one.told.path, "differs; not compared: too much broke")


def _answers(told: Finished, batch: Sequence[_Case]) -> Iterator[tuple[str, FileVerdict]]:
    lines = [line for line in told.out.split("\n") if line.startswith(ANSWER)]
    for line, case in zip(lines, batch, strict=False):
        try:
            verdict = from_json(line.removeprefix(ANSWER), FileVerdict)
        except BadInput:
            return
        if verdict.path != case.told.path:
            return
        yield case.notebook, verdict


def _broken(case: _Case, told: Finished) -> FileVerdict:
    why = "took too long" if told.timed_out else "took too much memory, or broke its reader"
    return not_compared(case.told.path, f"differs; not compared: it {why}")
