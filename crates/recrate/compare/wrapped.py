"""Tables that pandas printed in blocks of columns, put side by side again."""

from collections import deque
from itertools import takewhile

_WIDEST_INDEX = 200
"""Characters."""


def unwrapped(lines: list[str]) -> list[str]:
    """Return lines in which blocks of columns of one table stand side by side.

    A block whose header ends with a backslash goes on in the block behind the next empty line; each
    block begins with the index. How wide blocks are follows the terminal, not the data.
    """
    if not any(line.rstrip().endswith("\\") for line in lines):
        return lines
    done: list[str] = []
    blocks = deque(_blocks(lines))
    while blocks:
        block = blocks.popleft()
        while blocks and block[0].rstrip().endswith("\\") and len(blocks[0]) == len(block):
            block = _beside(block, blocks.popleft())
        done += [*block, ""]
    return done


def _blocks(lines: list[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _beside(block: list[str], other: list[str]) -> list[str]:
    """Put a block beside another, without its index."""
    pairs = list(zip(block, other, strict=True))
    width = min(_WIDEST_INDEX, *(_alike(left, right) for left, right in pairs))
    while width and any(_cuts_a_word(line, width) for line in other):
        width -= 1
    header = pairs[0][0].rstrip().removesuffix("\\")
    firsts = [header, *(left for left, _ in pairs[1:])]
    return [f"{left} {right[width:]}" for left, right in zip(firsts, other, strict=True)]


def _cuts_a_word(line: str, place: int) -> bool:
    """Say whether neither side of a place in a line is blank."""
    return bool(line[place - 1 : place].strip() and line[place : place + 1].strip())


def _alike(left: str, right: str) -> int:
    """Return how many characters two lines have in common at their start."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))
    )
