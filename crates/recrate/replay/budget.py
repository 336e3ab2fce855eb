"""How much of a cell's outputs is kept: one number for all kinds of messages together."""

import json
from dataclasses import dataclass, field
from typing import Any

from recrate.replay.streams import overwrite

LEAST_BYTES = 256
"""What the smallest output costs us in memory, whatever it says."""

_ERROR_CHARACTERS = 20_000
_PLACEHOLDERS = 100


@dataclass(kw_only=True)
class Budget:
    """What one cell's outputs hold, in bytes of their JSON, and what may still come.

    shown: (display id) → what its newest content holds
    """

    limit_bytes: int
    held: int = 0
    cut: bool = False
    placeholders: int = 0
    shown: dict[str, int] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """Return how many bytes may still come."""
        return max(0, self.limit_bytes - self.held)

    def take(self, size: int) -> bool:
        """Count an output of `size` bytes if it fits, and say whether it does."""
        size = max(size, LEAST_BYTES)
        if size > self.left:
            self.cut = True
            return False
        self.held += size
        return True

    def replace(self, display: str, size: int) -> bool:
        """Count new content for what is shown under the id `display`, if it fits."""
        old = self.shown.get(display, 0)
        if size - old > self.left:
            self.cut = True
            return False
        self.held += size - old
        self.shown[display] = size
        return True

    def clear(self) -> None:
        """Forget what was held: the cell threw its outputs away."""
        self.held = 0
        self.shown.clear()

    def stand_in(self, size: int) -> dict[str, Any] | None:
        """Return the data that stand for an output that was too large; None after some of them."""
        self.cut = True
        self.placeholders += 1
        if self.placeholders > _PLACEHOLDERS:
            return None
        return {"text/plain": f"[an output of {size:,} bytes was left out: over the limit]"}


def shorten_error(content: dict[str, Any]) -> dict[str, Any]:
    """Return an error message whose texts are no longer than somebody will read."""
    trace = [str(line) for line in content.get("traceback") or ()]
    kept: list[str] = []
    left = _ERROR_CHARACTERS
    for line in reversed(trace):
        kept.append(line[-left:])
        left -= len(line)
        if left <= 0:
            break
    return {
        "ename": str(content.get("ename", ""))[:1000],
        "evalue": _middle_out(str(content.get("evalue", "")), _ERROR_CHARACTERS),
        "traceback": kept[::-1],
    }


def _middle_out(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    half = length // 2
    return f"{text[:half]} [{len(text) - 2 * half:,} characters left out] {text[-half:]}"


def first_of_stream(content: bytes, length: int) -> dict[str, str] | None:
    """Return a stream message's name and the first `length` bytes of its text, without reading on.

    content: the message as the kernel sent it, JSON, perhaps a hundred megabytes of it
    """
    head = content[: length + 200]
    name = "stderr" if b'"stderr"' in content[:100] + content[-100:] else "stdout"
    start = head.find(b'"text"')
    if start < 0:
        return None
    start = head.find(b'"', start + 6) + 1
    if start <= 0:
        return None
    piece = head[start:].decode("utf-8", "ignore")
    # Cut so that no escape (`\\n`, `\\u1234`, a pair of them) is torn: at most 12 characters back.
    for back in range(13):
        try:
            text = json.loads(f'"{piece[: len(piece) - back]}"', strict=False)
        except ValueError:
            continue
        return {"name": name, "text": text}
    return None


def compact(pieces: list[str]) -> str:
    """Join the pieces of a stream and take out what was overwritten."""
    return overwrite("".join(pieces))
