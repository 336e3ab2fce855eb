"""The outputs of one cell: paired, compared, and weighed over several reruns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recrate.compare.hostile import cells_of
from recrate.compare.kinds import compare_pieces, shows_nothing
from recrate.compare.outcome import SKIPPED, Outcome, Terms, equivalent
from recrate.compare.own_terms import own_terms
from recrate.compare.pairing import Pair, pair_up
from recrate.compare.pieces import Piece, pieces_of
from recrate.compare.repeats import spread_of
from recrate.compare.stderr import compare_stderr
from recrate.compare.waivers import waived
from recrate.model.policy import Policy, Waiver
from recrate.model.study import Notebook
from recrate.model.verdict import OutputJudgement, OutputVerdict

_BAD = (OutputJudgement.DIFFERENT, OutputJudgement.MISSING)

NOTHING_HERE = "the rerun shows nothing here"
"""Reason of an output that is missing from a cell that was run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is compared: one notebook, its reruns, under a policy."""

    path: str
    policy: Policy
    recorded: Notebook
    reruns: tuple[Notebook, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One recorded piece against one rerun."""

    verdict: OutputJudgement
    reason: str
    rules: tuple[str, ...]
    partner: Piece | None


def compare_cell(
    place: Place,
    index: int,
    cell: object,
    at: Sequence[int | None],
    unreached: str = "",
    *,
    aside: str = "",
) -> tuple[OutputVerdict, ...]:
    """Return the verdicts of a cell's outputs, recorded ones first, then what reruns added.

    at:        the cell's index in each rerun, None where the rerun has no such cell
    unreached: why the cell was never run, empty when it was
    aside:     why the cell is not to be judged, empty when it is: outputs are paired and skipped
    """
    pieces = pieces_of(cell)
    waivers = _waivers(place, index)
    own = own_terms(place.path, place.recorded, index, cell, place.policy)
    skipped, terms = aside or own.aside, own.terms
    found: list[Mapping[int, Judged]] = []
    plain: list[Mapping[int, Judged]] = []
    added: list[Piece] = []
    if not unreached:
        for number, (rerun, here) in enumerate(zip(place.reruns, at, strict=True)):
            others = pieces_of(cells_of(rerun)[here]) if here is not None else []
            pairs, extra = pair_up(pieces, others)
            documents = (place.recorded, rerun)
            found.append(_judged(pairs, terms, place.policy, documents))
            if own.rule:
                plain.append(_judged(pairs, own.plain, place.policy, documents))
            added = extra if number == 0 else added
    verdicts = []
    for piece in pieces:
        verdict = _verdict(piece, unreached, [one[piece.index] for one in found], place, terms)
        if plain:
            usual = [one[piece.index] for one in plain]
            without = _verdict(piece, unreached, usual, place, own.plain)
            if without.verdict is not verdict.verdict:  # the tolerance of this place mattered
                verdict = replace(verdict, rules=(*verdict.rules, own.rule))
        if skipped:
            verdict = replace(verdict, verdict=SKIPPED, reason=skipped, rules=())
        elif piece.index in waivers:
            verdict = waived(verdict, waivers[piece.index])
        verdicts.append(verdict)
    return (*verdicts, *(_added(piece) for piece in added))


def _waivers(place: Place, index: int) -> dict[int, Waiver]:
    """Return the waivers of one cell by output."""
    return {
        waiver.output: waiver
        for waiver in place.policy.waivers
        if waiver.path == place.path and waiver.cell == index
    }


def _judged(
    pairs: Sequence[Pair],
    terms: Terms,
    policy: Policy,
    documents: tuple[Notebook, Notebook],
) -> dict[int, Judged]:
    return {pair.recorded.index: _judge_pair(pair, terms, policy, documents) for pair in pairs}


def _judge_pair(
    pair: Pair, terms: Terms, policy: Policy, documents: tuple[Notebook, Notebook]
) -> Judged:
    recorded, partner = pair.recorded, pair.rerun
    if recorded.is_stderr:
        text = partner.text if partner is not None else ""
        outcome: Outcome | None = compare_stderr(recorded.text, text, terms, policy.stderr)
    elif partner is not None:
        outcome = compare_pieces(recorded, partner, terms, documents)
        if not outcome.holds and pair.whole is not None:
            whole = compare_pieces(*pair.whole, terms, documents)
            if whole.holds:
                outcome = equivalent("same text, printed in other portions", whole.rules)
    elif shows_nothing(recorded, terms):
        outcome = equivalent("holds no result; the rerun does not show it any more")
    else:
        outcome = None
    if outcome is None:
        reason = NOTHING_HERE
        return Judged(verdict=OutputJudgement.MISSING, reason=reason, rules=(), partner=None)
    return Judged(
        verdict=outcome.verdict, reason=outcome.reason, rules=outcome.rules, partner=partner
    )


def _verdict(
    piece: Piece,
    unreached: str,
    found: Sequence[Judged],
    place: Place,
    terms: Terms,
) -> OutputVerdict:
    """Weigh what each rerun gave for one recorded piece."""
    partner = found[0].partner if found else None
    partner_index = partner.index if partner is not None else None
    rules: tuple[str, ...] = ()
    if unreached or not found:
        verdict, reason = OutputJudgement.MISSING, unreached or "not run"
    else:
        verdict, reason, rules = _weigh(piece, found, place, terms)
    return OutputVerdict(
        index=piece.index,
        mime=piece.mime,
        verdict=verdict,
        reason=reason,
        rules=rules,
        rerun_index=partner_index,
    )


def _weigh(
    piece: Piece, found: Sequence[Judged], place: Place, terms: Terms
) -> tuple[OutputJudgement, str, tuple[str, ...]]:
    """Call unstable what differs from the record and between reruns too."""
    worst = next((one for one in found if one.verdict in _BAD), found[0])
    if worst.verdict in _BAD and len(found) > 1:
        partners = [one.partner for one in found]
        reason = _unstable(piece, partners, place, terms)
        if reason:
            return OutputJudgement.UNSTABLE, reason, worst.rules
    if worst.verdict not in _BAD:
        for one in found[1:]:
            if one.verdict is not OutputJudgement.IDENTICAL:
                worst = one if worst.verdict is OutputJudgement.IDENTICAL else worst
    return worst.verdict, worst.reason, worst.rules


def _unstable(piece: Piece, partners: Sequence[Piece | None], place: Place, terms: Terms) -> str:
    """Say how the reruns differ among themselves; empty when they agree."""
    there = [partner for partner in partners if partner is not None]
    if not there:
        return ""
    if len(there) < len(partners):
        return "some of the reruns show it, some do not"
    documents = place.reruns
    first = there[0]
    for number, other in enumerate(there[1:], start=1):
        outcome = compare_pieces(first, other, terms, (documents[0], documents[number]))
        if not outcome.holds:
            return f"reruns differ between each other too{spread_of(piece, there)}"
    return ""


def _added(piece: Piece) -> OutputVerdict:
    return OutputVerdict(
        index=piece.index,
        mime=piece.mime,
        verdict=OutputJudgement.ADDED,
        reason="only the rerun shows this",
        rerun_index=piece.index,
    )
