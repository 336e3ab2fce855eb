"""The study that is mended: its files as they are now, and what a fix would make of them."""

from dataclasses import dataclass, field
from pathlib import Path

from recrate.mending.files import Edit, digest, read
from recrate.mending.notebooks import NotebookFile
from recrate.mending.settings import MendingSettings
from recrate.model.errors import RecrateError
from recrate.model.fix import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What would be written, in this order, and how that is shown."""

    edits: tuple[Edit, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(slots=True)
class Work:
    """A study's folder, read once per file in a row.

    dry: only the changes are wanted; large contents need not be read
    """

    root: Path
    settings: MendingSettings
    dry: bool = False
    _known: dict[str, bytes | None] = field(default_factory=dict)
    _notebooks: dict[str, NotebookFile | None] = field(default_factory=dict)

    def content(self, path: str) -> bytes | None:
        """Return what a file holds; None when there is none, or it may not be changed."""
        if path not in self._known:
            if len(self._known) > 16:
                self._known.clear()
                self._notebooks.clear()
            try:
                self._known[path] = read(self.root, path)
            except RecrateError:
                self._known[path] = None
        return self._known[path]

    def is_blocked(self, path: str) -> bool:
        """Say whether something is there that is not written over: a link, a folder, too much."""
        if self.content(path) is not None:
            return False
        file = self.root / path
        return file.is_symlink() or file.exists()

    def digest(self, path: str) -> str | None:
        """Return the SHA-256 of a file, None when there is none."""
        content = self.content(path)
        return None if content is None else digest(content)

    def notebook(self, path: str) -> NotebookFile | None:
        """Return a notebook that can be mended, else None."""
        content = self.content(path)
        if path not in self._notebooks:
            try:
                self._notebooks[path] = None if content is None else NotebookFile(content)
            except ValueError:
                self._notebooks[path] = None
        return self._notebooks[path]

    def text(self, path: str) -> str | None:
        """Return a text file in UTF-8 without its mark, else None."""
        content = self.content(path)
        try:
            return None if content is None else content.decode("utf-8")
        except UnicodeDecodeError:
            return None
