"""Why an output is another one: a cause of the closed list for each, with its evidence.

Concluded from what the record, the reruns and the code say; nothing is run. The strongest evidence
is asked first: what the code cannot have shown, then what changed, then chance, then what packages
are known to do. What none of it explains is `not known`, and says what would tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from recrate.compare.causes import cause_of_printed
from recrate.compare.hostile import cells_of, source_of
from recrate.compare.instead import of_failure, of_shown_error
from recrate.compare.left_over import left_over
from recrate.compare.numbers import relative_gap, split
from recrate.compare.pieces import Piece, pieces_of
from recrate.compare.probes import CAUSES, Probes, Seen, brought_back, moved_by, ran_with, see
from recrate.compare.r_causes import is_r, other_r, other_version
from recrate.compare.releases import drawn_by_another, known_change, only_looks
from recrate.compare.slices import Slice, counts_of, hands_on_time, seeding, slice_of, unseeded
from recrate.compare.stale import (
    from_python_alone,
    impossible,
    other_literals,
    other_words,
    out_of_order,
    run_again,
)
from recrate.model.code import CellCode
from recrate.model.observation import Observation
from recrate.model.policy import Policy
from recrate.model.probe import Varied
from recrate.model.study import Notebook
from recrate.model.verdict import (
    Cause,
    CellVerdict,
    Failure,
    NotebookVerdict,
    OutputJudgement,
    OutputVerdict,
    Verdict,
)

_UNEXPLAINED = (OutputJudgement.DIFFERENT, OutputJudgement.MISSING, OutputJudgement.UNSTABLE)
_TINY = 1e-4
_LONGEST = 300
_HANDED_ON = (Cause.STALE_OUTPUT, Cause.DATA_CHANGED, Cause.API_CHANGED, Cause.HARDWARE_OR_THREADS)

UNEXPLAINED_FAILURES = (Cause.API_CHANGED, Cause.AUTHORS_CODE, Cause.NOT_KNOWN, Cause.STALE_OUTPUT)
"""Causes of failures that another version of a package may turn out to be."""
RAN_WITH = "it runs to its end with"

Why = tuple[Cause, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a study beside its notebooks and reruns.

    codes:   per notebook, its code cells in order
    own_versions: the packages were measured in the author's kernel, and are restored as they were
    changed: of data that are not as they were, a sentence each that names the file
    packages: module that cells import → package and version that it is here
    others:  packages of R that are not as the lock says, a line each; r: the version of R that ran
    probes:  runs with one thing changed on purpose, each with the notebooks it executed
    """

    codes: Mapping[str, Sequence[CellCode]]
    own_versions: bool = False
    packages: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    r: str = ""
    probes: Probes = ()


@dataclass(slots=True)
class _Case:
    """One notebook under examination; `found` holds the causes of its cells so far."""

    recorded: Notebook
    rerun: Notebook
    codes: Sequence[CellCode]
    repeats: int
    known: Known
    counts: Mapping[int, int]
    seen: Sequence[Seen]
    found: dict[int, Why] = field(default_factory=dict)


def with_causes(
    verdict: Verdict,
    recorded: Mapping[str, Notebook],
    observations: Sequence[Observation],
    reruns: Sequence[Mapping[str, Notebook]],
    known: Known,
) -> Verdict:
    """Return the verdict with a cause for each output that does not hold. Never raises.

    What a person ran by hand is left as it is: cells may have been run in any order.
    """
    if verdict.by_hand:
        return verdict
    notebooks = tuple(
        _explained(
            one,
            recorded[one.path],
            *_reruns_of(one.path, observations, reruns),
            known=known,
            policy=verdict.policy,
        )
        if one.path in recorded
        else one
        for one in verdict.notebooks
    )
    return replace(verdict, notebooks=notebooks)


def _reruns_of(
    path: str, observations: Sequence[Observation], reruns: Sequence[Mapping[str, Notebook]]
) -> tuple[Notebook, int]:
    """Return the rerun that the verdict is about, and how many came to their end."""
    seen = [
        (run.status == "completed", executed[path])
        for observation, executed in zip(observations, reruns, strict=False)
        for run in observation.notebooks
        if run.path == path and path in executed
    ]
    whole = [executed for completed, executed in seen if completed]
    first = (whole or [executed for _, executed in seen] or [{}])[0]
    return first, len(whole)


