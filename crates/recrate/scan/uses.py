"""What the code of one notebook or script touches, gathered before paths are resolved."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_DOI = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[^\s\"'<>{}|\\^`]+)", re.IGNORECASE
)


class Place(NamedTuple):
    """A cell (from 0; None in a script) and a line in it (from 1)."""

    cell: int | None
    line: int


@dataclass(frozen=True, slots=True)
class PathUse:
    """A path as written. `folder`: where the code had gone with %cd, None when that is unknown.

    guarded: inside a branch or function, so perhaps never reached
    checked: the code looks whether it is there, or catches the error
    """

    path: str
    place: Place
    folder: str | None = ""
    guarded: bool = False
    checked: bool = False
    pattern: bool = False


@dataclass(frozen=True, slots=True)
class ImportUse:
    """A dotted module name; `level` counts the dots of a relative import."""

    name: str
    place: Place
    optional: bool = False
    level: int = 0
    members: tuple[str, ...] = ()
    """What `from … import` takes out of it: names or modules."""


@dataclass(slots=True)
class Uses:
    """A growing account; turned into `model.study.CodeUse` when the whole study is known."""

    imports: list[ImportUse] = field(default_factory=list)
    reads: list[PathUse] = field(default_factory=list)
    writes: list[PathUse] = field(default_factory=list)
    handed: list[PathUse] = field(default_factory=list)
    """Files handed to functions that may make them."""
    web: dict[str, tuple[bool, Place]] = field(default_factory=dict)
    variables: dict[str, Place] = field(default_factory=dict)
    magics: list[str] = field(default_factory=list)
    installs: list[str] = field(default_factory=list)
    install_places: list[Place] = field(default_factory=list)
    programs: list[str] = field(default_factory=list)
    gpu: list[tuple[Place, str]] = field(default_factory=list)
    network: list[tuple[Place, str]] = field(default_factory=list)
    absolute: list[tuple[Place, str]] = field(default_factory=list)
    runs: list[tuple[str, Place]] = field(default_factory=list)
    """Scripts that are run: `%run x.py`, `!python x.py`."""
    search_folders: list[str] = field(default_factory=list)
    """Folders put on `sys.path`."""
    folder: str | None = ""
    """Where the code has gone with %cd or os.chdir, relative to its own folder."""
    makes_unknown_files: bool = False
    """It unpacks, clones or starts something that writes files it does not name."""
    handles_no_gpu: bool = False

    def add_import(self, name: str, place: Place, *, optional: bool = False) -> None:
        """Take in an absolute import of the dotted module `name`."""
        self.imports.append(ImportUse(name, place, optional))

    def add_read(
        self,
        path: str,
        place: Place,
        *,
        guarded: bool = False,
        checked: bool = False,
        pattern: bool = False,
    ) -> None:
        """Take in a path that is read."""
        if is_path(path):
            self.reads.append(PathUse(path, place, self.folder, guarded, checked, pattern))

    def add_write(self, path: str, place: Place) -> None:
        """Take in a path that is written, a folder that is made included."""
        if is_path(path):
            self.writes.append(PathUse(path, place, self.folder))

    def add_web(self, url: str, place: Place, *, fetched: bool) -> None:
        """Take in a URL or DOI; once fetched it stays so, at the place that fetches."""
        known = self.web.get(url)
        if known is None or (fetched and not known[0]):
            self.web[url] = (fetched, place)

    def add_program(self, name: str) -> None:
        """Take in a program that is started."""
        if name not in self.programs:
            self.programs.append(name)

    def enter(self, folder: str) -> None:
        """Follow a change of folder; one that is not known makes the present one unknown."""
        if self.folder is not None:
            self.folder = join(self.folder, folder)


def is_path(text: str) -> bool:
    """Say whether text can be a path at all: short, one line, no URL."""
    return (
        0 < len(text) <= 1024
        and "://" not in text
        and "\n" not in text
        and "\0" not in text
        and not text.startswith(("<", "{"))
        and text not in {"-", "."}
    )


def is_absolute(path: str) -> bool:
    """Say whether a path starts at a root, a home or a drive, on any system."""
    return path.startswith(("/", "~", "\\\\")) or re.match(r"[A-Za-z]:[\\/]", path) is not None


def join(folder: str, path: str) -> str:
    """Join two paths as `os.path.join` does: an absolute second one wins."""
    if is_absolute(path) or not folder:
        return path
    return f"{folder.rstrip('/')}/{path}" if path else folder


def dois_in(text: str) -> list[str]:
    """Return the DOIs that `text` names, each as `10.…`, without closing punctuation."""
    return [match[1].rstrip(".,;:)]") for match in _DOI.finditer(text)]
