"""Checks of a site with PBS Professional or OpenPBS."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recrate.model.errors import BadInput
from recrate.model.finding import Finding, Severity
from recrate.runners.runner import Depot
from recrate_binder.cluster.checks import no_parsl, no_programs, silent, try_there
from recrate_binder.cluster.commands import one_line
from recrate_binder.cluster.judging import fault
from recrate_binder.cluster.options import seconds_of
from recrate_binder.cluster.trial import Fate, Trial

if TYPE_CHECKING:
    from recrate_binder.cluster.pbs import PbsScheduler

_PBS = ("qsub", "qstat", "qdel")
_OVER = ("F", "X", "E")


def check_pbs(
    scheduler: "PbsScheduler", depot: Depot, *, seconds: float = 300
) -> Iterator[Finding]:
    """Say what keeps pilot jobs from working on PBS. `seconds`: to wait in the queue."""
    commands = scheduler.commands
    missing = [name for name in _PBS if not commands.has(name)]
    early = [*no_parsl("pbs"), *no_programs("pbs", missing)]
    yield from early
    if early:
        return
    depot.cache.mkdir(parents=True, exist_ok=True)
    listed = commands.run("qstat", "-Q", "-f", "-F", "json")
    if listed.code != 0:
        yield silent("pbs", listed.error or listed.out)
        return
    found = list(_queue(scheduler, dict(json.loads(listed.out).get("Queue", {}))))
    yield from found
    if any(one.severity is Severity.ERROR for one in found):
        return
    trial = Trial(
        kind="pbs",
        head=lambda name: _head(scheduler, name),
        submit=lambda file: _submit(scheduler, file),
        fate=lambda job: _fate(scheduler, job),
        cancel=scheduler.cancel,
        seconds=seconds,
    )
    yield from try_there(trial, scheduler.pilot, depot.cache)


def _queue(scheduler: "PbsScheduler", queues: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield what is wrong with the queue; nothing where the server chooses one."""
    name = scheduler.settings.queue
    if not name:
        return
    names = ", ".join(sorted(queues))
    if name not in queues:
        yield fault("pbs", "no-such-queue", f"there is no queue {name}", f"`queue` may be {names}")
        return
    told = queues[name]
    if str(told.get("enabled")) != "True" or str(told.get("started")) != "True":
        yield fault(
            "pbs",
            "queue-down",
            f"queue {name} is closed to jobs",
            f"wait until it is opened, or choose another: {names}",
        )
    limit = str(told.get("resources_max", {}).get("walltime", ""))
    if not limit:
        return
    try:
        allowed = seconds_of(limit, "walltime")
    except BadInput:
        return  # a form that we do not know is no reason to refuse the site
    if scheduler.pilot.walltime > allowed:
        yield fault(
            "pbs",
            "walltime-over-limit",
            f"a job may take {limit} in queue {name}, less than its walltime of"
            f" {scheduler.pilot.walltime_text}",
            "make `walltime` shorter, or choose another queue",
        )


def _head(scheduler: "PbsScheduler", name: str) -> str:
    asked, pilot = scheduler.settings, scheduler.pilot
    memory = f":mem={pilot.memory_gb}gb" if pilot.memory_gb else ""
    select = f":{asked.select}" if asked.select else ""
    lines = [
        "-S /bin/bash",
        f"-N {name}",
        "-m n",
        "-r n",
        "-o /dev/null",
        "-e /dev/null",
        f"-l walltime=00:{min(5, pilot.walltime // 60):02}:00",
        f"-l select=1:ncpus={pilot.cores or pilot.workers}{memory}{select}",
        *([f"-q {asked.queue}"] if asked.queue else []),
        *([f"-A {asked.account}"] if asked.account else []),
        *asked.scheduler,
    ]
    return "#!/bin/bash\n" + "".join(f"#PBS {line}\n" for line in lines)


def _submit(scheduler: "PbsScheduler", script: Path) -> str:
    return scheduler.commands.ask("qsub", str(script)).strip()


def _fate(scheduler: "PbsScheduler", job: str) -> Fate:
    said = scheduler.commands.ask("qstat", "-x", "-f", "-F", "json", job)
    jobs: dict[str, dict[str, Any]] = json.loads(said).get("Jobs", {})
    told = next(iter(jobs.values()), {})
    state = str(told.get("job_state", "F"))
    reason = one_line(f"state {state}, {told.get('comment', '')}")
    if state not in _OVER or (state == "E" and "Exit_status" not in told):
        return Fate(over=False, said=reason)
    return Fate(over=True, code=int(told.get("Exit_status", 1)), said=reason)
