"""Why an image could not be built, or a container ended: the line of a log that says it."""

import re
from pathlib import Path

READ_BYTES = 256 << 10
_TELLING = (
    re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE),
    re.compile(r"Failed to (?:build|download|fetch|prepare|install)\b.*"),
    re.compile(r"Because .*"),
    re.compile(r"No solution found.*"),
    re.compile(r"ERROR: (?:No matching|Could not|Failed|THESE PACKAGES|Hash).*", re.IGNORECASE),
    re.compile(r"hash mismatch.*", re.IGNORECASE),
    re.compile(r"E: (?:Unable|Package|Failed).*"),
    re.compile(r"(?:initializing source|unable to pull|error pulling|short-name).*"),
    re.compile(r"\berror:.*", re.IGNORECASE),
)
"""Most telling first."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def reason_in(log: Path, code: int) -> str:
    """Return one line for a person: why a build ended with `code`, -signal where it was killed."""
    lines = last_lines(log)
    for pattern in _TELLING:
        for line in reversed(lines):
            found = pattern.search(line)
            if found is not None:
                return _short(line[found.start() :])
    if code < 0:
        return "it was killed" if code != -1 else "it took too long, or said too much"
    return _short(lines[-1]) if lines else "it said nothing"


def last_lines(log: Path) -> list[str]:
    """Return the lines at the end of a log that say something, without colours."""
    if not log.is_file():
        return []
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - READ_BYTES))
        text = stream.read().decode("utf-8", "replace")
    lines = (_COLOURS.sub("", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def _short(line: str) -> str:
    clean = "".join(one if one.isprintable() else " " for one in line).strip()
    return clean[:300]
