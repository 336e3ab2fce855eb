"""Files and folders: written whole or not at all, hashed in pieces, named by media type."""

import contextlib
import errno
import hashlib
import mimetypes
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from recrate.model.errors import DiskFull, OutsideFailed

BLOCK_BYTES = 1 << 20
"""Hashing in blocks of 1 MiB lets two threads work side by side; in 1 KiB blocks they do not."""

_MEDIA_TYPES = {
    ".ipynb": "application/x-ipynb+json",
    ".py": "text/x-python",
    ".r": "text/x-r-source",
    ".jl": "text/x-julia",
    ".md": "text/markdown",
    ".yml": "application/yaml",
    ".yaml": "application/yaml",
    ".toml": "application/toml",
    ".cff": "application/yaml",
    ".parquet": "application/vnd.apache.parquet",
    ".npy": "application/x-npy",
    ".npz": "application/x-npz",
    ".h5": "application/x-hdf5",
    ".hdf5": "application/x-hdf5",
    ".nc": "application/x-netcdf",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".txt": "text/plain",
    ".geojson": "application/geo+json",
}


def media_type_of(path: str) -> str:
    """Return the media type that the name of `path` tells; the same on every machine."""
    suffix = Path(path).suffix.lower()
    if suffix in _MEDIA_TYPES:
        return _MEDIA_TYPES[suffix]
    guessed, encoding = _GUESSER.guess_type(path, strict=True)
    if encoding:
        return {"gzip": "application/gzip"}.get(encoding, "application/octet-stream")
    return guessed or "application/octet-stream"


_GUESSER = mimetypes.MimeTypes(filenames=())
"""Without the machine's own tables: the same study must give the same bytes everywhere."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex; memory does not grow with its size."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


_HINTS = {
    errno.ENOSPC: "the disk is full: free some space",
    errno.EDQUOT: "your quota is used up: free some space",
    errno.EACCES: "no permission to write there",
    errno.EROFS: "that file system is read-only",
}
_TOO_LONG = "the name is longer than this file system allows"


def disk_error(error: OSError, where: Path | None = None, *, otherwise: str = "") -> OutsideFailed:
    """Return what an OSError means for a person; DiskFull where no room is left.

    where: named where the error itself names no file
    otherwise: what the person can do where another place would help, `choose another place with -o`
    """
    kind = DiskFull if error.errno in {errno.ENOSPC, errno.EDQUOT} else OutsideFailed
    hint = _HINTS.get(error.errno or 0, "")
    if hint and otherwise:
        hint += f", or {otherwise}" if kind is DiskFull else f": {otherwise}"
    if error.errno == errno.ENAMETOOLONG:
        hint = _TOO_LONG
    return kind(error.strerror or str(error), where=str(error.filename or where or ""), hint=hint)


@contextlib.contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Turn an OSError into OutsideFailed that says what to do about it."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, where, otherwise="choose another place with -o") from error


@contextlib.contextmanager
def writing(destination: Path) -> Iterator[BinaryIO]:
    """Open a temporary neighbour that takes the name `destination` only if the block ends well.

    Raises OutsideFailed when the disk lets us down; then nothing is left behind.
    """
    with disk_errors(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".recrate-", dir=destination.parent)
    temporary = Path(name)
    try:
        with disk_errors(destination):
            with os.fdopen(handle, "w+b") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(0o666 & ~_umask())
            temporary.replace(destination)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(destination: Path, text: str) -> None:
    """Write UTF-8 text, whole or not at all, with `\\n` line ends on every system."""
    with writing(destination) as stream:
        stream.write(text.encode("utf-8", "surrogatepass"))


def write_pieces(destination: Path, pieces: Iterable[str]) -> None:
    """Write text that comes in pieces, whole or not at all; memory does not grow with it."""
    with writing(destination) as stream:
        for piece in pieces:
            stream.write(piece.encode("utf-8", "surrogatepass"))


@contextlib.contextmanager
def scratch_folder(prefix: str = "recrate-", parent: Path | None = None) -> Iterator[Path]:
    """Give a private folder that is gone when the block ends, read-only files in it included."""
    with disk_errors(parent or Path(tempfile.gettempdir())):
        if parent is not None:
            parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield folder
    finally:
        remove_tree(folder)


def remove_tree(folder: Path) -> None:
    """Remove a folder and all in it, also what is read-only; links are not followed."""
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    for parent, folders, _ in os.walk(folder):
        for name in folders:
            inner = Path(parent) / name
            if not inner.is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
