"""Which recrate an image gets: the released one, a wheel that was named, or one of the sources."""

import hashlib
import json
import os
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from filelock import FileLock

from recrate import __version__
from recrate.model.errors import BadInput, OutsideFailed
from recrate.outside.disk import disk_errors, scratch_folder
from recrate.outside.process import run
from recrate.outside.tools import find_uv

EXTRA = "hub"
"""JupyterLab with recrate in it, and what a JupyterHub starts."""

_SOURCES = (
    "crates", "server", "binder", "examples", "jupyter-config", "pyproject.toml", "hatch_build.py",
    "install.json", "package.json", "README.md", "LICENSE",
)  # fmt: skip
_LABEXTENSION = "server/recrate_server/labextension"
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", ".ipynb_checkpoints")


def find_recrate(requirement: str, cache: Path) -> tuple[str, Path | None]:
    """Return a line of a requirements file, and the wheel that it needs beside it.

    requirement: as configured; empty for what is installed here
    cache:       folder for wheels that are built from sources
    Raises BadInput for a wheel that is not there, OutsideFailed where none can be built.
    """
    if requirement.endswith(".whl"):
        wheel = Path(requirement)
        if not wheel.is_file():
            raise BadInput("no such wheel", where=requirement, hint="see recrate_requirement")
        return _line_of(wheel), wheel
    if requirement:
        return requirement, None
    sources = sources_of_editable()
    if sources is None:
        return f"recrate[{EXTRA}]=={__version__}", None
    wheel = build_wheel(sources, cache)
    return _line_of(wheel), wheel


def sources_of_editable() -> Path | None:
    """Return the folder that an editable install runs from, None for a usual one."""
    told = json.loads(distribution("recrate").read_text("direct_url.json") or "{}")
    if not told.get("dir_info", {}).get("editable"):
        return None
    return Path(unquote(urlsplit(told["url"]).path))


def build_wheel(sources: Path, cache: Path) -> Path:
    """Return a wheel of the sources as they are now; the same sources are built once."""
    if not (sources / _LABEXTENSION / "package.json").is_file():
        raise BadInput(
            "the JupyterLab extension is not built",
            where=str(sources / _LABEXTENSION),
            hint="npm run build, or name a released recrate as recrate_requirement",
        )
    home = cache / _state_of(sources)
    with disk_errors(home):
        home.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{home}.lock"):
        if not home.is_dir():
            with scratch_folder(parent=cache) as scratch:
                _build(sources, scratch / "work", scratch / "out")
                (scratch / "out").rename(home)
    return next(home.glob("*.whl"))


def _line_of(wheel: Path) -> str:
    return f"recrate[{EXTRA}] @ file:///tmp/lab/{wheel.name}"


def _state_of(sources: Path) -> str:
    found = hashlib.sha256()
    for name in _SOURCES:
        place = sources / name
        paths = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in paths:
            if path.is_file() and "__pycache__" not in path.parts:
                state = path.stat()
                told = f"{path.relative_to(sources)}\0{state.st_size}\0{state.st_mtime_ns}\n"
                found.update(told.encode())
    return found.hexdigest()[:20]


def _build(sources: Path, work: Path, out: Path) -> None:
    """Build in a copy: what a build writes is not written into somebody's sources."""
    with disk_errors(work):
        for name in _SOURCES:
            if (sources / name).is_dir():
                shutil.copytree(sources / name, work / name, ignore=_LEFT_OUT)
            else:
                shutil.copyfile(sources / name, work / name)
        # an editable install leaves it there; the wheel takes the one of the root folder
        (work / _LABEXTENSION / "install.json").unlink(missing_ok=True)
    told = run(
        [find_uv(), "build", "--wheel", "--quiet", "--python", sys.executable, "--out-dir", out,
         work],
        timeout_seconds=600,
        variables={**os.environ, "SKIP_JUPYTER_BUILDER": "1"},
    )  # fmt: skip
    if told.code:
        raise OutsideFailed(
            f"no wheel of recrate could be built: {told.error.strip()[-300:]}",
            where=str(sources),
            hint="see that the package indexes answer, then build again",
        )
    for kept in out.glob(".gitignore"):
        kept.unlink()
