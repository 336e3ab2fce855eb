"""A verdict's coverage as a bar, as counts, and as a sentence in either language."""

from dataclasses import dataclass

from markupsafe import Markup

from recrate.model.finding import FOUND_BY_RUNNING
from recrate.model.verdict import Coverage, OutputJudgement, Verdict, held_of_cells
from recrate.report.account import Language
from recrate.report.characters import escaped
from recrate.report.say import in_both
from recrate.report.words import word

OUTPUT_ORDER = tuple(kind.value for kind in OutputJudgement)


@dataclass(frozen=True, slots=True)
class Segment:
    """One verdict's part of the bar; `start` and `width` in per mille of all outputs."""

    verdict: str
    count: int
    start: float
    width: float


def segments(coverage: Coverage) -> tuple[Segment, ...]:
    """Return the parts of the coverage bar from left to right; `added` outputs come last."""
    counts = counts_of(coverage)
    total = sum(counts.values())
    parts: list[Segment] = []
    start = 0.0
    for verdict, count in counts.items():
        width = 1000 * count / total
        parts.append(Segment(verdict, count, round(start, 3), round(width, 3)))
        start += width
    return tuple(parts)


def counts_of(coverage: Coverage) -> dict[str, int]:
    """Return output verdict → count, only those that occur, in the order of the verdicts."""
    counts = {verdict: int(getattr(coverage, verdict)) for verdict in OUTPUT_ORDER}
    return {verdict: count for verdict, count in counts.items() if count > 0}


def held(coverage: Coverage) -> int:
    """Return how many recorded outputs came out again."""
    return coverage.identical + coverage.equivalent


def sentence_in(coverage: Coverage, language: Language) -> str:
    """Tell the coverage: `31 of 38 outputs compared: 29 identical, 2 equivalent.`."""
    comma, semicolon, stop = (", ", "; ", ".") if language == "en" else ("、", "、", "。")
    added = word("coverage.added", language, count=f"{coverage.added:,}")
    apart = semicolon + added if coverage.added else ""
    if not coverage.outputs:
        return word("coverage.none", language) + apart + stop
    parts = comma.join(
        word("part", language, count=f"{count:,}", verdict=word(f"output.{verdict}", language))
        for verdict, count in counts_of(coverage).items()
        if verdict != "added"
    )
    told = word(
        "sentence",
        language,
        compared=f"{coverage.compared:,}",
        outputs=f"{coverage.outputs:,}",
        parts=parts,
    )
    return told + apart + stop


def added_packages(verdict: Verdict) -> list[str]:
    """Return name and version of each package that the replay added to what the lock holds."""
    return [one.subject or "" for one in verdict.findings if one.code == FOUND_BY_RUNNING]


def lacking(verdict: Verdict) -> dict[str, int] | None:
    """Return how many cells hold and how many lack the network; None where none does."""
    held, cells, wanting = held_of_cells(verdict.notebooks)
    return {"held": held, "cells": cells, "lacking": wanting} if wanting else None


def sentence(coverage: Coverage) -> Markup:
    """Return the sentence in both languages."""
    return in_both(escaped(sentence_in(coverage, "en")), escaped(sentence_in(coverage, "ja")))
