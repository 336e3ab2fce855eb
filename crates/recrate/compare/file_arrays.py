"""NumPy's own files, read without ever running what a pickle in them says."""

import io
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from recrate.compare.numbers import in_percent
from recrate.compare.outcome import SAME, Outcome, Terms, different, equivalent, heaviest, skipped
from recrate.compare.unpacking import BROKEN, TooLargeError, members_of

Array = NDArray[Any]
Reader = Callable[[bytes], Mapping[str, Array]]

_LONGEST_HEAD = 10_000
"""Bytes of a header; NumPy's own limit, above which reading one may be slow."""


class UnreadableError(Exception):
    """The bytes are no array that can be read; says why, for people."""


def array_of(content: bytes) -> Array:
    """Read the array in an NPY file.

    Nothing is allocated before the header was held against the file's own length. Raises
    UnreadableError for what is no array, is cut off, or holds Python objects.
    """
    try:
        stream = io.BytesIO(content)
        version = npy.read_magic(stream)
        head = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, kind = head(stream, max_header_size=_LONGEST_HEAD)
    except Exception as error:
        raise UnreadableError(f"not a readable array ({type(error).__name__})") from error
    if kind.hasobject:
        raise UnreadableError("it holds Python objects, which are never loaded")
    if math.prod(shape) * kind.itemsize != len(content) - stream.tell():
        raise UnreadableError("it is not as long as its header says")
    try:
        stream.seek(0)
        array: Array = npy.read_array(stream, allow_pickle=False, max_header_size=_LONGEST_HEAD)
    except Exception as error:
        raise UnreadableError(f"not a readable array ({type(error).__name__})") from error
    return array


def arrays_of(content: bytes) -> Mapping[str, Array]:
    """Read the arrays of an NPZ file by their names; raises UnreadableError as `array_of` does."""
    try:
        return {name.removesuffix(".npy"): array_of(member) for name, member in members_of(content)}
    except BROKEN as error:
        raise UnreadableError(f"not a readable archive ({type(error).__name__})") from error
    except TooLargeError as error:
        raise UnreadableError(str(error)) from error