def _explained(
    one: NotebookVerdict,
    recorded: Notebook,
    rerun: Notebook,
    repeats: int,
    *,
    known: Known,
    policy: Policy,
) -> NotebookVerdict:
    case = _Case(
        recorded=recorded,
        rerun=rerun,
        codes=known.codes.get(one.path, ()),
        repeats=repeats,
        known=known,
        counts=counts_of(recorded),
        seen=see(one, recorded, rerun, known.probes, policy),
    )
    if one.error is not None:
        one = replace(one, error=_explained_failure(one.error, case.seen))
    return replace(one, cells=tuple(_explained_cell(case, cell, one) for cell in one.cells))


def _explained_failure(failure: Failure, seen: Sequence[Seen]) -> Failure:
    """Return a failure with what made the notebook run to its end, where a probe did."""
    probe = ran_with(seen)
    if probe is None or failure.cause not in UNEXPLAINED_FAILURES:
        return failure
    cause, hint = CAUSES[probe.varied], failure.hint
    if probe.varied is Varied.PACKAGE:
        hint = f"declare `{probe.shifts[0].name}=={probe.shifts[0].after}` and pack again"
    evidence = f"{failure.evidence}; {RAN_WITH} {probe.told}"
    return replace(failure, cause=cause, evidence=evidence, hint=hint)


def _explained_cell(case: _Case, cell: CellVerdict, notebook: NotebookVerdict) -> CellVerdict:
    if not any(output.verdict in _UNEXPLAINED for output in cell.outputs):
        return cell
    before = _pieces(case.recorded, cell.index)
    after = _pieces(case.rerun, cell.rerun_index)
    cells = cells_of(case.recorded)
    source = source_of(cells[cell.index]) if cell.index < len(cells) else ""
    outputs = []
    for output in cell.outputs:
        if output.verdict not in _UNEXPLAINED:
            outputs.append(output)
            continue
        partner = after.get(output.rerun_index) if output.rerun_index is not None else None
        why = (
            of_failure(notebook, cell.index, output)
            or of_shown_error(output, before.values(), after.values(), source)
            or _why(case, cell.index, output, before.get(output.index), partner)
        )
        if not only_looks(why[1], before.get(output.index), partner):
            case.found.setdefault(cell.index, why)
        outputs.append(replace(output, cause=why[0], evidence=why[1][:_LONGEST]))
    return replace(cell, outputs=tuple(outputs))


def _pieces(notebook: Notebook, index: int | None) -> dict[int | None, Piece]:
    cells = cells_of(notebook)
    if index is None or not 0 <= index < len(cells):
        return {}
    return {piece.index: piece for piece in pieces_of(cells[index])}


def _why(
    case: _Case, cell: int, output: OutputVerdict, piece: Piece | None, partner: Piece | None
) -> Why:
    hangs = slice_of(cell, case.codes)
    if piece is None or not hangs.cells:
        return Cause.NOT_KNOWN, "the code of the cell could not be read"
    place = (cell, output.index)
    proved = brought_back(place, case.seen)
    if proved is not None:
        return proved
    if output.verdict is OutputJudgement.UNSTABLE:
        return Cause.NONDETERMINISM, _chance(case, hangs) or "two reruns differ from each other"
    told = _of_stale(case, hangs, piece, partner)
    if told:
        return Cause.STALE_OUTPUT, told
    changed = _of_data(case, hangs)
    if changed:
        return Cause.DATA_CHANGED, changed
    return (
        moved_by(place, case.seen)
        or _of_chance(case, hangs)
        or _of_packages(case, hangs, piece, partner)
    )


def _of_stale(case: _Case, hangs: Slice, piece: Piece, partner: Piece | None) -> str:
    """Return why the recorded output cannot come from the recorded code, empty when it can."""
    told = impossible(piece, case.recorded, hangs.cells[0]) or other_literals(piece, hangs.cells[0])
    if not told and partner is not None:
        told = other_words(piece, partner, case.recorded, case.codes)
    if not told and from_python_alone(hangs):
        told = (
            "the cell and what it hangs on use nothing but Python itself, which gives the same"
            " everywhere"
        )
    return told or out_of_order(hangs, case.codes, case.counts)


def _of_data(case: _Case, hangs: Slice) -> str:
    """Return what is said of a changed file that the cell, or one it hangs on, reads."""
    for sentence in case.known.changed:
        for one in hangs.cells:
            for path in one.reads:
                name = path.replace("\\", "/").rpartition("/")[2]
                if name and name in sentence:
                    return f"cell {one.cell} reads {name}: {sentence}"
    return ""


