"""Replays' folders as they lie when all was observed, made without running anything."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from recrate.flow.judging import judge_folder
from recrate.flow.work import ReplayFolder, ReplayHead
from recrate.model.crate import Crate
from recrate.model.observation import NotebookObservation, Observation, RunError
from recrate.model.policy import Policy, Waiver
from report_accounts import data, notebook, of_data, png


def replayed(
    root: Path,
    recorded: dict[str, Any],
    rerun: dict[str, Any],
    *,
    failed: dict[str, RunError] | None = None,
) -> Path:
    """Return a replay's folder as it lies when all was observed, judged once."""
    folder = ReplayFolder(root=root)
    folder.write_head(
        ReplayHead(
            recrate="recrate 0.1.0",
            crate="0" * 64,
            crate_name="Tides",
            location="tides.crate.zip",
            notebooks=tuple(recorded),
            repeats=1,
        )
    )
    folder.write_recorded(recorded)
    folder.write_crate(
        Crate(
            location="tides.crate.zip",
            identity="0" * 64,
            name="Tides",
            files=(),
            notebooks=tuple(recorded),
            references=(),
            lock=None,
            metadata={"@graph": []},
        )
    )
    folder.write_observation(observed(folder, rerun, failed or {}))
    judge_folder(root, policy=Policy(), agent="recrate 0.1.0", language=None)
    return root


def observed(
    folder: ReplayFolder, rerun: dict[str, Any], failed: dict[str, RunError]
) -> Observation:
    """Write the executed notebooks and return what was seen of them."""
    seen = []
    for path, executed in rerun.items():
        place = folder.observation(0) / "notebooks" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(executed))
        error = failed.get(path)
        seen.append(
            NotebookObservation(
                path=path,
                status="failed" if error else "completed",
                seconds=1.0,
                rerun=f"notebooks/{path}",
                error=error,
            )
        )
    return Observation(
        crate="0" * 64,
        crate_name="Tides",
        repeat=0,
        agent="recrate 0.1.0",
        started="2026-01-01T00:00:00+00:00",
        ended="2026-01-01T00:01:00+00:00",
        runner="local",
        sandbox="none",
        environment=None,
        notebooks=tuple(seen),
    )


def two_notebooks(root: Path) -> Path:
    """Two notebooks: text that differs, a picture that differs, one that holds, one added."""
    first = notebook(
        [data(text_plain="1.25")],
        [of_data(png("navy"))],
        [data(text_plain="same")],
        sources=["x = 1\n" + "#" * 3_000],
    )
    again = notebook(
        [data(text_plain="1.75")],
        [of_data(png("crimson"))],
        [data(text_plain="same"), data(text_plain="new")],
    )
    second, other = notebook([data(text_plain="5")]), notebook([data(text_plain="6")])
    return replayed(
        root,
        {"a.ipynb": first, "b.ipynb": second},
        {"a.ipynb": again, "b.ipynb": other},
    )


def waiver(**changes: Any) -> Waiver:
    return replace(Waiver(path="a.ipynb", cell=0, output=0, reason="another seed"), **changes)


def entities(run: Path) -> dict[str, Any]:
    document = json.loads((run / "ro-crate-metadata.json").read_text())
    return {entity["@id"]: entity for entity in document["@graph"]}
