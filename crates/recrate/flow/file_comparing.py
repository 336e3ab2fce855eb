"""What the child process does that compares files: reads its order, answers line by line."""

import sys
from dataclasses import dataclass
from pathlib import Path

from recrate.compare.outcome import Terms
from recrate.compare.written import judge_file, not_compared
from recrate.model.verdict import FileVerdict
from recrate.model.wire import from_json, to_json
from recrate.replay.copies import open_beneath

ANSWER = "recrate-file "
"""How a line begins that tells the verdict on one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCase:
    """One file. recorded, reruns: paths below the order's folder; None where a run wrote none."""

    path: str
    recorded: str
    reruns: tuple[str | None, ...]
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOrder:
    """Files that one child compares, in this order."""

    folder: str
    cases: tuple[FileCase, ...]


def main(order: str) -> int:
    """Compare the files that the order names, and print a line for each."""
    asked = from_json(Path(order).read_bytes(), FileOrder, where=order)
    for case in asked.cases:
        verdict = to_json(_judged(Path(asked.folder), case), indent=None)
        sys.stdout.buffer.write(f"{ANSWER}{verdict}".encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    return 0


def _judged(folder: Path, case: FileCase) -> FileVerdict:
    recorded = _content(folder, case.recorded)
    if recorded is None:
        return not_compared(case.path, "differs; what was published is not there to be compared")
    contents: dict[str, bytes | None] = {case.recorded: recorded}
    for place in case.reruns:
        if place is not None and place not in contents:
            contents[place] = _content(folder, place)
    reruns = [contents[place] if place is not None else None for place in case.reruns]
    return judge_file(case.path, recorded, reruns, case.terms)


def _content(folder: Path, path: str) -> bytes | None:
    stream = open_beneath(folder, path)
    if stream is None:
        return None
    with stream:
        return stream.read()