def _of_chance(case: _Case, hangs: Slice) -> Why | None:
    """Return chance as a cause where the code has it and no second rerun speaks against it."""
    for one in hangs.above:
        why = case.found.get(one.cell)
        if why is not None and why[0] in _HANDED_ON:
            return why[0], f"follows from cell {one.cell}: {why[1]}"
    told = _chance(case, hangs) if case.repeats < 2 else ""
    if told:
        return Cause.NONDETERMINISM, told
    machine = next(((one.cell, call) for one in hangs.cells for call in one.machine), None)
    if machine:
        return Cause.HARDWARE_OR_THREADS, f"cell {machine[0]} asks for the machine: `{machine[1]}`"
    again = run_again(hangs, case.counts)
    return (Cause.STALE_OUTPUT, again) if again else None


def _chance(case: _Case, hangs: Slice) -> str:
    """Say what in the code gives another value each time, empty when nothing does."""
    drawn = unseeded(hangs.cells, case.codes)
    if drawn is not None:
        return f"cell {drawn[0].cell} draws by chance (`{drawn[1].call}`) and no seed is set"
    for one in hangs.cells:
        if one.clock and hands_on_time(one, hangs):
            return f"cell {one.cell} asks for the time (`{one.clock[0]}`)"
    for one in hangs.cells[:1]:
        if one.unordered:
            return f"cell {one.cell} shows sets or folders, whose order is not promised"
    return ""


def _of_packages(case: _Case, hangs: Slice, piece: Piece, partner: Piece | None) -> Why:
    """Return what the packages, or else nothing, explain."""
    shown = _shown_by_both(piece, partner) if partner is not None else None
    if shown is not None:
        return shown
    in_r = is_r(case.recorded)
    told = _of_r(case, hangs.cells[0].cell) if in_r else ""
    if told:
        return Cause.API_CHANGED, told
    drawn = drawn_by_another(piece, partner) if partner is not None else ""
    if drawn and not case.known.own_versions:
        return Cause.API_CHANGED, drawn
    if case.known.own_versions and hangs.complete:
        return (
            Cause.STALE_OUTPUT,
            "code, data and package versions are those of the author's kernel, and nothing in the"
            " code is chance: the record comes from other code or data",
        )
    seeded = "" if in_r else seeding(hangs.cells, case.codes)
    if seeded:
        return Cause.API_CHANGED, seeded
    open_still = in_r or case.known.own_versions or partner is None
    return (None if open_still else left_over(hangs, case.known.packages)) or (
        Cause.NOT_KNOWN,
        "the versions that the author had are not recorded, and nothing in the code is chance",
    )


def _shown_by_both(piece: Piece, partner: Piece) -> Why | None:
    """Return what record and rerun, side by side, explain."""
    printed = cause_of_printed(piece.text, partner.text)
    if printed is not None:
        return printed
    told = known_change(piece, partner)
    if told:
        return Cause.API_CHANGED, told
    if _is_tiny(piece, partner):
        return (
            Cause.HARDWARE_OR_THREADS,
            "only the last digits differ, as they do between processors, threads and builds",
        )
    return None


def _of_r(case: _Case, cell: int) -> str:
    """Return which package of R, or R itself, is another one than the study's."""
    known = case.known
    return other_version(case.recorded, cell, known.others) or other_r(case.recorded, cell, known.r)


def _is_tiny(piece: Piece, partner: Piece) -> bool:
    """Say whether two texts differ in nothing but the last digits of their numbers."""
    before, after = (one.text or one.data.get("text/plain", "") for one in (piece, partner))
    if not isinstance(before, str) or not isinstance(after, str) or len(before) > 100_000:
        return False
    (words, numbers), (other_words_, other_numbers) = split(before), split(after)
    same_words = "".join(words).split() == "".join(other_words_).split()
    if not numbers or len(numbers) != len(other_numbers) or not same_words:
        return False
    pairs = [pair for pair in zip(numbers, other_numbers, strict=True) if pair[0] != pair[1]]
    whole = any(number.lstrip("+-").isdigit() for pair in pairs for number in pair)
    return bool(pairs) and not whole and max(relative_gap(*pair) for pair in pairs) <= _TINY
