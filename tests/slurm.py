"""A real Slurm cluster of several nodes on this machine, for as long as a module's tests take.

Every daemon is ours: munged, slurmctld and one slurmd for each node, with ports, a key and folders
of their own, so that several clusters stand side by side. Its clients find it through `SLURM_CONF`.
"""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

NEEDED = ("slurmctld", "slurmd", "munged", "sbatch", "squeue")
CORES = 4
MEMORY_MB = 4000
_SBIN = "/usr/sbin:/sbin"
_MARK = "RECRATE_TEST_NODE"

_CONFIGURATION = """\
ClusterName=recrate
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
SlurmctldPort={controller}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
SwitchType=switch/none
MpiDefault=none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobcomp.log
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
DefMemPerCPU=500
KillWait=2
SlurmctldTimeout=30
SlurmdTimeout=20
MessageTimeout=5
TCPTimeout=2
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=2
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime=60 State=UP
PartitionName=short Nodes=ALL MaxTime=2 State=UP
PartitionName=shut Nodes=ALL MaxTime=60 State=DOWN
PartitionName=lone Nodes={last} MaxTime=60 State=UP
PartitionName=members Nodes=ALL MaxTime=60 State=UP AllowGroups=nobody-at-all
"""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as squeue lists it. `state`: `PENDING`, `RUNNING`, …; `node`: empty while it waits."""

    id: str
    name: str
    state: str
    node: str


@dataclass
class Slurm:
    """The cluster. `variables`: the environment in which sbatch and the others speak with it."""

    folder: Path
    nodes: tuple[str, ...]
    variables: dict[str, str]
    _daemons: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def run(self, *command: str, check: bool = True) -> str:
        """Run a client of Slurm and return what it printed."""
        done = subprocess.run(
            command, env=self.variables, capture_output=True, text=True, timeout=60, check=False
        )
        assert not check or done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout

    def jobs(self) -> tuple[Job, ...]:
        """Return the jobs that wait or run."""
        lines = self.run("squeue", "-h", "-o", "%i|%j|%T|%N").splitlines()
        return tuple(Job(*line.split("|")) for line in lines)

    def wait_for_jobs(self, count: int, *, state: str = "", seconds: float = 90) -> None:
        """Wait until there are so many jobs, in this state if one is named."""
        end = time.monotonic() + seconds
        while True:
            found = [job for job in self.jobs() if state in ("", job.state)]
            if len(found) == count:
                return
            assert time.monotonic() < end, f"jobs: {self.jobs()}, wanted {count} {state}"
            time.sleep(0.3)

    def processes(self, node: str = "") -> list[psutil.Process]:
        """Return what runs on a node, or everywhere: job steps and all that jobs started."""
        mine = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                told = process.environ()
                if told.get("SLURM_CONF") != self.variables["SLURM_CONF"]:
                    continue
                where = told.get("SLURMD_NODENAME") or told.get(_MARK)
                if where in self.nodes and node in ("", where):
                    mine += [process, *_step_of(process)]
        return mine

    def lose_node(self, node: str) -> None:
        """Kill a node's slurmd with all that runs there, as a power cut does."""
        daemon = self._daemons.pop(node)
        daemon.kill()
        daemon.wait(20)
        for _ in range(20):
            left = self.processes(node)
            if not left:
                return
            for process in sorted(left, key=lambda one: not one.name().startswith("slurmstepd")):
                with contextlib.suppress(psutil.Error):
                    process.kill()
            time.sleep(0.1)

    def start_node(self, node: str, around: tuple[str, ...] = ()) -> None:
        """Start a node's slurmd, within the command `around` it."""
        self._start(node, *around, "slurmd", "-D", "-N", node, mark=node)

    def stop_node(self, node: str) -> None:
        """End a node's slurmd, in order."""
        daemon = self._daemons.pop(node)
        for process in psutil.Process(daemon.pid).children(recursive=True):
            process.terminate()
        daemon.terminate()
        daemon.wait(20)

    def stop_controller(self, *, in_order: bool = False) -> None:
        """Kill slurmctld: nothing can be asked or submitted.

        in_order: it saves its state first; one that is killed starts again with what it saved
        last, and may take jobs for running that ended since
        """
        daemon = self._daemons.pop("slurmctld")
        os.killpg(daemon.pid, signal.SIGTERM if in_order else signal.SIGKILL)
        daemon.wait(20)

    def start_controller(self) -> None:
        """Start slurmctld, with the state that the last one saved."""
        self._start("slurmctld", "slurmctld", "-D")
        self._until(lambda: "UP" in self.run("scontrol", "ping", check=False), "slurmctld answers")

    def wait_for_nodes(self, count: int | None = None) -> None:
        """Wait until so many nodes are up and idle; all where no number is said."""
        wanted = len(self.nodes) if count is None else count
        command = ("sinfo", "-h", "-N", "-p", "main", "-o", "%T")
        self._until(
            lambda: self.run(*command, check=False).split().count("idle") == wanted,
            f"{wanted} nodes are idle",
        )

    def start(self) -> None:
        """Start all daemons and wait until every node is idle."""
        munge = self.folder / "munge.sock"
        settings = ("socket", "pid-file", "log-file", "seed-file")
        files = [f"--{name}={self.folder / f'munge.{name[:4]}'}" for name in settings]
        self._start("munged", "munged", "-F", "--force", f"--key-file={self.folder}/key", *files)
        self._until(munge.exists, "munged listens")
        self.start_controller()
        for node in self.nodes:
            self.start_node(node)
        self.wait_for_nodes()

    def stop(self) -> None:
        """End everything and take its folder away."""
        for daemon in self._daemons.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(daemon.pid, signal.SIGKILL)
            daemon.wait(20)
        for node in self.nodes:
            self._daemons[node] = subprocess.Popen(("true",))
            self.lose_node(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, name: str, *command: str, mark: str = "") -> None:
        with (self.folder / f"{name}.out").open("ab") as out:
            self._daemons[name] = subprocess.Popen(
                command,
                env={**self.variables, _MARK: mark},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def _until(self, ready: "object", what: str, seconds: float = 90) -> None:
        assert callable(ready)
        end = time.monotonic() + seconds
        while not ready():
            ended = [name for name, one in self._daemons.items() if one.poll() is not None]
            logs = "\n".join(self._tail(name) for name in ended)
            assert not ended, f"not so: {what}; ended: {ended}\n{logs}"
            assert time.monotonic() < end, f"not so: {what}"
            time.sleep(0.1)

    def _tail(self, name: str) -> str:
        files = (self.folder / f"{name}.out", self.folder / f"{name}.log")
        return "".join(file.read_text()[-2000:] for file in files if file.exists())


@contextlib.contextmanager
def slurm_cluster(nodes: int = 3) -> Iterator[Slurm]:
    """Start a cluster; nothing of it is left afterwards. Skips where Slurm is not installed."""
    path = f"{os.environ.get('PATH', '')}:{_SBIN}"
    missing = [name for name in NEEDED if shutil.which(name, path=path) is None]
    if missing:
        pytest.skip(f"Slurm is not installed (slurm-wlm, munge): no {', '.join(missing)}")
    cluster = _describe(nodes, path)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def slurm() -> Iterator[Slurm]:
    """Three nodes of four cores, for the tests of one module."""
    with slurm_cluster() as cluster:
        yield cluster


def _describe(count: int, path: str) -> Slurm:
    folder = Path(tempfile.mkdtemp(prefix="slurm", dir="/tmp"))  # sockets want short paths
    folder.chmod(0o755)
    (folder / "state").mkdir()
    (folder / "key").write_bytes(os.urandom(128))
    (folder / "key").chmod(0o400)
    names = tuple(f"n{number}" for number in range(1, count + 1))
    ports = _free_ports(count + 1)
    host = socket.gethostname().split(".", maxsplit=1)[0]
    nodes = "\n".join(
        f"NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={CORES}"
        f" RealMemory={MEMORY_MB} State=UNKNOWN"
        for name, port in zip(names, ports[1:], strict=True)
    )
    conf = folder / "slurm.conf"
    conf.write_text(
        _CONFIGURATION.format(
            host=host,
            user=getpass.getuser(),
            folder=folder,
            controller=ports[0],
            nodes=nodes,
            last=names[-1],
        )
    )
    kept: Mapping[str, str] = {
        name: value for name, value in os.environ.items() if not name.startswith(("SLURM", "PBS"))
    }
    return Slurm(folder, names, {**kept, "PATH": path, "SLURM_CONF": str(conf)})


def _step_of(process: psutil.Process) -> list[psutil.Process]:
    """Return the step daemon that a process is the first child of: its environment is empty."""
    parent = process.parent()
    return [parent] if parent is not None and parent.name().startswith("slurmstepd") else []


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
