"""Checks of a site with Slurm: ask it, then let a small job look at a node."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from recrate.model.finding import Finding, Severity
from recrate.runners.runner import Depot
from recrate_binder.cluster.checks import no_parsl, no_programs, silent, try_there
from recrate_binder.cluster.commands import lines_of, one_line
from recrate_binder.cluster.judging import fault, refused
from recrate_binder.cluster.slurm import pushed_lines
from recrate_binder.cluster.trial import Fate, Trial

if TYPE_CHECKING:
    from recrate_binder.cluster.slurm import SlurmScheduler

_SLURM = ("sbatch", "squeue", "scancel", "sinfo", "scontrol")
_UP = ("idle", "mixed", "allocated", "completing", "planned", "reserved")


def check_slurm(
    scheduler: "SlurmScheduler", depot: Depot, *, seconds: float = 300
) -> Iterator[Finding]:
    """Say what keeps pilot jobs from working on Slurm. `seconds`: to wait in the queue."""
    commands = scheduler.commands
    missing = [name for name in _SLURM if not commands.has(name)]
    early = [*no_parsl("slurm"), *no_programs("slurm", missing)]
    yield from early
    if early:
        return
    depot.cache.mkdir(parents=True, exist_ok=True)
    listed = commands.run("sinfo", "--noheader", "--format=%P|%a|%l|%D|%T|%c|%m")
    if listed.code != 0:
        yield silent("slurm", listed.error or listed.out)
        return
    found = list(_partition(scheduler, listed.out))
    yield from found
    if any(one.severity is Severity.ERROR for one in found):
        return
    script = depot.cache / "recrate-check.sh"
    script.write_text(_head(scheduler, "recrate-check", whole=True) + "true\n", encoding="utf-8")
    tested = commands.run("sbatch", "--test-only", str(script))
    script.unlink()
    if tested.code != 0:
        yield refused("slurm", one_line(tested.error))
        return
    trial = Trial(
        kind="slurm",
        head=lambda name: _head(scheduler, name, whole=False),
        submit=lambda file: _submit(scheduler, file),
        fate=lambda job: _fate(scheduler, job),
        cancel=scheduler.cancel,
        seconds=seconds,
        around=_around(scheduler, listed.out),
    )
    yield from try_there(trial, scheduler.pilot, depot.cache)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nodes:
    """A line of sinfo: nodes of a partition that are in one state."""

    partition: str
    default: bool
    up: bool
    limit: str
    count: int
    state: str


def _nodes(listed: str) -> Iterator[_Nodes]:
    for line in lines_of(listed):
        name, up, limit, count, state, *_ = line.split("|")
        yield _Nodes(
            partition=name.rstrip("*"),
            default=name.endswith("*"),
            up=up == "up",
            limit=limit,
            count=int(count),
            state=state.rstrip("*~#!%$@^-+").casefold(),
        )


def _partition(scheduler: "SlurmScheduler", listed: str) -> Iterator[Finding]:
    """Yield what is wrong with the partition and its nodes."""
    every = list(_nodes(listed))
    wanted = scheduler.settings.partition
    chosen = [one for one in every if (one.partition == wanted if wanted else one.default)]
    names = sorted({one.partition for one in every})
    if not chosen:
        yield fault(
            "slurm",
            "no-such-partition",
            f"there is no partition {wanted}" if wanted else "Slurm has no default partition",
            f"`partition` may be {', '.join(names)}",
        )
        return
    name = chosen[0].partition
    if not chosen[0].up:
        yield fault(
            "slurm",
            "partition-down",
            f"partition {name} is closed to jobs",
            "wait until it is opened, or choose another: " + ", ".join(names),
        )
    elif not any(one.count and one.state in _UP for one in chosen):
        states = ", ".join(f"{one.count} {one.state}" for one in chosen)
        yield fault(
            "slurm", "no-node-up", f"no node of partition {name} is up: {states}", "try again later"
        )
    limit = limit_seconds(chosen[0].limit)
    if limit is not None and scheduler.pilot.walltime > limit:
        yield fault(
            "slurm",
            "walltime-over-limit",
            f"a job may take {chosen[0].limit} in partition {name}, less than its walltime of"
            f" {scheduler.pilot.walltime_text}",
            "make `walltime` shorter, or choose another partition",
        )


def _around(scheduler: "SlurmScheduler", listed: str) -> str:
    """Return in words how many nodes of the partition are up."""
    wanted = scheduler.settings.partition
    chosen = [one for one in _nodes(listed) if (one.partition == wanted if wanted else one.default)]
    up = sum(one.count for one in chosen if one.state in _UP)
    every = sum(one.count for one in chosen)
    return f"{up} of {every} nodes of partition {chosen[0].partition} are up"


def limit_seconds(text: str) -> int | None:
    """Return the seconds of a time as Slurm writes it; None where there is no limit.

    Source: TIME of sinfo and sbatch, D-HH:MM:SS, HH:MM:SS, MM:SS or MM.
    """
    found = re.fullmatch(r"(?:(\d+)-)?(?:(?:(\d+):)?(\d+):)?(\d+)", text)
    if found is None:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    if ":" not in text:
        return ((days * 24 + rest) * 60 if days else rest) * 60
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def _head(scheduler: "SlurmScheduler", name: str, *, whole: bool) -> str:
    """Return the head of a job script, `whole`: as large and long as a pilot job's."""
    asked, pilot = scheduler.settings, scheduler.pilot
    minutes = pilot.walltime // 60 if whole else min(5, pilot.walltime // 60)
    lines = [
        f"--job-name={name}",
        "--output=/dev/null",
        *pushed_lines(pilot),
        "--no-requeue",
        f"--nodes={pilot.nodes if whole else 1}",
        f"--time={minutes}",
        *(f"--{key}={value}" for key, value in _asked(scheduler) if value),
        *(["--exclusive"] if asked.exclusive and whole else []),
        *asked.scheduler,
    ]
    return "#!/bin/bash\n" + "".join(f"#SBATCH {line}\n" for line in lines)


def _asked(scheduler: "SlurmScheduler") -> tuple[tuple[str, str], ...]:
    asked, pilot = scheduler.settings, scheduler.pilot
    return (
        ("partition", asked.partition),
        ("account", asked.account),
        ("qos", asked.qos),
        ("constraint", asked.constraint),
        ("cpus-per-task", str(pilot.cores or "")),
        ("mem", f"{pilot.memory_gb}g" if pilot.memory_gb else ""),
    )


def _submit(scheduler: "SlurmScheduler", script: Path) -> str:
    return scheduler.commands.ask("sbatch", "--parsable", str(script)).strip().partition(";")[0]


def _fate(scheduler: "SlurmScheduler", job: str) -> Fate:
    told = scheduler.commands.ask("scontrol", "show", "job", "--oneliner", job)
    state = _field(told, "JobState")
    reason = f"{state.casefold()}, {_field(told, 'Reason')}"
    if state in {"PENDING", "RUNNING", "CONFIGURING", "COMPLETING", "SUSPENDED"}:
        return Fate(over=False, said=reason)
    code, _, signal = _field(told, "ExitCode").partition(":")
    return Fate(over=True, code=int(code or 1) or (int(signal or 0) and 128), said=reason)


def _field(told: str, name: str) -> str:
    found = re.search(rf"\b{name}=(\S*)", told)
    return found[1] if found else ""
