"""Programs of the machine that we use: uv, Python interpreters, Rscript."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from recrate.model.errors import OutsideFailed
from recrate.outside.process import Finished, run

_ASK = (
    "import sys,platform as p;"
    "print(p.python_version(),p.python_implementation(),sys.base_prefix,sep='\\n')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A CPython of the machine: its program, full version (`3.9.18`) and base prefix."""

    program: str
    version: str
    prefix: str

    @property
    def minor(self) -> str:
        """Return `3.9` of `3.9.18`."""
        return ".".join(self.version.split(".")[:2])


@cache
def find_uv() -> Path:
    """Return the uv program that came with us, else the one on the path.

    Raises OutsideFailed when there is none.
    """
    try:
        from uv import find_uv_bin  # noqa: PLC0415 - costs nothing to those who never resolve

        return Path(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
        if found is None:
            raise OutsideFailed(
                "uv was not found", hint="it belongs to recrate: pip install uv"
            ) from None
        return Path(found)


def interpreters(
    minor: str, variables: Mapping[str, str], *, folders: tuple[Path, ...] = ()
) -> tuple[Interpreter, ...]:
    """Return the CPython interpreters of version `minor` (`3.9`), newest patch level first.

    Looks at this process, the path, and the folders of pyenv, uv, conda and the system, and at
    `folders`, which hold one interpreter in each of their own folders.
    """
    found: dict[str, Interpreter] = {}
    for program in _candidates(minor, variables, folders):
        known = _ask(str(program))
        if known is not None and known.minor == minor and known.prefix not in found:
            found[known.prefix] = known
    return tuple(sorted(found.values(), key=_age, reverse=True))


def installed_minors(variables: Mapping[str, str]) -> tuple[str, ...]:
    """Return the minor versions of Python 3 that the machine has, oldest first."""
    return tuple(f"3.{n}" for n in range(6, 20) if interpreters(f"3.{n}", variables))


@cache
def can_download(minor: str) -> bool:
    """Say whether uv knows where to get CPython `minor`; asks no network, it has a list."""
    told = run(
        [find_uv(), "python", "list", minor, "--only-downloads", "--no-config"],
        timeout_seconds=20,
    )
    return told.code == 0 and f"cpython-{minor}." in told.out


def download(minor: str, folder: Path, variables: Mapping[str, str]) -> Finished:
    """Let uv fetch CPython `minor` into `folder`, to be found there by `interpreters`."""
    return run(
        [find_uv(), "python", "install", minor, "--install-dir", folder, "--no-bin", "--quiet"],
        timeout_seconds=600,
        variables=dict(variables),
    )


def _age(interpreter: Interpreter) -> tuple[int, ...]:
    return tuple(int(part) for part in interpreter.version.split(".") if part.isdigit())


def _candidates(
    minor: str, variables: Mapping[str, str], folders: tuple[Path, ...]
) -> Iterator[Path]:
    if minor == f"{sys.version_info.major}.{sys.version_info.minor}":
        yield Path(getattr(sys, "_base_executable", "") or sys.executable)
    home = Path(variables.get("HOME") or variables.get("USERPROFILE") or Path.home())
    pyenv = Path(variables.get("PYENV_ROOT") or home / ".pyenv")
    data = Path(variables.get("XDG_DATA_HOME") or home / ".local" / "share")
    managed = Path(variables.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    for folder in (*folders, pyenv / "versions", managed):
        yield from sorted(folder.glob(f"*{minor}*/bin/python{minor}"), reverse=True)
        yield from sorted(folder.glob(f"*{minor}*/python.exe"), reverse=True)
    for name in ("miniconda3", "anaconda3", "miniforge3", "mambaforge", ".conda"):
        yield from sorted((home / name).glob(f"envs/*/bin/python{minor}"))
        yield home / name / "bin" / f"python{minor}"
    path = variables.get("PATH", "/usr/local/bin:/usr/bin:/bin")
    for folder_name in path.split(";" if sys.platform == "win32" else ":"):
        if folder_name and "shims" not in Path(folder_name).parts:
            yield Path(folder_name) / f"python{minor}"
    yield Path("/usr/bin") / f"python{minor}"


def _ask(program: str) -> Interpreter | None:
    """Ask an interpreter who it is; None when it is none, or not CPython."""
    if not Path(program).is_file():
        return None
    return _ask_file(program)


@cache
def _ask_file(program: str) -> Interpreter | None:
    try:
        told = run([program, "-I", "-c", _ASK], timeout_seconds=20)
    except OutsideFailed:
        return None
    lines = told.out.splitlines()
    if told.code or len(lines) != 3 or lines[1] != "CPython":
        return None
    return Interpreter(program=program, version=lines[0], prefix=lines[2])


def find_rscript() -> str | None:
    """Return the path of Rscript, or None when R is not installed."""
    return shutil.which("Rscript")


def find_program(name: str) -> str | None:
    """Return the path of a program of the machine, or None when it is not there."""
    return shutil.which(name)
