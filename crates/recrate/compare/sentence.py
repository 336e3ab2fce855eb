"""Counts of output verdicts, and the sentence that tells them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields

from recrate.model.verdict import Claim, Coverage, Judgement, OutputVerdict

_COMPARED = ("identical", "equivalent", "different", "missing", "unstable")
_APART = ("skipped", "waived")


def count(outputs: Sequence[OutputVerdict]) -> Coverage:
    """Count output verdicts; an added output is no recorded one."""
    seen = Counter(output.verdict.value for output in outputs)
    compared = sum(seen[name] for name in _COMPARED)
    return Coverage(
        outputs=compared + sum(seen[name] for name in _APART),
        compared=compared,
        added=seen["added"],
        **{name: seen[name] for name in (*_COMPARED, *_APART)},
    )


def judgement_of(coverage: Coverage) -> Judgement:
    """Return the judgement that counts of outputs amount to; of nothing that held it is `ran`."""
    if coverage.different or coverage.missing:
        return Judgement.DIFFERENT
    if coverage.equivalent:
        return Judgement.EQUIVALENT
    return Judgement.IDENTICAL if coverage.identical else Judgement.RAN


def sum_of(coverages: Sequence[Coverage]) -> Coverage:
    """Add coverages up, field by field."""
    names = [field.name for field in fields(Coverage)]
    return Coverage(**{name: sum(getattr(one, name) for one in coverages) for name in names})


BY_HAND = "Run by hand, not by an unattended replay."
"""Stands behind the sentence of a verdict on what a person ran."""
AFTER_REPAIR = "After repair:"
"""Stands before the sentence of a verdict on a patched copy."""


def sentence_of(
    verdict: Judgement,
    coverage: Coverage,
    *,
    claims: Sequence[Claim] = (),
    by_hand: bool = False,
    after_repair: bool = False,
    added: int = 0,
    files: str = "",
    held_up: str = "",
    candidates: str = "",
) -> str:
    """Tell a verdict: “Equivalent: 31 of 38 outputs compared, 29 identical, 2 equivalent; …”.

    claims: what the study says are its results; they are told first
    added: packages that the crate's lock lacks and that were found by running
    files: a sentence on the files that were written again, empty where none were
    held_up: a sentence of cells that want the network
    candidates: a sentence of the environments that were tried
    """
    told = [_told(verdict, coverage)]
    if claims:
        held = sum(one.holds for one in claims)
        word, _, rest = told[0].partition(": ")
        told = [f"{word}: claimed results that hold: {held} of {len(claims)}; {rest}"]
    if candidates:
        told.append(candidates)
    if added:
        packages = (
            "A package that its lock lacks was"
            if added == 1
            else f"{added} packages that its lock lacks were"
        )
        told.append(f"{packages} found by running, and added.")
    if files:
        told.append(files)
    if held_up:
        told.append(held_up)
    if by_hand:
        told.append(BY_HAND)
    if after_repair:
        told.insert(0, AFTER_REPAIR)
    return " ".join(told)


def _told(verdict: Judgement, coverage: Coverage) -> str:
    word = verdict.value.capitalize()
    if not coverage.outputs:
        extra = f"; {coverage.added} added by the rerun" if coverage.added else ""
        return f"{word}: no outputs were recorded to compare with{extra}."
    told = [f"{word}: {coverage.compared} of {coverage.outputs} outputs compared"]
    told += [f"{getattr(coverage, name)} {name}" for name in _COMPARED if getattr(coverage, name)]
    apart = [
        f"{getattr(coverage, name)} {name}"
        for name in (*_APART, "added")
        if getattr(coverage, name)
    ]
    end = f"; {', '.join(apart)}" if apart else ""
    return ", ".join(told) + end + "."
