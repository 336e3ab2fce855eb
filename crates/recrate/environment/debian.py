"""Debian's packages of R and the libraries they need: asked of apt, fetched and unpacked aside.

apt resolves, fetches and verifies, with the machine's own sources and keys; nothing is installed,
no script of a package runs, and no right of an administrator is needed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recrate.environment.r_asked import Asked, same_version
from recrate.environment.settings import EnvironmentSettings
from recrate.outside import sandbox
from recrate.outside.disk import disk_errors, sha256_of
from recrate.outside.limits import Limits
from recrate.outside.process import Finished, run
from recrate.outside.tools import find_program

PREFIXES = ("r-cran-", "r-bioc-", "r-other-")
_OWN_PARTS = re.compile(
    r"(?:r-base(?:-.*)?|r-recommended|libc6|libc-bin|libstdc\+\+6|libgcc-s1|dpkg|apt)(?::\w+)?"
)
"""What a kernel cannot have another one of: R itself, and what every program stands on."""
_STEP = re.compile(r"^(?P<what>Inst|Remv) (?P<name>\S+)")
_ADDRESS = re.compile(r"\b[a-z+]+:(?://)?[^\s'\"]{3,}")
_TROUBLE = re.compile(r"(?m)^(?:E|Err\S*|W)[: ]|unmet dependencies|Depends:")
_LONGEST = 400
_UNPACK = 'for one in "$1"/*.deb; do dpkg-deb --extract "$one" "$2" || exit 1; done'


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A package as it was fetched: `name_version_architecture.deb`, and the SHA-256 of the file."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What apt would install: names of Debian packages; or why it cannot."""

    packages: tuple[str, ...] = ()
    refused: str = ""


def debian_names(name: str, source: str = "Repository") -> tuple[str, ...]:
    """Return the names that a package of R may have in Debian, the likely one first."""
    kinds = ("r-bioc-", "r-cran-") if source == "Bioconductor" else ("r-cran-", "r-bioc-")
    return tuple(f"{kind}{name.lower()}" for kind in kinds)


def upstream(version: str) -> str:
    """Return the author's version of a Debian one: `1:1.6-0+dfsg-1` is `1.6-0`."""
    without = version.partition(":")[2] if ":" in version else version
    main = without.rpartition("-")[0] or without
    return re.split(r"[+~]", main)[0]


def has_apt() -> bool:
    """Say whether apt and dpkg-deb are on this machine."""
    return all(find_program(name) for name in ("apt-get", "apt-cache", "dpkg-deb"))


def versions_of(
    names: Iterable[str], settings: EnvironmentSettings
) -> Mapping[str, tuple[str, ...]]:
    """Return which versions apt's lists have of Debian packages, newest first; no network."""
    asked = sorted(set(names))
    if not asked or not has_apt():
        return {}
    told = run(
        ["apt-cache", "madison", *asked], timeout_seconds=120, variables=_variables(settings)
    )
    found: dict[str, list[str]] = {}
    for line in told.out.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if len(parts) == 3 and parts[0] in asked and parts[2].endswith("Packages"):
            found.setdefault(parts[0], []).append(parts[1])
    return {name: tuple(dict.fromkeys(versions)) for name, versions in found.items()}


def pick(versions: tuple[str, ...], wanted: str) -> str:
    """Return the version that is the wanted one, else the newest."""
    exact = (one for one in versions if same_version(upstream(one), wanted))
    return next(exact, versions[0])


def offered(packages: Iterable[Asked], settings: EnvironmentSettings) -> dict[str, tuple[str, str]]:
    """Return by name which Debian package apt's lists have for one of R, and its version there."""
    names = {one: debian_names(one.name, one.source) for one in packages}
    versions = versions_of((each for two in names.values() for each in two), settings)
    found = {}
    for one, two in names.items():
        package = next((each for each in two if each in versions), None)
        if package is not None:
            found[one.name] = (package, pick(versions[package], one.version))
    return found


def plan_of(packages: tuple[str, ...], settings: EnvironmentSettings, folder: Path) -> Plan:
    """Ask apt what must come with `packages` (`name=version`); nothing is fetched.

    folder: an empty one for apt's own notes
    """
    told = run(
        [*_apt(folder), "--simulate", "install", *packages],
        timeout_seconds=120,
        variables=_variables(settings),
    )
    if told.code:
        return Plan(refused=complaint(told))
    steps = [(one["what"], one["name"]) for one in map(_STEP.match, told.out.splitlines()) if one]
    bad = [name for what, name in steps if what == "Remv" or _OWN_PARTS.fullmatch(name)]
    if bad:
        return Plan(refused=f"it wants another {bad[0]} than this machine has")
    return Plan(packages=tuple(name for _, name in steps))


