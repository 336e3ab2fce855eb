"""The verdict: recorded notebooks, what a replay saw, and a policy in; a judgement out."""

from collections.abc import Mapping, Sequence

from recrate.compare.candidates import tell_candidates
from recrate.compare.causes import cause_of_not_restored, failure_of
from recrate.compare.cells import align_cells
from recrate.compare.claims import asked_findings, claims_of
from recrate.compare.held_up import Without, told, told_of_study, without
from recrate.compare.hostile import cells_of, is_code
from recrate.compare.outputs import Place, compare_cell
from recrate.compare.pieces import Piece, pieces_of
from recrate.compare.sentence import count, judgement_of, sentence_of, sum_of
from recrate.compare.shown_errors import unrecorded_error
from recrate.compare.waivers import idle_waivers
from recrate.compare.written import count_files, told_files, with_files
from recrate.model.environment import Addition
from recrate.model.finding import FOUND_BY_RUNNING, Finding, Severity, find
from recrate.model.observation import NotebookObservation, Observation
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import (
    CellVerdict,
    Failure,
    FileVerdict,
    Judgement,
    NotebookVerdict,
    OutputJudgement,
    OutputVerdict,
    Verdict,
)

JUDGE = "recrate-judge 7"
"""Changes when the same observations could get another verdict."""

_ORDER = list(Judgement)
_NOTHING = Without()


def judge(
    recorded: Mapping[str, Notebook],
    observations: Sequence[Observation],
    reruns: Sequence[Mapping[str, Notebook]],
    policy: Policy,
    *,
    files: Mapping[str, Sequence[FileVerdict]] | None = None,
) -> Verdict:
    """Say whether a study still holds.

    recorded:     path → the notebook as published
    observations: one per repeat, the first is the one the verdict is about
    reruns:       per observation: path → the executed notebook; a path may be missing
    files:        path of a notebook → the published files it wrote again, each already compared

    Raises nothing: what is wrong with a run is in the verdict.
    """
    notebooks = tuple(
        with_files(
            _judge_notebook(path, notebook, observations, reruns, policy),
            (files or {}).get(path, ()),
        )
        for path, notebook in _meant(recorded, observations)
    )
    coverage = sum_of([notebook.coverage for notebook in notebooks])
    overall = _overall([notebook.verdict for notebook in notebooks])
    first = observations[0] if observations else None
    added = first.environment.added if first and first.environment else ()
    if first and first.not_restored and not notebooks:
        overall = Judgement.NOT_RESTORED
    claims, counts = claims_of(recorded, notebooks), count_files(notebooks)
    by_hand = any(one.by_hand for one in observations)
    repaired = any(one.after_repair for one in observations)
    return Verdict(
        verdict=overall,
        coverage=coverage,
        notebooks=notebooks,
        policy=policy,
        judge=JUDGE,
        sentence=sentence_of(
            overall,
            coverage,
            claims=claims,
            by_hand=by_hand,
            after_repair=repaired,
            added=len(added),
            files=told_files(counts),
            held_up=told_of_study(notebooks),
            candidates=tell_candidates(first.candidates if first else ()),
        ),
        claims=claims,
        findings=(*map(_found_by_running, added), *_findings(recorded, notebooks, policy)),
        by_hand=by_hand,
        files=counts,
        candidates=first.candidates if first else (),
        after_repair=repaired,
    )


def _findings(
    recorded: Mapping[str, Notebook], notebooks: Sequence[NotebookVerdict], policy: Policy
) -> tuple[Finding, ...]:
    return (*asked_findings(recorded, notebooks), *idle_waivers(policy, notebooks))


def _found_by_running(addition: Addition) -> Finding:
    """Say that a package was added which the crate's lock lacks."""
    return find(
        Severity.NOTE,
        FOUND_BY_RUNNING,
        f"{addition.name} {addition.version} is not in the crate's lock and was added, as the"
        f" notebook asked for it: {addition.evidence}",
        hint="declare it in the study's requirements and pack again",
        path=addition.notebook,
        cell=addition.cell,
        subject=f"{addition.name} {addition.version}",
    )


