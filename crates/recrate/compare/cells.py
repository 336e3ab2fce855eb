"""Bring the cells of two notebooks together, even when some were added, removed or moved."""

from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise

from recrate.compare.hostile import cells_of, identifier, is_code, source_of, tags_of
from recrate.model.study import Notebook

INJECTED = "injected-parameters"
_LARGEST_GRID = 4_000_000
"""Products of cell counts above this are aligned by order alone: matching is quadratic."""


def align_cells(recorded: Notebook, rerun: Notebook) -> dict[int, int]:
    """Return recorded index → rerun index for the code cells that belong together.

    First by position and source, then by id, then by the longest common runs of sources, then what
    stands between two matched neighbours in the same number on both sides.
    """
    left = [index for index, cell in enumerate(cells_of(recorded)) if is_code(cell)]
    right = [index for index, cell in enumerate(cells_of(rerun)) if is_code(cell)]
    left_cells, right_cells = cells_of(recorded), cells_of(rerun)
    if not any(INJECTED in tags_of(left_cells[index]) for index in left):
        right = [index for index in right if INJECTED not in tags_of(right_cells[index])]
    sources = [source_of(left_cells[index]).strip() for index in left]
    others = [source_of(right_cells[index]).strip() for index in right]
    if sources == others:
        return dict(zip(left, right, strict=True))
    ids = [identifier(left_cells[index]) for index in left]
    other_ids = [identifier(right_cells[index]) for index in right]
    pairs = _by_source(sources, others)
    taken = set(pairs.values())
    for before, after in _by_id(ids, other_ids, sources, others).items():
        if before not in pairs and after not in taken:
            pairs[before] = after
            taken.add(after)
    return {left[before]: right[after] for before, after in _fill(pairs, sources, others)}


def _by_id(
    ids: list[str], others: list[str], sources: list[str], other_sources: list[str]
) -> dict[int, int]:
    """Match ids that occur once on each side; ids like `0`, `1` of a renumbered copy are no help.

    Ids count only where most of the shared ones carry the same source.
    """
    once = {key for key, count in Counter(ids).items() if key and count == 1}
    places = _unique_places(others, once)
    found = {index: places[key] for index, key in enumerate(ids) if key in places}
    same = sum(sources[before] == other_sources[after] for before, after in found.items())
    return found if same * 2 >= len(found) else {}


def _unique_places(keys: list[str], wanted: set[str]) -> dict[str, int]:
    counts = Counter(keys)
    return {key: i for i, key in enumerate(keys) if key in wanted and counts[key] == 1}


def _by_source(sources: list[str], others: list[str]) -> dict[int, int]:
    if len(sources) * len(others) > _LARGEST_GRID:
        pairs = zip(range(len(sources)), range(len(others)), strict=False)
        return {before: after for before, after in pairs if sources[before] == others[after]}
    matcher = SequenceMatcher(None, sources, others, autojunk=False)
    return {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }


def _fill(pairs: dict[int, int], sources: list[str], others: list[str]) -> list[tuple[int, int]]:
    """Add pairs for cells whose source changed: gaps between matched neighbours of equal length.

    In gaps of unequal length a cell goes to the one most like it, if they are alike at all.
    """
    done = _increasing(pairs)
    edges = [(-1, -1), *done, (len(sources), len(others))]
    added: list[tuple[int, int]] = []
    for (before, after), (next_before, next_after) in pairwise(edges):
        gap = range(before + 1, next_before)
        other_gap = range(after + 1, next_after)
        if len(gap) == len(other_gap):
            added += zip(gap, other_gap, strict=True)
        elif len(gap) * len(other_gap) <= 2500:
            added += _alike(gap, other_gap, sources, others)
    taken = set(pairs.values())
    fresh = [pair for pair in added if pair[0] not in pairs and pair[1] not in taken]
    return sorted([*pairs.items(), *fresh])


def _increasing(pairs: dict[int, int]) -> list[tuple[int, int]]:
    """Keep the pairs that stand in the same order on both sides."""
    kept: list[tuple[int, int]] = []
    for before, after in sorted(pairs.items()):
        if not kept or after > kept[-1][1]:
            kept.append((before, after))
    return kept


def _alike(
    gap: range, other_gap: range, sources: list[str], others: list[str]
) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = other_gap.start
    for before in gap:
        best, place = 0.0, -1
        for after in range(start, other_gap.stop):
            left, right = sources[before][:2000], others[after][:2000]
            matcher = SequenceMatcher(None, left, right, autojunk=True)
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                ratio = matcher.ratio()
                if ratio > best:
                    best, place = ratio, after
        if best >= 0.6:
            found.append((before, place))
            start = place + 1
    return found
