"""Replay against the `papermill` command: what a notebook costs beyond the time in its cells.

Both run the same three-cell notebook in the same interpreter, turn and turn about; then ten
notebooks in one replay. Walls are up on our side and not on the other's. Run it with
`python benchmarks/bench_replay.py`; it prints ratios, and fails when the outputs differ.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

CELLS = ("import math\nx = math.sqrt(2)", "print('hello', x)", "[n * x for n in range(5)]")
ROUNDS = 5
NOTEBOOKS = 10

OURS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from recrate.model.crate import Crate
from recrate.model.environment import Environment
from recrate.outside import sandbox
from recrate.replay.observe import observe
from recrate.replay.settings import ReplaySettings

root, destination, *notebooks = sys.argv[1:]
environment = Environment(
    language="python", python="3.11", folder=sys.prefix, packages=(), restored=True, seconds=0.0,
    kernel_command=(sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"),
    mounts=(sys.base_prefix,),
)
crate = Crate(location="", identity="0", name="", files=(), notebooks=(), references=(), lock=None,
              metadata={})
settings = ReplaySettings(agent="bench", clock=lambda: datetime.now(UTC),
                          sandboxed=sandbox.availability().ok)
observe(Path(root), tuple(notebooks), environment, crate=crate, settings=settings,
        destination=Path(destination))
"""


def main() -> None:
    """Measure, compare the outputs, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study = folder / "study"
        study.mkdir()
        names = [f"{number}.ipynb" for number in range(NOTEBOOKS)]
        for each in names:
            cells = [new_code_cell(source) for source in CELLS]
            spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
            nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": spec}), study / each)
        peer, one = [], []
        for number in range(ROUNDS):
            peer.append(_papermill(study / names[0], folder / f"peer-{number}.ipynb"))
            one.append(_ours(study, names[:1], folder / f"one-{number}")[0])
            _same(folder / f"peer-{number}.ipynb", folder / f"one-{number}/notebooks" / names[0])
        wall, later = _ours(study, names, folder / "ten")
        for each in names:
            _same(folder / "peer-0.ipynb", folder / "ten" / "notebooks" / each)
        _print(peer, one, wall, later)


def _print(peer: list[float], one: list[float], wall: float, later: list[float]) -> None:
    base = statistics.median(peer)
    print(f"papermill command      {base:6.3f} s   (median of {ROUNDS}, wall minus cells)")
    first = statistics.median(one)
    print(f"one notebook           {first:6.3f} s   ratio {first / base:.2f}")
    mean, tenth = statistics.mean(later), later[-1]
    print(
        f"from the second on     {mean:6.3f} s   ratio {mean / base:.2f}   worst {max(later):.3f}"
    )
    print(f"the tenth              {tenth:6.3f} s   ratio {tenth / base:.2f}")
    ratio = wall / (base * NOTEBOOKS)
    print(f"ten in one replay      {wall:6.3f} s   ratio {ratio:.2f} to ten commands")


def _papermill(source: Path, target: Path) -> float:
    program = shutil.which("papermill", path=str(Path(sys.executable).parent)) or "papermill"
    begun = time.perf_counter()
    subprocess.run([program, "--no-progress-bar", source, target], check=True, capture_output=True)
    return time.perf_counter() - begun - _in_cells(target)


def _ours(study: Path, names: list[str], target: Path) -> tuple[float, list[float]]:
    """Return wall minus cells of the whole, and of each notebook from the second on."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", OURS, study, target, *names], check=True)
    wall = time.perf_counter() - begun
    seen = json.loads((target / "observation.json").read_text())["notebooks"]
    inside = sum(_in_cells(target / "notebooks" / name) for name in names)
    later = [each["seconds"] - each["seconds_in_cells"] for each in seen[1:]]
    return wall - inside, later


def _in_cells(path: Path) -> float:
    cells = nbformat.read(path, as_version=4).cells
    return float(sum(cell.metadata.papermill["duration"] for cell in cells))


def _same(peer: Path, ours: Path) -> None:
    def outputs(path: Path) -> list[object]:
        return [cell.outputs for cell in nbformat.read(path, as_version=4).cells]

    if outputs(peer) != outputs(ours):
        raise SystemExit(f"the outputs differ: {ours}")


if __name__ == "__main__":
    main()
