"""Put files into a storage of GakuNin RDM once and only once, and take back what was half done.

Before anything is made, the journal says what is about to lie where, and what lay there before. So
when an answer is lost, a look at the folder and at the journal tells whether it was done, whether
it is to be done again, or whether somebody else came in between.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from recrate.model.errors import Conflict, OutsideFailed, Refused
from recrate.model.progress import Progress, silent
from recrate.outside.archive import complaint_of
from recrate.outside.disk import disk_errors
from recrate.outside.exchange import AnswerLost, Body, FilePart
from recrate.publish.grdm_client import Shelf
from recrate.publish.grdm_entries import ROOT, Entry, same_name
from recrate.publish.journal import Journal

TRIES = 4
_FILE, _FOLDER = "grdm-file ", "grdm-folder "


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file is to hold, and how one knows it again."""

    body: Body
    size_bytes: int
    sha256: str
    md5: str

    @classmethod
    def of_bytes(cls, content: bytes) -> Self:
        """Return content that is in memory."""
        return cls(
            body=content,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        )

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Return the content of a file; raises OutsideFailed when it cannot be read."""
        whole, check = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        with disk_errors(path), path.open("rb") as stream:
            while block := stream.read(1 << 20):
                whole.update(block)
                check.update(block)
            size = stream.tell()
        return cls(
            body=FilePart(path=path),
            size_bytes=size,
            sha256=whole.hexdigest(),
            md5=check.hexdigest(),
        )

    def is_in(self, entry: Entry) -> bool | None:
        """Say whether a file holds this; None where the storage tells too little of it."""
        return _holds(entry, self.size_bytes, self.sha256, self.md5)


class Looking:
    """What lies in one storage, each folder asked for once."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self._seen: dict[str, tuple[Entry, ...]] = {}

    def forget(self, folder: Entry) -> None:
        """Look into a folder again when it is asked for next."""
        self._seen.pop(folder.path, None)

    def list(self, folder: Entry) -> tuple[Entry, ...]:
        """Return what lies in a folder, as it was seen or made by us last."""
        if folder.path not in self._seen:
            self._seen[folder.path] = self.shelf.list(folder)
        return self._seen[folder.path]

    def find(self, folder: Entry, name: str, *, is_folder: bool = False) -> Entry | None:
        """Return what has that name in a folder, None where nothing has."""
        for entry in self.list(folder):
            if entry.is_folder is is_folder and same_name(entry.name, name):
                return entry
        return None

    def seek(self, names: tuple[str, ...]) -> Entry | None:
        """Return the folder below the storage's root of these names, None where there is none."""
        found: Entry | None = ROOT
        for name in names:
            found = self.find(found, name, is_folder=True) if found else None
        return found


