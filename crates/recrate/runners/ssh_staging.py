"""What an order names goes over once, by its content; what comes back is a stranger's archive."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recrate.model.errors import OutsideFailed
from recrate.model.runner import Attempt
from recrate.model.wire import to_plain
from recrate.outside.archive import ArchiveLimits
from recrate.outside.disk import sha256_of
from recrate.runners.ssh_talk import Question
from recrate.runners.ssh_words import nonsense
from recrate.runners.staging import Staged, Staging, unpack_results

_TRIES = 3
_PUT_SILENCE_SECONDS = 300.0
Ask = Callable[[Question], list[Any]]


@dataclass(kw_only=True)
class Stage:
    """What one pool sends.

    scratch:     folder for zips of folders
    store_bytes: how much the far side may keep of contents
    """

    scratch: Path
    store_bytes: int
    _staging: Staging = field(init=False)

    def __post_init__(self) -> None:
        self._staging = Staging(scratch=self.scratch)

    def send(self, attempt: Attempt, ask: Ask) -> None:
        """Hand an attempt over, with the contents that the far side lacks.

        Raises BadInput for an order that is none, OutsideFailed when the far side lets us down.
        """
        with self._staging.prepared(attempt) as what:
            asked = {"attempt": to_plain(what.submission), "store_bytes": self.store_bytes}
            for _ in range(_TRIES):  # a content may be removed for others just after it came
                missing = _missing(ask(Question(verb="submit", asked=asked)))
                if not missing:
                    return
                for one in what.staged:
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
            unpack_results(packed, folder, scratch=self.scratch, limits=self.limits)
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
