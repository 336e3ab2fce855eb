"""Have a study's packages of R again: this machine's R, and from Debian what it lacks."""

import hashlib
import json
import platform
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from recrate.environment import debian
from recrate.environment.cache import contents_of, held, set_aside
from recrate.environment.current import use_kernel
from recrate.environment.r_asked import Asked, Wanted, is_at_least, read_own, same_version
from recrate.environment.r_machine import MeasuredR, failing, measure_beside, measure_r
from recrate.environment.settings import EnvironmentSettings
from recrate.model.environment import (
    NOT_IN_DEBIAN,
    Environment,
    Lock,
    NotRestored,
    Package,
)
from recrate.model.errors import BadInput
from recrate.model.progress import Progress
from recrate.model.verdict import Cause
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, remove_tree, scratch_folder, write_text

_SCHEMA = "1"
_CURRENT = "`recrate replay --environment current` runs with what this machine has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands in `complete.json` of a library of R's packages, written last.

    contents: digest over path, size and time of every file
    packages: what R then has, the machine's own together with these
    archives: what was unpacked
    left_out: name → why it could not be had from Debian
    """

    schema: str
    contents: str
    packages: tuple[Package, ...]
    archives: tuple[debian.Archive, ...]
    left_out: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is wanting in this machine's R, and what apt has of it: name → `package=version`."""

    home: Path
    machine: MeasuredR
    missing: tuple[Asked, ...]
    offered: Mapping[str, str]
    settings: EnvironmentSettings


def wanted_of(lock: Lock) -> Wanted:
    """Return what a lock asks of R; of one made before recrate kept it, by its packages."""
    if lock.renv:
        return read_own(lock.renv)
    wanted = Wanted()
    if lock.language.lower() == "r":
        for package in lock.packages:
            wanted.add(Asked(name=package.name, version=package.version))
        for one in lock.unrestored:
            if one.declared_in is None:
                wanted.add(Asked(name=one.name))
    return wanted


def realise_r(
    lock: Lock, *, kernel: str | None, settings: EnvironmentSettings, progress: Progress
) -> Environment | NotRestored:
    """Return this machine's R with the packages that a lock asks for.

    What R has is used as it is; what it lacks comes from Debian, by the machine's own apt, into a
    library in the cache that only this environment sees. A version that Debian does not have is a
    difference, and so is a package that it lacks: notebooks that do without still run.
    Raises OutsideFailed when the disk is full or another one builds for too long, Refused when
    something must be unpacked and there is no sandbox.
    """
    started = time.perf_counter()
    base = use_kernel("r", kernel=kernel)
    if isinstance(base, NotRestored):
        return base
    wanted = wanted_of(lock)
    machine = measure_r()
    have = {one.name for one in machine.packages}
    missing = tuple(one for name, one in sorted(wanted.packages.items()) if name not in have)
    if not missing:
        return _describe(base, wanted, machine, None, {})
    offered = {
        name: f"{package}={version}"
        for name, (package, version) in debian.offered(missing, settings).items()
    }
    refused = _refused(missing, machine, offered, settings)
    home = _home(missing, machine, settings)
    known = _read(home)
    if known is None and refused is not None:
        return _without(refused, missing) or _describe(
            base, wanted, machine, None, _reasons(refused, missing)
        )
    if known is None or (known.left_out.keys() & offered.keys() and _may_now(known)):
        order = _Order(
            home=home, machine=machine, missing=missing, offered=offered, settings=settings
        )
        built = _build_once(order, progress)
        if isinstance(built, NotRestored):
            return _without(built, missing) or _describe(
                base, wanted, machine, None, _reasons(built, missing)
            )
        known = built
    found = _describe(_with_library(base, home), wanted, machine, known, known.left_out)
    return replace(found, seconds=time.perf_counter() - started)


def _without(refused: NotRestored, missing: tuple[Asked, ...]) -> NotRestored | None:
    """Return the refusal where code uses what is missing; else a study does without."""
    return refused if any(one.used for one in missing) else None


def _reasons(refused: NotRestored, missing: tuple[Asked, ...]) -> dict[str, str]:
    return {one.name: refused.evidence or refused.message for one in missing}


