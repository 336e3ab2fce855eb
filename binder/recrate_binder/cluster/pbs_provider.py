"""Parsl's provider for PBS Professional, with names of our own and no shell."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsl.launchers import SimpleLauncher
from parsl.providers import PBSProProvider

from recrate_binder.cluster.commands import Commands
from recrate_binder.cluster.options import Pilot

if TYPE_CHECKING:
    from recrate_binder.cluster.pbs import PbsSettings

_OVER = ("Unknown Job Id", "Job has finished")


class Provider(PBSProProvider):
    """Submits jobs of one name, one node each."""

    def __init__(
        self, settings: "PbsSettings", pilot: Pilot, commands: Commands, name: str, folder: Path
    ) -> None:
        self._commands = commands
        self._name = name
        self._shared = pilot.shared
        memory = (f"mem={pilot.memory_gb}gb",) if pilot.memory_gb else ()
        select = ":".join((*memory, *filter(None, (settings.select,))))
        super().__init__(  # type: ignore[no-untyped-call] # Parsl types it not
            queue=settings.queue or None,
            account=settings.account or None,
            cpus_per_node=pilot.cores or pilot.workers,
            select_options=select,
            nodes_per_block=1,
            init_blocks=0,
            max_blocks=pilot.jobs,
            walltime=pilot.walltime_text,
            scheduler_options="\n".join(f"#PBS {line}" for line in ("-r n", *settings.scheduler)),
            worker_init=pilot.prologue,
            launcher=SimpleLauncher(),
        )
        self.script_dir = str(folder)
        self.poll_seconds = max(1, min(15, pilot.heartbeat // 4))

    @property
    def status_polling_interval(self) -> int:
        """Return how many seconds lie between two questions to the server."""
        return self.poll_seconds

    def execute_wait(self, cmd: str, timeout: float | None = None) -> tuple[int, str, str]:
        """Run what Parsl asks for; returns exit code and what it printed."""
        del timeout
        done = self._commands.run(*shlex.split(cmd))
        if cmd.startswith("qstat") and done.code and any(one in done.error for one in _OVER):
            return 0, done.out or "{}", ""  # what it knows no more has ended
        return done.code, done.out, done.error

    def _write_submit_script(
        self, template: str, script_filename: str, job_name: str, configs: dict[str, Any]
    ) -> None:
        """Write the script; where nodes do not see the folder for what it prints, to nowhere."""
        if not self._shared:
            configs |= {"job_stdout_path": "/dev/null", "job_stderr_path": "/dev/null"}
        super()._write_submit_script(template, script_filename, job_name, configs)  # type: ignore[no-untyped-call] # as above

    def submit(self, command: str, tasks_per_node: int, job_name: str = "") -> str:
        """Submit a job; its name carries ours, so that a later campaign finds it."""
        block = job_name.rpartition("-")[2]
        named = f"{self._name}{block}"
        made = super().submit(command, tasks_per_node, named)  # type: ignore[no-untyped-call] # as above
        return str(made)