def compare_notebooks(
    path: str, recorded: Notebook, reruns: Sequence[Notebook], policy: Policy
) -> NotebookVerdict:
    """Compare a notebook with its reruns, knowing nothing of how they were run.

    An error in the rerun that was not recorded makes it `failed`. Never raises.
    """
    failure, ran_on = unrecorded_error(recorded, reruns)
    return _compare(path, recorded, reruns, policy, failure=failure, seconds=0.0, ran_on=ran_on)


def _meant(
    recorded: Mapping[str, Notebook], observations: Sequence[Observation]
) -> list[tuple[str, Notebook]]:
    """Return the recorded notebooks in the order they were run; those never reached come last."""
    order = [seen.path for seen in observations[0].notebooks] if observations else []
    first = [path for path in dict.fromkeys(order) if path in recorded]
    rest = [path for path in recorded if path not in first]
    return [(path, recorded[path]) for path in (*first, *rest)]


def _judge_notebook(
    path: str,
    recorded: Notebook,
    observations: Sequence[Observation],
    reruns: Sequence[Mapping[str, Notebook]],
    policy: Policy,
) -> NotebookVerdict:
    first = observations[0] if observations else None
    if first is not None and first.not_restored is not None:
        return _unjudged(
            path,
            recorded,
            "not run: its environment could not be restored",
            cause_of_not_restored(first.not_restored),
        )
    seen = [
        found
        for observation in observations
        for found in observation.notebooks
        if found.path == path
    ]
    failure = _failure_of_runs(seen, recorded, first)
    seconds = seen[0].seconds if seen else 0.0
    executed = [rerun[path] for rerun in reruns if path in rerun]
    if first is not None and first.parameters:
        reason = "not judged: it was run with other parameters"
        return _unjudged(path, recorded, reason, failure, seconds=seconds)
    if not executed and failure is None:
        reason = "not run" if not seen else "its rerun is not there"
        return _unjudged(path, recorded, reason, None, seconds=seconds)
    by_hand = any(one.by_hand for one in observations)
    ran_on = False
    if failure is None and not by_hand:
        failure, ran_on = unrecorded_error(recorded, executed)
    finished = _finished_first(executed, seen)
    aside = {one.cell: one.reason for one in seen[0].set_aside} if seen and by_hand else None
    return _compare(
        path,
        recorded,
        finished,
        policy,
        failure=failure,
        seconds=seconds,
        aside=aside,
        lacked=without(seen),
        ran_on=ran_on,
    )


def _failure_of_runs(
    seen: Sequence[NotebookObservation], recorded: Notebook, first: Observation | None
) -> Failure | None:
    failed = next((run for run in seen if run.status != "completed"), None)
    if failed is None:
        return None
    environment = first.environment if first is not None else None
    network = first is not None and first.network_allowed
    return failure_of(failed, recorded, environment, network=network)


def _finished_first(executed: list[Notebook], seen: list[NotebookObservation]) -> list[Notebook]:
    """Return the reruns that completed; when none did, the first as far as it went."""
    if len(executed) != len(seen):
        return executed
    pairs = zip(executed, seen, strict=True)
    return [rerun for rerun, run in pairs if run.status == "completed"] or executed[:1]


