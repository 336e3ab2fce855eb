"""Fill a virtual environment from a lock: by name and hash, from the configured indexes."""

from dataclasses import dataclass
from pathlib import Path

from packaging.tags import Tag, compatible_tags, cpython_tags, platform_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from recrate.environment.pylock import Locked
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.uv import evidence_of, raise_if_let_down, uv_variables
from recrate.model.environment import NotRestored
from recrate.model.verdict import Cause
from recrate.outside.disk import write_text
from recrate.outside.process import Finished, run
from recrate.outside.tools import Interpreter, find_uv

HINT = "the study may need another platform or Python: `recrate replay --on` another runner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an environment is being built. `home` holds the `venv` and what we note about it."""

    home: Path
    base: Interpreter
    settings: EnvironmentSettings

    @property
    def venv(self) -> Path:
        """Return the virtual environment's folder."""
        return self.home / "venv"

    @property
    def python(self) -> Path:
        """Return its interpreter."""
        windows = self.venv / "Scripts" / "python.exe"
        return windows if windows.exists() else self.venv / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Return its site-packages folder."""
        windows = self.venv / "Lib" / "site-packages"
        if windows.is_dir():
            return windows
        return self.venv / "lib" / f"python{self.base.minor}" / "site-packages"


def make_venv(place: Place) -> NotRestored | None:
    """Make an empty virtual environment; nothing is downloaded. Raises DiskFull."""
    told = run(
        [find_uv(), "venv", "--python", place.base.program, "--no-python-downloads", "--quiet",
         place.venv],
        timeout_seconds=120,
        folder=place.home,
        variables=uv_variables(place.settings),
    )  # fmt: skip
    if told.code == 0:
        return None
    raise_if_let_down(told)
    return NotRestored(
        cause=Cause.KERNEL_MISSING,
        message=f"no virtual environment could be made with Python {place.base.version}",
        evidence=evidence_of(told),
    )


def split_by_build(
    locked: tuple[Locked, ...], python: str, *, platforms: tuple[str, ...] = ()
) -> tuple[tuple[Locked, ...], tuple[Locked, ...]]:
    """Return the packages with a wheel for Python `3.9`, and those without.

    platforms: tags of the machine that is meant; empty for this one
    """
    tags = _tags(python, platforms or tuple(platform_tags()))
    ready = tuple(one for one in locked if any(_fits(wheel, tags) for wheel in one.wheels))
    return ready, tuple(one for one in locked if one not in ready)


def install_wheels(place: Place, wheels: tuple[Locked, ...]) -> NotRestored | None:
    """Install `wheels` by name, version and hash; URLs of the lock play no part.

    Files are copied, not hard-linked: an edit in an environment must not reach uv's shared cache
    and through it every other environment.
    Raises OutsideFailed when no index answers or the disk is full.
    """
    lines = (
        f"{one.name}=={one.version} " + " ".join(f"--hash=sha256:{digest}" for digest in one.hashes)
        for one in wheels
    )
    told = _install(place, "".join(f"{line}\n" for line in lines))
    if told.code == 0:
        return None
    raise_if_let_down(told)
    evidence = evidence_of(told)
    gone = "not found in the" in evidence or "no version of" in evidence
    altered = "hash" in evidence.lower() and "mismatch" in evidence.lower()
    return NotRestored(
        cause=Cause.MISSING_PACKAGE if gone or altered else Cause.NO_BUILD,
        message="a package on the index is not the one that was locked"
        if altered
        else "the locked packages cannot be installed here",
        evidence=evidence,
        hint="the configured index gave another file than the author had" if altered else HINT,
    )


def compile_byte_code(place: Place) -> None:
    """Compile what is installed: notebooks run beside it read-only, and would each do it anew.

    By the base interpreter without `site`: in the new one, `.pth` files of strangers would run.
    Files that do not compile (templates, Python 2) are passed over, as by every installer.
    """
    run(
        [place.base.program, "-I", "-S", "-m", "compileall", "-q", "-q", "-j", "0", place.packages],
        timeout_seconds=place.settings.timeout_seconds,
    )


def _install(place: Place, requirements: str) -> Finished:
    listed = place.home / "requirements.txt"
    write_text(listed, requirements)
    return run(
        [find_uv(), "pip", "install", "--python", place.python, "--require-hashes", "--no-deps",
         "--only-binary", ":all:", "--link-mode", "copy", "--quiet",
         "--requirements", listed, *place.settings.index],
        timeout_seconds=place.settings.timeout_seconds,
        folder=place.home,
        variables=uv_variables(place.settings),
    )  # fmt: skip


def _tags(python: str, platforms: tuple[str, ...]) -> frozenset[Tag]:
    version = tuple(int(part) for part in python.split(".")[:2])
    interpreter = f"cp{version[0]}{version[1]}"
    abis = [interpreter, *([f"{interpreter}m"] if version < (3, 8) else []), "abi3", "none"]
    return frozenset(
        (
            *cpython_tags(version, abis=abis, platforms=platforms),
            *compatible_tags(version, interpreter=interpreter, platforms=platforms),
        )
    )


def _fits(wheel: str, tags: frozenset[Tag]) -> bool:
    try:
        return not tags.isdisjoint(parse_wheel_filename(wheel)[3])
    except InvalidWheelFilename:
        return False
