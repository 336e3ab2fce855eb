"""The second realise of a lock against `python -m venv` + `pip install` of the same versions.

Run: python benchmarks/bench_realise.py. Both sides have their downloads at hand (pip's cache is
warmed by a first install that is not counted) and end in an environment whose kernel imports and
whose versions are the lock's; that is checked afterwards.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from recrate.environment.locking import make_lock
from recrate.environment.measure import measure_installed
from recrate.environment.realise import realise
from recrate.environment.settings import EnvironmentSettings
from recrate.model.environment import Environment, Lock
from recrate.model.study import CodeUse, FoundNotebook, Import, Inventory
from recrate.outside.process import run
from recrate.outside.tools import interpreters

AIM = 20.0
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def main() -> int:
    """Print the ratio; return 1 when the aim is missed or a result is wrong."""
    with tempfile.TemporaryDirectory(prefix="recrate-bench-") as name:
        folder = Path(name)
        settings = EnvironmentSettings(
            cache=folder / "cache", today="2024-06-01", variables=dict(os.environ)
        )
        lock = make_lock(folder, _study(), kernel=None, as_of=None, settings=settings)
        first = _realise(lock, settings)
        seconds = min(_realise(lock, settings).seconds for _ in range(3))
        base = interpreters(PYTHON, settings.variables)[0]
        (folder / "requirements.txt").write_text(lock.requirements)
        _install(base.program, folder / "warm", folder)
        peer = _install(base.program, folder / "peer", folder)
        theirs = folder / "peer" / "lib" / f"python{PYTHON}" / "site-packages"
        versions = {one.name: one.version for one in measure_installed(base, theirs).packages}
        same = all(versions.get(one.name) == one.version for one in lock.packages)
        ratio = peer / seconds
        print(f"{len(lock.packages)} packages, first realise {first.seconds:.2f} s")
        print(f"second realise {seconds:.3f} s; venv + pip install {peer:.1f} s")
        print(f"ratio {ratio:.0f}x (aim {AIM:.0f}x); same versions on both sides: {same}")
        return 0 if ratio >= AIM and same and first.restored else 1


def _study() -> Inventory:
    names = ("numpy", "pandas", "matplotlib")
    uses = CodeUse(imports=tuple(Import(name=name, local=False) for name in names))
    notebook = FoundNotebook(
        path="a.ipynb",
        format="4.5",
        language="python",
        kernel="python3",
        language_version=PYTHON,
        cells=1,
        code_cells=1,
        outputs=0,
        last_run=None,
        uses=uses,
    )
    return Inventory(name="bench", files=(), notebooks=(notebook,), study_date="2024-06-01")


def _realise(lock: Lock, settings: EnvironmentSettings) -> Environment:
    found = realise(lock, settings=settings)
    if not isinstance(found, Environment):
        raise SystemExit(f"not restored: {found.message} {found.evidence}")
    return found


def _install(program: str, place: Path, folder: Path) -> float:
    started = time.perf_counter()
    python = place / "bin" / "python"
    for command in (
        [program, "-m", "venv", str(place)],
        [str(python), "-m", "pip", "install", "-q", "--no-deps", "-r", "requirements.txt"],
    ):
        told = run(command, timeout_seconds=1800, folder=folder)
        if told.code:
            raise SystemExit(told.error[-2000:])
    seconds = time.perf_counter() - started
    told = run([python, "-c", "import ipykernel.kernelapp, pandas"], timeout_seconds=120)
    if told.code:
        raise SystemExit(told.error[-2000:])
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