def _compare(
    path: str,
    recorded: Notebook,
    reruns: Sequence[Notebook],
    policy: Policy,
    *,
    failure: Failure | None,
    seconds: float,
    aside: Mapping[int, str] | None = None,
    lacked: Without = _NOTHING,
    ran_on: bool = False,
) -> NotebookVerdict:
    """Compare cell by cell; with a failure, cells behind it were not reached.

    aside:  of what a person ran by hand, the cells that are not judged, each with the reason; they
            may go on behind a failure, so that there all others were run
    lacked: cells behind which the run went on, although they could not do their work
    ran_on: the failure is an error that a cell only showed, and the run went on behind it
    """
    stopped = _stop(failure, lacked if reruns else _NOTHING, len(cells_of(recorded)))
    alignments = [align_cells(recorded, rerun) for rerun in reruns]
    place = Place(path=path, policy=policy, recorded=recorded, reruns=tuple(reruns))
    cells: list[CellVerdict] = []
    for index, cell in enumerate(cells_of(recorded)):
        if not is_code(cell):
            continue
        at = [alignment.get(index) for alignment in alignments]
        unreached = ""
        behind = failure is not None and (stopped is None or index > stopped or not reruns)
        if behind and not ran_on and aside is None:
            where = f"at cell {stopped}" if stopped is not None else "before its end"
            unreached = f"not reached: the notebook stopped {where}"
        left = (aside or lacked.reasons).get(index, "")
        outputs = compare_cell(place, index, cell, at, unreached, aside=left)
        failed = index == stopped or bool(unreached) or index in lacked.raised
        verdict = _of_cell(outputs, failed=failed)
        rerun_index = at[0] if at else None
        cells.append(
            CellVerdict(
                index=index,
                verdict=verdict,
                outputs=outputs,
                rerun_index=rerun_index,
                wants=lacked.wants.get(index),
            )
        )
    coverage = count([output for cell in cells for output in cell.outputs])
    overall = judgement_of(coverage)
    if failure is not None:
        overall = Judgement.FAILED
    return NotebookVerdict(
        path=path,
        verdict=overall,
        seconds=seconds,
        error=failure,
        coverage=coverage,
        cells=tuple(cells),
        notes=told(lacked),
    )


def _stop(failure: Failure | None, lacked: Without, cells: int) -> int | None:
    """Return the cell behind which none was run; None with a failure means that none was at all."""
    if lacked.wants:
        return cells if lacked.ended is None else lacked.ended
    return failure.cell if failure is not None else None


def _unjudged(
    path: str,
    recorded: Notebook,
    reason: str,
    failure: Failure | None,
    *,
    seconds: float = 0.0,
) -> NotebookVerdict:
    """Return the verdict of a notebook whose outputs are shown, or not there, but not compared."""
    overall = Judgement.RAN
    if failure is not None:
        overall = Judgement.FAILED
    if reason.startswith("not run"):
        overall = Judgement.NOT_RESTORED if failure is not None else Judgement.FAILED
    cells = tuple(
        CellVerdict(
            index=index,
            verdict=overall,
            outputs=tuple(_skipped(piece, reason) for piece in pieces_of(cell)),
            rerun_index=index,
        )
        for index, cell in enumerate(cells_of(recorded))
        if is_code(cell)
    )
    coverage = count([output for cell in cells for output in cell.outputs])
    return NotebookVerdict(
        path=path,
        verdict=overall,
        seconds=seconds,
        error=failure,
        coverage=coverage,
        cells=cells,
        notes=(reason,),
    )


def _skipped(piece: Piece, reason: str) -> OutputVerdict:
    return OutputVerdict(
        index=piece.index,
        mime=piece.mime,
        verdict=OutputJudgement.SKIPPED,
        reason=reason,
        rerun_index=piece.index,
    )


def _of_cell(outputs: Sequence[OutputVerdict], *, failed: bool) -> Judgement:
    if failed:
        return Judgement.FAILED
    return judgement_of(count(outputs))


def _overall(verdicts: Sequence[Judgement]) -> Judgement:
    """Return the worst; `ran` does not lower what was compared."""
    compared = [verdict for verdict in verdicts if verdict is not Judgement.RAN]
    if not compared:
        return Judgement.RAN
    if Judgement.NOT_RESTORED in compared and set(compared) != {Judgement.NOT_RESTORED}:
        compared = [verdict for verdict in compared if verdict is not Judgement.NOT_RESTORED]
    return max(compared, key=_ORDER.index)
