"""Source distributions made into wheels: fetched by hash, built within walls without network."""

import json
import re
import shutil
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from recrate.environment.install import HINT, Place
from recrate.environment.pylock import Locked
from recrate.environment.uv import evidence_of, raise_if_let_down, uv_variables
from recrate.model.environment import NotRestored
from recrate.model.errors import BadInput
from recrate.model.verdict import Cause
from recrate.outside import sandbox
from recrate.outside.disk import scratch_folder, sha256_of, write_text
from recrate.outside.limits import Limits
from recrate.outside.process import Finished, run
from recrate.outside.tools import find_uv
from recrate.outside.web import WebSettings, download

_LEGACY = ("setuptools", "wheel")
"""What a source distribution without pyproject.toml is built with (PEP 517)."""
_LIMIT_BYTES = 1 << 30
_TELLING = re.compile(
    r"\b(?:fatal )?error:|\w(?:Error|Exception):|No CMAKE_|Could (?:NOT|not) find|not found"
    r"|No such file|undefined reference"
)
_BLOCK = re.compile(r"\[\d+ lines of output\]\n(.*?)\n\s*\[end of output\]", re.DOTALL)
"""Where pip shows what the build itself said."""
_PEEK = """
import sys, tarfile, zipfile
path = sys.argv[1]
if zipfile.is_zipfile(path):
    archive = zipfile.ZipFile(path); names = archive.namelist(); read = archive.read
else:
    archive = tarfile.open(path); names = archive.getnames()
    def read(name): return archive.extractfile(name).read()
found = [name for name in names if name.count('/') == 1 and name.endswith('/pyproject.toml')]
sys.stdout.write(read(found[0]).decode('utf-8', 'replace')[:1000000] if found else '')
"""


def build_and_install(
    place: Place, wanted: tuple[Locked, ...], as_of: str | None
) -> dict[str, NotRestored]:
    """Build each of `wanted` within walls and install its wheel; return by name what failed.

    One that fails does not stop the others: a notebook that does not need it can still run.
    as_of: the lock's date; build tools are taken as of then, but not older than 2022
    Raises Refused where there is no sandbox and building without was not allowed, OutsideFailed
    when no index answers.
    """
    failures = {}
    for package in wanted:
        with scratch_folder(parent=place.settings.cache / "scratch") as folder:
            failed = _build_one(place, package, as_of, folder)
        if failed is not None:
            failures[package.name] = failed
    return failures


def leave_out(wanted: tuple[Locked, ...]) -> dict[str, NotRestored]:
    """Return by name that each has no wheel, where nothing is built from source."""
    told = "no wheel for this machine, and nothing is built from source here"
    return {one.name: _no_build(f"{one.name}=={one.version}: {told}") for one in wanted}


def _build_one(
    place: Place, package: Locked, as_of: str | None, folder: Path
) -> NotRestored | None:
    if not package.source:
        evidence = f"{package.name}=={package.version}: no wheel for this platform and Python"
        return _no_build(evidence)
    source = _fetch(place, package, folder)
    if isinstance(source, NotRestored):
        return source
    tools = folder / "tools"
    failed = _make_tools(place, _build_requirements(place, source), tools, as_of, folder)
    if failed is not None:
        return failed
    out = folder / "wheels"
    out.mkdir()
    told = _inside(
        place,
        [str(place.python), "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-cache-dir",
         "--no-build-isolation", "--disable-pip-version-check", "--wheel-dir", str(out),
         str(source)],
        readable=(str(source), str(tools)),
        writable=str(out),
        tools=tools,
    )  # fmt: skip
    wheels = [path for path in out.glob("*.whl") if _is(path.name, package)]
    if told.code or len(wheels) != 1:
        return _no_build(f"{package.name}=={package.version}: {_complaint(told)}")
    return _install_built(place, wheels[0])


def _complaint(told: Finished) -> str:
    """Return the lines of a failed build that say what is wanting, at most 500 characters.

    pip adds advice of its own, before and after; what is wanting stands between.
    """
    if told.timed_out:
        return "building took longer than the time limit"
    said = f"{told.out}\n{told.error}"
    inner = _BLOCK.search(said)
    lines = [line.strip() for line in (inner[1] if inner else said).splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)]
    return "; ".join(dict.fromkeys(telling[:4] or lines[:6]))[:500]


def _no_build(evidence: str) -> NotRestored:
    return NotRestored(
        cause=Cause.NO_BUILD,
        message="a locked package has no build for this machine",
        evidence=evidence,
        hint=HINT,
    )


