"""Parsl's Slurm provider, with an environment and names of our own, and blanks in paths."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parsl.launchers import SimpleLauncher
from parsl.launchers.base import Launcher
from parsl.providers import SlurmProvider

from recrate_binder.cluster.commands import Commands
from recrate_binder.cluster.options import Pilot
from recrate_binder.cluster.slurm import pushed_lines

if TYPE_CHECKING:
    from recrate_binder.cluster.slurm import SlurmSettings

_SUBMIT = "sbatch "


class _OnEachNode(Launcher):  # Parsl's own stumbles over blanks in the names of folders
    def __init__(self) -> None:
        super().__init__(debug=False)

    def __call__(
        self, command: str, tasks_per_node: int, nodes_per_block: int, script_dir: str = ""
    ) -> str:
        """Return a command that runs `command` once on each node, and lets nodes be lost."""
        del tasks_per_node, script_dir
        once = "--ntasks-per-node=1 --kill-on-bad-exit=0 --export=ALL"
        return f"srun --ntasks={nodes_per_block} {once} bash -c {shlex.quote(command)}"


class Provider(SlurmProvider):
    """Submits jobs of one name. Parsl's commands go through ours: no shell, no secrets."""

    def __init__(
        self, settings: "SlurmSettings", pilot: Pilot, commands: Commands, name: str, folder: Path
    ) -> None:
        self._commands = commands
        self._name = name
        self._shared = pilot.shared
        lines = (*pushed_lines(pilot), "--no-requeue", *settings.scheduler)
        super().__init__(
            partition=settings.partition or None,
            account=settings.account or None,
            qos=settings.qos or None,
            constraint=settings.constraint or None,
            nodes_per_block=pilot.nodes,
            cores_per_node=pilot.cores,
            mem_per_node=pilot.memory_gb,
            init_blocks=0,
            max_blocks=pilot.jobs,
            walltime=pilot.walltime_text,
            scheduler_options="\n".join(f"#SBATCH {line}" for line in lines),
            worker_init=pilot.prologue,
            exclusive=settings.exclusive,
            launcher=_OnEachNode() if pilot.nodes > 1 else SimpleLauncher(),
        )
        self.script_dir = str(folder)
        self.poll_seconds = max(1, min(15, pilot.heartbeat // 4))

    @property
    def status_polling_interval(self) -> int:
        """Return how many seconds lie between two questions to the scheduler."""
        return self.poll_seconds

    def execute_wait(self, cmd: str, timeout: float | None = None) -> tuple[int, str, str]:
        """Run what Parsl asks for; returns exit code and what it printed."""
        del timeout
        if cmd.startswith(_SUBMIT):
            done = self._commands.run("sbatch", cmd.removeprefix(_SUBMIT))
        else:
            done = self._commands.run(*shlex.split(cmd))
        if cmd.startswith("squeue") and "Invalid job id" in done.error:
            return 0, "", ""  # it forgot a job that ended long ago: to Parsl that is an end too
        return done.code, done.out, done.error

    def submit(self, command: str, tasks_per_node: int, job_name: str = "") -> str:
        """Submit a job; its name carries ours, so that a later campaign finds it."""
        block = job_name.rpartition("-")[2]
        return str(super().submit(command, tasks_per_node, f"{self._name}{block}"))

    def _write_submit_script(
        self, template: str, script_filename: str, job_name: str, configs: dict[str, Any]
    ) -> None:
        """Write the script with its paths in quotes, and so that a `%` in them is no pattern.

        A path that a node cannot open ends the job, so there it prints to nowhere.
        """
        quoted = {
            name: f'"{configs[name].replace("%", "%%")}"' if self._shared else "/dev/null"
            for name in ("job_stdout_path", "job_stderr_path")
        }
        super()._write_submit_script(  # type: ignore[no-untyped-call] # Parsl types it not
            template, script_filename, job_name, configs | quoted
        )
