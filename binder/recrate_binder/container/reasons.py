"""Why an image could not be built, or a container ended: the line of a log that says it."""

import re
from dataclasses import dataclass
from pathlib import Path

READ_BYTES = 256 << 10
_SAID = "recrate: "
"""How the build pack begins the sentence that says why it failed; a line with a hint follows."""
_FULL = re.compile(r"no space left on device|disk quota exceeded", re.IGNORECASE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What went wrong in one line, and what the person can do."""

    message: str
    hint: str = ""


def reason_in(log: Path, code: int) -> Why:
    """Return why a build ended with `code`, -signal where it was killed; from its log."""
    lines = last_lines(log)
    if any(_FULL.search(line) for line in lines[-50:]):
        return Why(message="the disk is full", hint="remove images that are not used any more")
    if code < 0:
        return Why(message="it was killed", hint="launch it again: it goes on from what it has")
    for place, line in reversed(list(enumerate(lines))):
        if line.startswith(_SAID):
            after = lines[place + 1] if place + 1 < len(lines) else ""
            hint = after.removeprefix("hint: ") if after.startswith("hint: ") else ""
            return Why(message=_short(line.removeprefix(_SAID)), hint=_short(hint))
    return Why(message=_short(lines[-1]) if lines else "it said nothing")


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