def _may_now(known: Beside) -> bool:
    """Say whether what Debian did not have was wanting in apt's lists, not in apt's plans."""
    return any(reason.startswith(_LACKS) for reason in known.left_out.values())


def _refused(
    missing: tuple[Asked, ...],
    machine: MeasuredR,
    offered: Mapping[str, str],
    settings: EnvironmentSettings,
) -> NotRestored | None:
    """Say why nothing can be had from Debian on this machine, or None."""
    names = ", ".join(one.name for one in missing)
    packages = " ".join(debian.debian_names(one.name, one.source)[0] for one in missing)
    if not debian.has_apt():
        return NotRestored(
            cause=Cause.MISSING_PACKAGE,
            message=f"this machine's R lacks {names}, and without apt they cannot be fetched",
            hint=f"install them in R by hand, then {_CURRENT}; or run it on a Debian machine",
        )
    if machine.home != "/usr/lib/R":
        return NotRestored(
            cause=Cause.MISSING_PACKAGE,
            message=f"this machine's R lacks {names}, and it is not Debian's R, for which packages"
            " can be fetched",
            evidence=f"R {machine.version} lies in {machine.home}",
            hint=f"install.packages() them in that R, then {_CURRENT}",
        )
    if not offered and not debian.versions_of(("r-base-core",), settings):
        return NotRestored(
            cause=Cause.MISSING_PACKAGE,
            message=f"this machine's R lacks {names}, and apt has no lists to fetch them from",
            evidence="apt-cache knows no r-base-core",
            hint=f"`apt-get update`, then again; or `apt-get install {packages}`",
        )
    return None


_LACKS = "Debian has no "


