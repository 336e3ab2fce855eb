"""Printed text: what never repeats taken out, then word by word, number by number."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from recrate.compare.numbers import Tally, compare_numbers, in_percent, split
from recrate.compare.outcome import (
    SAME,
    Outcome,
    Terms,
    different,
    equivalent,
    ignoring,
)
from recrate.compare.rules import NOTHING, apply, rules_for
from recrate.compare.wrapped import unwrapped

_BACKSPACE = re.compile(r"[^\x08\n]?\x08")
_SHOWN = 60
"""Characters of a line quoted in a reason."""
_SORTABLE = 200_000
"""Characters up to which the order within braces is looked at."""
_BRACES = re.compile(r"(?<![\w^\\}])\{[^{}]{1,20000}\}")
_POINTS = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|[()\[\]⟨⟩,]")
_SPELLING = str.maketrans({"−": "-", "×": "x", "\u00a0": " ", "“": '"', "”": '"'})
_TABLE_RULE = re.compile(r"[-=─━]{4,}")


class Cleaned:
    """The lines of a text with what never repeats taken out; `numbers[i]` is the line's place."""

    def __init__(self, lines: list[str], terms: Terms, places: Sequence[int]) -> None:
        self.rules: dict[str, None] = {}
        self.lines: list[str] = []
        self.places: list[int] = []
        rules = rules_for(terms.source)
        for place, raw in zip(places, lines, strict=True):
            line = apply(raw, rules, self.rules)
            if line is not None and "<object>" in line and NOTHING.match(line):
                line = None
            if line is not None and line.strip():
                self.lines.append(line.translate(_SPELLING))
                self.places.append(place)


def compare_text(recorded: str, rerun: str, terms: Terms) -> Outcome:
    """Say whether `rerun` prints what `recorded` prints.

    Lines that are equal are not looked at; the rest goes through the rules of `rules`, then words
    must be equal without regard to white space and numbers within the tolerance.
    """
    if recorded == rerun:
        return SAME
    left, right = unwrapped(_lines(recorded)), unwrapped(_lines(rerun))
    if len(left) == len(right):
        places = [place for place in range(len(left)) if left[place] != right[place]]
        left, right = [left[place] for place in places], [right[place] for place in places]
        numbers: Sequence[int] = [place + 1 for place in places]
        others = numbers
    else:
        first, left, right = _without_common_ends(left, right)
        numbers, others = (
            range(first + 1, first + 1 + len(left)),
            range(first + 1, first + 1 + len(right)),
        )
    if not left and not right:
        return equivalent("same text after redrawn lines and line ends are settled")
    before, after = Cleaned(left, terms, numbers), Cleaned(right, terms, others)
    rules = tuple(dict.fromkeys([*before.rules, *after.rules]))
    if before.lines == after.lines:
        return equivalent(ignoring(rules) if rules else "same but for white space", rules)
    tally = Tally()
    if not _same_words(before, after, terms, tally):
        tally = Tally()
        if not _same_as_one(before.lines, after.lines, terms, tally):
            return _sorted_or_different(before, after, terms, rules)
    if tally.apart:
        ordered = _sorted_or_different(before, after, terms, rules)
        if ordered.holds:
            return ordered
    return _by_numbers(tally, rules)


def holds_nothing(text: str, terms: Terms) -> bool:
    """Say whether a text shows no result: only names of objects, bars, timings, or white space."""
    if len(text) > 100_000:
        return False
    shown = _lines(text)
    lines = Cleaned(shown, terms, range(1, len(shown) + 1)).lines
    return all(NOTHING.match(line) or line.strip() == "<timing>" for line in lines)


def _lines(text: str) -> list[str]:
    """Return the lines as a terminal shows them: a carriage return starts its line anew."""
    if "\x08" in text:
        text = _BACKSPACE.sub("", text.replace("\x08\x08", "\x08"))
    if "\r" not in text:
        return text.split("\n")
    shown = []
    for line in text.replace("\r\n", "\n").split("\n"):
        parts = [part for part in line.split("\r") if part.strip()]
        shown.append(parts[-1] if parts else "")
    return shown


def _without_common_ends(left: list[str], right: list[str]) -> tuple[int, list[str], list[str]]:
    """Drop equal lines at both ends; return how many were dropped at the start, and the rest."""
    shortest = min(len(left), len(right))
    start = 0
    while start < shortest and left[start] == right[start]:
        start += 1
    end = 0
    while end < shortest - start and left[-1 - end] == right[-1 - end]:
        end += 1
    return start, left[start : len(left) - end], right[start : len(right) - end]


