"""What a study needs in order to run: a lock (what we ask for) and an environment (what we got)."""

from dataclasses import dataclass
from typing import Literal

from recrate.model.finding import Finding

Source = Literal["kernel", "declared", "inferred", "mixed"]
"""Where a lock comes from, most trusted first; mixed: declared and inferred together."""

LEFT_OUT = "left out, as it cannot be built here"
"""How a note of an environment begins, before `: name==version: evidence`."""

NOT_IN_DEBIAN = "could not be had from Debian"
"""How a note of an environment of R begins, before `: name: reason`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A distribution at one version; `name` is normalised (PEP 503)."""

    name: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrestored:
    """Something the study asks for that a virtual environment cannot give, and why."""

    name: str
    reason: str
    declared_in: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The machine that locked or replayed. Unknown fields are empty strings, never guesses."""

    system: str
    release: str
    machine: str
    processor: str = ""
    cores: int = 0
    memory_bytes: int = 0
    blas: str = ""
    locale: str = ""
    timezone: str = ""
    gpu: str = ""
    c_library: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """An environment as it can be asked for again.

    python:   version of the interpreter, `3.11.7` or `3.11` when the patch level is not known;
              empty for a study without Python
    packages: as resolved for the Python and platform of this lock
    pylock:   text of a universal PEP 751 lock with hashes; empty when nothing is to be installed
    requirements: the packages as pip reads them, with hashes; none in locks of recrate 0.1
    as_of:    ISO date up to which packages were considered, None for a running kernel
    notes:    each fallback taken, in words
    """

    language: str
    python: str
    packages: tuple[Package, ...]
    pylock: str
    requirements: str
    dockerfile: str
    source: Source
    as_of: str | None
    card: Card
    notes: tuple[str, ...] = ()
    unrestored: tuple[Unrestored, ...] = ()
    system_packages: tuple[str, ...] = ()
    """Names of Debian packages."""
    kernel: str = ""
    """Kernel to use when the language is not Python (`ir`)."""
    findings: tuple[Finding, ...] = ()
    renv: str = ""
    """What the study asks of R, as a renv.lock; empty without R, and in locks of recrate 0.1."""


def plain_requirements(requirements: str) -> str:
    """Return requirements with names and versions alone, one in a line, without their hashes."""
    lines = (line.removesuffix("\\").rstrip() for line in requirements.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(" "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A package that a lock lacks, found by running and added for the replay.

    requirement: PEP 508, as the kept tables have it; name: normalised. Of a program or library of
                 the system the name is Debian's, and there is no requirement: a replay adds none
    notebook, cell: where it was missed (cell counts from 0, None where no cell was reached)
    evidence: the error's own words
    """

    requirement: str
    name: str
    version: str
    notebook: str
    cell: int | None
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A place where notebooks can run.

    folder:   the virtual environment; None when it is the machine's own kernel
    kernel_command: argv with `{connection_file}` in it
    packages: measured inside the interpreter, sorted by name
    restored: every installed version equals the lock
    mounts:   folders outside `folder` that must be readable for it to work (base interpreter)
    """

    language: str
    python: str
    folder: str | None
    kernel_command: tuple[str, ...]
    packages: tuple[Package, ...]
    restored: bool
    seconds: float
    mounts: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    """Environment variables that the kernel needs (R_HOME, JULIA_DEPOT_PATH)."""
    differences: tuple[str, ...] = ()
    """What is not as the lock says, one line each."""
    notes: tuple[str, ...] = ()
    added: tuple[Addition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRestored:
    """Why no environment could be had, so that nothing of the study could run.

    cause:    one of the closed list of causes (`model.verdict.Cause`), as its text
    evidence: the line of the resolver or installer that says so
    """

    cause: str
    message: str
    evidence: str = ""
    hint: str = ""