def _home(missing: tuple[Asked, ...], machine: MeasuredR, settings: EnvironmentSettings) -> Path:
    parts = [
        [[one.name, one.version, one.source] for one in missing],
        machine.version,
        machine.home,
        [[one.name, one.version] for one in machine.packages],
        platform.machine(),
        *platform.libc_ver(),
        _SCHEMA,
    ]
    key = hashlib.sha256(json.dumps(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return (settings.cache / "environments").resolve() / f"r-{key[:30]}"


def _read(home: Path) -> Beside | None:
    """Return what is known of a finished library; None when it is none, or was touched."""
    try:
        known = from_json((home / "complete.json").read_bytes(), Beside, where=str(home))
        fresh = known.schema == _SCHEMA and known.contents == contents_of(home / "root")
    except (OSError, BadInput):
        return None
    return known if fresh else None


def _build_once(order: _Order, progress: Progress) -> Beside | NotRestored:
    """Build the library, or wait for who is building it."""
    before = _read(order.home)
    with held(order.home, progress, seconds=order.settings.timeout_seconds):
        known = _read(order.home)
        if known is not None and known != before:
            return known
        done = False
        try:
            made = _build(order, progress)
            done = isinstance(made, Beside)
        finally:
            if not done:
                remove_tree(order.home)
        return made


def _build(order: _Order, progress: Progress) -> Beside | NotRestored:
    root = order.home / "root"
    with disk_errors(order.home):
        set_aside(order.home)
        root.mkdir(parents=True)
    left = {
        one.name: f"{_LACKS}{debian.debian_names(one.name, one.source)[0]}"
        for one in order.missing
        if one.name not in order.offered
    }
    with scratch_folder(parent=order.settings.cache / "scratch") as folder:
        progress("environment", 0, 3, f"asking apt for {', '.join(sorted(order.offered))}")
        chosen, refused = _plan(order, folder / "plans")
        archives = _bring(order, chosen, folder / "archives", progress)
    if isinstance(archives, NotRestored):
        return archives
    left |= refused
    variables = variables_of(root)
    measured = measure_beside(str(root), variables, order.settings)
    there = {one.name for one in measured.packages}
    got = tuple(one.name for one in order.missing if one.name not in left)
    wrong = failing(got, str(root), variables, order.settings)
    left |= {name: f"it does not load: {words}" for name, words in wrong.items()}
    left |= {name: "its Debian package does not hold it" for name in got if name not in there}
    known = Beside(
        schema=_SCHEMA,
        contents=contents_of(root),
        packages=measured.packages,
        archives=archives,
        left_out=left,
    )
    write_text(order.home / "complete.json", to_json(known, indent=None))
    progress("environment", 3, 3, f"{len(measured.packages)} packages")
    return known


def _bring(
    order: _Order, chosen: tuple[str, ...], folder: Path, progress: Progress
) -> tuple[debian.Archive, ...] | NotRestored:
    """Fetch what was chosen with all that it needs, and unpack it; return what it was."""
    if not chosen:
        return ()
    progress("environment", 1, 3, f"fetching {len(chosen)} packages of R from Debian")
    wrong = debian.fetch(chosen, order.settings, folder)
    if wrong:
        return _not_fetched(order, wrong)
    archives = debian.archives_in(folder)
    progress("environment", 2, 3, f"unpacking {len(archives)} archives")
    wrong = debian.unpack(folder, order.home / "root", order.settings)
    return _not_fetched(order, wrong) if wrong else archives


def _plan(order: _Order, folder: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return what apt can give, all together or, where it cannot, each that it can by itself."""
    if not order.offered:
        return (), {}
    together = tuple(sorted(set(order.offered.values())))
    if not debian.plan_of(together, order.settings, folder).refused:
        return together, {}
    chosen: tuple[str, ...] = ()
    refused: dict[str, str] = {}
    for name, package in sorted(order.offered.items()):
        plan = debian.plan_of((*chosen, package), order.settings, folder)
        if plan.refused:
            refused[name] = plan.refused
        else:
            chosen = (*chosen, package)
    return chosen, refused


def _not_fetched(order: _Order, wrong: str) -> NotRestored:
    names = ", ".join(one.name for one in order.missing)
    packages = " ".join(one.partition("=")[0] for one in sorted(order.offered.values()))
    return NotRestored(
        cause=Cause.MISSING_PACKAGE,
        message=f"this machine's R lacks {names}, and apt could not bring them",
        evidence=wrong,
        hint=f"look at the network and apt's sources; `apt-get update` and "
        f"`apt-get install {packages}` by hand also do; {_CURRENT}",
    )


def variables_of(root: Path) -> dict[str, str]:
    """Return what R must be told so that it finds a library of ours, and what that links to."""
    libraries = debian.libraries_of(root)
    return {
        "R_LIBS": debian.library_of(root),
        **({"LD_LIBRARY_PATH": ":".join(libraries)} if libraries else {}),
    }


def _with_library(base: Environment, home: Path) -> Environment:
    root = home / "root"
    variables = {**dict(base.variables), **variables_of(root)}
    return replace(
        base, mounts=(*base.mounts, str(root)), variables=tuple(sorted(variables.items()))
    )


def _describe(
    base: Environment,
    wanted: Wanted,
    machine: MeasuredR,
    known: Beside | None,
    left: Mapping[str, str],
) -> Environment:
    packages = known.packages if known is not None else machine.packages
    have = {one.name: one.version for one in packages}
    differences = tuple(_differences(wanted, have, left))
    notes = [*base.notes]
    if known is not None and known.archives:
        fetched = [one.file.rsplit("_", 1)[0].replace("_", " ") for one in known.archives]
        notes.append(f"beside the machine's own, from Debian: {', '.join(fetched)}"[:1500])
    if wanted.r and not same_version(wanted.r, machine.version):
        notes.append(f"R is {machine.version}, the study's was {wanted.r}")
    for name, why in sorted(left.items()):
        notes.append(f"{NOT_IN_DEBIAN}: {name}: {why}")
    return replace(
        base,
        packages=packages,
        restored=bool(wanted.packages) and not differences,
        differences=differences,
        notes=tuple(notes),
    )


def _differences(wanted: Wanted, have: Mapping[str, str], why: Mapping[str, str]) -> Iterator[str]:
    for name, one in sorted(wanted.packages.items()):
        version = have.get(name, "")
        if not version or name in why:
            yield f"{name} {one.version} is missing".replace("  ", " ")
        elif one.version and not same_version(version, one.version):
            yield f"{name} is {version}, the lock says {one.version}"
        elif one.least and not is_at_least(version, one.least):
            yield f"{name} is {version}, the lock says at least {one.least}"
