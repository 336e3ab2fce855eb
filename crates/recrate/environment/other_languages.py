"""Studies that are not in Python: R by the packages it asks for, others named as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from recrate.environment import debian
from recrate.environment.card import read_card
from recrate.environment.r_asked import KINDS, Wanted, read_wanted, same_version, write_renv
from recrate.environment.r_machine import MeasuredR, measure_r
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.wishes import Wishes
from recrate.model.environment import Lock, Package, Source, Unrestored
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import Inventory


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedR:
    """What a study asks of R, with a version for each package where one is known.

    debian: name → package and version that Debian had on that day
    """

    wanted: Wanted
    machine: MeasuredR
    debian: Mapping[str, str]

    @property
    def text(self) -> str:
        """Return it as a renv.lock; empty where nothing is asked for."""
        return write_renv(self.wanted, self.debian) if self.wanted.packages else ""


def lock_r(
    root: Path, inventory: Inventory, *, settings: EnvironmentSettings, measured: bool
) -> LockedR:
    """Return what the R code and the declarations of a study ask for.

    measured: this machine's R is the author's, and its versions come before those declared
    A version that nobody says is the one that this machine has, if any.
    """
    wanted, machine = read_wanted(root, inventory), measure_r()
    have = {one.name: one.version for one in machine.packages}
    for name, one in wanted.packages.items():
        here = have.get(name, "")
        version = here or one.version if measured else one.version or here
        wanted.packages[name] = replace(one, version=version)
    wanted.r = (machine.version if measured else "") or wanted.r or machine.version
    return LockedR(wanted=wanted, machine=machine, debian=_of_debian(wanted, settings))


def _of_debian(wanted: Wanted, settings: EnvironmentSettings) -> dict[str, str]:
    found = debian.offered(wanted.packages.values(), settings)
    return {name: f"{package} {version}" for name, (package, version) in found.items()}


def lock_other(
    root: Path,
    language: str,
    inventory: Inventory,
    declared: Wishes,
    *,
    kernel: str | None,
    settings: EnvironmentSettings,
) -> Lock:
    """Return the lock of a study in another language: its packages by name, no pylock.

    kernel: the author's, whose installed versions are then taken; None: what the study declares
    """
    name = kernel or next((one.kernel for one in inventory.notebooks if one.kernel), "")
    language = "R" if language.lower() == "r" else language
    says = any(one.kind in KINDS for one in inventory.declarations)
    source: Source = "kernel" if kernel else "declared" if says else "inferred"
    lock = Lock(
        language=language,
        python="",
        packages=(),
        pylock="",
        requirements="",
        dockerfile="",
        source=source,
        as_of=None,
        card=read_card(),
        kernel=name or ("ir" if language == "R" else ""),
        notes=(f"{language} replays with the machine's own kernel", *declared.notes),
        unrestored=declared.unrestored,
        system_packages=declared.system_packages,
        findings=declared.findings,
    )
    if language != "R":
        return replace(lock, findings=(*lock.findings, _own_kernel(language, name)))
    return _with_r(lock, lock_r(root, inventory, settings=settings, measured=kernel is not None))


def _with_r(lock: Lock, locked: LockedR) -> Lock:
    packages = sorted(locked.wanted.packages.values(), key=lambda one: one.name)
    missing = tuple(
        Unrestored(name=one.name, reason="no version is known for it")
        for one in packages
        if not one.version
    )
    version = locked.machine.version
    return replace(
        lock,
        packages=tuple(
            Package(name=one.name, version=one.version) for one in packages if one.version
        ),
        renv=locked.text,
        notes=(*lock.notes, *((f"this machine has R {version}",) if version else ())),
        unrestored=(*missing, *lock.unrestored),
        findings=(*lock.findings, *r_findings(locked)),
    )


def r_findings(locked: LockedR) -> tuple[Finding, ...]:
    """Say which packages of R another machine cannot have from Debian, or not at that version."""
    lacking, other = [], []
    for name, one in sorted(locked.wanted.packages.items()):
        told = locked.debian.get(name, "")
        if not told:
            lacking.append(name)
        elif one.version and not same_version(debian.upstream(told.partition(" ")[2]), one.version):
            other.append(f"{name} {one.version}")
    said = "packages of R are restored from Debian"
    if lacking and not locked.debian:
        said += ", which could not be asked here"
    elif lacking:
        said += f", which lacks {', '.join(lacking)}"
    if other:
        said += f", not at the version {', '.join(other)}"
    hint = "whoever replays it needs R and IRkernel; what Debian lacks they install in R themselves"
    return (find(Severity.WARNING, "machine-kernel", said[:600], hint=hint),)


def _own_kernel(language: str, kernel: str) -> Finding:
    named = f" `{kernel}`" if kernel else ""
    return find(
        Severity.WARNING,
        "machine-kernel",
        f"packages of {language} are named in the crate but not restored from it: it replays with"
        f" the machine's own kernel{named}",
        hint="whoever replays it needs a kernel for it, with these packages",
    )
