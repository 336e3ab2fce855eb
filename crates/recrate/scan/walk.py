"""One pass over a folder: which files are the study, and which are left out, and why."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from recrate.model.finding import Finding
from recrate.model.study import StudyFile
from recrate.outside.disk import media_type_of
from recrate.scan.codes import finding

LEFT_OUT_FOLDERS = frozenset(
    {
        ".git", ".hg", ".svn", ".ipynb_checkpoints", "__pycache__", "node_modules",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".nox", ".Rproj.user",
        ".virtual_documents", ".hypothesis",
    }
)  # fmt: skip
_LEFT_OUT_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_OURS_AT_ROOT = frozenset(
    {"ro-crate-preview.html", "ro-crate-metadata.json", "recrate-environment"}
)
"""What a crate writes itself; a study that is an unpacked crate must not pack them twice."""
_IGNORE_FILES = (".gitignore", ".recrateignore")
_IGNORE_LIMIT_BYTES = 1_000_000
_DEPTH_LIMIT = 200
_UNPORTABLE = re.compile(
    r'[<>:"|?*\\\x00-\x1f]|[ .]$|^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)', re.IGNORECASE
)


@dataclass(slots=True)
class Walk:
    """What a walk found. `ignored`: files that exist but an ignore file leaves out."""

    real_root: str
    files: list[StudyFile] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)
    ignored_folders: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def leaves_out(self, path: str) -> bool:
        """Say whether the study path exists on disk but is left out by an ignore file."""
        return path in self.ignored or any(
            path.startswith(folder + "/") for folder in self.ignored_folders
        )


@dataclass(frozen=True, slots=True)
class _Rules:
    """The ignore files from the root down to one folder; the deepest that speaks wins."""

    git: tuple[tuple[str, GitIgnoreSpec], ...] = ()
    own: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def leaves_out(self, path: str, *, folder: bool) -> bool:
        name = path + "/" if folder else path
        for chain in (self.own, self.git):
            for prefix, spec in reversed(chain):
                answer = spec.check_file(name[len(prefix) :]).include
                if answer is not None:
                    return answer
        return False


@dataclass(frozen=True, slots=True)
class _Folder:
    path: str
    rules: _Rules
    linked: bool
    depth: int

    def inner(self, path: str, rules: _Rules, *, linked: bool) -> "_Folder":
        return _Folder(path, rules, linked=linked or self.linked, depth=self.depth + 1)


def walk(root: Path) -> Walk:
    """Walk over `root` once and return its files, sorted by path.

    Folders are read as they stand; a link is followed only to a target inside `root`, and not
    again inside a linked folder, so the walk always ends. What cannot be read is a finding.
    """
    found = Walk(real_root=os.path.realpath(root))
    waiting = [_Folder("", _Rules(), linked=False, depth=0)]
    while waiting:
        waiting.extend(_read_folder(root, waiting.pop(), found))
    found.files.sort(key=lambda file: file.path)
    found.findings.sort(key=lambda one: (one.path or "", one.code))
    return found


def is_left_out(root: Path, path: str) -> bool:
    """Say whether a walk would leave out a file at the study path `path`, were it there."""
    rules = _Rules()
    parts = path.split("/")
    for number, name in enumerate(parts):
        around = "/".join(parts[:number])
        prefix = around + "/" if around else ""
        try:
            with os.scandir(root / around) as entries:
                present = {entry.name: entry for entry in entries if entry.name in _IGNORE_FILES}
        except OSError:
            present = {}
        rules = _rules_here(root, prefix, present, rules)
        is_folder = number < len(parts) - 1
        if _is_left_out(name, at_root=not around) or rules.leaves_out(
            prefix + name, folder=is_folder
        ):
            return True
    return False


def _read_folder(root: Path, folder: _Folder, found: Walk) -> Iterator[_Folder]:
    try:
        with os.scandir(root / folder.path) as entries:
            present = {entry.name: entry for entry in entries}
    except OSError as error:
        found.findings.append(
            finding("unreadable-file", f"cannot be read: {error.strerror}", path=folder.path)
        )
        return
    if folder.path and ("pyvenv.cfg" in present or "conda-meta" in present):
        return
    prefix = folder.path + "/" if folder.path else ""
    rules = _rules_here(root, prefix, present, folder.rules)
    for name in sorted(present):
        entry = present[name]
        path = prefix + name
        if _is_left_out(name, at_root=not folder.path) or not _is_sound(name, path, found):
            continue
        try:
            inner = _read_entry(entry, path, folder, rules, found)
        except OSError as error:
            message = f"cannot be read: {error.strerror or error}"
            found.findings.append(finding("unreadable-file", message, path=path))
            continue
        if inner is not None:
            yield inner


def _read_entry(
    entry: "os.DirEntry[str]",
    path: str,
    folder: _Folder,
    rules: _Rules,
    found: Walk,
) -> _Folder | None:
    is_link = entry.is_symlink()
    is_folder = entry.is_dir(follow_symlinks=not is_link)
    if (rules.git or rules.own) and rules.leaves_out(path, folder=is_folder):
        if is_folder:
            found.ignored_folders.append(path)
        else:
            found.ignored.add(path)
        return None
    if is_link:
        return _follow(entry, path, folder, rules, found)
    if is_folder:
        if folder.depth >= _DEPTH_LIMIT:
            found.findings.append(finding("unreadable-file", "is nested too deeply", path=path))
            return None
        return folder.inner(path, rules, linked=False)
    _add_file(entry.stat(), path, found)
    return None


def _follow(
    entry: "os.DirEntry[str]",
    path: str,
    folder: _Folder,
    rules: _Rules,
    found: Walk,
) -> _Folder | None:
    target = Path(os.path.realpath(entry.path))
    inside = target.relative_to(found.real_root).parts if _holds(found.real_root, target) else None
    if inside is None or LEFT_OUT_FOLDERS.intersection(inside):
        message = "is a link that points out of the study"
        found.findings.append(finding("link-outside", message, path=path))
        return None
    if target.is_symlink() or not target.exists():
        found.findings.append(finding("broken-link", "is a link to nothing", path=path))
        return None
    if not target.is_dir():
        _add_file(target.stat(), path, found)
        return None
    around = os.path.realpath(Path(entry.path).parent)
    if folder.linked or _holds(target, around):
        found.findings.append(finding("broken-link", "is a link in a circle", path=path))
        return None
    return folder.inner(path, rules, linked=True)


def _holds(folder: str | Path, inner: str | Path) -> bool:
    return Path(inner).is_relative_to(folder)


def _add_file(state: os.stat_result, path: str, found: Walk) -> None:
    if not stat.S_ISREG(state.st_mode):
        found.findings.append(finding("unreadable-file", "is not a regular file", path=path))
        return
    found.files.append(
        StudyFile(path=path, size_bytes=state.st_size, media_type=media_type_of(path))
    )


def _is_left_out(name: str, *, at_root: bool) -> bool:
    if name in LEFT_OUT_FOLDERS or name in _LEFT_OUT_FILES:
        return True
    if name.endswith((".crate.zip", ".pyc")) or name.startswith((".recrate-", ".nfs")):
        return True
    return at_root and name in _OURS_AT_ROOT


def _is_sound(name: str, path: str, found: Walk) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        shown = path.encode("utf-8", "surrogateescape").decode("latin-1")
        found.findings.append(finding("name-not-unicode", "has a name not in UTF-8", path=shown))
        return False
    if _UNPORTABLE.search(name):
        message = "has a name that Windows cannot write"
        found.findings.append(finding("unportable-name", message, path=path))
    return True


def _rules_here(
    root: Path, prefix: str, present: dict[str, "os.DirEntry[str]"], above: _Rules
) -> _Rules:
    git, own = (_spec_of(root, prefix, name, present) for name in _IGNORE_FILES)
    if git is None and own is None:
        return above
    return _Rules(
        git=above.git if git is None else (*above.git, (prefix, git)),
        own=above.own if own is None else (*above.own, (prefix, own)),
    )


def _spec_of(
    root: Path, prefix: str, name: str, present: dict[str, "os.DirEntry[str]"]
) -> GitIgnoreSpec | None:
    entry = present.get(name)
    if entry is None:
        return None
    try:
        if not entry.is_file(follow_symlinks=False) or entry.stat().st_size > _IGNORE_LIMIT_BYTES:
            return None
        text = (root / prefix / name).read_bytes().decode("utf-8", "replace")
    except OSError:
        return None
    lines = [line for line in text.lstrip("\ufeff").splitlines() if _is_pattern(line)]
    return GitIgnoreSpec.from_lines(lines) if lines else None


def _is_pattern(line: str) -> bool:
    """Say whether pathspec understands a line: it refuses a few that git quietly ignores."""
    if not line.strip() or line.startswith("#"):
        return False
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
