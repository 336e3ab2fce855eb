"""The files of a session, as its server shows and writes them: no link is followed, ever.

A cell may put a link to anywhere into the study. Within its walls it leads nowhere; the server
stands outside, and JavaScript that the same cell prints speaks to it in the person's name. So every
file is opened by walking down from the study's folder, each step without following links, and a
folder that a cell swaps for a link in between is not entered either.
"""

import asyncio
import base64
import contextlib
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_server.files.handlers import FilesHandler
from jupyter_server.services.contents.filecheckpoints import AsyncFileCheckpoints
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from tornado.web import HTTPError
from traitlets import Unicode, default

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class LinkError(HTTPError, OSError):
    """A link, which is not followed: no such file for who asks, left out where files are listed."""

    def __init__(self, path: str) -> None:
        """path: as the study names it."""
        super().__init__(404, f"a link, which is not followed here: {path}")
        self.errno = errno.ELOOP


class SessionCheckpoints(AsyncFileCheckpoints):
    """Keeps checkpoints beside the study instead of in it."""

    folder = Unicode("", help="Folder of the checkpoints.").tag(config=True)

    def checkpoint_path(self, checkpoint_id: str, path: str) -> str:
        """Return where a file's checkpoint is kept: its path in the study names it."""
        key = hashlib.sha256(path.strip("/").encode("utf-8", "surrogatepass")).hexdigest()
        place = Path(self.folder)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return str(place / f"{key}-{checkpoint_id}")

    async def create_checkpoint(self, contents_mgr: Any, path: str) -> dict[str, Any]:
        """Keep what a file holds now."""
        kept = self.checkpoint_path("checkpoint", path)
        await asyncio.to_thread(contents_mgr.keep, path, Path(kept))
        told: dict[str, Any] = await self.checkpoint_model("checkpoint", kept)  # type: ignore[no-untyped-call]
        return told

    async def restore_checkpoint(self, contents_mgr: Any, checkpoint_id: str, path: str) -> None:
        """Write back what was kept."""
        kept = self.checkpoint_path(checkpoint_id, path)
        await asyncio.to_thread(contents_mgr.put_back, path, Path(kept))


