"""A replay's folder: what lies where in it, and how it is read back."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recrate.model.crate import Crate
from recrate.model.errors import BadInput, NotFound
from recrate.model.observation import Observation
from recrate.model.study import Notebook
from recrate.model.verdict import Verdict
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text

MARKER = "replay.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayHead:
    """What a replay's folder is of: enough to resume it and to judge it again.

    location: the crate's name, without the folders of the person who replayed it
    """

    recrate: str
    crate: str
    crate_name: str
    location: str
    notebooks: tuple[str, ...]
    repeats: int
    parameters: tuple[tuple[str, str], ...] = ()
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
        return {path: read_notebook(self.root / "recorded" / path) for path in paths}

    def read_reruns(self, observation: Observation) -> dict[str, Notebook]:
        """Return the notebooks that a run executed, by their path in the study."""
        folder = self.observation(observation.repeat)
        return {
            seen.path: read_notebook(folder / seen.rerun)
            for seen in observation.notebooks
            if seen.rerun is not None and (folder / seen.rerun).is_file()
        }

    def write_crate(self, crate: Crate) -> None:
        """Keep what the crate's metadata said, for the run crate and for judging again."""
        write_text(self.root / "crate.json", to_json(crate))

    def read_crate(self) -> Crate:
        """Return the crate that was replayed, as its metadata described it then."""
        source = self.root / "crate.json"
        if not source.is_file():
            raise NotFound("the replay's record of its crate is gone", where=str(source))
        return from_json(source.read_bytes(), Crate, where=str(source))

    def write_verdict(self, verdict: Verdict) -> None:
        """Save the verdict."""
        write_text(self.verdict, to_json(verdict))


def read_notebook(path: Path) -> Notebook:
    """Read a notebook of format 4, or of 3 raised to 4; raises BadInput for anything else."""
    if not path.is_file():
        raise NotFound("no such notebook", where=str(path))
    with disk_errors(path):
        content = path.read_bytes()
    try:
        notebook: Notebook = _parse(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
        raise BadInput(
            f"not a notebook: {_short(error)}",
            where=str(path),
            hint="formats 3 and 4 are read; open it in Jupyter and save it again",
        ) from error
    if not isinstance(notebook.get("cells"), list):
        raise BadInput("not a notebook: it has no list of cells", where=str(path))
    return notebook


def _parse(text: str) -> Notebook:
    document = json.loads(text)
    major = document.get("nbformat")
    if major == 4:
        return _join_lines(document)
    if major == 3:
        from nbformat import reader, v4  # noqa: PLC0415 - half a second that format 4 need not wait

        raised: Notebook = v4.upgrade(reader.reads(text), from_version=3)
        return raised
    raise ValueError(f"format {major} is not one that this version reads")


def _join_lines(notebook: Notebook) -> Notebook:
    """Join the lists of lines in which nbformat stores text; JSON data stay as they are.

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
