"""From contents paths, as a browser names them, to files on disk; never out of Jupyter's root."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_core.paths import is_hidden
from jupyter_server.services.contents.fileio import FileManagerMixin

from recrate.model.errors import BadInput, NotFound, Refused

_DRIVE = re.compile(r"[A-Za-z]:|\\\\")
_UNUSUAL = re.compile("[\x00\ud800-\udfff]")
LONGEST = 4096
"""Characters of a path, as the contract says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file or folder of the person: its contents path, and where it really lies."""

    path: str
    real: Path

    @property
    def name(self) -> str:
        """The last part of the contents path; empty for the root."""
        return PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The part of the disk that Jupyter's contents manager shows.

    root:   as the contents manager names it
    hidden: whether names that begin with a dot may be used (`allow_hidden`)
    """

    root: Path
    hidden: bool = False

    def find(self, path: str) -> Place:
        """Return the place that a contents path names; it must exist.

        Raises BadInput for what is no contents path, Refused for one that leads out of the root,
        NotFound for nothing there or for a hidden name where those are not shown.
        """
        place = self.plan(path)
        try:
            place.real.stat()
        except OSError as error:
            raise _missing(path) from error
        return place

    def folder(self, path: str) -> Place:
        """Return the place of a folder; raises as `find` does, BadInput for a file."""
        place = self.find(path)
        if not place.real.is_dir():
            raise BadInput("is a file", where=path, hint="name a folder")
        return place

    def plan(self, path: str) -> Place:
        """Return the place that a contents path names, whether or not something is there yet.

        What comes back has no link in it, so that following it later leads nowhere else.
        """
        parts = _parts(path)
        told = self.root.joinpath(*parts)
        if not self.hidden and self._is_hidden(told, parts):
            raise _missing(path)
        real = _resolve(told, path)
        if not real.is_relative_to(_resolve(self.root, "")):
            raise Refused(
                "leads out of the folder that Jupyter shows",
                where=path,
                hint="copy or move it into that folder; links to other places are not followed",
            )
        return Place(path=path, real=real)

    def contents_path(self, real: Path) -> str | None:
        """Return the contents path of a file on disk, or None when it lies outside the root."""
        root = _resolve(self.root, "")
        resolved = _resolve(real, "")
        if not resolved.is_relative_to(root):
            return None
        relative = resolved.relative_to(root).as_posix()
        return "" if relative == "." else relative

    @property
    def concealed(self) -> Mapping[str, str]:
        """What no answer may hold, the root's real path, and what stands there instead."""
        roots = {str(self.root), str(_resolve(self.root, ""))} - {self.root.anchor}
        return {
            **{root + os.sep: "" for root in roots},
            **dict.fromkeys(roots, "Jupyter's folder"),
        }

    def _is_hidden(self, told: Path, parts: tuple[str, ...]) -> bool:
        """Say what Jupyter says: a dot in front, or the mark that macOS and Windows have.

        It looks at the names a person sees, not at those behind links: data that git-annex keeps
        lie in a folder with a dot, and Jupyter shows them.
        """
        if any(part.startswith(".") for part in parts):
            return True
        try:
            return bool(parts) and told.exists() and is_hidden(told, self.root)
        except (OSError, ValueError):
            return False


def places_of(contents_manager: Any) -> Places:
    """Return the places of a contents manager; raises Refused when its files are on no disk."""
    root = getattr(contents_manager, "root_dir", "")
    if not isinstance(contents_manager, FileManagerMixin) or not root or not Path(root).is_dir():
        raise Refused(
            "Jupyter's files lie in no folder of this machine",
            hint=(
                "recrate needs a contents manager that keeps files on disk, as Jupyter's own does: "
                "see c.ServerApp.contents_manager_class"
            ),
        )
    return Places(
        root=Path(root).absolute(), hidden=bool(getattr(contents_manager, "allow_hidden", False))
    )


def _parts(path: str) -> tuple[str, ...]:
    """Return the names in a contents path; raises BadInput when it is none."""
    if path == "":
        return ()
    reason = _objection(path)
    if reason:
        raise BadInput(
            reason,
            where=path[:200].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0"),
            hint="name it as JupyterLab's file browser does: relative to its root, with /",
        )
    return tuple(path.split("/"))


def _objection(path: str) -> str | None:
    """Return why `path` is no contents path; None when it is one."""
    parts = path.split("/")
    elsewhere = os.sep == "\\" and ("\\" in path or ":" in path)
    objections = (
        (len(path) > LONGEST, f"is longer than {LONGEST} characters"),
        (_UNUSUAL.search(path), "holds a character that no file name can hold"),
        (path.startswith("/"), "is no path inside the folder that Jupyter shows"),
        (_DRIVE.match(path), "is no path inside the folder that Jupyter shows"),
        (".." in parts, "goes up with .."),
        ("" in parts or "." in parts, "has an empty name in it"),
        (elsewhere, "holds a character that has another meaning on this system"),
    )
    return next((reason for objects, reason in objections if objects), None)


def _resolve(told: Path, path: str) -> Path:
    try:
        return told.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # a ring of links, a name too long
        raise _missing(path) from error


def _missing(path: str) -> NotFound:
    return NotFound("there is nothing of this name", where=path, hint="look in the file browser")
