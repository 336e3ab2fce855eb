"""Studies that are not in Python: named as they are, replayed with the machine's own kernel."""

import json
import re
from pathlib import Path

from recrate.environment.card import read_card
from recrate.environment.wishes import Wishes
from recrate.model.environment import Lock, Package, Source, Unrestored
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import FoundNotebook, FoundScript, Inventory
from recrate.outside.process import run
from recrate.outside.tools import find_rscript

_ASK_R = (
    "p <- installed.packages()[, c('Package', 'Version')];"
    "cat(paste(R.version$major, R.version$minor, sep='.'), '\\n', sep='');"
    "cat(R.home(), '\\n', sep='');"
    "cat(paste(p[, 1], p[, 2], sep='\\t'), sep='\\n')"
)
_INSTALL = re.compile(
    r"install(?:\.packages|_github|_cran|_version)?\s*\(\s*(c\([^)]*\)|[\"'][^\"']+[\"'])"
)
_WORD = re.compile(r"[\"']([A-Za-z][\w./-]*)[\"']")


def measure_r() -> tuple[str, str, tuple[Package, ...]]:
    """Return the machine's R: version, home folder and installed packages; empty without R."""
    program = find_rscript()
    if program is None:
        return "", "", ()
    told = run([program, "--vanilla", "-e", _ASK_R], timeout_seconds=120)
    lines = told.out.splitlines()
    if told.code or len(lines) < 2:
        return "", "", ()
    rows = sorted(tuple(line.split("\t")) for line in lines[2:] if line.count("\t") == 1)
    return lines[0], lines[1], tuple(Package(name=name, version=number) for name, number in rows)


def lock_other(
    root: Path,
    language: str,
    inventory: Inventory,
    declared: Wishes,
    *,
    kernel: str | None,
) -> Lock:
    """Return the lock of a study in another language: its packages by name, no pylock.

    kernel: the author's, whose installed versions are then taken; None: what the study declares
    """
    name = kernel or next((one.kernel for one in inventory.notebooks if one.kernel), "")
    asked: dict[str, str] = {}
    language = "R" if language.lower() == "r" else language
    notes: tuple[str, ...] = (f"{language} replays with the machine's own kernel",)
    says = any(one.kind in _R_KINDS for one in inventory.declarations)
    source: Source = "kernel" if kernel else "declared" if says else "inferred"
    packages: tuple[Package, ...] = ()
    if language == "R":
        asked = read_r(root, inventory)
        version, _, installed = measure_r()
        packages = _r_packages(asked, installed, measured=kernel is not None)
        notes += (f"this machine has R {version}",) if version else ()
    missing = tuple(
        Unrestored(name=each, reason="no version is known for it")
        for each in sorted(set(asked) - {one.name for one in packages})
    )
    return Lock(
        language=language,
        python="",
        packages=packages,
        pylock="",
        requirements="",
        dockerfile="",
        source=source,
        as_of=None,
        card=read_card(),
        kernel=name or ("ir" if language == "R" else ""),
        notes=(*notes, *declared.notes),
        unrestored=(*missing, *declared.unrestored),
        system_packages=declared.system_packages,
        findings=(*declared.findings, _own_kernel(language)),
    )


def _own_kernel(language: str) -> Finding:
    return find(
        Severity.WARNING,
        "machine-kernel",
        f"packages of {language} are named in the crate but not restored from it",
        hint="whoever replays it needs a kernel for it, with these packages",
    )


def _r_packages(
    asked: dict[str, str], installed: tuple[Package, ...], *, measured: bool
) -> tuple[Package, ...]:
    """Return the asked packages with the declared version, else the installed one."""
    have = {one.name: one.version for one in installed}
    chosen = {
        name: (have.get(name) or version) if measured else (version or have.get(name, ""))
        for name, version in asked.items()
    }
    return tuple(
        Package(name=name, version=chosen[name]) for name in sorted(chosen) if chosen[name]
    )


def read_r(root: Path, inventory: Inventory) -> dict[str, str]:
    """Return the R packages that a study asks for, by name, with a version where one is said."""
    found: dict[str, str] = {}
    units: tuple[FoundNotebook | FoundScript, ...] = (*inventory.notebooks, *inventory.scripts)
    for unit in units:
        if unit.language.lower() == "r":
            for entry in unit.uses.imports:
                if not entry.local and not entry.optional:
                    found.setdefault(entry.name, "")
    for declaration in inventory.declarations:
        if declaration.kind in _R_KINDS:
            text = (root / declaration.path).read_text("utf-8-sig", "replace")
            found.update(_R_KINDS[declaration.kind](text))
    return {name: version for name, version in found.items() if name not in _R_BASE}


def _read_renv(text: str) -> dict[str, str]:
    try:
        packages = json.loads(text)["Packages"]
        return {str(name): str(entry["Version"]) for name, entry in packages.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _read_description(text: str) -> dict[str, str]:
    unfolded = re.sub(r"\n[ \t]+", " ", text)
    fields = re.findall(r"(?m)^(?:Imports|Depends):(.*)$", unfolded)
    names = [part.split("(")[0].strip() for field in fields for part in field.split(",")]
    return {name: "" for name in names if re.fullmatch(r"[A-Za-z][\w.]*", name)}


def _read_install(text: str) -> dict[str, str]:
    code = re.sub(r"(?m)#.*$", "", text)
    words = [word for call in _INSTALL.findall(code) for word in _WORD.findall(call)]
    return {word.split("/")[-1]: "" for word in words if "://" not in word}


_R_KINDS = {"renv": _read_renv, "r-description": _read_description, "install-r": _read_install}
_R_BASE = frozenset(
    {
        "R", "base", "compiler", "datasets", "grDevices", "graphics", "grid", "methods",
        "parallel", "splines", "stats", "stats4", "tcltk", "tools", "utils",
    }
)  # fmt: skip
"""Packages that come with R itself."""
