"""The kept tables: which distribution, companion, program or Debian package a name means."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from packaging.utils import canonicalize_name


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the tables of distributions.toml: `imports`, `magics`, `conda`."""
    found: dict[str, Any] = _read()[name]
    return found


def distribution_of(module: str) -> str | None:
    """Return the distribution of the dotted `module`; None when the table is silent.

    The longest known prefix wins: `google.protobuf` before `google`.
    """
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        for rows in (table("imports"), _same(), table("magics")):
            if prefix in rows:
                return rows[prefix] or None
    return None


def known_distribution(name: str) -> str | None:
    """Return the normalised name of a distribution that any of the tables names, else None."""
    normal = canonicalize_name(name)
    return normal if normal in _distributions() else None


def companions_of(module: str) -> tuple[str, ...]:
    """Return what `module` needs in a notebook although its distribution does not say so."""
    parts = module.split(".")
    prefixes = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    rows = table("companions")
    return tuple(name for prefix in prefixes for name in rows.get(prefix, "").split())


def distributions_of_magic(magic: str) -> tuple[str, ...]:
    """Return what `%magic` or `matplotlib widget` needs."""
    words = magic.lstrip("%").split()
    rows = table("magics")
    names = (rows.get(" ".join(words[:length]), "") for length in (2, 1) if len(words) >= length)
    return tuple(name for name in names if name)


def needed_by_calls(code: str, modules: set[str]) -> tuple[str, ...]:
    """Return what calls in `code` need, of the libraries in `modules`: `read_excel` → openpyxl."""
    found: dict[str, None] = {}
    for library, calls in table("methods").items():
        if library in modules:
            for call, names in calls.items():
                if re.search(rf"\b{call}\b", code):
                    found.update(dict.fromkeys(names.split()))
    return tuple(found)


def debian_packages_of(programs: tuple[str, ...], distributions: set[str]) -> tuple[str, ...]:
    """Return the Debian packages for programs a study calls and distributions it uses."""
    called = {table("programs").get(program, "") for program in programs}
    needed = {table("needs").get(name, "") for name in distributions}
    return tuple(sorted((called | needed) - {""}))


@cache
def _distributions() -> frozenset[str]:
    rows = [*table("imports").values(), *table("magics").values(), *table("companions").values()]
    for calls in table("methods").values():
        rows += calls.values()
    named = (word.partition("[")[0] for row in rows for word in row.split())
    return frozenset({*_same().values(), *(canonicalize_name(one) for one in named)})


@cache
def _same() -> dict[str, str]:
    return {name: canonicalize_name(name) for name in _read()["same"]}


@cache
def _read() -> dict[str, Any]:
    text = resources.files("recrate.environment").joinpath("distributions.toml").read_text("utf-8")
    return tomllib.loads(text)
