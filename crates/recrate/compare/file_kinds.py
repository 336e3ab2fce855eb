"""Files of a study compared by kind: the name says which, the content has the last word."""

import csv
import json
import lzma
from collections.abc import Callable, Mapping
from dataclasses import replace
from posixpath import basename, splitext

from recrate.compare.file_arrays import compare_npy, compare_npz, shown
from recrate.compare.file_drawings import compare_pdf, compare_postscript
from recrate.compare.file_libraries import compare_hdf5, compare_parquet, compare_sheets
from recrate.compare.file_rows import compare_csv
from recrate.compare.file_times import for_text, tells_times, without_times
from recrate.compare.images import compare_images
from recrate.compare.markup import compare_html
from recrate.compare.outcome import (
    IDENTICAL,
    SAME,
    Outcome,
    Terms,
    different,
    equivalent,
    heaviest,
    ignoring,
    skipped,
)
from recrate.compare.structures import compare_structures
from recrate.compare.text import compare_text
from recrate.compare.unpacking import BROKEN, TooLargeError, members_of, unpacked
from recrate.compare.vector import compare_svg

Comparer = Callable[[bytes, bytes, Terms], Outcome]
TextComparer = Callable[[str, str, Terms], Outcome]

_NEVER_LOADED = frozenset(
    {".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth", ".rds", ".rdata", ".rda"}
)
_LOGS = frozenset({".log", ".lock", ".pid", ".tmp", ".cache", ".bak", ".swp", ".out", ".err"})
_LOG_FOLDERS = frozenset({"log", "logs", "cache", ".cache", "tmp", "temp", "lightning_logs"})
_PACKED = frozenset({".gz", ".bz2", ".xz"})
_DEEPEST = 2
"""Archives within archives that are opened."""


def compare_files(
    path: str, recorded: bytes, rerun: bytes, terms: Terms, depth: int = 0
) -> Outcome:
    """Say whether a file that was written again holds what the published one holds.

    `skipped` is what could not be compared, with the reason; logs, caches and what only a program
    that runs foreign code could read are never `different`. Raises nothing on broken content.
    """
    if recorded == rerun:
        return SAME
    outcome = _compare(path, recorded, rerun, terms, depth)
    if outcome.verdict is IDENTICAL:
        return equivalent("same values, written otherwise", outcome.rules)
    return outcome


def _compare(path: str, recorded: bytes, rerun: bytes, terms: Terms, depth: int) -> Outcome:
    stem, suffix = splitext(basename(path).lower())
    if _is_log(path, suffix):
        return skipped("differs, and is not compared: a log or a working file is no result")
    if suffix in _NEVER_LOADED:
        return skipped("differs, and cannot be compared safely: loading it could run foreign code")
    if suffix in _PACKED:
        return _compare_packed((stem, suffix), recorded, rerun, terms, depth)
    if suffix == ".zip":
        return _compare_archives(recorded, rerun, terms, depth)
    comparer = _BINARY.get(suffix)
    if comparer is not None:
        return comparer(recorded, rerun, terms)
    return _compare_as_text(suffix, recorded, rerun, terms)


def _is_log(path: str, suffix: str) -> bool:
    folders = path.lower().split("/")[:-1]
    hidden = any(part.startswith(".") for part in path.split("/"))
    return suffix in _LOGS or hidden or any(folder in _LOG_FOLDERS for folder in folders)


