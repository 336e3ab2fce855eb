"""A replay's folder: what lies where in it, and how it is read back."""

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.crate.run_witness import WITNESS
from recrate.crate.signing import SIGNATURE
from recrate.locate.whereabouts import Origin
from recrate.model.crate import METADATA_NAME, Crate
from recrate.model.errors import BadInput, NotFound
from recrate.model.observation import NotebookObservation, Observation
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import Verdict
from recrate.model.wire import from_json, to_json
from recrate.model.witness import Witness
from recrate.outside.disk import disk_errors, remove_tree, write_text

if sys.platform != "win32":
    import fcntl

MARKER = "replay.json"
JUDGED = (
    "policy.json",
    "verdict.json",
    "report.html",
    "badge.svg",
    "review.jsonld",
    SIGNATURE,
    METADATA_NAME,
)
"""What judging and signing write, all of it together or nothing."""
UNSIGNED = "unsigned"
"""In a draft: that the signature of the earlier verdict goes when this change is made."""
_DRAFT = ".recrate-draft-"
_DECIDED = ".recrate-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayHead:
    """What a replay's folder is of: enough to resume it and to judge it again.

    location: the crate's name, without the folders of the person who replayed it; its address
              where it was brought from one
    origin:   where it was brought from, None for what lay on this machine
    """

    recrate: str
    crate: str
    crate_name: str
    location: str
    notebooks: tuple[str, ...]
    repeats: int
    parameters: tuple[tuple[str, str], ...] = ()
    origin: Origin | None = None
    schema: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFolder:
    """The folder that `replay -o DIR` makes; it is a run crate when the replay is done."""

    root: Path

    @property
    def verdict(self) -> Path:
        """Where the verdict lies, as JSON."""
        return self.root / "verdict.json"

    @property
    def report(self) -> Path:
        """Where the page for people lies."""
        return self.root / "report.html"

    def observation(self, repeat: int) -> Path:
        """Return the folder of one run."""
        return self.root / "observations" / str(repeat)

    def write_head(self, head: ReplayHead) -> None:
        """Mark the folder as a replay of one crate."""
        write_text(self.root / MARKER, to_json(head))

    def read_head(self) -> ReplayHead:
        """Return what this folder is of; raises NotFound when it is no replay's folder."""
        marker = self.root / MARKER
        if not marker.is_file():
            raise NotFound(
                "no replay was made here",
                where=str(self.root),
                hint="name the folder that `recrate replay -o DIR` wrote",
            )
        return from_json(marker.read_bytes(), ReplayHead, where=str(marker))

    def write_observation(self, observation: Observation) -> None:
        """Save what a run saw, before anyone judges it."""
        target = self.observation(observation.repeat) / "observation.json"
        write_text(target, to_json(observation))

    def read_observation(self, repeat: int) -> Observation | None:
        """Return a run's observation, or None when that run has not begun."""
        source = self.observation(repeat) / "observation.json"
        if not source.is_file():
            return None
        return from_json(source.read_bytes(), Observation, where=str(source))

    def observations(self) -> tuple[Observation, ...]:
        """Return all saved observations, first run first."""
        found: list[Observation] = []
        while (seen := self.read_observation(len(found))) is not None:
            found.append(seen)
        return tuple(found)

    def write_recorded(self, notebooks: dict[str, Notebook]) -> None:
        """Keep the notebooks as published, so that judging again needs nothing else."""
        for path, notebook in notebooks.items():
            write_text(self.root / "recorded" / path, json.dumps(notebook, ensure_ascii=False))

    def read_recorded(self, paths: tuple[str, ...]) -> dict[str, Notebook]:
        """Return the notebooks as published."""
        return {path: read_notebook(self.recorded(path)) for path in paths}

    def recorded(self, path: str) -> Path:
        """Return where a notebook lies as published; raises NotFound when that is not in here."""
        return self._inside(self.root / "recorded" / path)

    def rerun(self, repeat: int, seen: NotebookObservation) -> Path | None:
        """Return where the executed notebook of a run lies, None when it was never begun."""
        if seen.rerun is None:
            return None
        place = self._inside(self.observation(repeat) / seen.rerun)
        return place if place.is_file() else None

    def read_reruns(self, observation: Observation) -> dict[str, Notebook]:
        """Return the notebooks that a run executed, by their path in the study."""
        places = {seen.path: self.rerun(observation.repeat, seen) for seen in observation.notebooks}
        return {path: read_notebook(place) for path, place in places.items() if place is not None}

    def _inside(self, place: Path) -> Path:
        """Refuse a path that leads out of the folder: a run crate may be a stranger's."""
        if not place.resolve().is_relative_to(self.root.resolve()):
            raise NotFound("lies outside the replay's folder", where=str(place))
        return place

    def write_crate(self, crate: Crate) -> None:
        """Keep what the crate's metadata said, for the run crate and for judging again."""
        write_text(self.root / "crate.json", to_json(crate))

    def read_crate(self) -> Crate:
        """Return the crate that was replayed, as its metadata described it then."""
        source = self.root / "crate.json"
        if not source.is_file():
            raise NotFound("the replay's record of its crate is gone", where=str(source))
        return from_json(source.read_bytes(), Crate, where=str(source))

    def read_verdict(self) -> Verdict:
        """Return the verdict; raises NotFound when nothing was judged yet."""
        self.settle()
        if not self.verdict.is_file():
            raise NotFound(
                "nothing was judged yet",
                where=str(self.root),
                hint="finish it with `recrate replay CRATE -o DIR --resume`",
            )
        return from_json(self.verdict.read_bytes(), Verdict, where=str(self.verdict))

    def read_policy(self) -> Policy | None:
        """Return the policy that people gave this folder, None when nobody did."""
        self.settle()
        source = self.root / "policy.json"
        if not source.is_file():
            return None
        return from_json(source.read_bytes(), Policy, where=str(source))

    def write_witness(self, witness: Witness) -> None:
        """Keep who ran it by hand, and what they say of it."""
        write_text(self.root / WITNESS, to_json(witness))

    def read_witness(self) -> Witness | None:
        """Return who ran it by hand, None for a replay."""
        source = self.root / WITNESS
        if not source.is_file():
            return None
        return from_json(source.read_bytes(), Witness, where=str(source))

    @contextlib.contextmanager
    def judging(self) -> Iterator[None]:
        """Keep others from judging in this folder until the block ends; they wait.

        The lock is on the folder itself and leaves no file; Windows has no such lock.
        """
        if sys.platform == "win32":
            yield
            return
        with disk_errors(self.root):
            handle = os.open(self.root, os.O_RDONLY)
        try:
            with disk_errors(self.root):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def replacing(self) -> Iterator[Path]:
        """Give an empty folder; the files of JUDGED that are in it at the end take their places.

        All of them or none, also when the machine stops halfway: once the folder has its last name
        the change is decided, and whoever reads next brings it to its end.
        """
        self.settle()
        for left in self.root.glob(f"{_DRAFT}*"):
            remove_tree(left)
        with disk_errors(self.root):
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self.root))
        try:
            yield draft
            with disk_errors(self.root):
                draft.rename(self.root / _DECIDED)
        finally:
            remove_tree(draft)
        self.settle()

    def settle(self) -> None:
        """Bring a decided change to its end, if one was cut off."""
        decided = self.root / _DECIDED
        if decided.is_symlink() or not decided.is_dir():
            return
        with disk_errors(self.root):
            if (decided / UNSIGNED).exists():
                (self.root / SIGNATURE).unlink(missing_ok=True)
            for name in JUDGED:
                with contextlib.suppress(FileNotFoundError):  # somebody else settles it, too
                    (decided / name).replace(self.root / name)
        remove_tree(decided)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of format 4, or of 3 raised to 4; raises BadInput for anything else."""
    if not path.is_file():
        raise NotFound("no such notebook", where=str(path))
    with disk_errors(path):
        content = path.read_bytes()
    return parse_notebook(content, where=str(path))


def parse_notebook(content: bytes, *, where: str) -> Notebook:
    """Return the notebook in a file's content; raises BadInput as `read_notebook` does."""
    try:
        notebook: Notebook = _parse(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise BadInput(
            f"not a notebook: {_short(error)}",
            where=where,
            hint="formats 3 and 4 are read; open it in Jupyter and save it again",
        ) from error
    if not isinstance(notebook.get("cells"), list):
        raise BadInput("not a notebook: it has no list of cells", where=where)
    return notebook


def _parse(text: str) -> Notebook:
    document = json.loads(text)
    major = document.get("nbformat")
    if major == 4:
        return join_lines(document)
    if major == 3:
        from nbformat import reader, v4  # noqa: PLC0415 - half a second that format 4 need not wait

        raised: Notebook = v4.upgrade(reader.reads(text), from_version=3)
        return raised
    raise ValueError(f"format {major} is not one that this version reads")


def join_lines(notebook: Notebook) -> Notebook:
    """Join the lists of lines in which nbformat stores text, in place; JSON data stay as they are.

    Source: https://nbformat.readthedocs.io/en/latest/format_description.html
    """
    for cell in notebook.get("cells", ()):
        _join(cell, "source")
        for output in cell.get("outputs", ()):
            _join(output, "text")
            for mime in output.get("data", ()):
                if not _JSON_MIME.fullmatch(mime):
                    _join(output["data"], mime)
    return notebook


_JSON_MIME = re.compile(r"application/(.+\+)?json")


def _join(holder: dict[str, Any], key: str) -> None:
    value = holder.get(key)
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        holder[key] = "".join(value)


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