def _fetch(place: Place, package: Locked, folder: Path) -> Path | NotRestored:
    """Fetch the source distribution from the configured indexes; its hash must be the locked one.

    uv is told the metadata beforehand, so it says where the file lies without building it.
    """
    pin = f"{package.name}=={package.version}"
    write_text(folder / "source.in", f"{pin}\n")
    write_text(
        folder / "pyproject.toml",
        "[[tool.uv.dependency-metadata]]\n"
        f"name = {json.dumps(package.name)}\nversion = {json.dumps(package.version)}\n"
        "requires-dist = []\n",
    )
    told = run(
        [find_uv(), "pip", "compile", "source.in", "--no-deps", "--universal", "--no-header",
         "--quiet", "--no-binary", package.name, "--format", "pylock.toml",
         "--python-version", place.base.minor, "--python", place.base.program,
         "--output-file", "pylock.toml", *place.settings.index],
        timeout_seconds=300,
        folder=folder,
        variables=uv_variables(place.settings),
    )  # fmt: skip
    if told.code:
        raise_if_let_down(told)
        return NotRestored(
            cause=Cause.MISSING_PACKAGE,
            message=f"{pin} is not on the configured index",
            evidence=evidence_of(told),
        )
    sdist = tomllib.loads((folder / "pylock.toml").read_text("utf-8"))["packages"][0].get(
        "sdist", {}
    )
    digest = sdist.get("hashes", {}).get("sha256", "")
    if digest not in package.hashes:
        return _other_file(pin)
    return _bring(str(sdist.get("url") or sdist.get("path") or ""), digest, package, folder)


def _bring(place: str, digest: str, package: Locked, folder: Path) -> Path | NotRestored:
    target = folder / package.source
    address = urlsplit(place)
    if address.scheme in {"http", "https"}:
        settings = WebSettings(private_hosts=(address.hostname or "",))
        try:
            download(
                place, target, sha256=digest, size_bytes=None, limit_bytes=_LIMIT_BYTES,
                settings=settings,
            )  # fmt: skip
        except BadInput:
            return _other_file(package.name)
        return target
    shutil.copyfile(unquote(address.path) if address.scheme else place, target)
    return target if sha256_of(target) == digest else _other_file(package.name)


def _other_file(pin: str) -> NotRestored:
    return NotRestored(
        cause=Cause.MISSING_PACKAGE,
        message=f"{pin} on the configured index is not the file that was locked",
        hint="the configured index gave another file than the author had",
    )


def _build_requirements(place: Place, source: Path) -> tuple[str, ...]:
    """Return what the source says it is built with; the archive is opened within walls only."""
    told = _inside(
        place, [place.base.program, "-I", "-c", _PEEK, str(source)], readable=(str(source),)
    )
    try:
        system = tomllib.loads(told.out).get("build-system", {})
        texts = system.get("requires") or []
        wanted = [Requirement(str(text)) for text in texts]
    except (tomllib.TOMLDecodeError, InvalidRequirement, AttributeError, TypeError):
        return _LEGACY
    return (*_LEGACY, *(str(one) for one in wanted if not one.url))


def _make_tools(
    place: Place, wanted: tuple[str, ...], tools: Path, as_of: str | None, folder: Path
) -> NotRestored | None:
    """Put pip and the build requirements, all from wheels, into the folder `tools`."""
    write_text(folder / "tools.in", "".join(f"{text}\n" for text in ("pip", *wanted)))
    dated = ["--exclude-newer", f"{max(as_of, '2022-06-30')}T23:59:59Z"] if as_of else []
    told = run(
        [find_uv(), "pip", "install", "--python", place.base.program, "--target", tools,
         "--only-binary", ":all:", "--quiet", "--requirements", "tools.in", *dated,
         *place.settings.index],
        timeout_seconds=600,
        folder=folder,
        variables=uv_variables(place.settings),
    )  # fmt: skip
    if told.code == 0:
        return None
    raise_if_let_down(told)
    return _no_build(f"its build tools cannot be had: {evidence_of(told)}")


def _inside(
    place: Place,
    command: list[str],
    *,
    readable: tuple[str, ...],
    writable: str = "",
    tools: Path | None = None,
) -> Finished:
    """Run a command within walls, without network; plainly only where the person allowed it."""
    variables = {"PATH": "/usr/bin:/bin", "HOME": sandbox.HOME, "LANG": "C.UTF-8"}
    if tools is not None:
        variables |= {"PYTHONPATH": str(tools), "PIP_NO_INPUT": "1"}
    seconds = place.settings.timeout_seconds
    if place.settings.unsandboxed and not sandbox.availability().ok:
        plain = {
            **place.settings.variables,
            **variables,
            "PATH": place.settings.variables.get("PATH", ""),
        }
        return run(command, timeout_seconds=seconds, variables=plain)
    walls = sandbox.Walls(
        folder="/tmp",  # noqa: S108 - the sandbox's own
        readable=(str(place.home), place.base.prefix, *readable),
        writable=(writable,) if writable else (),
        variables=variables,
        limits=Limits(memory_bytes=4 << 30),
    )
    return sandbox.run(command, walls, timeout_seconds=seconds)


def _is(wheel: str, package: Locked) -> bool:
    try:
        name, version, *_ = parse_wheel_filename(wheel)
        return canonicalize_name(name) == package.name and version == Version(package.version)
    except (InvalidWheelFilename, InvalidVersion):
        return False


def _install_built(place: Place, wheel: Path) -> NotRestored | None:
    """Unpack a built wheel; the environment's own interpreter is not started for it."""
    told = run(
        [find_uv(), "pip", "install", "--python", place.base.program, "--prefix", place.venv,
         "--no-deps", "--no-index", "--link-mode", "copy", "--quiet", "--no-cache", wheel],
        timeout_seconds=300,
        folder=place.home,
        variables=uv_variables(place.settings),
    )  # fmt: skip
    return None if told.code == 0 else _no_build(evidence_of(told))
