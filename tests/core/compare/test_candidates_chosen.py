"""Which environment a verdict is of: the best, the earlier of two that are alike."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from recrate.compare.candidates import choose, curable, tell_candidates
from recrate.model.candidate import Candidate, CandidateKind, CandidateOutcome
from recrate.model.policies import USUAL
from recrate.model.verdict import Cause, Coverage, Failure, Judgement, NotebookVerdict, Verdict

FIRST = Candidate(
    name="lock", kind=CandidateKind.LOCK, told="the crate’s lock", outcome=CandidateOutcome.RAN
)
others = st.builds(
    Candidate,
    name=st.just("python-3.8"),
    kind=st.just(CandidateKind.PYTHON),
    told=st.just("its packages"),
    outcome=st.sampled_from(CandidateOutcome),
    completed=st.integers(0, 3),
    held=st.integers(0, 3),
)


@given(st.lists(others, max_size=5))
def test_the_chosen_one_ran_and_no_other_that_ran_is_better(found: list[Candidate]) -> None:
    best = choose([FIRST, *found])
    assert best is FIRST or best.outcome is CandidateOutcome.RAN
    ran = [FIRST, *(one for one in found if one.outcome is CandidateOutcome.RAN)]
    assert all((one.completed, one.held) <= (best.completed, best.held) for one in ran)
    alike = [one for one in ran if (one.completed, one.held) == (best.completed, best.held)]
    assert alike[0] is best


def test_notebooks_count_before_outputs() -> None:
    lock = replace(FIRST, completed=1, held=9)
    other = replace(FIRST, name="declared", completed=2, held=1)
    assert choose([lock, other]) is other


def test_an_environment_that_could_not_be_restored_is_told_with_its_reason() -> None:
    lost = replace(
        FIRST, outcome=CandidateOutcome.NOT_RESTORED, reason="no wheel of x", notebooks=3
    )
    told = "its declared packages as of 2019-04-02 on Python 3.8"
    other = replace(
        FIRST, name="declared", told=told, completed=3, notebooks=3, held=4, outputs=4, chosen=True
    )
    assert tell_candidates([lost, other]) == (
        "The verdict is not of the crate’s lock: it could not be restored on this machine (no wheel"
        f" of x); {told} ran 3 of 3 notebooks to their end, and 4 of 4 outputs hold."
    )
    assert tell_candidates([FIRST]) == ""


def verdict_with(cause: Cause, cell: int | None) -> Verdict:
    failure = Failure(name="E", message="m", cell=cell, cause=cause, evidence="", hint="")
    notebook = NotebookVerdict(
        path="a.ipynb", verdict=Judgement.FAILED, seconds=0.0, error=failure, coverage=Coverage(),
        cells=(),
    )  # fmt: skip
    return Verdict(
        verdict=Judgement.FAILED, coverage=Coverage(), notebooks=(notebook,), policy=USUAL,
        judge="", sentence="",
    )  # fmt: skip


def test_only_what_an_environment_can_be_to_blame_for_is_tried_elsewhere() -> None:
    cured = {cause for cause in Cause if curable(verdict_with(cause, 0))}
    assert cured == {
        Cause.MISSING_PACKAGE, Cause.API_CHANGED, Cause.NO_BUILD, Cause.KERNEL_MISSING,
    }  # fmt: skip
    assert curable(verdict_with(Cause.KILLED, None))
