"""Findings about what code touches, once the whole study and its run order are known."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from recrate.model.finding import Finding, Severity
from recrate.scan.code_use import file_use
from recrate.scan.codes import finding
from recrate.scan.modules import Modules
from recrate.scan.secrets import without_secrets
from recrate.scan.targets import Places
from recrate.scan.uses import PathUse, Place, Uses, is_absolute

_EVERY_MACHINE = ("/dev/", "/proc/", "/sys/", "/etc/", "/usr/", "/bin/", "/opt/", "/Library/")
_MAKESHIFT = ("/tmp/", "/var/tmp/", "/tmp", "/dev/shm/")  # noqa: S108 - recognised, not used
_EVERYDAY_VARIABLES = frozenset(
    {"HOME", "PATH", "USER", "PWD", "TMPDIR", "TEMP", "TMP", "LANG", "SHELL", "USERNAME", "CI"}
)


@dataclass(slots=True)
class Made:
    """What the notebooks before have written, by study path."""

    paths: set[str] = field(default_factory=set)
    outside: set[str] = field(default_factory=set)
    unknown: bool = False
    """Something was unpacked or cloned: more may be there than is known."""

    def holds(self, target: str) -> bool:
        """Say whether `target`, or something in it, was written."""
        return target in self.paths or any(path.startswith(target + "/") for path in self.paths)


def code_findings(
    path: str, uses: Uses, made: Made, places: Places, modules: Modules
) -> Iterator[Finding]:
    """Yield what is wrong with what the notebook at study path `path` touches.

    made: grows by what this notebook writes
    """
    yield from _file_findings(path, uses, made, places)
    yield from _absolute_findings(path, uses, places)
    yield from _module_findings(path, uses, made, modules)
    yield from _web_findings(path, uses)
    if uses.gpu and not uses.handles_no_gpu:
        place, what = uses.gpu[0]
        yield _at("needs-gpu", f"{what} needs a GPU", path, place, subject=what)
    for place in dict.fromkeys(uses.install_places):
        yield _at("pip-in-cell", "the cell installs packages", path, place)
    for name, place in uses.variables.items():
        if name not in _EVERYDAY_VARIABLES:
            message = f"the environment variable `{name}` is read"
            yield _at("environment-variable", message, path, place, subject=name)


def _file_findings(path: str, uses: Uses, made: Made, places: Places) -> Iterator[Finding]:
    around = posixpath.dirname(path)
    events = [(use.place, 0, use) for use in uses.writes]
    events += [(use.place, 0, use) for use in uses.handed]
    events += [(use.place, 1, use) for use in uses.reads]
    events.sort(key=lambda event: (event[0].cell or 0, event[0].line, event[1]))
    seen: set[str] = set()
    for _, reads, use in events:
        if not reads:
            _note_write(use, around, made, places)
        elif use.path not in seen and not use.checked:
            problem = _read_finding(path, use, uses, made, places)
            if problem is not None:
                seen.add(use.path)
                yield problem
    made.unknown = made.unknown or uses.makes_unknown_files


def _note_write(use: PathUse, around: str, made: Made, places: Places) -> None:
    made.paths.update(places.candidates(use.path, around, use.folder))
    if is_absolute(use.path) or ".." in use.path:
        made.outside.add(use.path)


def _read_finding(
    path: str, use: PathUse, uses: Uses, made: Made, places: Places
) -> Finding | None:
    if is_absolute(use.path):
        return _absolute_read(path, use, made)
    candidates = places.candidates(use.path, posixpath.dirname(path), use.folder)
    found = file_use(use, posixpath.dirname(path), places)
    written = any(made.holds(one) for one in candidates) or use.path in made.outside
    if found.exists and re.search(r"\w\\\w", use.path):
        message = f"`{use.path}` is found on Windows only"
        return _at("windows-path", message, path, use.place, subject=use.path)
    if found.exists or written or use.folder is None or candidates == [""]:
        return None
    if not places.referred.isdisjoint(candidates):
        return None
    unsure = made.unknown or uses.makes_unknown_files
    code, what = "missing-file", "is not in the study"
    if not candidates:
        code, what = "outside-study", "lies outside the study"
    elif any(places.leaves_out(one) for one in candidates):
        code, what = "file-left-out", "an ignore file leaves it out"
    elif unsure:
        return None
    soft = Severity.WARNING if use.guarded or unsure else None
    message = f"`{use.path}` is read, but {what}"
    return _at(code, message, path, use.place, severity=soft, subject=use.path)


def _absolute_read(path: str, use: PathUse, made: Made) -> Finding | None:
    if use.path.startswith(_EVERY_MACHINE) or use.path in made.outside or made.unknown:
        return None
    if any(use.path.startswith(one.rstrip("/") + "/") for one in made.outside):
        return None
    severity = Severity.WARNING if use.guarded else Severity.ERROR
    message = f"`{use.path}` is read: it exists on the author's machine only"
    return _at("absolute-path", message, path, use.place, severity=severity, subject=use.path)


def _absolute_findings(path: str, uses: Uses, places: Places) -> Iterator[Finding]:
    del places
    seen = {use.path for use in uses.reads if is_absolute(use.path)}
    named = [(use.place, use.path) for use in uses.writes if is_absolute(use.path)]
    for place, text in [*uses.absolute, *named]:
        if text in seen or text.startswith((*_EVERY_MACHINE, *_MAKESHIFT)):
            continue
        seen.add(text)
        message = f"`{text}` exists on the author's machine only"
        yield _at("absolute-path", message, path, place, subject=text)


def _module_findings(path: str, uses: Uses, made: Made, modules: Modules) -> Iterator[Finding]:
    around = posixpath.dirname(path)
    if made.unknown or any(is_absolute(folder) for folder in uses.search_folders):
        return
    installed = {name.split("=")[0].split("[")[0].strip().lower() for name in uses.installs}
    seen: set[str] = set()
    for use in uses.imports:
        name = modules.missing(use, around, uses.search_folders)
        if name is None or name in seen or name.lower() in installed:
            continue
        if any(one.endswith(f"{name}.py") for one in made.paths):
            continue
        seen.add(name)
        message = f"the module `{name}` is imported, but is not in the study"
        yield _at("local-module-missing", message, path, use.place, subject=name)


def _web_findings(path: str, uses: Uses) -> Iterator[Finding]:
    for url, (fetched, place) in uses.web.items():
        if fetched:
            told = without_secrets(url)
            shown = told if len(told) <= 200 else told[:199] + "…"
            yield _at("network-use", f"{shown} is fetched", path, place, subject=told)
    seen: set[str] = set()
    for place, what in uses.network:
        if what not in seen:
            seen.add(what)
            message = f"{what} fetches from the network"
            yield _at("network-use", message, path, place, subject=what)


def _at(
    code: str,
    message: str,
    path: str,
    place: Place,
    *,
    severity: Severity | None = None,
    subject: str | None = None,
) -> Finding:
    return finding(
        code,
        message,
        severity=severity,
        path=path,
        cell=place.cell,
        line=place.line,
        subject=subject,
    )
