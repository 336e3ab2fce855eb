"""What an order names goes over once, by its content; what comes back is a stranger's archive."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.runner import Attempt
from recrate.model.wire import to_plain
from recrate.outside.archive import Archive, ArchiveLimits, Member, complaint_of, write_zip
from recrate.outside.disk import (
    disk_errors,
    remove_tree,
    scratch_folder,
    sha256_of,
)
from recrate.runners.agent_spool import ORDER, RESULT, Content, Submission
from recrate.runners.ssh_talk import Question
from recrate.runners.ssh_words import nonsense

_TRIES = 3
_PUT_SILENCE_SECONDS = 300.0
Ask = Callable[[Question], list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A content with the file that holds its bytes here. `folder`: gone when it was sent."""

    content: Content
    file: Path
    size_bytes: int


@dataclass(kw_only=True)
class Stage:
    """What one pool sends: keeps in mind which file has which hash.

    scratch:     folder for zips of folders
    store_bytes: how much the far side may keep of contents
    """

    scratch: Path
    store_bytes: int
    _known: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def send(self, attempt: Attempt, ask: Ask) -> None:
        """Hand an attempt over, with the contents that the far side lacks.

        Raises BadInput for an order that is none, OutsideFailed when the far side lets us down.
        """
        with scratch_folder("stage-", self.scratch) as scratch:
            submission, staged = self._prepared(attempt, scratch)
            asked = {"attempt": to_plain(submission), "store_bytes": self.store_bytes}
            for _ in range(_TRIES):  # a content may be removed for others just after it came
                missing = _missing(ask(Question(verb="submit", asked=asked)))
                if not missing:
                    return
                for one in staged:
                    if one.content.sha256 in missing:
                        self._put(one, ask)
        raise OutsideFailed(
            "the far side does not keep what is sent to it",
            where=attempt.id,
            hint="is its `store` too small for this crate?",
        )

    def _put(self, one: Staged, ask: Ask) -> None:
        ask(
            Question(
                verb="put",
                asked={
                    "hash": one.content.sha256,
                    "size": one.size_bytes,
                    "store_bytes": self.store_bytes,
                },
                send=one.file,
                send_bytes=one.size_bytes,
                silence_seconds=_PUT_SILENCE_SECONDS,
            )
        )

    def _prepared(self, attempt: Attempt, scratch: Path) -> tuple[Submission, list[Staged]]:
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
            order={name: told for name, told in order.items() if name not in _PATHS},
            crate=staged_crate.content if staged_crate else None,
            data={path: one.content for path, one in staged_data.items()},
            replay=before.content if before else None,
            memory_bytes=attempt.memory_bytes,
            seconds=attempt.seconds,
            processors=attempt.processors,
        )
        every = (staged_crate, before, *staged_data.values())
        return submission, [one for one in every if one is not None]

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


_PATHS = ("crate", "destination", "cache", "config", "data")


_AGAIN = "was the campaign's folder changed by hand? Begin one in another folder with -o"


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


def _missing(said: list[Any]) -> set[str]:
    found = said[0].get("missing") if said else None
    return {str(one) for one in found} if isinstance(found, list) else set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """Where results come to: through a scratch folder into the attempt's own and its replay's."""

    scratch: Path
    limits: ArchiveLimits

    def fetch(self, attempt: str, folder: Path, ask: Ask) -> None:
        """Bring an attempt's files and its replay's folder here, `result.json` last.

        Raises Refused and BadCrate for an archive that is unsafe or damaged, OutsideFailed when
        the far side lets us down.
        """
        self.scratch.mkdir(parents=True, exist_ok=True)
        packed = self.scratch / f"{attempt}.part"
        try:
            self._download(attempt, packed, ask)
            self._unpack(packed, folder)
        finally:
            packed.unlink(missing_ok=True)

    def _download(self, attempt: str, packed: Path, ask: Ask) -> None:
        limit = self.limits.total_bytes
        packed.unlink(missing_ok=True)
        packed.touch()

        def once() -> Mapping[str, Any]:
            asked = {"attempt": attempt}
            said = ask(Question(verb="get", asked=asked, keep=packed, limit_bytes=limit))
            head: Mapping[str, Any] = said[0] if said else {}
            return head

        head = once()
        if head.get("sha256") != sha256_of(packed):
            packed.write_bytes(b"")
            head = once()  # pieces of two packings do not fit together: from the beginning
        if head.get("sha256") != sha256_of(packed):
            raise nonsense(attempt, "bytes that are not those it promised")

    def _unpack(self, packed: Path, folder: Path) -> None:
        order = read_order(folder)
        destination = Path(str(order.get("destination") or folder / "replay"))
        with (
            Archive(packed, limits=self.limits) as archive,
            scratch_folder("result-", self.scratch) as scratch,
        ):
            places = {path: path for path in archive.entries if _is_ours(path)}
            archive.extract(places, scratch / "all", expected={})
            if (scratch / "all/replay").is_dir():
                with disk_errors(destination):
                    remove_tree(destination)
                    destination.parent.mkdir(parents=True, exist_ok=True)
                    shutil.move(scratch / "all/replay", destination)
            _lay(scratch / "all/attempt", folder)


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