def fetch(packages: tuple[str, ...], settings: EnvironmentSettings, folder: Path) -> str:
    """Fetch `packages` and what they need into `folder`; return why it failed, empty when done.

    apt verifies each file against its signed lists.
    """
    told = run(
        [*_apt(folder), "--download-only", "install", *packages],
        timeout_seconds=settings.timeout_seconds,
        variables=_variables(settings),
    )
    return complaint(told) if told.code or told.timed_out else ""


def archives_in(folder: Path) -> tuple[Archive, ...]:
    """Return what was fetched into `folder`, by name."""
    return tuple(
        Archive(file=path.name, sha256=sha256_of(path)) for path in sorted(folder.glob("*.deb"))
    )


def unpack(folder: Path, root: Path, settings: EnvironmentSettings) -> str:
    """Unpack the archives of `folder` below `root`, within walls; return why it failed, or ``."""
    told = inside(
        ["/bin/sh", "-c", _UNPACK, "sh", str(folder), str(root)],
        settings,
        readable=(str(folder),),
        writable=(str(root),),
    )
    if told.code:
        return complaint(told)
    with disk_errors(root):
        _turn_links(root)
    return ""


def _turn_links(root: Path) -> None:
    """Point absolute links at what lies below `root`, where the machine itself has no such file."""
    for link in [path for path in root.rglob("*") if path.is_symlink()]:
        target = link.readlink()
        if not target.is_absolute() or ".." in target.parts or target.exists():
            continue
        own = root / target.relative_to("/")
        if own.exists() or own.is_symlink():
            link.unlink()
            link.symlink_to(
                Path(*[".."] * (len(link.relative_to(root).parts) - 1)) / own.relative_to(root)
            )


def libraries_of(root: Path) -> tuple[str, ...]:
    """Return the folders below `root` that hold shared libraries, for the linker's path."""
    found = {
        path.parent
        for top in ("usr/lib", "lib")
        for path in (root / top).rglob("*.so*")
        if "R" not in path.relative_to(root).parts[:-1]
    }
    return tuple(sorted(str(folder) for folder in found))


def library_of(root: Path) -> str:
    """Return the library of R's packages below `root`."""
    return str(root / "usr" / "lib" / "R" / "site-library")


def inside(
    command: list[str],
    settings: EnvironmentSettings,
    *,
    readable: tuple[str, ...] = (),
    writable: tuple[str, ...] = (),
    variables: Mapping[str, str] | None = None,
) -> Finished:
    """Run a command within walls, without network; plainly only where the person allowed it.

    Raises Refused where there is no sandbox and doing without was not allowed.
    """
    own = {"PATH": "/usr/bin:/bin", "HOME": sandbox.HOME, "LANG": "C.UTF-8", **(variables or {})}
    if settings.unsandboxed and not sandbox.availability().ok:
        plain = {**own, "HOME": settings.variables.get("HOME", "/")}
        return run(command, timeout_seconds=settings.timeout_seconds, variables=plain)
    walls = sandbox.Walls(
        folder="/tmp",  # noqa: S108 - the sandbox's own
        readable=readable,
        writable=writable,
        variables=own,
        limits=Limits(memory_bytes=4 << 30),
    )
    return sandbox.run(command, walls, timeout_seconds=settings.timeout_seconds)


def complaint(told: Finished) -> str:
    """Return what apt or dpkg says is wrong, in one line, without addresses."""
    if told.timed_out:
        return "the time limit was reached"
    lines = [line.strip() for line in f"{told.error}\n{told.out}".splitlines() if line.strip()]
    telling = [line for line in lines if _TROUBLE.search(line)] or lines[-3:]
    return _ADDRESS.sub("…", "; ".join(dict.fromkeys(telling)))[:_LONGEST]


def _apt(folder: Path) -> list[str]:
    """Return apt-get with all that it writes kept in `folder`, and nobody asked anything."""
    with disk_errors(folder):
        (folder / "partial").mkdir(parents=True, exist_ok=True)
    options = {
        "Dir::Cache::archives": f"{folder}/",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Dir::Log": str(folder),
        "Debug::NoLocking": "true",
        "APT::Install-Recommends": "false",
        "APT::Install-Suggests": "false",
        "APT::Get::AllowUnauthenticated": "false",
        "Acquire::Retries": "2",
        "Acquire::http::Timeout": "30",
        "Acquire::https::Timeout": "30",
        "Dpkg::Use-Pty": "false",
    }
    given = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    return ["apt-get", "--yes", "--quiet", "--no-remove", *given]


def _variables(settings: EnvironmentSettings) -> dict[str, str]:
    """Return apt's environment: the person's, with words that can be read."""
    return {**settings.variables, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
