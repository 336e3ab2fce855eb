"""Small things kept in recrate's data folder: how to take a fix back, and a person's last study."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from recrate.model.errors import BadInput, NotFound
from recrate.model.fix import Applied
from recrate.model.study import Description
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text

UNDOS_KEPT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A fix that can be taken back. `study`: contents path of the folder it was applied in."""

    study: str
    applied: Applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A folder for its owner alone: what a fix took away may be a password."""

    folder: Path

    def keep_undo(self, undo: Undo) -> str:
        """Keep how to take a fix back, and return the name it goes by; the oldest give way."""
        name = uuid.uuid4().hex
        place = self._private("undo")
        write_text(place / f"{name}.json", to_json(undo))
        kept = sorted(place.glob("*.json"), key=_age)
        for old in kept[:-UNDOS_KEPT]:
            old.unlink(missing_ok=True)
        return name

    def read_undo(self, name: str) -> Undo:
        """Return how to take a fix back; raises NotFound when it was, or is too long ago."""
        path = self.folder / "undo" / f"{name}.json"
        if not path.is_file():
            raise NotFound(
                "this fix can no longer be taken back", hint="edit the file, or take it from git"
            )
        return from_json(path.read_bytes(), Undo, where="undo")

    def forget_undo(self, name: str) -> None:
        """Forget a fix that was taken back."""
        (self.folder / "undo" / f"{name}.json").unlink(missing_ok=True)

    def keep_description(self, person: str, said: Description) -> None:
        """Remember what a person said of their study, to offer it for the next one."""
        write_text(self._private("people") / _file_of(person), to_json(said))

    def last_description(self, person: str) -> Description | None:
        """Return what a person said last; None when that was nothing, or by another version."""
        path = self.folder / "people" / _file_of(person)
        if not path.is_file():
            return None
        try:
            return from_json(path.read_bytes(), Description)
        except BadInput:
            return None

    def _private(self, name: str) -> Path:
        place = self.folder / name
        with disk_errors(place):
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(0o700)
        return place


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _file_of(person: str) -> str:
    """Return a file's name for a person, whatever their name holds."""
    return hashlib.sha256(person.encode("utf-8", "backslashreplace")).hexdigest()[:32] + ".json"
