"""Runs with one thing changed on purpose, as a replay's folder keeps them."""

from pathlib import Path

from recrate.compare.probes import ProbeRun
from recrate.flow.work import ReplayFolder, read_notebook
from recrate.model.errors import BadInput, NotFound
from recrate.model.observation import Observation
from recrate.model.probe import Probe
from recrate.model.wire import from_json

PROBES = "probes"
PROBE = "probe.json"


def read_probes(folder: ReplayFolder) -> tuple[tuple[Probe, dict[str, ProbeRun]], ...]:
    """Return the probes that a replay's folder holds, with the notebooks they ran.

    One that cannot be read is left out, as is a notebook that was cut off: they prove nothing.
    """
    found = []
    for place in sorted((folder.root / PROBES).glob(f"*/{PROBE}")):
        try:
            probe = from_json(place.read_bytes(), Probe, where=str(place))
            found.append((probe, _executed(folder, place.parent)))
        except (BadInput, NotFound, OSError):
            continue
    return tuple(found)


def _executed(folder: ReplayFolder, place: Path) -> dict[str, ProbeRun]:
    seen = from_json((place / "observation.json").read_bytes(), Observation, where=str(place))
    notebooks = {}
    for one in seen.notebooks:
        stopped = one.error.cell if one.error is not None else None
        if one.status != "completed" and (one.status != "failed" or stopped is None):
            continue
        rerun = (place / one.rerun).resolve() if one.rerun is not None else None
        if rerun is not None and rerun.is_relative_to(folder.root.resolve()) and rerun.is_file():
            stopped = None if one.status == "completed" else stopped
            notebooks[one.path] = ProbeRun(executed=read_notebook(rerun), stopped=stopped)
    return notebooks
