"""Which output of the rerun answers which recorded one, within one cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from recrate.compare.pieces import BUNDLE, ERROR, STREAM, Piece

_LARGEST_GRID = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A recorded piece and its answer.

    whole: all text of the stream's name in the cell, both sides, when it came in portions
    """

    recorded: Piece
    rerun: Piece | None
    whole: tuple[Piece, Piece] | None = None


def pair_up(recorded: Sequence[Piece], rerun: Sequence[Piece]) -> tuple[list[Pair], list[Piece]]:
    """Return a pair for each recorded piece in order, and what only the rerun has.

    Streams answer streams of the same name; the rest is aligned in order so that as much as
    possible is equal, then of the same kind.
    """
    answers: dict[int, Piece] = {}
    wholes: dict[int, tuple[Piece, Piece]] = {}
    names = dict.fromkeys(piece.name for piece in recorded if piece.kind == STREAM)
    used: set[int] = set()
    for name in names:
        left = [piece for piece in recorded if piece.kind == STREAM and piece.name == name]
        right = [piece for piece in rerun if piece.kind == STREAM and piece.name == name]
        if not right:
            continue
        for number, piece in enumerate(left):
            answers[piece.index] = right[min(number, len(right) - 1)]
        if len(left) > 1 or len(right) > 1:
            whole = (_joined(left), _joined(right))
            wholes |= {piece.index: whole for piece in left}
        used |= {piece.index for piece in right}
    left = [piece for piece in recorded if piece.kind != STREAM]
    right = [piece for piece in rerun if piece.kind != STREAM]
    for before, after in _aligned(left, right):
        answers[before.index] = after
        used.add(after.index)
    pairs = [
        Pair(recorded=one, rerun=answers.get(one.index), whole=wholes.get(one.index))
        for one in recorded
    ]
    return pairs, [piece for piece in rerun if piece.index not in used]


def _joined(pieces: Sequence[Piece]) -> Piece:
    first = pieces[0]
    text = "".join(piece.text for piece in pieces)
    return Piece(index=first.index, kind=STREAM, name=first.name, text=text)


def _aligned(left: Sequence[Piece], right: Sequence[Piece]) -> list[tuple[Piece, Piece]]:
    """Align two sequences so that the sum of likeness is largest (dynamic programming)."""
    if [_shape(piece) for piece in left] == [_shape(piece) for piece in right]:
        return list(zip(left, right, strict=True))
    if len(left) * len(right) > _LARGEST_GRID:
        return [(a, b) for a, b in zip(left, right, strict=False) if _likeness(a, b)]
    best = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            likeness = _likeness(left[i], right[j])
            pair = likeness + best[i + 1][j + 1] if likeness else 0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    pairs = []
    i = j = 0
    while i < len(left) and j < len(right):
        likeness = _likeness(left[i], right[j])
        if likeness and best[i][j] == likeness + best[i + 1][j + 1]:
            pairs.append((left[i], right[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _shape(piece: Piece) -> tuple[str, str]:
    return piece.kind, piece.mime


def _likeness(left: Piece, right: Piece) -> int:
    """Return how much two pieces speak of the same thing; 0 when they cannot."""
    if left.kind != right.kind:
        return 0
    if left.kind == ERROR:
        return 3
    if left.kind != BUNDLE:
        return 2
    shared = left.data.keys() & right.data.keys()
    if not shared:
        return 1 if _is_picture(left) == _is_picture(right) else 0
    if left.mime == right.mime:
        return 9 if _equal(left.data[left.mime], right.data[left.mime]) else 4
    only_text = shared == {"text/plain"}
    return 0 if only_text and _is_picture(left) != _is_picture(right) else 2


def _is_picture(piece: Piece) -> bool:
    return any(mime.startswith("image/") for mime in piece.data)


def _equal(left: object, right: object) -> bool:
    return isinstance(left, str) and left == right