class Keeping(Looking):
    """The files of one deposit in one storage."""

    def __init__(self, shelf: Shelf, journal: Journal, *, sleep: Callable[[float], None]) -> None:
        super().__init__(shelf)
        self.journal = journal
        self._sleep = sleep

    def tries(self, folder: Entry, most: int = TRIES) -> Iterator[bool]:
        """Yield whether this is the last try; wait and look into the folder again before others."""
        for attempt in range(1, most + 1):
            if attempt > 1:
                self.forget(folder)
                self._sleep(min(4.0, 0.5 * 2.0 ** (attempt - 2)))
            yield attempt == most

    def folder(self, *names: str) -> Entry:
        """Find or make the folder below the storage's root of these names."""
        found = ROOT
        for name in names:
            found = self._folder(found, name)
        return found

    def _folder(self, parent: Entry, name: str) -> Entry:
        check_part(name)
        for last in self.tries(parent):
            found = self.find(parent, name, is_folder=True)
            if found is not None:
                return found
            key = f"{_FOLDER}{self._place(parent, name)}/"
            if self.journal.get(key) is None:
                self.journal.note(**{key: {"before": ""}})
            try:
                made = self.shelf.make_folder(parent, name)
            except (AnswerLost, Conflict, OutsideFailed):
                if last:
                    raise
                continue
            self._seen[parent.path] = (*self.list(parent), made)
            return made
        raise AssertionError("the last try returns or raises")

    def put(
        self,
        folder: Entry,
        name: str,
        content: Content,
        *,
        replacing: bool = False,
        progress: Progress = silent,
    ) -> Entry:
        """See to it that a file of this name holds this content, and return it.

        replacing: what lies there under this name may be replaced; else that is a Conflict, unless
                   this deposit put it there
        """
        check_part(name)
        key = _FILE + self._place(folder, name)
        for last in self.tries(folder):
            present = self.find(folder, name)
            noted = self.journal.get(key)
            if present is not None:
                same = content.is_in(present)
                if same is None and noted and noted["sha256"] == content.sha256:
                    same = noted.get("etag") == present.etag or None
                if same:
                    return present
                if not replacing and not _is_ours(present, noted, same):
                    raise _taken(present)
            noted = self._intend(key, content, present, noted)
            try:
                made = self._send(folder, name, present, content, progress)
            except (AnswerLost, Conflict, OutsideFailed):
                if last:
                    raise
                continue
            self.journal.note(**{key: {**noted, "etag": made.etag}})
            if content.is_in(made) is not False:
                rest = (one for one in self.list(folder) if one.path != made.path)
                self._seen[folder.path] = (*rest, made)
                return made
        raise OutsideFailed(
            f"{name} arrived damaged {TRIES} times",
            where=self.shelf.storage.root,
            hint="check the network, then go on with `--resume`",
        )

    def take_back(self) -> bool:
        """Remove what this deposit made and nobody else changed; say whether there was any."""
        removed = False
        for key, noted in reversed(tuple(self.journal.facts.items())):
            mark, place = key.partition(" ")[::2]
            provider, _, path = place.partition("/")
            if provider != self.shelf.storage.provider or not isinstance(noted, dict):
                continue
            if f"{mark} " == _FILE and noted.get("before") == "":
                removed |= self._take_file(path, noted)
        made = [
            key.removeprefix(_FOLDER).partition("/")
            for key in self.journal.facts
            if key.startswith(_FOLDER)
        ]
        for provider, _, path in sorted(made, key=lambda one: -one[2].count("/")):
            if provider == self.shelf.storage.provider:
                removed |= self._take_folder(path)
        return removed

    def _take_file(self, path: str, noted: dict[str, Any]) -> bool:
        *above, name = path.split("/")
        folder = self.seek(tuple(above))
        present = self.find(folder, name) if folder is not None else None
        if folder is None or present is None:
            return False
        same = _holds(present, noted.get("size"), noted.get("sha256", ""), noted.get("md5", ""))
        if not same and (same is False or present.etag != noted.get("etag")):
            return False
        self.shelf.remove(present)
        self.forget(folder)
        return True

    def _take_folder(self, path: str) -> bool:
        *above, name = path.strip("/").split("/")
        parent = self.seek(tuple(above))
        folder = self.find(parent, name, is_folder=True) if parent is not None else None
        if parent is None or folder is None or self.list(folder):
            return False
        self.shelf.remove(folder)
        self.forget(parent)
        return True

    def _send(
        self, folder: Entry, name: str, present: Entry | None, content: Content, progress: Progress
    ) -> Entry:
        if present is None:
            return self.shelf.create(folder, name, content.body, progress=progress)
        return self.shelf.replace(present, content.body, progress=progress)

    def _intend(
        self, key: str, content: Content, present: Entry | None, noted: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Note what is about to lie there, and return that; what lay there first stays noted."""
        before = present.etag if present is not None else ""
        wanted = {
            "sha256": content.sha256,
            "md5": content.md5,
            "size": content.size_bytes,
            "before": noted["before"] if noted else before,
        }
        self.journal.note(**{key: wanted})
        return wanted

    def _place(self, folder: Entry, name: str) -> str:
        return f"{self.shelf.storage.provider}{folder.materialized.rstrip('/')}/{name}"


def check_part(name: str) -> None:
    """Raise Refused for what is no plain name of one file or folder: it could lead elsewhere."""
    complaint = complaint_of(name) if "/" not in name else "a name with a slash"
    if complaint:
        raise Refused(
            f"{complaint}: {''.join(one for one in name if one.isprintable())[:80]}",
            where="GakuNin RDM",
            hint="rename the file in the study, and pack it again",
        )


def _holds(entry: Entry, size_bytes: int | None, sha256: str, md5: str) -> bool | None:
    if entry.size_bytes is not None and entry.size_bytes != size_bytes:
        return False
    if entry.sha256:
        return entry.sha256 == sha256
    return entry.md5 == md5 if entry.md5 else None


def _is_ours(present: Entry, noted: dict[str, Any] | None, same: bool | None) -> bool:
    """Say whether what lies there is of this deposit, or what it set out to replace.

    Where nothing lay before, and the storage tells no hash, a file of the same size is ours whose
    answer was lost; it is sent once more.
    """
    if not noted:
        return False
    if present.etag and present.etag in {noted["before"], noted.get("etag")}:
        return True
    if _holds(present, noted["size"], noted["sha256"], noted["md5"]):
        return True
    return noted["before"] == "" and same is None


def _taken(present: Entry) -> Conflict:
    return Conflict(
        "something else of this name is in the project",
        where=present.materialized,
        hint="publish it as a new version of that one, or choose another folder",
    )
