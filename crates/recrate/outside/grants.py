"""How much memory is ours: the machine's, or less where somebody gave us only a part of it."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import psutil

from recrate.outside.limits import CONTROL_GROUPS, own_groups

JOB_BYTES = "RECRATE_JOB_BYTES"
"""Variable in which a job on a cluster says how much memory was asked for it."""

_SHARE = 0.8
_MIB = 1 << 20
_BESIDE_BYTES = 512 * _MIB
"""What looks after a program needs: of a small part that is more than a fifth."""


def usual_memory_bytes() -> int:
    """Return the limit of a program for which nobody said one: four fifths of what is ours.

    What is left is for whoever looks after it. Where several run side by side each has this limit:
    together they may pass what is ours, one by itself does not.
    """
    return _usual(granted_bytes())


def held_to_grant(asked_bytes: int) -> int:
    """Return a limit that somebody asked for; where only a part is ours, no more than is usual.

    Whoever passes such a part is killed together with all that shares it.
    """
    granted = granted_bytes()
    whole = granted >= psutil.virtual_memory().total
    return asked_bytes if whole else min(asked_bytes, _usual(granted))


def granted_bytes() -> int:
    """Return how much this process and its children may take before somebody kills them.

    The machine's memory; less where a control group around us, Slurm, or our own job says less.
    Source: cgroups(7) (`memory.limit_in_bytes`, `memory.max`), sbatch(1) (`SLURM_MEM_PER_NODE`,
    `SLURM_MEM_PER_CPU`, in MiB).
    """
    total = psutil.virtual_memory().total
    told = (*_of_groups(CONTROL_GROUPS, own_groups()), *_of_job(os.environ))
    return min((total, *(one for one in told if one > 0)))


def _usual(granted: int) -> int:
    return max(granted // 2, min(int(granted * _SHARE), granted - _BESIDE_BYTES))


def _of_groups(root: Path, own: Mapping[str, str]) -> Iterator[int]:
    """Yield the limits of the groups around us; one without a limit says `max`, or far too much."""
    for controller, place, name in (
        ("memory", root / "memory", "memory.limit_in_bytes"),
        ("", root, "memory.max"),
    ):
        inner = PurePosixPath(own.get(controller, "/").lstrip("/"))
        for group in (inner, *inner.parents):
            with contextlib.suppress(OSError, ValueError):
                yield int((place / group / name).read_text())


def _of_job(variables: Mapping[str, str]) -> Iterator[int]:
    """Yield what a job was given, as far as its variables tell."""
    for name, unit in ((JOB_BYTES, 1), ("SLURM_MEM_PER_NODE", _MIB)):
        with contextlib.suppress(KeyError, ValueError):
            yield int(variables[name]) * unit
    with contextlib.suppress(KeyError, ValueError):
        cores = int(variables["SLURM_CPUS_ON_NODE"])
        yield int(variables["SLURM_MEM_PER_CPU"]) * cores * _MIB
