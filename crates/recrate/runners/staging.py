"""What goes to machines that do not see our files, and what comes back, however it is carried.

What an order names goes by its content; what comes back is a stranger's archive.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from recrate.model.errors import BadInput, RecrateError
from recrate.model.runner import Attempt
from recrate.outside.archive import Archive, ArchiveLimits, Member, complaint_of, write_zip
from recrate.outside.disk import disk_errors, remove_tree, scratch_folder, sha256_of
from recrate.runners.agent_spool import ORDER, OUR_PATHS, RESULT, Content, Submission

_AGAIN = "was the campaign's folder changed by hand? Begin one in another folder with -o"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A content with the file that holds its bytes here."""

    content: Content
    file: Path
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An attempt as it is sent, with the contents that it names."""

    submission: Submission
    staged: tuple[Staged, ...]

    @property
    def size_bytes(self) -> int:
        """How much it is with all contents."""
        return sum(one.size_bytes for one in self.staged)


@dataclass(kw_only=True)
class Staging:
    """Prepares attempts of one pool: keeps in mind which file has which hash.

    scratch: folder for zips of folders
    """

    scratch: Path
    _known: dict[tuple[str, int, int], str] = field(default_factory=dict)

    @contextlib.contextmanager
    def prepared(self, attempt: Attempt) -> Iterator[Prepared]:
        """Give an attempt as it is sent; files that were made for it are gone after the block.

        Raises BadInput for an order that is none, OutsideFailed when the disk lets us down.
        """
        with scratch_folder("stage-", self.scratch) as scratch:
            yield self._prepare(attempt, scratch)

    def _prepare(self, attempt: Attempt, scratch: Path) -> Prepared:
        order = read_order(Path(attempt.folder))
        crate, data, before = order.get("crate"), order.get("data"), None
        staged_crate = self._staged(Path(crate), scratch / "crate") if crate else None
        staged_data = {
            str(path): self._staged(Path(str(place)), scratch / f"data{number}")
            for number, (path, place) in enumerate(sorted((data or {}).items()))
        }
        done = Path(str(order.get("destination") or scratch / "none"))
        if order.get("resume") and done.is_dir() and any(done.iterdir()):
            before = self._staged(done, scratch / "before")
        submission = Submission(
            id=attempt.id,
            order={name: told for name, told in order.items() if name not in OUR_PATHS},
            crate=staged_crate.content if staged_crate else None,
            data={path: one.content for path, one in staged_data.items()},
            replay=before.content if before else None,
            memory_bytes=attempt.memory_bytes,
            seconds=attempt.seconds,
            processors=attempt.processors,
        )
        every = (staged_crate, before, *staged_data.values())
        return Prepared(
            submission=submission, staged=tuple(one for one in every if one is not None)
        )

    def _staged(self, place: Path, scratch: Path) -> Staged:
        """Return a file as it is, and a folder as a zip that is the same each time."""
        name = place.name
        if place.is_dir():
            name = f"{name}.crate.zip"
            with Archive(place) as archive:
                members = [Member(path=one, source=place / one) for one in archive.entries]
            place = scratch / name
            write_zip(members, place)
        with disk_errors(place):
            info = place.stat()
            key = (str(place), info.st_size, info.st_mtime_ns)
            if key not in self._known:
                self._known[key] = sha256_of(place)
        safe = name if complaint_of(name) is None else "crate.zip"
        return Staged(
            content=Content(sha256=self._known[key], name=safe),
            file=place,
            size_bytes=info.st_size,
        )


def read_order(folder: Path) -> dict[str, Any]:
    """Return the order in an attempt's folder; raises BadInput where there is none."""
    place = folder / ORDER
    try:
        found = json.loads(place.read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(f"no order: {error}", where=str(place), hint=_AGAIN) from error
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not (data is None or isinstance(data, dict)):
        raise BadInput("not an order", where=str(place), hint=_AGAIN)
    return found


def unpack_results(packed: Path, folder: Path, *, scratch: Path, limits: ArchiveLimits) -> None:
    """Lay out what an attempt left elsewhere: its files and its replay's, `result.json` last.

    packed: a zip as `agent_packing` makes it, from somebody who is not trusted
    folder: of the attempt here; its order says where the replay goes
    Raises Refused and BadCrate for an archive that is unsafe or damaged: then nothing of it is
    laid; OutsideFailed when the disk lets us down.
    """
    order = read_order(folder)
    destination = Path(str(order.get("destination") or folder / "replay"))
    with (
        Archive(packed, limits=limits) as archive,
        scratch_folder("result-", scratch) as inner,
    ):
        places = {path: path for path in archive.entries if _is_ours(path)}
        archive.extract(places, inner / "all", expected={})
        if (inner / "all/replay").is_dir():
            with disk_errors(destination):
                remove_tree(destination)
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(inner / "all/replay", destination)
        _lay(inner / "all/attempt", folder)


def words_of(error: RecrateError) -> str:
    """Return a complaint with its hint, for the note of an attempt's end."""
    return f"{error} ({error.hint})" if error.hint else str(error)


def _is_ours(path: str) -> bool:
    """Say whether a path is one that an attempt may leave; its order stays the one of here."""
    first, *rest = PurePosixPath(path).parts
    return bool(rest) and (
        first == "replay" or (first == "attempt" and rest[0] not in {ORDER, "replay"})
    )


def _lay(source: Path, folder: Path) -> None:
    """Move an attempt's files into its folder here; the result comes last, so it means all."""
    if not source.is_dir():
        return
    with disk_errors(folder):
        for item in sorted(source.iterdir(), key=lambda one: one.name == RESULT):
            target = folder / item.name
            remove_tree(target)
            shutil.move(item, target)
