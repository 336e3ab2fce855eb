"""A campaign against `xargs -P2 papermill`, and what its own process costs for each task.

1. Small notebooks, one crate each, all of one environment that is there already. Ours: `recrate
   campaign` on two workers: every crate verified and unpacked, its notebook run within walls in the
   environment of its lock, judged, reported, and kept as a run crate. Theirs, by turns in the same
   run: `xargs -P2` over the `papermill` command of this interpreter, once without any walls, and
   once each within the very walls that ours stand in; no environment of the crate, no verdict.
2. A runner whose attempts end at once with a verdict, so that what is left is the campaign's own
   process: wall and processor time for each task, and peak memory, at two sizes.
3. The larger of these with half of its tasks undone: seconds until `--resume` hands the first out.

Run it with `python benchmarks/bench_campaign.py`. It fails where a verdict or an output is wrong.
"""

import argparse
import contextlib
import ctypes
import json
import os
import resource
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from idle_runner import FIRST
from recrate.campaign.journal import Journal
from recrate.outside import sandbox

HERE = Path(__file__).resolve().parent
WORKERS = 2
QUIET = subprocess.DEVNULL
RECRATE = Path(sys.executable).with_name("recrate")
PAPERMILL = Path(sys.executable).with_name("papermill")


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a command took. `processor`: seconds of it and of all that it started and waited for."""

    wall: float
    processor: float
    peak_bytes: int


def measured(command: Sequence[str | Path], **more: object) -> Cost:
    """Run a command to its end, and return what it took."""
    before = _processor()
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=QUIET, **more) as running:  # type: ignore[call-overload]
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    if running.returncode not in {0, 1}:
        raise SystemExit(f"{command[0]} ended with {running.returncode}")
    return Cost(wall=wall, processor=_processor() - before, peak_bytes=used.ru_maxrss << 10)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def adopt_orphans() -> None:
    """Have processes whose parents end waited for here: `bwrap` leaves its first one behind.

    Otherwise the processor time of everything within walls is counted by nobody.
    """
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def crates_of(folder: Path, count: int) -> Path:
    """Pack one crate, and make `count` of it that print other numbers."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    import campaign_crates as made  # type: ignore[import-not-found]  # noqa: PLC0415 - of the tests

    one = folder / "one.crate.zip"
    if not one.exists():
        study = made.study_of(folder / "study", "print(1)", "1\n")
        subprocess.run([RECRATE, "pack", study, "-o", one], check=False, capture_output=True)
    crates = folder / f"crates-{count}"
    made.counting_crates(one, crates, count)
    return crates


def person(folder: Path, name: str) -> dict[str, str]:
    """Return the variables of somebody who has replayed nothing yet."""
    paths = os.pathsep.join((str(HERE), str(folder / "site")))
    return {**os.environ, "PYTHONPATH": paths, "JUPYTER_DATA_DIR": str(folder / "data" / name)}


def ours(folder: Path, crates: Path, name: str) -> Cost:
    """Run a campaign on this machine, and see that its verdicts are as they must be."""
    out = folder / name
    command = [RECRATE, "campaign", crates, "-o", out, "--workers", WORKERS, "--json"]
    cost = measured([str(one) for one in command], env=person(folder, name), stderr=QUIET)
    count = sum(1 for _ in crates.iterdir())
    with Journal(out / "journal.sqlite", readonly=True) as journal:
        told = journal.counts().verdicts
    different = len(range(0, count, 5))
    if told != {"different": different, **({"identical": count - different} if count > 1 else {})}:
        raise SystemExit(f"wrong verdicts: {told}")
    return cost


def theirs(folder: Path, crates: Path, name: str, *, walled: bool) -> Cost:
    """Run `papermill` on every notebook, `WORKERS` at once, and see what they printed."""
    place = folder / name
    scripts = []
    for number, crate in enumerate(sorted(crates.iterdir())):
        study = place / str(number)
        with zipfile.ZipFile(crate) as archive:
            archive.extractall(study)
        command = [str(PAPERMILL), "--no-progress-bar", "-k", "python3", "count.ipynb", "out.ipynb"]
        if walled:
            command = within_walls(command, study)
        script = place / f"{number}.sh"
        script.write_text(f"cd {shlex.quote(str(study))} && exec {shlex.join(command)} 2>log\n")
        scripts.append(str(script))
    listed = place / "list"
    listed.write_text("\n".join(scripts) + "\n")
    with listed.open() as source:
        cost = measured(["xargs", "-P", str(WORKERS), "-n", "1", "sh"], stdin=source)
    for number in range(len(scripts)):
        cells = json.loads((place / str(number) / "out.ipynb").read_text())["cells"]
        if "".join(cells[-1]["outputs"][0]["text"]) != f"{number}\n":
            raise SystemExit(f"a wrong output in {place / str(number)}")
    shutil.rmtree(place)
    return cost


def within_walls(command: list[str], study: Path) -> list[str]:
    """Return the command within the walls of a replay; the study is all that it may write."""
    walls = sandbox.Walls(
        folder=str(study),
        readable=(sys.prefix, sys.base_prefix),
        writable=(str(study),),
        variables={"PATH": os.defpath, "HOME": sandbox.HOME, "LANG": "C.UTF-8"},
    )
    return sandbox.command(command, walls)


