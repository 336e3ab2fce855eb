"""Which study path a path in code means: relative to the notebook's folder first, then the root."""

import posixpath
import re
from fnmatch import fnmatchcase

from recrate.scan.uses import is_absolute, join
from recrate.scan.walk import Walk


class Places:
    """The study's files and folders, asked for by what code calls them."""

    def __init__(self, root: str, found: Walk, referred: frozenset[str] = frozenset()) -> None:
        """Take the study's folder as an absolute path with `/`, and what lies in it.

        referred: paths of data references, which a replay finds whether or not they lie here
        """
        self.referred = referred
        self._root = root.rstrip("/")
        self._walk = found
        self.files = {file.path for file in found.files}
        self.folders = {""}
        for path in self.files:
            while "/" in path:
                path = path.rpartition("/")[0]  # noqa: PLW2901 - climbing is the point
                if path in self.folders:
                    break
                self.folders.add(path)

    def exists(self, path: str) -> bool:
        """Say whether the study holds a file or folder at the study path."""
        return path in self.files or path in self.folders

    def leaves_out(self, path: str) -> bool:
        """Say whether the path is on disk but left out by an ignore file."""
        return self._walk.leaves_out(path)

    def candidates(self, path: str, around: str, folder: str | None) -> list[str]:
        """Return the study paths that `path` can mean, best first; none when it lies outside.

        around: study path of the folder that holds the code
        folder: where the code had gone from there, None when that is not known
        """
        path = path.replace("\\", "/") if re.search(r"\w\\\w", path) else path
        path = path.removeprefix("file://")
        if is_absolute(path):
            plain = posixpath.normpath(path)
            inside = plain.startswith(self._root + "/") and plain[len(self._root) + 1 :]
            return [inside] if inside else []
        bases = [around, ""] if folder is None else [join(around, folder), folder, around, ""]
        found = []
        for base in dict.fromkeys(bases):
            if is_absolute(base):
                continue
            target = posixpath.normpath(posixpath.join(base, path))
            if target == ".":
                target = ""
            if target != ".." and not target.startswith("../") and target not in found:
                found.append(target)
        return found

    def matches(self, pattern: str) -> list[str]:
        """Return the files that a glob pattern of study paths names."""
        return sorted(path for path in self.files if fnmatchcase(path, pattern))
