"""A patched copy, told apart from the verdict: what was changed, why, and what it gave."""

from dataclasses import dataclass

from recrate.model.repair import DIFF, REPAIRED, Patch, Repaired
from recrate.model.verdict import Judgement
from recrate.report.account import Language
from recrate.report.counting import sentence_in
from recrate.report.words import word

_DIFF_CHARACTERS = 60_000
_NEVER_RAN = (Judgement.FAILED, Judgement.NOT_RESTORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRepair:
    """What the page shows.

    lines:   of the diff, each with what it is: `gone`, `come`, `head`, `same`
    patches: the first hundred; more: how many there are besides
    failed:  the copy did not run to its end, either
    name:    of the diff's file in the replay's folder
    """

    told: Repaired
    lines: tuple[tuple[str, str], ...]
    is_cut: bool
    patches: tuple[Patch, ...]
    more: int
    failed: bool
    name: str


def show_repair(repaired: Repaired | None) -> ShownRepair | None:
    """Return what the page shows of a repair, None where there was none."""
    if repaired is None:
        return None
    diff = repaired.diff[:_DIFF_CHARACTERS]
    patches = repaired.repair.patches
    verdict = repaired.verdict
    return ShownRepair(
        told=repaired,
        lines=tuple((_kind(line), line) for line in diff.split("\n")) if diff else (),
        is_cut=len(repaired.diff) > _DIFF_CHARACTERS,
        patches=patches[:100],
        more=max(0, len(patches) - 100),
        failed=verdict is not None and verdict.verdict in _NEVER_RAN,
        name=DIFF if repaired.here else f"{REPAIRED}/{DIFF}",
    )


def repair_line(repaired: Repaired, language: Language) -> str:
    """Tell a repair in one line of the terminal."""
    verdict = repaired.verdict
    if verdict is None:
        return word("repair.line.none", language)
    return word(
        "repair.line",
        language,
        verdict=word(f"judgement.{verdict.verdict.value}", language),
        sentence=sentence_in(verdict.coverage, language).rstrip(".。")
        + ("." if language == "en" else "。"),
        count=len(repaired.repair.patches),
        place=f"{REPAIRED}/{DIFF}",
    )


def _kind(line: str) -> str:
    if line.startswith(("--- ", "+++ ", "@@", "# ")):
        return "head"
    return {"-": "gone", "+": "come"}.get(line[:1], "same")
