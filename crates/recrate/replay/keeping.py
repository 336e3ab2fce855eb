"""The files that notebooks wrote, kept beside the observation so that a run can be resumed."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from recrate.model.observation import NotebookObservation, WrittenFile
from recrate.outside.disk import disk_errors, remove_tree, sha256_of, writing
from recrate.replay.copies import open_beneath

FOLDER = "files"


@dataclass(kw_only=True)
class Kept:
    """The folder `files/` of an observation: the newest state of every file that was written.

    Another folder can be held the same way.

    left_bytes: what may still be kept
    """

    root: Path
    left_bytes: int

    @classmethod
    def within(cls, destination: Path, limit_bytes: int, *, name: str = FOLDER) -> "Kept":
        """Return what is kept in the folder `name` of `destination`, at most `limit_bytes`."""
        root = destination / name
        held = sum(file.lstat().st_size for file in root.rglob("*")) if root.is_dir() else 0
        return cls(root=root, left_bytes=limit_bytes - held)

    def keep(self, study: Path, written: Iterable[WrittenFile]) -> tuple[str, ...]:
        """Copy what one notebook wrote out of the run's study; return the paths left out."""
        left_out = []
        for file in written:
            target = _clear_way(self.root, file.path)
            stream = open_beneath(study, file.path)
            if stream is None or file.size_bytes > self.left_bytes:
                if stream is not None:
                    stream.close()
                left_out.append(file.path)
                continue
            if target.is_dir():
                remove_tree(target)
            with stream, writing(target) as kept:
                shutil.copyfileobj(stream, kept, 1 << 20)
            self.left_bytes -= file.size_bytes
        return tuple(left_out)

    def holds(self, finished: Iterable[NotebookObservation]) -> bool:
        """Say whether everything that these notebooks wrote, as it was last, is here unaltered."""
        newest = {file.path: file.sha256 for each in finished for file in each.written}
        for each in finished:
            for path in each.deleted:
                newest.pop(path, None)
        return all(
            (self.root / path).is_file()
            and not (self.root / path).is_symlink()
            and sha256_of(self.root / path) == digest
            for path, digest in newest.items()
        )

    def restore(self, study: Path, finished: Iterable[NotebookObservation]) -> None:
        """Bring a fresh copy of the study to the state that these notebooks left it in."""
        for each in finished:
            for path in each.deleted:
                remove_tree(_clear_way(study, path))
            for file in each.written:
                source = self.root / file.path
                if source.is_file():
                    target = _clear_way(study, file.path)
                    with disk_errors(target):
                        target.parent.mkdir(parents=True, exist_ok=True)
                        remove_tree(target)
                        shutil.copy2(source, target)

    def forget(self) -> None:
        """Throw everything away: the run begins from the start."""
        remove_tree(self.root)


def _clear_way(study: Path, path: str) -> Path:
    """Return `study/path` with no link or file where a folder must be."""
    target = study
    for part in path.split("/")[:-1]:
        target = target / part
        if target.is_symlink() or target.is_file():
            target.unlink()
    return study / path