def against_papermill(folder: Path, count: int, rounds: int) -> None:
    """Measure both sides by turns, and print the best of each."""
    warm = crates_of(folder, 1)
    ours(folder, warm, "warm")
    crates = crates_of(folder, count)
    found: dict[str, list[Cost]] = {"campaign": [], "papermill": [], "papermill, walled": []}
    sides: dict[str, Callable[[str], Cost]] = {
        "campaign": lambda name: ours(folder, crates, name),
        "papermill, walled": lambda name: theirs(folder, crates, name, walled=True),
        "papermill": lambda name: theirs(folder, crates, name, walled=False),
    }
    for turn in range(rounds):
        for number, (name, run) in enumerate(sides.items()):
            cost = run(f"{number}-{turn}")
            found[name].append(cost)
            print(
                f"  round {turn + 1}: {name:18} {cost.wall:6.1f} s, processor "
                f"{cost.processor:6.1f} s, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    print(f"{count} notebooks, {WORKERS} at once, best of {rounds}")
    best = {name: min(costs, key=lambda one: one.wall) for name, costs in found.items()}
    busy = {name: min(one.processor for one in costs) for name, costs in found.items()}
    for name, one in best.items():
        ratio, spent = one.wall / best["campaign"].wall, busy[name] / busy["campaign"]
        print(
            f"{name:18} {one.wall / count:6.2f} s a notebook, ratio {ratio:5.2f}   "
            f"processor {busy[name] / count:5.2f} s, ratio {spent:5.2f}",
            flush=True,
        )


def plugged(folder: Path) -> None:
    """Make the runner known as an installed package does."""
    place = folder / "site" / "recrate_bench_nothing-1.dist-info"
    place.mkdir(parents=True, exist_ok=True)
    (place / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: recrate-bench-nothing\nVersion: 1\n"
    )
    (place / "entry_points.txt").write_text("[recrate.runners]\nnothing = idle_runner:Nothing\n")


def overhead(folder: Path, sizes: list[int], rounds: int) -> None:
    """Measure the campaign's own process at each size, without what it takes to begin and end."""
    plugged(folder)
    base = min((_idle(folder, 1, f"idle-1-{one}") for one in range(3)), key=lambda one: one.wall)
    print(f"one task alone     {base.wall:6.2f} s, processor {base.processor:.2f} s")
    for size in sizes:
        every = [_idle(folder, size, f"idle-{size}-{one}") for one in range(rounds)]
        wall = min(one.wall for one in every) - base.wall
        busy = min(one.processor for one in every) - base.processor
        peak = max(one.peak_bytes for one in every)
        print(
            f"{size:6} tasks       {wall / size * 1000:6.2f} ms a task, processor "
            f"{busy / size * 1000:6.2f} ms, peak {peak / 2**20:.0f} MiB, "
            f"load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


def _idle(folder: Path, size: int, name: str) -> Cost:
    crates = folder / f"crates-{size}"
    if not crates.exists():
        crates_of(folder, size)
    out = folder / name
    shutil.rmtree(out, ignore_errors=True)
    cost = measured(idle_command(crates, out), env=person(folder, name), stderr=QUIET)
    with Journal(out / "journal.sqlite", readonly=True) as journal:
        counts = journal.counts()
    if counts.states != {"judged": size} or counts.attempts != size:
        raise SystemExit(f"lost or doubled: {counts.states}, {counts.attempts} attempts")
    return cost


def idle_command(crates: Path, out: Path) -> list[str | Path]:
    """Return the command of a campaign on the runner that does nothing."""
    return [RECRATE, "campaign", crates, "-o", out, "--on", "nothing", "--json"]


def resume(folder: Path, size: int, rounds: int) -> None:
    """Undo half of a campaign that is done, and measure until the first attempt is handed out."""
    done = folder / f"idle-{size}-0"
    with closing(sqlite3.connect(done / "journal.sqlite")) as base, base:
        base.execute(
            "UPDATE tasks SET state = 'waiting', result = NULL, folder = '', verdict = '', "
            "python = '', attempts = 0 WHERE number % 2 = 1"
        )
        base.execute("DELETE FROM attempts WHERE task % 2 = 1")
    kept = folder / "half.sqlite"
    shutil.copyfile(done / "journal.sqlite", kept)
    took = []
    for _ in range(rounds):
        shutil.copyfile(kept, done / "journal.sqlite")
        for one in (done / "attempts").glob("*[13579]-1"):
            shutil.rmtree(one)
        took.append(_until_first(folder, done, folder / f"crates-{size}"))
    print(f"resume of {size}, half done: the first attempt after {min(took):.2f} s")


def _until_first(folder: Path, done: Path, crates: Path) -> float:
    sign = done / "runner" / FIRST
    sign.unlink(missing_ok=True)
    command = [*idle_command(crates, done), "--resume"]
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=person(folder, done.name), stdout=QUIET, stderr=QUIET
    ) as running:
        while not sign.exists():
            if running.poll() is not None:
                raise SystemExit("it ended before it began anything")
            time.sleep(0.01)
        took = time.perf_counter() - began
        running.kill()
    return took


def main() -> None:
    """Measure what was asked for, and print it."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=100, help="notebooks against papermill")
    reader.add_argument("--tasks", type=int, nargs="+", default=[1000, 10000])
    reader.add_argument("--rounds", type=int, default=3, help="of each, the best counts")
    reader.add_argument("--only", choices=["papermill", "overhead"])
    told = reader.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if told.only != "overhead":
            against_papermill(folder, told.count, told.rounds)
        if told.only != "papermill":
            overhead(folder, told.tasks, told.rounds)
            resume(folder, max(told.tasks), told.rounds)


if __name__ == "__main__":
    main()