def compare_npy(recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    """Compare two NPY files."""
    return _read_both(
        recorded,
        rerun,
        lambda content: {"": array_of(content)},
        terms,
    )


def compare_npz(recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    """Compare two NPZ files, array by array."""
    return _read_both(recorded, rerun, arrays_of, terms)


def _read_both(recorded: bytes, rerun: bytes, read: Reader, terms: Terms) -> Outcome:
    try:
        before = read(recorded)
    except UnreadableError as error:
        return skipped(f"not compared: the published file: {error}")
    try:
        after = read(rerun)
    except UnreadableError as error:
        return different(f"the rerun's file: {error}")
    return compare_named(before, after, terms)


def compare_named(
    recorded: Mapping[str, Array], rerun: Mapping[str, Array], terms: Terms
) -> Outcome:
    """Compare arrays of the same names; `""` is an array without one."""
    for name in recorded.keys() - rerun.keys():
        return different(f"{shown(name)} is gone")
    for name in rerun.keys() - recorded.keys():
        return different(f"{shown(name)} is new")
    return heaviest(
        [compare_arrays(recorded[name], rerun[name], terms, shown(name)) for name in recorded]
    )


def shown(name: str) -> str:
    """Return the name of an array, safe to print."""
    short = name if len(name) <= 60 else name[:59] + "…"
    return f"“{short.encode('utf-8', 'replace').decode()}”" if name else "the array"


def compare_arrays(recorded: Array, rerun: Array, terms: Terms, name: str = "the array") -> Outcome:
    """Compare two arrays element by element, numbers within the tolerance, NaN equal to NaN.

    recorded: any shape
    rerun:    the same shape, or it is `different`; of another type when the values agree
    """
    if recorded.shape != rerun.shape:
        return different(f"{name} has the shape {rerun.shape} instead of {recorded.shape}")
    if recorded.dtype.names or rerun.dtype.names:
        return _compare_fields(recorded, rerun, terms, name)
    if recorded.dtype.kind in "biufc" and rerun.dtype.kind in "biufc":
        return _compare_numbers(recorded, rerun, terms, name)
    return _compare_exactly(recorded, rerun, name)


def _compare_numbers(recorded: Array, rerun: Array, terms: Terms, name: str) -> Outcome:
    bad, near = _apart(recorded, rerun, terms)
    if bad.any():
        return _numbers_apart(recorded, rerun, bad, name)
    if near:
        what = f"{near} of {recorded.size} numbers differ within the tolerance"
        return equivalent(f"same values; {what}")
    if recorded.dtype != rerun.dtype:
        return equivalent(f"same values, as {rerun.dtype} instead of {recorded.dtype}")
    return SAME


def _compare_fields(recorded: Array, rerun: Array, terms: Terms, name: str) -> Outcome:
    names, others = recorded.dtype.names or (), rerun.dtype.names or ()
    if set(names) != set(others):
        return different(f"{name} has other fields")
    return heaviest(
        [
            compare_arrays(recorded[field], rerun[field], terms, f"{name}, {shown(field)}")
            for field in names
        ]
    )


def _compare_exactly(recorded: Array, rerun: Array, name: str) -> Outcome:
    """Compare texts, dates and truths; of two kinds they never agree."""
    if recorded.dtype.kind != rerun.dtype.kind:
        return different(f"{name} holds {rerun.dtype} instead of {recorded.dtype}")
    unequal = np.asarray(recorded != rerun)
    if recorded.dtype.kind in "mM":
        unequal &= ~(np.isnat(recorded) & np.isnat(rerun))
    apart = int(np.count_nonzero(unequal))
    if not apart:
        return SAME
    place = tuple(int(one) for one in np.argwhere(unequal)[0])
    before, after = _short(recorded[place]), _short(rerun[place])
    return different(
        f"{apart} of {recorded.size} values differ, the first at {_place(name, place)}: "
        f"{before} became {after}"
    )


def _apart(recorded: Array, rerun: Array, terms: Terms) -> tuple[NDArray[np.bool_], int]:
    """Return which numbers do not agree, and how many agree without being equal."""
    equal = np.asarray(recorded == rerun)
    if recorded.dtype.kind in "bui" and rerun.dtype.kind in "bui":
        return ~equal, 0
    wide = np.complex128 if "c" in recorded.dtype.kind + rerun.dtype.kind else np.float64
    first, second = recorded.astype(wide), rerun.astype(wide)
    both = np.isnan(first) & np.isnan(second)
    with np.errstate(all="ignore"):
        limit = terms.tolerance.absolute + terms.tolerance.relative * np.abs(first)
        close = np.isfinite(first) & (np.abs(second - first) <= limit)
    fits = equal | both | close
    return ~fits, int(np.count_nonzero(fits & ~equal & ~both))


def _numbers_apart(recorded: Array, rerun: Array, bad: NDArray[np.bool_], name: str) -> Outcome:
    wide = np.complex128 if "c" in recorded.dtype.kind + rerun.dtype.kind else np.float64
    before, after = recorded[bad].astype(wide), rerun[bad].astype(wide)
    with np.errstate(all="ignore"):
        gaps = np.abs(after - before) / np.abs(before)
    gaps = np.where(np.isnan(gaps), np.inf, gaps)
    worst = int(np.argmax(gaps))
    place = tuple(int(one) for one in np.argwhere(bad)[worst])
    gap = float(gaps[worst])
    return different(
        f"{len(gaps)} of {recorded.size} numbers differ, largest by {in_percent(gap)} at "
        f"{_place(name, place)}: {_short(recorded[place])} became {_short(rerun[place])}",
        gap=gap,
    )


def _place(name: str, place: tuple[int, ...]) -> str:
    at = ", ".join(map(str, place))
    where = f"[{at}]" if place else "its value"
    return where if name == "the array" else f"{name} {where}"


def _short(value: object) -> str:
    plain = value.item() if isinstance(value, np.generic) else value
    text = "".join(str(plain).split())
    return (text if len(text) <= 40 else text[:39] + "…").encode("utf-8", "replace").decode()