def _compare_as_text(suffix: str, recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    before, after = text_of(recorded), text_of(rerun)
    if before is None or after is None:
        if before is not None and suffix in _TEXT:
            return different("the rerun's file is no text any more")
        return skipped(f"differs, and its kind ({suffix or 'no ending'}) cannot be looked into")
    comparer = _TEXT.get(suffix)
    if comparer is not None:
        return comparer(before, after, terms)
    outcome = _compare_words(before, after, terms)
    if outcome.holds:
        return outcome
    ending = suffix or "no ending"
    return skipped(f"differs, and its kind ({ending}) is not known: {outcome.reason}")


def text_of(content: bytes) -> str | None:
    """Decode a text: UTF-8, UTF-16 with its mark, the old Japanese and European ones; else None."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "cp932", "latin-1"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _compare_words(recorded: str, rerun: str, terms: Terms) -> Outcome:
    return compare_text(recorded, rerun, for_text(terms))


def _compare_pages(recorded: str, rerun: str, terms: Terms) -> Outcome:
    return compare_html(recorded, rerun, for_text(terms))


def _compare_images(recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    return compare_images(recorded, rerun, terms.image_fraction)


def _compare_json(recorded: str, rerun: str, terms: Terms) -> Outcome:
    try:
        before, after = json.loads(recorded), json.loads(rerun)
    except (ValueError, RecursionError):
        return _compare_words(recorded, rerun, terms)
    return _compare_values(before, after, terms)


def _compare_json_lines(recorded: str, rerun: str, terms: Terms) -> Outcome:
    try:
        before = [json.loads(line) for line in recorded.splitlines() if line.strip()]
        after = [json.loads(line) for line in rerun.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return _compare_words(recorded, rerun, terms)
    return _compare_values(before, after, terms)


def _compare_values(recorded: object, rerun: object, terms: Terms) -> Outcome:
    """Compare JSON values; when it was written and how long that took counts where it is data."""
    if not tells_times(terms):
        return compare_structures(recorded, rerun, for_text(terms))
    used: dict[str, None] = {}
    try:
        before, after = without_times(recorded, used), without_times(rerun, used)
    except RecursionError:
        return compare_structures(recorded, rerun, for_text(terms))
    outcome = compare_structures(before, after, for_text(terms))
    if not used or not outcome.holds:
        return outcome
    rules = tuple(dict.fromkeys([*outcome.rules, *used]))
    return equivalent(ignoring(rules), rules, outcome.gap)


def _compare_table(delimiter: str) -> TextComparer:
    def compare(recorded: str, rerun: str, terms: Terms) -> Outcome:
        try:
            return compare_csv(recorded, rerun, terms, delimiter)
        except csv.Error:
            return _compare_words(recorded, rerun, terms)

    return compare


def _compare_packed(
    name: tuple[str, str], recorded: bytes, rerun: bytes, terms: Terms, depth: int
) -> Outcome:
    stem, suffix = name
    if depth >= _DEEPEST or stem.endswith(".tar"):
        return skipped("differs, and is not compared: an archive within an archive")
    try:
        before = unpacked(recorded, suffix)
    except (TooLargeError, ValueError, EOFError, lzma.LZMAError) as error:
        return skipped(f"not compared: the published file: {error}")
    try:
        after = unpacked(rerun, suffix)
    except TooLargeError as error:
        return skipped(f"not compared: the rerun's file: {error}")
    except (ValueError, EOFError, lzma.LZMAError) as error:
        return different(f"the rerun's file: {error}")
    if before == after:
        return equivalent("same content, packed otherwise")
    return compare_files(stem, before, after, terms, depth + 1)


def _compare_archives(recorded: bytes, rerun: bytes, terms: Terms, depth: int) -> Outcome:
    if depth >= _DEEPEST:
        return skipped("differs, and is not compared: an archive within an archive")
    try:
        before: Mapping[str, bytes] = dict(members_of(recorded))
        after: Mapping[str, bytes] = dict(members_of(rerun))
    except (TooLargeError, *BROKEN) as error:
        return skipped(f"not compared: one of the archives: {error}")
    for name in sorted(before.keys() - after.keys()):
        return different(f"{shown(name)} is gone from the archive")
    for name in sorted(after.keys() - before.keys()):
        return different(f"{shown(name)} is new in the archive")
    outcomes = []
    for name, content in before.items():
        outcome = compare_files(name, content, after[name], terms, depth + 1)
        if outcome is not SAME:
            outcome = replace(outcome, reason=f"in {shown(name)}: {outcome.reason}")
        outcomes.append(outcome)
    return heaviest(outcomes)


_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_BINARY: Mapping[str, Comparer] = {
    **dict.fromkeys(_IMAGES, _compare_images),
    ".npy": compare_npy,
    ".npz": compare_npz,
    ".pdf": compare_pdf,
    **dict.fromkeys((".parquet", ".pq"), compare_parquet),
    **dict.fromkeys((".h5", ".hdf5", ".hdf", ".nc", ".nc4", ".mat"), compare_hdf5),
    **dict.fromkeys((".xlsx", ".xlsm"), compare_sheets),
}
_WORDS = (
    *(".txt", ".md", ".rst", ".tex", ".bib", ".dat", ".asc", ".xyz", ".fasta", ".fa", ".nwk"),
    *(".py", ".r", ".jl", ".sql", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".xml", ".kml"),
)
_TEXT: Mapping[str, TextComparer] = {
    **dict.fromkeys(_WORDS, _compare_words),
    ".csv": _compare_table(""),
    **dict.fromkeys((".tsv", ".tab"), _compare_table("\t")),
    **dict.fromkeys((".json", ".geojson", ".jsonld"), _compare_json),
    **dict.fromkeys((".jsonl", ".ndjson"), _compare_json_lines),
    **dict.fromkeys((".html", ".htm"), _compare_pages),
    ".svg": compare_svg,
    **dict.fromkeys((".eps", ".ps"), compare_postscript),
}
