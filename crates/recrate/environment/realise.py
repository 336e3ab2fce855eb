"""Have a lock's environment again: by name and hash, from the configured indexes, kept by content."""

import hashlib
import json
import platform
import sys
import time
from pathlib import Path

from filelock import FileLock

from recrate.environment.measure import Measured, measure
from recrate.environment.pylock import Locked, installed_by, read_pylock
from recrate.environment.resolve import evidence_of, raise_if_unreachable, uv_variables
from recrate.environment.settings import EnvironmentSettings
from recrate.model.environment import Environment, Lock, NotRestored, Package
from recrate.model.progress import Progress, silent
from recrate.model.verdict import Cause
from recrate.outside.disk import remove_tree, write_text
from recrate.outside.process import run
from recrate.outside.tools import Interpreter, find_uv, interpreters

SCHEMA = "1"
"""Part of the cache's key: another way of building makes other environments."""


def realise(
    lock: Lock, *, settings: EnvironmentSettings, progress: Progress = silent
) -> Environment | NotRestored:
    """Rebuild the lock as a virtual environment, or find it in the cache.

    Raises BadCrate for a lock that is hostile or broken, OutsideFailed when no index answers.
    """
    started = time.perf_counter()
    locked = read_pylock(lock.pylock)
    minor = ".".join(lock.python.split(".")[:2])
    found = interpreters(minor, settings.variables)
    if not found:
        return NotRestored(
            cause=Cause.KERNEL_MISSING, message=f"Python {minor} is not on this machine"
        )
    base = next((one for one in found if one.version == lock.python), found[0])
    key = hashlib.sha256(
        json.dumps([lock.pylock, base.version, platform.platform(), SCHEMA]).encode()
    ).hexdigest()
    home = settings.cache / "environments" / key[:32]
    home.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{home}.lock"):
        marker = home / "complete.json"
        if not marker.is_file():
            remove_tree(home)
            failed = _build(home, locked, base, settings)
            if failed:
                return failed
            write_text(marker, json.dumps({"schema": SCHEMA}))
    return _describe(home, lock, base, time.perf_counter() - started)


def _build(
    home: Path, locked: tuple[Locked, ...], base: Interpreter, settings: EnvironmentSettings
) -> NotRestored | None:
    home.mkdir(parents=True)
    variables = uv_variables(settings)
    made = run(
        [find_uv(), "venv", "--no-config", "--python", base.program, home / "venv", "--quiet"],
        timeout_seconds=120,
        variables=variables,
        folder=home,
    )
    if made.code:
        return NotRestored(
            cause=Cause.KERNEL_MISSING, message="no environment could be made", evidence=made.error
        )
    python = home / "venv" / "bin" / "python"
    chosen = installed_by(locked, measure(str(python)).markers)
    wanted = "".join(
        f"{one.name}=={one.version} " + " ".join(f"--hash=sha256:{h}" for h in one.hashes) + "\n"
        for one in chosen
    )
    write_text(home / "requirements.txt", wanted)
    told = run(
        [
            find_uv(),
            "pip",
            "install",
            "--python",
            python,
            "--require-hashes",
            "--no-deps",
            "--only-binary",
            ":all:",
            "--quiet",
            "-r",
            home / "requirements.txt",
            *settings.index,
        ],
        timeout_seconds=settings.timeout_seconds,
        variables=variables,
        folder=home,
    )
    if told.code:
        raise_if_unreachable(told)
        return NotRestored(
            cause=Cause.NO_BUILD,
            message="the lock cannot be installed here",
            evidence=evidence_of(told),
        )
    return None


def _describe(home: Path, lock: Lock, base: Interpreter, seconds: float) -> Environment:
    python = home / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    measured: Measured = measure(str(python))
    differences = _differences(lock, measured)
    return Environment(
        language="python",
        python=measured.python,
        folder=str(home / "venv"),
        kernel_command=(str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        packages=measured.packages,
        restored=not differences,
        seconds=seconds,
        mounts=(base.prefix,),
        differences=differences,
    )


def _differences(lock: Lock, measured: Measured) -> tuple[str, ...]:
    wanted = dict.fromkeys(installed_by(read_pylock(lock.pylock), measured.markers))
    have: dict[str, Package] = {one.name: one for one in measured.packages}
    lines = []
    for one in wanted:
        got = have.get(one.name)
        if got is None:
            lines.append(f"{one.name} {one.version} is missing")
        elif got.version != one.version:
            lines.append(f"{one.name} is {got.version}, the lock says {one.version}")
    return tuple(lines)
