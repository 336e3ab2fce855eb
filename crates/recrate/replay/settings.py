"""What the edge tells this room: limits, walls, parameters, and who is asking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySettings:
    """The choices of the person, read at the edge.

    agent:     `recrate 0.1.0`
    clock:     gives the present moment with a zone
    sandboxed: run within walls; where there are none, nothing runs
    *_timeout_seconds: limits of one cell, one notebook and the whole run; None is no limit
    memory_bytes: for a kernel and all it starts
    processes:    how many processes and threads a kernel may have at once
    file_bytes:   the largest file a notebook may write
    output_bytes: what is kept of one cell's outputs, all kinds together
    kept_file_bytes: what is kept of the files that notebooks wrote, all together
    compared_file_bytes: the largest published file that is kept to be compared with what a notebook
                 wrote in its place
    compared_bytes: what is kept of such files, all together
    parameters: (name, value) as typed: `0.5` becomes a number, `[1, 2]` a list, `abc` a text
    variables: the environment of our own process; of it only PATH and what Windows needs is handed
               on, and only to kernels without walls
    timezone, locale: of the kernels; an empty time zone is the machine's
    threads:   for OpenMP and BLAS; 0 leaves them to choose
    """

    agent: str
    clock: Callable[[], datetime]
    sandboxed: bool = True
    cell_timeout_seconds: float | None = None
    notebook_timeout_seconds: float | None = 3600.0
    total_timeout_seconds: float | None = None
    start_timeout_seconds: float = 60.0
    memory_bytes: int | None = None
    processes: int | None = 1024
    file_bytes: int | None = 20 * 1024**3
    output_bytes: int = 10_000_000
    kept_file_bytes: int = 1024**3
    compared_file_bytes: int = 64 * 1024**2
    compared_bytes: int = 512 * 1024**2
    allow_network: bool = False
    parameters: tuple[tuple[str, str], ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""
    locale: str = "C.UTF-8"
    threads: int = 0
    runner: str = "this machine"
