"""The files of a draft of InvenioRDM: what is sent, in pieces where that is offered, and once.

A file is announced, then its bytes are sent, then it is committed; until then it is `pending`. What
lies there complete with our checksum is not sent again. An upload that breaks takes the file's
entry with it, so every step looks again at what is there.

Source: https://inveniordm.docs.cern.ch/reference/rest_api_drafts_records/#draft-files and
/reference/file_transfer/; invenio-records-resources, services/files/.
"""

import contextlib
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from recrate.model.crate import METADATA_NAME, PREVIEW_NAME
from recrate.model.errors import NotFound, OutsideFailed
from recrate.model.progress import Progress
from recrate.outside.answers import Answer
from recrate.outside.archive import Archive
from recrate.outside.disk import BLOCK_BYTES, disk_errors, scratch_folder
from recrate.outside.exchange import FilePart
from recrate.publish.depositor import Parcel
from recrate.publish.inveniordm_api import Api, Json, item
from recrate.publish.journal import Journal

PIECE_BYTES = 64 << 20
"""Of a file that is sent in pieces; object stores take at most 10,000 of at least 5 MiB."""
SHOWN_LIMIT_BYTES = 64 << 20
"""Metadata or a preview larger than this stay in the zip alone."""
ROUNDS = 3
_BYTES = {"Content-Type": "application/octet-stream"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One file as the repository gets it. `key`: its name there; `md5`: in hex."""

    key: str
    body: bytes | FilePart
    size_bytes: int
    md5: str

    def piece(self, number: int, size_bytes: int) -> FilePart | bytes:
        """Return one piece of the body; pieces are counted from 1."""
        start = (number - 1) * size_bytes
        if isinstance(self.body, bytes):
            return self.body[start : start + size_bytes]
        return FilePart(path=self.body.path, offset=start, length=size_bytes)


def crate_name(parcel: Parcel) -> str:
    """Return the name of the crate's zip in the repository: `<slug>.crate.zip`."""
    plain = unicodedata.normalize("NFKD", parcel.crate.name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-")
    return f"{slug or 'study'}.crate.zip"


def flat_name(path: str) -> str:
    """Return a path of a crate as one name: repositories have no folders.

    Source: InvenioRDM takes any key; `/` would end it in most addresses.
    """
    return path.replace("%", "%25").replace("/", "%2F")


@contextlib.contextmanager
def offered(parcel: Parcel, form: str, folder: Path) -> Iterator[tuple[Offered, ...]]:
    """Give what is to be uploaded; `folder` holds what is unpacked for it until the block ends.

    form: `zip`: the crate as it is, and its metadata and preview beside it to be looked at;
          `files`: every file of the crate by itself, its folders written into its name
    """
    with Archive(parcel.file) as archive:
        if form == "files":
            with scratch_folder("flat-", folder) as scratch:
                archive.extract(
                    {path: path for path in archive.entries}, scratch / "files", expected={}
                )
                yield tuple(
                    _on_disk(flat_name(path), scratch / "files" / path)
                    for path in sorted(archive.entries)
                )
            return
        beside = [
            _in_memory(name, archive.read(name, limit_bytes=SHOWN_LIMIT_BYTES))
            for name in (METADATA_NAME, PREVIEW_NAME)
            if name in archive.entries and archive.entries[name].size_bytes <= SHOWN_LIMIT_BYTES
        ]
    yield (_on_disk(crate_name(parcel), parcel.file), *beside)


def _in_memory(key: str, content: bytes) -> Offered:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return Offered(key=key, body=content, size_bytes=len(content), md5=digest)


def _on_disk(key: str, path: Path) -> Offered:
    digest = hashlib.md5(usedforsecurity=False)
    with disk_errors(path), path.open("rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
    size = path.stat().st_size
    return Offered(key=key, body=FilePart(path=path), size_bytes=size, md5=digest.hexdigest())


@dataclass(slots=True)
class Upload:
    """One draft's files on their way.

    pieces_from_bytes: files of at least this size go in pieces; None: none does
    """

    api: Api
    draft: str
    journal: Journal
    progress: Progress
    pieces_from_bytes: int | None
    piece_bytes: int
    _sent: int = field(default=0, init=False)
    _total: int = field(default=0, init=False)

    def all(self, files: tuple[Offered, ...]) -> None:
        """Make the draft hold these files and no others, each whole and checked."""
        self._total = sum(one.size_bytes for one in files)
        there = self._entries()
        wanted = {one.key for one in files}
        for key in there:
            if key not in wanted:
                self._remove(key)
        for one in files:
            if not _same(there.get(one.key), one):
                self._one(one, there.get(one.key))
            self._sent += one.size_bytes
            self.progress("upload", self._sent, self._total, one.key)

    def _one(self, file: Offered, entry: Json | None) -> None:
        """Send a file, again from the beginning where its entry vanished on the way."""
        for _ in range(ROUNDS):
            try:
                entry = self._round(file, entry)
            except NotFound:
                entry = self._entries().get(file.key)
                continue
            if _same(entry, file):
                return
        raise OutsideFailed(
            f"{file.key} does not arrive whole",
            where=self.api.base,
            hint="the service has trouble: go on later with `--resume`",
        )

    def _round(self, file: Offered, entry: Json | None) -> Json | None:
        in_pieces = self._in_pieces(file)
        if entry is not None and not self._goes_on(file, entry, in_pieces=in_pieces):
            self._remove(file.key)
            entry = None
        if entry is None:
            entry = self._announce(file, in_pieces=in_pieces)
        parts = _parts(entry)
        if parts and not self._send_pieces(file, parts):
            return None
        if not parts:
            self._send_whole(file)
        address = f"{self._address(file.key)}/commit"
        answer = self.api.ask("POST", address, repeat=True).expect(200, 201)
        return _object(answer.json())

    def _in_pieces(self, file: Offered) -> bool:
        least = self.pieces_from_bytes
        return least is not None and file.size_bytes >= least and not self.journal.get("whole_only")

    def _goes_on(self, file: Offered, entry: Json, *, in_pieces: bool) -> bool:
        """Say whether what is there can be gone on with; a complete file here is a wrong one."""
        if entry.get("status") == "completed":
            return False
        if not _parts(entry):
            return True
        noted = self.journal.get("pieces")
        return in_pieces and isinstance(noted, dict) and noted["of"] == self._piece_key(file, entry)

    def _piece_key(self, file: Offered, entry: Json) -> list[Any]:
        return [file.key, file.md5, self.piece_bytes, len(_parts(entry)), entry.get("created")]

    def _announce(self, file: Offered, *, in_pieces: bool) -> Json:
        """Make the file's entry; that it is there already is as good."""
        if in_pieces:
            count = -(-file.size_bytes // self.piece_bytes)
            transfer = {"type": "M", "parts": count, "part_size": self.piece_bytes}
            asked = {"key": file.key, "size": file.size_bytes, "transfer": transfer}
            answer = self._init(asked)
            entry = self._announced(answer, file.key)
            if answer.status == 201 and entry is not None and len(_parts(entry)) == count:
                self.journal.note(pieces={"of": self._piece_key(file, entry), "done": []})
                return entry
            self._give_up_pieces(file.key if entry is not None else None)
        answer = self._init({"key": file.key})
        entry = self._announced(answer, file.key)
        if entry is None:
            answer.expect(201)
            raise NotFound(
                "the announced file is not there",
                where=self.api.base,
                hint="somebody may have changed the draft: look there, then go on with `--resume`",
            )
        return entry

    def _init(self, asked: Json) -> Answer:
        return self.api.ask("POST", self._files, json_body=[asked], repeat=True)

    def _announced(self, answer: Answer, key: str) -> Json | None:
        """Return the entry that was made; after a refusal, the one that is there."""
        found = _by_key(answer.json()) if answer.status == 201 else self._entries()
        return found.get(key)

    def _give_up_pieces(self, key: str | None) -> None:
        """Remember that this instance takes no pieces, and clear what was begun."""
        self.journal.note(whole_only=True)
        if key is not None:
            self._remove(key)

    def _send_pieces(self, file: Offered, parts: list[Json]) -> bool:
        """Send what is missing; False where the instance does not take pieces after all."""
        noted = self.journal.get("pieces")
        done = list(noted["done"])
        for part in parts:
            number = int(part["part"])
            if number in done:
                continue
            body = file.piece(number, self.piece_bytes)
            before = self._sent + (number - 1) * self.piece_bytes
            answer = self.api.ask(
                "PUT",
                str(part["url"]),
                body=body,
                headers=_BYTES,
                progress=self._told(file, before),
            )
            if answer.status in {400, 403, 405} and not done:
                self._give_up_pieces(file.key)
                return False
            answer.expect(200, 201, 204)
            done.append(number)
            self.journal.note(pieces={**noted, "done": done})
        return True

    def _send_whole(self, file: Offered) -> None:
        self.api.ask(
            "PUT",
            f"{self._address(file.key)}/content",
            body=file.body,
            headers=_BYTES,
            progress=self._told(file, self._sent),
        ).expect(200, 201)

    def _told(self, file: Offered, before: int) -> Progress:
        """Return a progress of one request that tells how far the whole upload is."""

        def told(stage: str, done: int, total: int, message: str) -> None:  # noqa: ARG001  Progress
            self.progress("upload", before + done, self._total, file.key)

        return told

    def _entries(self) -> dict[str, Json]:
        return _by_key(self.api.ask("GET", self._files).expect(200).json())

    def _remove(self, key: str) -> None:
        self.api.ask("DELETE", self._address(key)).expect(200, 204, 404)

    @property
    def _files(self) -> str:
        return f"{item(self.draft)}/draft/files"

    def _address(self, key: str) -> str:
        return f"{self._files}/{quote(key, safe='')}"


def _same(entry: Json | None, file: Offered) -> bool:
    """Say whether a file lies there complete; what was sent in pieces may have no MD5 yet."""
    if entry is None or entry.get("status") != "completed" or entry.get("size") != file.size_bytes:
        return False
    said = str(entry.get("checksum") or "")
    return said == f"md5:{file.md5}" or not said.startswith("md5:")


def _by_key(found: Any) -> dict[str, Json]:
    entries = found.get("entries") if isinstance(found, dict) else None
    listed = entries if isinstance(entries, list) else []
    return {str(one["key"]): one for one in listed if isinstance(one, dict) and "key" in one}


def _parts(entry: Json) -> list[Json]:
    links = entry.get("links")
    found = links.get("parts") if isinstance(links, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _object(found: Any) -> Json | None:
    return found if isinstance(found, dict) else None
