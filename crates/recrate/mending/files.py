"""A study's files read and replaced: inside its folder, never through a link, whole or not at all.

Several files are changed together or none is; what they held before comes back as a value.
"""

import base64
import contextlib
import hashlib
import os
import posixpath
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recrate.model.errors import BadInput, Conflict, Refused
from recrate.model.fix import Earlier
from recrate.outside.disk import disk_errors

LIMIT_BYTES = 100_000_000
"""A larger file is never read whole for a fix."""
SCAN_AGAIN = "scan again, then choose the fix again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A file as it shall be. `private`: when it is made, nobody else may read it."""

    path: str
    content: bytes
    private: bool = False


def place(root: Path, path: str) -> Path:
    """Return where the study path `path` lies.

    Raises BadInput for a path that is none, Refused for one that leads through a link.
    """
    parts = path.split("/")
    if not path or "\0" in path or "\\" in path or path.startswith("/"):
        raise BadInput(
            "is no path in the study",
            where=ascii(path)[:200],
            hint="write it from the study's root on, with /",
        )
    if {"", ".", ".."}.intersection(parts) or posixpath.normpath(path) != path:
        raise BadInput(
            "is no path in the study",
            where=ascii(path)[:200],
            hint="write it from the study's root on, with /",
        )
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            "is a name that is not UTF-8", where=ascii(path)[:200], hint="rename the file"
        ) from error
    here = root
    for part in parts:
        here /= part
        with disk_errors(here):
            if here.is_symlink():
                raise Refused(
                    "is a link, through which nothing is written",
                    where=path,
                    hint="put the file itself there",
                )
    return here


def read(root: Path, path: str) -> bytes | None:
    """Return what a file holds, None when there is none; raises as `place` does."""
    file = place(root, path)
    with disk_errors(file):
        try:
            state = file.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(state.st_mode):
            raise BadInput("is no regular file", where=path, hint="put a file there")
        if state.st_size > LIMIT_BYTES:
            raise BadInput("is too large to be changed here", where=path, hint="change it by hand")
        return file.read_bytes()


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hex."""
    return hashlib.sha256(content).hexdigest()


def write_all(root: Path, edits: Sequence[Edit]) -> tuple[Earlier, ...]:
    """Write every edit, in order, or none; what is the same already is left alone.

    Returns how the changed files were. Raises OutsideFailed when the disk lets us down.
    """
    before = [(edit, read(root, edit.path)) for edit in edits]
    done: list[Earlier] = []
    try:
        for edit, old in before:
            if edit.content != old:
                _replace(place(root, edit.path), edit.content, private=edit.private)
                done.append(earlier(edit.path, old, edit.content))
    except BaseException:
        put_back(root, done)
        raise
    return tuple(done)


def put_back(root: Path, changed: Sequence[Earlier]) -> None:
    """Make the files as they were before.

    Raises Conflict, and changes nothing, when one of them was changed or removed since.
    """
    restored: list[tuple[Earlier, bytes | None]] = []
    for one in reversed(changed):
        now = read(root, one.path)
        if now is None or digest(now) != one.after:
            raise Conflict(
                "was changed since the fix was applied", where=one.path, hint="mend it by hand"
            )
        restored.append((one, _restored(now, one)))
    for one, content in restored:
        file = place(root, one.path)
        if content is not None:
            _replace(file, content, private=False)
            continue
        with disk_errors(file):
            file.unlink()


def earlier(path: str, old: bytes | None, new: bytes) -> Earlier:
    """Return what is needed to make `old` from `new`: the one stretch in which they differ."""
    if old is None:
        return Earlier(path=path, before=None, after=digest(new))
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    return Earlier(
        path=path,
        before=digest(old),
        after=digest(new),
        at=head,
        length=len(new) - head - tail,
        base64=base64.b64encode(old[head : len(old) - tail]).decode("ascii"),
    )


def _restored(now: bytes, one: Earlier) -> bytes | None:
    if one.before is None:
        return None
    try:
        middle = base64.b64decode(one.base64, validate=True)
    except ValueError as error:
        raise BadInput("the record of the fix is broken", where=one.path) from error
    content = now[: one.at] + middle + now[one.at + one.length :]
    if digest(content) != one.before:
        raise BadInput("the record of the fix is broken", where=one.path)
    return content


def _same(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts have in common at their start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _replace(file: Path, content: bytes, *, private: bool) -> None:
    """Write beside and rename; a file that was there keeps its mode."""
    with disk_errors(file):
        try:
            mode = stat.S_IMODE(file.lstat().st_mode)
        except FileNotFoundError:
            mode = 0o600 if private else 0o666 & ~_umask()
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".recrate-", dir=file.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(mode)
            Path(name).replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
