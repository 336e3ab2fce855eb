"""Parsl's executor of pilot jobs, used by itself: no kernel of tasks, no retries, nothing global.

What Parsl's DataFlowKernel adds (retries, memory of results, scaling, reports of use, an exit
handler for the whole process) is what a campaign decides by itself, or not wanted.
"""

import contextlib
import logging
import shlex
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
from parsl import curvezmq
from parsl.executors import HighThroughputExecutor

from recrate.model.errors import BadInput
from recrate_binder.cluster.options import Pilot
from recrate_binder.cluster.pilot import keys_of

LABEL = "pilots"
_COMMAND_SECONDS = 30.0
_HELD = threading.Lock()


class Executor(HighThroughputExecutor):
    """Parsl's, whose questions to the interchange are answered in bounded time or not at all."""

    def connected_managers(self) -> list[dict[str, Any]]:
        """Return the nodes at work; raises what Parsl raises when the interchange is silent."""
        return list(self._ask("MANAGERS"))

    def connected_blocks(self) -> list[str]:
        """Return the blocks that ever came to work."""
        return list(self._ask("CONNECTED_BLOCKS"))

    def _ask(self, what: str) -> Any:
        run: Callable[..., Any] = self.command_client.run  # Parsl types it not
        return run(what, timeout_s=_COMMAND_SECONDS)

    @property
    def exchange_lives(self) -> bool:
        """Say whether the interchange still runs."""
        return self.interchange_proc is not None and self.interchange_proc.poll() is None


def make_executor(pilot: Pilot, provider: Any, folder: Path) -> Executor:
    """Make an executor that keeps everything in `folder`; it is not started.

    Raises BadInput for an address or a network interface that this machine does not have.
    """
    executor = Executor(
        label=LABEL,
        provider=provider,
        launch_cmd=_launch_command(pilot, folder / LABEL),
        interchange_launch_cmd=(
            sys.executable,
            "-m",
            "recrate_binder.cluster.interchange",
            str(folder / "interchange.out"),
        ),
        address="127.0.0.1",  # a guess of Parsl's own would ask a service on the internet
        worker_port_range=(pilot.ports[0], pilot.ports[1] + 1),
        max_workers_per_node=pilot.workers,
        heartbeat_period=heartbeat_period(pilot),
        heartbeat_threshold=pilot.heartbeat,
        drain_period=max(1, pilot.walltime - pilot.longest),
        poll_period=50,
        block_error_handler=False,
    )
    executor.run_dir = str(folder)
    executor.run_id = folder.name
    named = address_of(pilot)
    executor.address = named or None
    executor.all_addresses = {named} if named else own_addresses()
    if not pilot.shared:
        certificates = curvezmq.create_certificates(folder / LABEL)
        executor.cert_dir = certificates
        executor.launch_cmd = _command_with_keys(pilot, keys_of(Path(certificates)))
    return executor


def heartbeat_period(pilot: Pilot) -> int:
    """Return the seconds between two signs of life."""
    return max(1, pilot.heartbeat // 5)


def address_of(pilot: Pilot) -> str:
    """Return the address that nodes are to use, empty where nobody named one."""
    if pilot.address or not pilot.interface:
        return pilot.address
    for one in psutil.net_if_addrs().get(pilot.interface, ()):
        if one.family == socket.AF_INET:
            return one.address
    raise BadInput(
        f"this machine has no network interface {pilot.interface} with an IPv4 address",
        where="interface",
        hint=f"it has {', '.join(sorted(psutil.net_if_addrs()))}",
    )


def own_addresses() -> set[str]:
    """Return the addresses of this machine that a node could reach; nobody is asked for them."""
    found = {
        one.address
        for addresses in psutil.net_if_addrs().values()
        for one in addresses
        if one.family == socket.AF_INET
    }
    return {one for one in found if not one.startswith("127.")} or {"127.0.0.1"}


_MODULE = "parsl.executors.high_throughput.process_worker_pool"
_PILOT = "recrate_binder.cluster.pilot"


def _launch_command(pilot: Pilot, logs: Path) -> str:
    """Return what a job runs, with the gaps that Parsl fills: addresses, port and block."""
    places = (f"--cert_dir={logs / 'certificates'}", f"--logdir={logs}")
    return _command((pilot.python, "-m", _MODULE, *places), pilot)


def _command_with_keys(pilot: Pilot, keys: str) -> str:
    """Return what a job runs where no file of ours is seen: the keys come with its script.

    The script is readable for its owner alone, on the node and where the scheduler keeps it.
    """
    return f"{_command((pilot.python, '-m', _PILOT), pilot)} <<'RECRATE_KEYS'\n{keys}\nRECRATE_KEYS"


def _command(program: tuple[str, ...], pilot: Pilot) -> str:
    settings = (
        f"--max_workers_per_node={pilot.workers}",
        "--cores_per_worker=0.001",  # how many there are is said above, whatever the node has
        "--mem_per_worker=None",
        "--prefetch_capacity=0",
        "--poll=100",
        "--logconf=None",
        f"--hb_period={heartbeat_period(pilot)}",
        f"--hb_threshold={pilot.heartbeat}",
        f"--drain_period={max(1, pilot.walltime - pilot.longest)}",
        "--cpu-affinity=none",
        "--mpi-launcher=mpiexec",
    )
    fixed = shlex.join([*program, *settings])
    braced = fixed.replace("{", "{{{{").replace("}", "}}}}")  # Parsl fills gaps twice
    return f"{braced} -a {{addresses}} --port={{worker_port}} --block_id={{{{block_id}}}}"


@contextlib.contextmanager
def parsl_logs(file: Path) -> Iterator[None]:
    """Write what Parsl says into `file` and nowhere else, until the end of the block.

    Its loggers belong to the process; with several pools at once each file gets all of it.
    """
    logger = logging.getLogger("parsl")
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    with _HELD:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield
    finally:
        with _HELD:
            logger.removeHandler(handler)
            if not any(isinstance(one, logging.FileHandler) for one in logger.handlers):
                logger.propagate = True
        handler.close()
