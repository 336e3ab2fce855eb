"""What a deposit has done so far, on disk before the next step: what makes going on safe."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recrate.model.errors import BadInput
from recrate.outside.disk import disk_errors

NAME = "journal.jsonl"


class Journal:
    """Facts about one deposit, appended line by line; the last word on a name counts.

    A line that a crash cut off is left out when the journal is read, and written over.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / NAME
        self._facts, self._length = _read(self._file)

    @property
    def facts(self) -> Mapping[str, Any]:
        """All that is known, the newest value of each name."""
        return dict(self._facts)

    def get(self, name: str) -> Any:
        """Return what was noted under a name last, or None."""
        return self._facts.get(name)

    def note(self, **facts: Any) -> None:
        """Keep facts (plain JSON values); they are on disk when this returns.

        Raises OutsideFailed when the disk lets us down: then the step must not be taken.
        """
        line = json.dumps(facts, ensure_ascii=False).encode() + b"\n"
        with disk_errors(self._file):
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._file.open("r+b" if self._file.exists() else "xb") as stream:
                stream.truncate(self._length)
                stream.seek(self._length)
                stream.write(line)
                stream.flush()
                os.fsync(stream.fileno())
        self._length += len(line)
        self._facts |= facts


def _read(file: Path) -> tuple[dict[str, Any], int]:
    """Return the facts and the length in bytes of what is whole."""
    with disk_errors(file):
        content = file.read_bytes() if file.exists() else b""
    facts: dict[str, Any] = {}
    length = 0
    lines = content.splitlines(keepends=True)
    for number, line in enumerate(lines):
        try:
            said = json.loads(line) if line.endswith(b"\n") else None
        except ValueError as error:
            if number < len(lines) - 1:
                raise BadInput(
                    "the journal of this deposit is damaged",
                    where=str(file),
                    hint="look the deposit up in the repository before you publish again",
                ) from error
            said = None
        if isinstance(said, dict):
            facts |= said
            length += len(line)
    return facts, length
