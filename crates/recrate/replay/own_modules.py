"""The study's own modules: importable where Python would not look, as on the author's machine."""

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_SUFFIXES = (".py", ".so", ".pyd")
_PACKAGE = "__init__.py"
_MOST = 5_000
"""Modules that are offered; a study with more is a library, and has its own way to be imported."""
_CODE = (".py", ".ipynb")
_BYTES = 50_000_000
_LINE = 10_000
_WORD = re.compile(r"[^\W\d]\w{0,99}")
_NEVER = frozenset({"setup", "conftest", "__main__", "__init__"})

_FINDER = """
import sys
from importlib.machinery import PathFinder
class Elsewhere:
    @staticmethod
    def find_spec(name, path=None, target=None):
        places = folders.get(name) if path is None else None
        return PathFinder.find_spec(name, places) if places else None
sys.meta_path.append(Elsewhere)
"""


def modules_elsewhere(study: Path) -> dict[str, tuple[str, ...]]:
    """Return top name of a module → the folders of the study that hold one of that name.

    Only names that code of the study imports: a folder that is called like something a library
    looks for when it may be there (`tables`) is not what it means. Folders are relative, with `/`,
    the root is empty. A package counts where it lies, with or without `__init__.py`; its inner
    modules do not.
    """
    found: dict[str, set[str]] = {}
    for name, folder in _modules(study):
        found.setdefault(name, set()).add(folder)
        if len(found) > _MOST:
            return {}
    wanted = _imported(study) if found else frozenset()
    return {name: tuple(sorted(folders)) for name, folders in found.items() if name in wanted}


def own_names(study: Path) -> frozenset[str]:
    """Return all names of modules and folders of modules in the study, however deep they lie."""
    found: set[str] = set()
    for path in study.rglob("*"):
        if path.name.endswith((*_SUFFIXES, ".pyx")):
            found |= {path.name.partition(".")[0], *path.relative_to(study).parent.parts}
    return frozenset(found)


def nearest(folders: Iterable[str], around: str) -> str:
    """Return of several folders the one with the shortest way from `around`; then by name."""
    return min(
        folders, key=lambda one: (posixpath.relpath(one or ".", around or ".").count("/"), one)
    )


def finder_of(places: dict[str, str]) -> str:
    """Return code that lets a kernel import modules from these folders when nothing else has them.

    places: top name → folder as the kernel sees it. No name stays behind in the notebook.
    """
    folders = {name: [folder] for name, folder in places.items()}
    return f"exec({_FINDER!r}, {{'folders': {folders!r}}})"


def _imported(study: Path) -> frozenset[str]:
    """Return the words that stand in lines with an import, in notebooks and modules."""
    words: set[str] = set()
    for path in sorted(study.rglob("*")):
        if path.suffix not in _CODE or path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size > _BYTES:
            continue
        for line in path.read_text("utf-8", "replace").splitlines():
            if "import" in line:
                words.update(_WORD.findall(line[:_LINE]))
    return frozenset(words)


def _modules(study: Path) -> Iterator[tuple[str, str]]:
    for top, inner, files in os.walk(study):
        inner[:] = sorted(one for one in inner if not one.startswith("."))
        folder = Path(top).relative_to(study).as_posix().removeprefix(".")
        modules = [one for one in files if one.endswith(_SUFFIXES)]
        if folder and modules and Path(top).name.isidentifier():
            yield posixpath.basename(folder), posixpath.dirname(folder)
        if _PACKAGE in files:
            inner[:] = []  # what lies in a package is imported through it
            continue
        for one in modules:
            name = one.partition(".")[0]
            if name.isidentifier() and name not in _NEVER:
                yield name, folder