def _same_words(before: Cleaned, after: Cleaned, terms: Terms, tally: Tally) -> bool:
    """Compare line by line; False when the words of some line differ."""
    if len(before.lines) != len(after.lines):
        return False
    for place, left, right in zip(before.places, before.lines, after.lines, strict=True):
        if left == right:
            continue
        words, numbers = split(left)
        other_words, other_numbers = split(right)
        if words != other_words and _plain(words) != _plain(other_words):
            return False
        compare_numbers(numbers, other_numbers, terms.tolerance, tally, place)
    return True


def _plain(words: list[str]) -> list[str]:
    """Return words without the rulers of printed tables, whose length follows their columns."""
    return [_TABLE_RULE.sub("----", word) for word in words]


def _same_as_one(left: list[str], right: list[str], terms: Terms, tally: Tally) -> bool:
    """Compare as one line: arrays and tables are wrapped anew by another version."""
    words, numbers = split(" ".join(left))
    other_words, other_numbers = split(" ".join(right))
    if words != other_words and _plain(words) != _plain(other_words):
        return False
    compare_numbers(numbers, other_numbers, terms.tolerance, tally, 0)
    return True


def _by_numbers(tally: Tally, rules: tuple[str, ...]) -> Outcome:
    also = f"; {ignoring(rules)[len('same after ') :]}" if rules else ""
    if tally.apart:
        place = f" at line {tally.line}" if tally.line else ""
        return different(
            f"{tally.apart} of {tally.numbers} numbers differ, largest by "
            f"{in_percent(tally.largest)}{place}: {tally.recorded} became {tally.rerun}",
            rules,
            tally.largest,
        )
    if tally.near:
        return equivalent(
            f"same words; {tally.near} of {tally.numbers} numbers differ "
            f"within the tolerance{also}",
            rules,
        )
    return equivalent(ignoring(rules) if rules else "same but for white space", rules)


def _sorted_or_different(
    before: Cleaned, after: Cleaned, terms: Terms, rules: tuple[str, ...]
) -> Outcome:
    """Try once more with the items of sets and dictionaries in order, then say what differs."""
    left, right = "\n".join(before.lines), "\n".join(after.lines)
    if "{" in left and "{" in right and max(len(left), len(right)) <= _SORTABLE:
        ordered, other = _in_order(left), _in_order(right)
        tally = Tally()
        if _same_as_one([ordered], [other], terms, tally) and not tally.apart:
            rules = (*rules, "order within braces")
            return equivalent(ignoring(rules), rules)
    return different(_what_differs(before, after), rules)


def _in_order(text: str) -> str:
    """Sort the items of innermost braces, twice, so that braces within braces settle too."""

    def settle(match: re.Match[str]) -> str:
        return "⟨" + ", ".join(sorted(_items(match.group()[1:-1]))) + "⟩"

    return _BRACES.sub(settle, _BRACES.sub(settle, text))


def _items(inside: str) -> list[str]:
    """Split what stands within braces at commas that are in no quotes and no brackets."""
    items: list[str] = []
    start = depth = 0
    for place in _POINTS.finditer(inside):
        point = place.group()
        if point in "([⟨":
            depth += 1
        elif point in ")]⟩":
            depth -= 1
        elif point == "," and depth <= 0:
            items.append(inside[start : place.start()].strip())
            start = place.end()
    return [*items, inside[start:].strip()]


def _what_differs(before: Cleaned, after: Cleaned) -> str:
    """Say in words where two texts part: lines gone, lines new, or the first line that differs."""
    if not after.lines:
        return f"{len(before.lines)} lines are gone, the first: {_quote(before.lines[0])}"
    if not before.lines:
        return f"{len(after.lines)} lines are new, the first: {_quote(after.lines[0])}"
    if len(before.lines) != len(after.lines) and len(before.lines) * len(after.lines) <= 40_000:
        gone, new = _gone_and_new(before.lines, after.lines)
        if gone and not new:
            return f"{len(gone)} of the lines are gone, the first: {_quote(gone[0])}"
        if new and not gone:
            return f"{len(new)} lines are new, the first: {_quote(new[0])}"
    pairs = zip(before.places, before.lines, after.lines, strict=False)
    for place, left, right in pairs:
        if split(left)[0] != split(right)[0]:
            return f"line {place} reads {_quote(right)} instead of {_quote(left)}"
    return f"{len(after.lines)} lines instead of {len(before.lines)}"


def _gone_and_new(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    gone: list[str] = []
    new: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            gone += left[a:b]
            new += right[c:d]
    return gone, new


def _quote(line: str) -> str:
    """Return the start of a line, safe to print."""
    short = " ".join(line.split())
    short = short if len(short) <= _SHOWN else short[: _SHOWN - 1] + "…"
    return f"“{short.encode('utf-8', 'replace').decode()}”"
