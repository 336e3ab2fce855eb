"""Two texts side by side with what differs marked: lines first, then words and numbers in them."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from markupsafe import Markup

from recrate.report.allowance import Allowance
from recrate.report.characters import escaped
from recrate.report.say import say

_TOKEN = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[^\W\d]+|\s+|.", re.DOTALL)
_CONTEXT = 3
"""Equal lines kept before and after a difference; more of them are folded."""

Opcode = tuple[str, int, int, int, int]
Sides = tuple[Markup, Markup]


def mark_difference(recorded: str, rerun: str, allowance: Allowance) -> Sides:
    """Return both texts as HTML, with `<del>` around what only the recorded one says, `<ins>` else.

    Long runs of equal lines are folded, and a side ends with a note where it was cut, so the first
    difference is always on the page.
    """
    lines = (recorded.split("\n"), rerun.split("\n"))
    left = _Side("del", recorded, allowance)
    right = _Side("ins", rerun, allowance)
    blocks = list(_blocks(lines[0], lines[1], allowance))
    for place, (kind, start, end, other_start, other_end) in enumerate(blocks):
        if kind == "equal":
            equal = _folded(lines[0][start:end], place == 0, place == len(blocks) - 1)
            left.add_equal(equal)
            right.add_equal(equal)
        else:
            pair = (lines[0][start:end], lines[1][other_start:other_end])
            for one, other in _paired(*pair, allowance):
                left.add(one)
                right.add(other)
    return left.finished(), right.finished()


class _Side:
    """One column that grows line by line until its room is used up."""

    def __init__(self, tag: str, text: str, allowance: Allowance) -> None:
        self._tag = tag
        self._size = len(text)
        self._room = allowance.room_for_text(len(text), loud=True)
        self._lines: list[str] = []
        self._cut = False

    def add_equal(self, lines: Sequence[str | int]) -> None:
        """Add equal lines; a number stands for so many folded ones."""
        for line in lines:
            if isinstance(line, int):
                self._lines.append(f'<i class="fold">⋯ {say("fold", count=f"{line:,}")} ⋯</i>')
            else:
                self.add([(line, False)])

    def add(self, tokens: list[tuple[str, bool]] | None) -> None:
        """Add a line as (text, differs) pieces; None where this side has no such line."""
        if tokens is None or self._cut:
            return
        length = sum(len(text) for text, _ in tokens)
        if length > self._room:
            tokens, self._cut = _shortened(tokens, self._room), True
        self._room -= min(length, self._room)
        self._lines.append("".join(self._piece(text, differs) for text, differs in tokens))

    def _piece(self, text: str, differs: bool) -> str:
        shown = escaped(text)
        return f"<{self._tag}>{shown or '⏎'}</{self._tag}>" if differs else str(shown)

    def finished(self) -> Markup:
        """Return the column."""
        if self._cut:
            self._lines.append(f'<i class="fold">{say("cut", size=f"{self._size:,}")}</i>')
        return Markup("\n".join(self._lines))  # noqa: S704 - every piece is escaped


def _shortened(tokens: list[tuple[str, bool]], room: int) -> list[tuple[str, bool]]:
    kept = []
    for text, differs in tokens:
        if room <= 0:
            break
        kept.append((text[:room], differs))
        room -= len(text)
    return kept


def _blocks(left: list[str], right: list[str], allowance: Allowance) -> Iterator[Opcode]:
    """Give difflib's opcodes over lines; equal heads and tails cost nothing."""
    head = _common(left, right)
    tail = _common(left[head:][::-1], right[head:][::-1])
    ends = (len(left) - tail, len(right) - tail)
    if head:
        yield ("equal", 0, head, 0, head)
    one, other = left[head : ends[0]], right[head : ends[1]]
    if one and other and allowance.admits_comparison(len(one) * len(other)):
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        for kind, *places in matcher.get_opcodes():
            start, end, other_start, other_end = (place + head for place in places)
            yield (kind, start, end, other_start, other_end)
    elif one or other:
        yield ("replace", head, ends[0], head, ends[1])
    if tail:
        yield ("equal", ends[0], len(left), ends[1], len(right))


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _folded(lines: list[str], first: bool, last: bool) -> list[str | int]:
    before = 0 if first else _CONTEXT
    after = 0 if last else _CONTEXT
    hidden = len(lines) - before - after
    if hidden < 4:
        return list(lines)
    return [*lines[:before], hidden, *lines[len(lines) - after :]]


Tokens = list[tuple[str, bool]]


def _paired(
    left: list[str], right: list[str], allowance: Allowance
) -> Iterator[tuple[Tokens | None, Tokens | None]]:
    """Give the lines of a changed block in pairs, with the words that differ; leftovers whole."""
    for place in range(max(len(left), len(right))):
        if place >= len(right):
            yield [(left[place], True)], None
        elif place >= len(left):
            yield None, [(right[place], True)]
        else:
            yield _words(left[place], right[place], allowance)


def _words(left: str, right: str, allowance: Allowance) -> tuple[Tokens, Tokens]:
    one, other = _TOKEN.findall(left[:5_000]), _TOKEN.findall(right[:5_000])
    if max(len(left), len(right)) > 5_000 or not allowance.admits_comparison(len(one) * len(other)):
        return [(left, True)], [(right, True)]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < 0.3:  # too little in common: a patchwork of marks would only confuse
        return [(left, True)], [(right, True)]
    marked: tuple[Tokens, Tokens] = ([], [])
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        for tokens, text in zip(
            marked, ("".join(one[start:end]), "".join(other[other_start:other_end])), strict=True
        ):
            if text:
                tokens.append((text, kind != "equal"))
    return marked
