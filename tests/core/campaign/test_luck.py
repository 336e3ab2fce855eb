"""What is tried again, and what is not."""

import pytest

from recrate.campaign.luck import Again, Over, Step, next_step
from recrate.model.campaign import CampaignOptions, TaskLimits, TaskResult
from recrate.model.runner import Ended

LIMITS = TaskLimits(memory_bytes=1000, seconds=10.0)
CEILING = TaskLimits(memory_bytes=3000, seconds=15.0)


def after(
    result: TaskResult | None,
    *,
    why: str = "",
    limits: TaskLimits = LIMITS,
    ceiling: TaskLimits = CEILING,
    attempts: int = 1,
    unlucky: int = 0,
) -> Step:
    return next_step(
        result,
        Ended(attempt="0-1", code=1, why=why),  # type: ignore[arg-type]
        limits=limits,
        options=CampaignOptions(ceiling=ceiling, tries=3),
        attempts=attempts,
        unlucky=unlucky,
    )


def judged(verdict: str, cause: str = "") -> TaskResult:
    return TaskResult(outcome="judged", verdict=verdict, cause=cause)


@pytest.mark.parametrize("verdict", ["identical", "equivalent", "ran", "different", "not restored"])
def test_a_verdict_is_the_end(verdict: str) -> None:
    assert after(judged(verdict)) == Over(state="judged")


@pytest.mark.parametrize("cause", ["author's code", "missing package", "missing file", "not known"])
def test_what_is_the_studys_own_fault_is_never_tried_again(cause: str) -> None:
    assert after(judged("failed", cause)) == Over(state="judged")


def test_memory_that_ran_out_is_doubled_up_to_the_ceiling_and_no_further() -> None:
    step = after(judged("failed", "memory"))
    assert isinstance(step, Again)
    assert step.limits == TaskLimits(memory_bytes=2000, seconds=10.0)
    assert step.fresh
    step = after(judged("failed", "memory"), limits=step.limits, attempts=2)
    assert isinstance(step, Again)
    assert step.limits.memory_bytes == 3000
    assert after(judged("failed", "memory"), limits=step.limits) == Over(state="judged")


def test_time_that_ran_out_is_doubled_up_to_the_ceiling() -> None:
    step = after(judged("failed", "time"))
    assert isinstance(step, Again)
    assert step.limits == TaskLimits(memory_bytes=1000, seconds=15.0)


def test_without_a_ceiling_the_limit_is_the_verdict() -> None:
    assert after(judged("failed", "memory"), ceiling=TaskLimits()) == Over(state="judged")


def test_a_kernel_that_was_killed_gets_one_more_chance() -> None:
    assert isinstance(after(judged("failed", "killed")), Again)
    assert after(judged("failed", "killed"), attempts=2) == Over(state="judged")


def test_a_lost_machine_goes_on_where_it_was_and_counts_against_the_tries() -> None:
    step = after(None, why="lost")
    assert isinstance(step, Again)
    assert not step.fresh
    assert step.unlucky
    assert step.pause_seconds == 0
    over = after(None, why="lost", unlucky=2)
    assert isinstance(over, Over)
    assert over.state == "given up"
    assert over.hint


def test_a_network_that_is_away_is_waited_for_longer_each_time() -> None:
    away = TaskResult(outcome="unlucky", message="the package index does not answer")
    pauses = [after(away, unlucky=one).pause_seconds for one in (0, 1)]  # type: ignore[union-attr]
    assert pauses[0] < pauses[1]
    over = after(away, unlucky=2)
    assert isinstance(over, Over)
    assert over.message == "the package index does not answer"


def test_what_was_called_off_is_not_held_against_it() -> None:
    step = after(None, why="cancelled", unlucky=2)
    assert isinstance(step, Again)
    assert not step.unlucky
    assert not step.fresh


def test_a_crate_that_is_none_ends_at_once() -> None:
    step = after(TaskResult(outcome="broken", message="no metadata", hint="pack it again"))
    assert step == Over(state="broken", message="no metadata", hint="pack it again")


def test_what_a_place_does_not_take_is_told_with_its_reason_and_not_tried_again() -> None:
    ended = Ended(attempt="0-1", why="refused", note="crate and data have 3 bytes too many")
    step = next_step(
        None, ended, limits=LIMITS, options=CampaignOptions(tries=3), attempts=1, unlucky=0
    )
    assert isinstance(step, Over)
    assert (step.state, step.message) == ("broken", "crate and data have 3 bytes too many")
    assert "--on" in step.hint
