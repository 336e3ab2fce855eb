"""What is installed in an interpreter, measured by running inside it."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from packaging.utils import canonicalize_name

from recrate.model.environment import Package
from recrate.model.errors import OutsideFailed
from recrate.outside.process import run
from recrate.outside.tools import Interpreter


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """One distribution as an interpreter has it.

    origin:   empty for one from an index, else `editable`, `vcs`, `url` or `folder`
    modules:  top-level import names
    requires: PEP 508 texts
    """

    name: str
    version: str
    origin: str
    modules: tuple[str, ...]
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An interpreter from inside: its version, marker values and distributions by name."""

    python: str
    prefix: str
    places: tuple[str, ...]
    """Folders that it is made of: base and own prefix, and what its path names beyond them."""
    markers: dict[str, str]
    installed: tuple[Installed, ...]

    @property
    def packages(self) -> tuple[Package, ...]:
        """Return names and versions alone, sorted by name."""
        return tuple(Package(name=one.name, version=one.version) for one in self.installed)


def measure(
    kernel_command: Sequence[str], *, variables: Mapping[str, str] | None = None
) -> Measured:
    """Ask the interpreter of a kernel (Python 3.6 or newer) what it has; it starts as always.

    kernel_command: argv of a kernelspec; what stands before `-m` starts the interpreter, wrappers
                    such as `conda run -n NAME python` included
    Only for interpreters that the person trusts: starting one runs what packages put into it.
    Raises OutsideFailed when it does not run or does not answer.
    """
    words = list(kernel_command)
    start = words[: words.index("-m")] if "-m" in words else words[:1]
    return _ask([*start, "-c", _script()], " ".join(start), variables)


def own_command(kernel_command: Sequence[str]) -> tuple[str, ...]:
    """Return a kernelspec's argv with a bare `python` made ours, as jupyter_client does."""
    first, *rest = kernel_command
    major, minor = sys.version_info[:2]
    bare = {"python", f"python{major}", f"python{major}.{minor}"}
    return (sys.executable if first in bare else first, *rest)


def measure_installed(base: Interpreter, packages: Path) -> Measured:
    """Say what lies in the site-packages folder of an environment that stands on `base`.

    Nothing of the environment runs: `.pth` files of strangers' packages are code.
    """
    command = [base.program, "-I", "-S", "-c", _script(), str(packages)]
    return _ask(command, base.program, None)


def _script() -> str:
    return resources.files("recrate.environment").joinpath("inside.py").read_text("utf-8")


def _ask(command: list[str], program: str, variables: Mapping[str, str] | None) -> Measured:
    told = run(command, timeout_seconds=120, variables=variables)
    try:
        answer = json.loads(told.out.splitlines()[-1])
    except (ValueError, IndexError):
        raise OutsideFailed(
            f"the interpreter does not say what it has: {told.error.strip()[-300:]}", where=program
        ) from None
    by_name = {canonicalize_name(entry["name"]): entry for entry in reversed(answer["installed"])}
    installed = tuple(
        Installed(
            name=name,
            version=entry["version"],
            origin=entry["origin"],
            modules=tuple(entry["modules"]),
            requires=tuple(entry["requires"]),
        )
        for name, entry in sorted(by_name.items())
    )
    return Measured(
        python=answer["python"],
        prefix=answer["prefix"],
        places=tuple(answer["places"]),
        markers=answer["markers"],
        installed=installed,
    )
