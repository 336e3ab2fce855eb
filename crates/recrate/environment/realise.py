"""Have a lock's environment again: from the configured indexes, by name and hash."""

import time

from recrate.environment.build import build_and_install, leave_out
from recrate.environment.cache import (
    Complete,
    held,
    home_of,
    read_complete,
    set_aside,
    write_complete,
)
from recrate.environment.current import use_current
from recrate.environment.install import (
    Place,
    compile_byte_code,
    install_wheels,
    make_venv,
    split_by_build,
)
from recrate.environment.measure import Measured, measure_installed
from recrate.environment.pylock import Locked, installed_by, read_pylock
from recrate.environment.r_restore import realise_r
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.smoke import start_once
from recrate.model.environment import LEFT_OUT, Environment, Lock, NotRestored
from recrate.model.progress import Progress, silent
from recrate.model.verdict import Cause
from recrate.outside.disk import disk_errors, remove_tree
from recrate.outside.tools import Interpreter, download, interpreters


def realise(
    lock: Lock, *, settings: EnvironmentSettings, progress: Progress = silent
) -> Environment | NotRestored:
    """Rebuild the lock as a virtual environment, or find it in the cache.

    The lock is a stranger's: of it count names, versions, hashes and markers, never its URLs.
    A lock of R gives the machine's R with what it lacks; of any other language, the machine's own
    kernel for it.
    Raises BadCrate for a lock that is hostile or broken, OutsideFailed when no index answers or
    the disk is full,
    Refused when something must be built and there is no sandbox.
    """
    started = time.perf_counter()
    if lock.language.lower() == "r":
        return realise_r(lock, kernel=lock.kernel or None, settings=settings, progress=progress)
    if lock.language.lower() != "python":
        return use_current(lock.language, kernel=lock.kernel or None)
    if not lock.pylock:
        return _nothing_to_build(lock)
    locked = read_pylock(lock.pylock)
    base = _find_python(lock.python, settings, progress)
    if isinstance(base, NotRestored):
        return base
    home = home_of(settings.cache, lock.pylock, base, build=settings.build)
    known = read_complete(home)
    if known is None:
        with held(home, progress, seconds=settings.timeout_seconds):
            known = read_complete(home)
            if known is None:
                place = Place(home=home, base=base, settings=settings)
                try:
                    failed = _build(place, locked, lock.as_of, progress)
                    known = read_complete(home)
                finally:
                    if known is None:  # a disk that is full needs the space
                        remove_tree(home)
                if failed is not None:
                    return failed
    assert known is not None
    place = Place(home=home, base=base, settings=settings)
    return _describe(place, lock, locked, known, time.perf_counter() - started)


def _nothing_to_build(lock: Lock) -> NotRestored:
    if lock.python.startswith("2."):
        return NotRestored(
            cause=Cause.KERNEL_MISSING,
            message=f"the study is in Python {lock.python}, which no kernel of today can run",
            hint="port it to Python 3",
        )
    finding = next((one for one in lock.findings if one.code == "cannot-resolve"), None)
    return NotRestored(
        cause=Cause.MISSING_PACKAGE,
        message="the crate has no lock of its packages",
        evidence=finding.message if finding else "",
        hint="`recrate replay --environment current` takes the packages of this machine",
    )


def _find_python(
    version: str, settings: EnvironmentSettings, progress: Progress
) -> Interpreter | NotRestored:
    """Return an interpreter of the same minor version, the nearest patch level first."""
    minor = ".".join(version.split(".")[:2])
    own = settings.cache / "python"
    found = interpreters(minor, settings.variables, folders=(own,))
    if not found and settings.python_downloads:
        progress("environment", 0, 0, f"fetching Python {minor}")
        told = download(minor, own, settings.variables)
        found = interpreters(minor, settings.variables, folders=(own,)) if told.code == 0 else ()
    if not found:
        return NotRestored(
            cause=Cause.KERNEL_MISSING,
            message=f"Python {minor} is not on this machine and could not be fetched",
            hint=f"install it, for example with `uv python install {minor}` or pyenv",
        )
    return min(found, key=lambda one: _distance(one.version, version))


def _distance(one: str, wanted: str) -> int:
    patches = [text.split(".")[2:] for text in (one, wanted)]
    if not patches[1]:
        return 0
    numbers = [int("".join(filter(str.isdigit, "".join(patch))) or 0) for patch in patches]
    return abs(numbers[0] - numbers[1])


def _build(
    place: Place, locked: tuple[Locked, ...], as_of: str | None, progress: Progress
) -> NotRestored | None:
    with disk_errors(place.home):
        set_aside(place.home)
        place.home.mkdir(parents=True)
    progress("environment", 0, 4, f"making an environment with Python {place.base.version}")
    failed = make_venv(place)
    if failed is not None:
        return failed
    markers = measure_installed(place.base, place.packages).markers
    chosen = installed_by(locked, markers)
    ready, unbuilt = split_by_build(chosen, place.base.minor)
    progress("environment", 1, 4, f"installing {len(ready)} packages")
    failed = install_wheels(place, ready)
    if failed is not None:
        return failed
    failures: dict[str, NotRestored] = {}
    if unbuilt and not place.settings.build:
        failures = leave_out(unbuilt)
    elif unbuilt:
        progress("environment", 2, 4, f"building {', '.join(one.name for one in unbuilt)}")
        failures = build_and_install(place, unbuilt, as_of)
    altered = next((one for one in failures.values() if one.cause != Cause.NO_BUILD), None)
    if altered is not None:
        return altered
    compile_byte_code(place)
    progress("environment", 3, 4, "starting the kernel once")
    failed = start_once(place)
    if failed is not None:
        return next(iter(failures.values()), failed)
    measured = measure_installed(place.base, place.packages)
    write_complete(place.home, measured, _notes_of_building(unbuilt, failures))
    progress("environment", 4, 4, f"{len(measured.installed)} packages")
    return None


def _notes_of_building(
    unbuilt: tuple[Locked, ...], failures: dict[str, NotRestored]
) -> tuple[str, ...]:
    built = [one.name for one in unbuilt if one.name not in failures]
    notes = [f"built from source: {', '.join(built)}"] if built else []
    return (
        *notes,
        *(f"{LEFT_OUT}: {one.evidence}" for one in failures.values()),
    )


def _describe(
    place: Place, lock: Lock, locked: tuple[Locked, ...], known: Complete, seconds: float
) -> Environment:
    measured = known.measured
    differences = _differences(installed_by(locked, measured.markers), measured)
    exact = lock.python.count(".") < 2 or lock.python == measured.python
    other = () if exact else (f"Python is {measured.python}, the study's was {lock.python}",)
    return Environment(
        language="python",
        python=measured.python,
        folder=str(place.venv),
        kernel_command=(
            str(place.python), "-m", "ipykernel_launcher", "-f", "{connection_file}",
        ),
        packages=measured.packages,
        restored=not differences,
        seconds=seconds,
        mounts=(place.base.prefix,),
        variables=(("PYTHONDONTWRITEBYTECODE", "1"),),
        differences=differences,
        notes=(*other, *known.notes),
    )  # fmt: skip


def _differences(wanted: tuple[Locked, ...], measured: Measured) -> tuple[str, ...]:
    have = {one.name: one.version for one in measured.packages}
    lines = []
    for one in wanted:
        got = have.pop(one.name, None)
        if got is None:
            lines.append(f"{one.name} {one.version} is missing")
        elif got != one.version:
            lines.append(f"{one.name} is {got}, the lock says {one.version}")
    return (*lines, *(f"{name} {version} is not in the lock" for name, version in have.items()))
