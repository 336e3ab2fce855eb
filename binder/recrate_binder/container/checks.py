"""What is said before anything is started: what will not work in a container, and why."""

import shutil
from collections.abc import Callable
from pathlib import Path

import psutil

from recrate.launch.target import Cargo
from recrate.model.errors import BadInput, RecrateError
from recrate.model.finding import Finding, Severity
from recrate.model.launch import LaunchOrder
from recrate_binder.container.builds import BuildOrder
from recrate_binder.container.engine import Engine
from recrate_binder.container.images import repo2docker_version

LANGUAGES = ("python", "r")
MACHINES = ("amd64", "arm64")
NEEDED_BYTES = 2 << 30
"""What an image takes beside the crate: JupyterLab, and an environment of middle size."""
LEAST_MEMORY_BYTES = 256 << 20
_WHERE = "the container"


def check(
    cargo: Cargo,
    order: LaunchOrder,
    *,
    engine: Callable[[], Engine],
    build: Callable[[], BuildOrder],
) -> tuple[Finding, ...]:
    """Return the findings; those of severity error are refusals.

    engine, build: give the engine and what would be built, or raise what is wrong with the answers
    """
    findings = [*_of_the_crate(cargo), *_of_the_order(order)]
    if not repo2docker_version():
        hint = "pip install 'recrate[binder]'"
        findings.append(_error("no-repo2docker", "repo2docker is not installed", hint))
    try:
        image = build().image
    except BadInput as error:
        findings.append(_error("no-certificates", str(error), error.hint))
        image = ""
    try:
        found = engine()
    except RecrateError as error:
        findings.append(_error("no-container-engine", error.message, error.hint))
        return tuple(findings)
    findings += _of_the_engine(found, order)
    if not (image and found.has_image(image)):
        findings += _of_the_room(found, cargo.path)
    return tuple(findings)


def _of_the_crate(cargo: Cargo) -> list[Finding]:
    lock = cargo.crate.lock
    if lock is None:
        return [
            _error(
                "no-lock-for-image",
                "the crate has no lock, so no image can be made of it",
                "`recrate launch --on here` opens it; its authors can pack it with a lock",
            )
        ]
    if lock.language.lower() not in LANGUAGES:
        return [
            _error(
                "language-not-in-image",
                f"no image can be made for notebooks in {lock.language[:40]}",
                "`recrate launch --on here` uses the kernels of this machine",
            )
        ]
    return []


def _of_the_order(order: LaunchOrder) -> list[Finding]:
    if order.memory_bytes is not None and order.memory_bytes < LEAST_MEMORY_BYTES:
        return [
            _error(
                "too-little-memory",
                f"JupyterLab does not start within {order.memory_bytes >> 20} MiB",
                "give it 1G or more with --memory",
            )
        ]
    if order.memory_bytes is not None and order.memory_bytes > psutil.virtual_memory().total:
        return [
            _warning("more-memory-than-there-is", "this machine has less memory than the limit")
        ]
    return []


def _of_the_engine(engine: Engine, order: LaunchOrder) -> list[Finding]:
    findings = []
    if engine.machine not in MACHINES:
        findings.append(
            _error(
                "machine-not-supported",
                f"{engine.name} runs on {engine.machine}, for which there are hardly any wheels",
                f"supported: {', '.join(MACHINES)}",
            )
        )
    if engine.apart and not order.network:
        findings.append(
            _error(
                "engine-in-a-virtual-machine",
                f"{engine.name} does not run on this machine itself, so a container without a "
                "network cannot be reached",
                "--allow-network gives it one; then its cells have it too",
            )
        )
    return findings


def _of_the_room(engine: Engine, crate: Path) -> list[Finding]:
    if engine.store is None:
        return []
    place = next((one for one in (engine.store, *engine.store.parents) if one.is_dir()), None)
    if place is None:
        return []
    free = shutil.disk_usage(place).free
    needed = NEEDED_BYTES + (3 * crate.stat().st_size if crate.is_file() else 0)
    if free >= needed:
        return []
    return [
        _error(
            "no-space-for-image",
            f"{free / 1e9:.1f} GB are free where {engine.name} keeps its images, an image of this "
            f"crate takes about {needed / 1e9:.1f} GB",
            f"`{engine.name} system prune` removes what is no longer used",
        )
    ]


def _error(code: str, message: str, hint: str) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, where=_WHERE, message=message, hint=hint)


def _warning(code: str, message: str) -> Finding:
    return Finding(severity=Severity.WARNING, code=code, where=_WHERE, message=message)