class SessionFiles(AsyncLargeFileManager):
    """Reads and writes below the study's folder without following links."""

    @default("checkpoints_class")
    def _beside_the_study(self) -> type[SessionCheckpoints]:
        return SessionCheckpoints

    @default("files_handler_class")
    def _through_us(self) -> type[FilesHandler]:
        return FilesHandler

    @default("files_handler_params")
    def _with_the_study(self) -> dict[str, Any]:
        return {"path": self.root_dir}

    @default("delete_to_trash")
    def _really(self) -> bool:
        return False

    def _get_os_path(self, path: str) -> str:
        found: str = super()._get_os_path(path)  # type: ignore[no-untyped-call]
        here = Path(found)
        root = Path(self.root_dir)
        for part in (here, *here.parents):
            if part.is_symlink():
                raise LinkError(path)
            if part == root:
                break
        return found

    @contextlib.contextmanager
    def open(self, os_path: str, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Open a file to read."""
        with self._told(os_path), self._parent(os_path) as (folder, name):
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            with open(handle, *args, **kwargs) as stream:  # noqa: PTH123 - of a number
                yield stream

    @contextlib.contextmanager
    def atomic_writing(self, os_path: str, *args: Any, **kwargs: Any) -> Iterator[Any]:
        """Write a file whole: a neighbour that takes its name when the block ends well."""
        text = kwargs.pop("text", not args or args[0])
        kwargs.pop("log", None)
        encoding = kwargs.pop("encoding", "utf-8") if text else None
        with self._told(os_path), self._parent(os_path) as (folder, name):
            beside = f".~{secrets.token_hex(8)}"
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            handle = os.open(beside, flags, 0o666, dir_fd=folder)
            try:
                with open(handle, "w" if text else "wb", encoding=encoding) as stream:  # noqa: PTH123
                    yield stream
                os.replace(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(beside, dir_fd=folder)
                raise

    def keep(self, path: str, kept: Path) -> None:
        """Copy a file of the study to `kept`."""
        with self.open(self._get_os_path(path), "rb") as now:
            kept.write_bytes(now.read())

    def put_back(self, path: str, kept: Path) -> None:
        """Copy `kept` to a file of the study."""
        with self.atomic_writing(self._get_os_path(path), text=False) as again:
            again.write(kept.read_bytes())

    async def rename_file(self, old_path: str, new_path: str) -> None:
        """Move a file or folder within the study."""
        old, new = self._get_os_path(old_path.strip("/")), self._get_os_path(new_path.strip("/"))
        if old != new:
            await asyncio.to_thread(self._rename, old, new)

    async def delete_file(self, path: str) -> None:
        """Remove a file, or a folder with all in it."""
        await asyncio.to_thread(self._delete, self._get_os_path(path.strip("/")))

    def _rename(self, old: str, new: str) -> None:
        if os.path.lexists(new):
            raise HTTPError(409, f"there is one already: {Path(new).name}")
        with self._told(old), self._parent(old) as (source, name), self._parent(new) as (to, as_):
            os.rename(name, as_, src_dir_fd=source, dst_dir_fd=to)

    def _delete(self, os_path: str) -> None:
        if Path(os_path) == Path(self.root_dir):
            raise HTTPError(400, "the study itself is not removed")
        with self._told(os_path), self._parent(os_path) as (folder, name):
            if Path(os_path).is_dir():
                shutil.rmtree(name, dir_fd=folder)
            else:
                os.unlink(name, dir_fd=folder)

    async def _save_large_file(self, os_path: str, content: str, format: str) -> None:  # noqa: A002 - jupyter_server's name
        """Append a piece of an upload."""
        piece = content.encode() if format == "text" else base64.b64decode(content)
        await asyncio.to_thread(self._append, os_path, piece)

    def _append(self, os_path: str, piece: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        with (
            self._told(os_path),
            self._parent(os_path) as (folder, name),
            open(os.open(name, flags, dir_fd=folder), "ab") as stream,  # noqa: PTH123 - of a number
        ):
            stream.write(piece)

    async def _save_directory(self, os_path: str, model: dict[str, Any], path: str = "") -> None:  # noqa: ARG002 - its signature
        """Make a folder, unless it is there."""
        await asyncio.to_thread(self._make_folder, os_path)

    def _make_folder(self, os_path: str) -> None:
        with self._told(os_path), self._parent(os_path) as (folder, name):
            if not Path(os_path).is_dir():
                os.mkdir(name, dir_fd=folder)

    async def _copy_dir(
        self,
        from_path: str,
        to_path_original: str,  # noqa: ARG002 - its signature
        to_name: str,  # noqa: ARG002
        to_path: str,  # noqa: ARG002
    ) -> dict[str, Any]:
        raise HTTPError(403, f"folders are not copied in a session: {from_path}")

    @contextlib.contextmanager
    def _parent(self, os_path: str) -> Iterator[tuple[int, str]]:
        """Give the folder of a file as a handle, and the file's name."""
        *parts, name = Path(os_path).relative_to(self.root_dir).parts
        folder = os.open(self.root_dir, _FOLDER)
        try:
            for part in parts:
                inner = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = inner
            yield folder, name
        finally:
            os.close(folder)

    @contextlib.contextmanager
    def _told(self, os_path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            name = Path(os_path).name
            if error.errno in {errno.ELOOP, errno.ENOTDIR}:
                raise LinkError(name) from error
            status = {errno.ENOENT: 404, errno.EACCES: 403, errno.EPERM: 403}.get(
                error.errno or 0, 500
            )
            raise HTTPError(status, f"{name}: {error.strerror}") from error
