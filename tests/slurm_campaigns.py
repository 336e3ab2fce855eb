"""Campaigns on a real cluster, watched from outside: started, broken in a given way, counted."""

import contextlib
import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from conftest import CommandLine
from slurm import Slurm

SITE = {
    "kind": "slurm", "partition": "main", "jobs": 3, "workers": 1, "cores": 1, "memory": 3,
    "heartbeat": 30, "walltime": "00:30:00",
}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """What a campaign came to: attempts begun, verdicts, tasks without one, verdicts twice."""

    tasks: int
    started: int
    verdicts: int
    lost: int
    doubled: int


@dataclass
class SlurmCampaign:
    """One campaign on a cluster, by its folder."""

    recrate: CommandLine
    slurm: Slurm
    folder: Path
    listed: Path
    options: tuple[object, ...] = ()
    site: dict[str, object] = field(default_factory=dict)
    cache: Path | None = None
    index: str = ""

    @property
    def out(self) -> Path:
        """The campaign's folder."""
        return self.folder / "out"

    def command(self, runner: str = "cluster") -> list[str]:
        """Return the argv that begins it, or goes on with it."""
        config = self.folder / "recrate_config.py"
        told = [
            self.recrate.configuration.read_text(),
            f"c.Runners.sites = {{'cluster': {SITE | self.site!r}}}",
        ]
        if self.cache:
            told.append(f"c.Recrate.cache = {str(self.cache)!r}")
        if self.index:
            told.append(f"c.Environments.index_options = ['--index-url', {self.index!r}]")
        config.write_text("\n".join(told) + "\n")
        resume = ("--resume",) if (self.out / "campaign.json").exists() else ()
        return self.recrate.command(
            "campaign", "--config", config, self.listed, "-o", self.out,
            "--on", runner, "--json", *resume, *self.options,
        )  # fmt: skip

    @property
    def variables(self) -> dict[str, str]:
        """The environment of the command."""
        data = self.folder / "jupyter"
        return {**os.environ, **self.slurm.variables, "JUPYTER_DATA_DIR": str(data)}

    @contextmanager
    def begun(self) -> Iterator["subprocess.Popen[str]"]:
        """Begin it; it is killed at the end of the block if it still runs."""
        with subprocess.Popen(
            self.command(),
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def end(self, process: "subprocess.Popen[str]", seconds: float = 400) -> dict[str, Any]:
        """Wait for the end and return what it printed."""
        out, error = process.communicate(timeout=seconds)
        assert out, error
        document: dict[str, Any] = json.loads(out)
        return document

    def run(self) -> dict[str, Any]:
        """Run it, or go on with it, to the end."""
        with self.begun() as process:
            return self.end(process)

    def rows(self, sql: str) -> list[sqlite3.Row]:
        """Ask the journal."""
        place = self.out / "journal.sqlite"
        if not place.exists():
            return []
        with contextlib.closing(sqlite3.connect(place, timeout=30)) as base:
            base.row_factory = sqlite3.Row
            with contextlib.suppress(sqlite3.OperationalError):  # its tables are just being made
                return base.execute(sql).fetchall()
        return []

    def started(self) -> list[Path]:
        """Return the folders of attempts whose worker has begun."""
        return [one.parent for one in self.out.glob("attempts/*/started.json")]

    def until(self, ready: Callable[[], object], what: str, seconds: float = 180) -> None:
        """Wait until something of it is so."""
        end = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < end, f"{what}: it did not come to that"
            time.sleep(0.1)

    def verdicts(self) -> dict[str, tuple[object, ...]]:
        """Return what was judged: by the crate's file name, verdict and coverage."""
        found: dict[str, tuple[object, ...]] = {}
        for row in self.rows("SELECT crate, folder FROM tasks WHERE folder <> ''"):
            verdict = json.loads((self.out / row["folder"] / "verdict.json").read_text())
            coverage = verdict["coverage"]
            told = (verdict["verdict"], *(coverage[one] for one in sorted(coverage)))
            found[Path(row["crate"]).name] = told
        return found

    def tally(self) -> Tally:
        """Count."""
        tasks = self.rows("SELECT number, state, folder FROM tasks")
        attempts = self.rows("SELECT task, outcome FROM attempts")
        judged = [one["task"] for one in attempts if one["outcome"] == "judged"]
        verdicts = [one for one in tasks if (self.out / one["folder"] / "verdict.json").is_file()]
        return Tally(
            tasks=len(tasks),
            started=len(attempts),
            verdicts=len([one for one in verdicts if one["folder"]]),
            lost=len(tasks) - len(set(judged)),
            doubled=len(judged) - len(set(judged)),
        )

    def worker(self) -> psutil.Process:
        """Return a worker that runs now."""
        for folder in self.started():
            if (folder / "result.json").exists():
                continue
            with contextlib.suppress(psutil.Error, ValueError, FileNotFoundError):
                return psutil.Process(json.loads((folder / "started.json").read_text())["pid"])
        raise AssertionError("no worker runs")
