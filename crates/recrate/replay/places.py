"""Where a run happens: the folders outside, and the names they have inside the walls."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from recrate.outside.disk import disk_errors, scratch_folder
from recrate.outside.sandbox import HOME

_SOCKET_PATH_BYTES = 90
_AROUND = "/replay"
_STUDY = "/replay/study"
"""The study's folder as notebooks see it: the same everywhere, so paths in outputs are too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The folders of one run below `scratch`, shared by all its kernels.

    around: the study's parent, empty but for the copy: what a notebook writes to `../` stays here
    home:   empty when the run begins
    sockets: where kernels are reached; a short path, for a socket's ends at 107 bytes
    """

    scratch: Path
    sockets: Path
    walled: bool

    @property
    def around(self) -> Path:
        """Return the folder that holds the copy of the study and nothing else."""
        return self.scratch / "around"

    @property
    def study(self) -> Path:
        """Return the copy of the study."""
        return self.around / "study"

    @property
    def home(self) -> Path:
        """Return what notebooks get for a home."""
        return self.scratch / "home"

    @property
    def temporary(self) -> Path:
        """Return what notebooks get for `/tmp`."""
        return self.scratch / "tmp"

    def make(self) -> None:
        """Make the empty folders."""
        for folder in (self.around, self.home, self.temporary):
            folder.mkdir(parents=True, mode=0o700)

    def folder_of(self, notebook: str) -> Path:
        """Return the folder a notebook runs in: its own, as its author had it."""
        return (self.study / notebook).parent

    def ready_folder(self, notebook: str) -> Path:
        """Return a notebook's folder, made again if an earlier one took it away.

        A link that was put in its place and leads out of the copy is removed: what we make there
        would be made outside.
        """
        target = self.study
        for part in (None, *Path(notebook).parts[:-1]):
            target = target / part if part is not None else target
            leads_out = target.is_symlink() and (
                part is None or not target.resolve().is_relative_to(self.study.resolve())
            )
            if leads_out or (target.exists() and not target.is_dir()):
                target.unlink()
            with disk_errors(target):
                target.mkdir(exist_ok=True)
        return target

    def inside(self, folder: Path) -> str:
        """Return the name that a folder of the copy has for the notebooks."""
        if not self.walled:
            return str(folder)
        relative = folder.relative_to(self.study).as_posix()
        return _STUDY if relative == "." else f"{_STUDY}/{relative}"

    @property
    def renamed(self) -> tuple[tuple[str, str], ...]:
        """Return (outside, inside) of the folders that can be written."""
        return (
            (str(self.around), _AROUND),
            (str(self.home), HOME),
            (str(self.temporary), "/tmp"),  # noqa: S108 - its own one
        )

    @property
    def home_inside(self) -> str:
        """Return HOME for the notebooks."""
        return HOME if self.walled else str(self.home)


@contextmanager
def socket_folder() -> Iterator[Path]:
    """Give a folder for sockets whose path is short, also where temporary files lie deep."""
    with scratch_folder("recrate-") as folder:
        if len(os.fsencode(folder)) <= _SOCKET_PATH_BYTES or sys.platform == "win32":
            yield folder
            return
    with scratch_folder("recrate-", parent=Path("/tmp")) as folder:  # noqa: S108 - a private one
        yield folder
