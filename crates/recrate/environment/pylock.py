"""A PEP 751 lock, read as a stranger's: names, versions, hashes and markers; its URLs ignored."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName, default_environment
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from recrate.model.environment import Package
from recrate.model.errors import BadCrate

_NAME = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")
WHERE = "recrate-environment/pylock.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """One package of a lock. `hashes`: SHA-256 in hex of its wheels and source distribution."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    wheels: tuple[str, ...]
    """File names of the wheels."""
    source: str
    """File name of the source distribution, empty when the lock lists none."""


def read_pylock(text: str) -> tuple[Locked, ...]:
    """Read a pylock.toml that may be hostile.

    Raises BadCrate when it is not one, or asks for anything but names and versions of an index.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadCrate(f"the lock is not TOML: {error}", where=WHERE) from error
    if not str(document.get("lock-version", "")).startswith("1."):
        raise BadCrate("the lock is not of version 1 of PEP 751", where=WHERE)
    entries = document.get("packages", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadCrate("the lock's packages are not a list of tables", where=WHERE)
    return tuple(_read_package(entry) for entry in entries)


def without_traces(text: str) -> str:
    """Return a pylock without what only its author's machine knows: credentials and paths.

    A file of a local index is named alone, as a path beside the lock; its hash says what it is.
    """

    def clean(found: re.Match[str]) -> str:
        key, place = found[1], found[2]
        if key == "path" or place.startswith("file:") or "://" not in place:
            return f'path = "{_last_part(place)}"'
        address = urlsplit(place)
        host = address.netloc.rpartition("@")[2]
        return f'{key} = "{urlunsplit((address.scheme, host, address.path, "", ""))}"'

    text = re.sub(r'(?m)^index = "[^"\n]*"\n', "", text)
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    return re.sub(r'\b(url|path) = "([^"\n]*)"', clean, text)


def markers_here(python: str) -> dict[str, str]:
    """Return the marker values of this platform for a Python version, with none of it installed."""
    minor = ".".join(python.split(".")[:2])
    full = python if python.count(".") > 1 else f"{python}.0"
    here = {key: str(value) for key, value in default_environment().items()}
    return {
        **here,
        "python_version": minor,
        "python_full_version": full,
        "implementation_version": full,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


def installed_by(packages: tuple[Locked, ...], markers: Mapping[str, str]) -> tuple[Locked, ...]:
    """Return the packages that an interpreter with these marker values gets, by name.

    Raises BadCrate when two versions of one package would be installed together.
    """
    chosen: dict[str, Locked] = {}
    for package in packages:
        if not _applies(package, markers):
            continue
        other = chosen.setdefault(package.name, package)
        if other.version != package.version:
            raise BadCrate(f"the lock has two versions of {package.name}", where=WHERE)
    return tuple(chosen[name] for name in sorted(chosen))


def _applies(package: Locked, markers: Mapping[str, str]) -> bool:
    try:
        return not package.marker or Marker(package.marker).evaluate(dict(markers))
    except (UndefinedEnvironmentName, InvalidVersion, ValueError) as error:
        raise BadCrate(f"marker of {package.name}: {error}", where=WHERE) from error


def as_packages(locked: tuple[Locked, ...]) -> tuple[Package, ...]:
    """Return names and versions alone."""
    return tuple(Package(name=entry.name, version=entry.version) for entry in locked)


def _read_package(entry: Mapping[str, Any]) -> Locked:
    name, version, marker = (str(entry.get(key, "")) for key in ("name", "version", "marker"))
    where = f"{WHERE}, package {name[:100]!r}"
    if not _NAME.match(name) or canonicalize_name(name) != name:
        raise BadCrate("not a normalised package name", where=where)
    for key in ("vcs", "directory", "archive"):
        if key in entry:
            raise BadCrate(f"asks for a {key}, not for a version of an index", where=where)
    try:
        Version(version)
        if marker:
            Marker(marker)
    except (InvalidVersion, InvalidMarker) as error:
        raise BadCrate(f"not a version or marker: {error}", where=where) from error
    files = [*_tables(entry.get("wheels"), where), *_tables([entry.get("sdist")], where)]
    hashes = tuple(dict.fromkeys(_hash_of(file, where) for file in files))
    if not hashes:
        raise BadCrate("no file with a hash is listed", where=where)
    return Locked(
        name=name,
        version=version,
        marker=marker,
        hashes=hashes,
        wheels=tuple(_file_name(file) for file in _tables(entry.get("wheels"), where)),
        source="".join(_file_name(file) for file in _tables([entry.get("sdist")], where)),
    )


def _tables(value: object, where: str) -> list[Mapping[str, Any]]:
    if value is None or value == [None]:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise BadCrate("its files are not tables", where=where)
    return value


def _hash_of(file: Mapping[str, Any], where: str) -> str:
    hashes = file.get("hashes")
    digest = str(hashes.get("sha256", "")) if isinstance(hashes, dict) else ""
    if not _SHA256.match(digest):
        raise BadCrate("a file of it has no SHA-256", where=where)
    return digest


def _file_name(file: Mapping[str, Any]) -> str:
    return _last_part(str(file.get("name") or file.get("url") or file.get("path") or ""))


def _last_part(place: str) -> str:
    return unquote(
        place.split("#", maxsplit=1)[0]
        .split("?", maxsplit=1)[0]
        .rstrip("/")
        .replace("\\", "/")
        .split("/")[-1]
    )
