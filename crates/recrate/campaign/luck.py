"""What becomes of an attempt that is over: an end, or another attempt. Pure.

Tried again, with growing limits or pauses, is what looks like bad luck: a node that is lost, a
network that is away, a limit that was too tight. What is the study's own fault is never tried
again: its verdict stands.
"""

from dataclasses import dataclass
from typing import Literal

from recrate.model.campaign import CampaignOptions, TaskLimits, TaskResult
from recrate.model.runner import Ended

_GROWTH = 2
_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 600.0
_KILLED_TRIES = 2
"""A kernel that died may have been killed by whoever shares the machine: once more, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Another attempt.

    pause_seconds: not before; fresh: from the beginning, not where the last one was cut off
    unlucky: it counts against the tries
    """

    limits: TaskLimits
    pause_seconds: float = 0.0
    fresh: bool = True
    unlucky: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """The task has come to an end."""

    state: Literal["judged", "broken", "given up"]
    message: str = ""
    hint: str = ""


Step = Again | Over


def next_step(
    result: TaskResult | None,
    ended: Ended,
    *,
    limits: TaskLimits,
    options: CampaignOptions,
    attempts: int,
    unlucky: int,
) -> Step:
    """Return what is to be done after an attempt.

    result:   what it left, None where it left nothing
    limits:   that it had; attempts: begun so far; unlucky: of these, let down
    """
    if result is not None and result.outcome == "judged":
        return _after_verdict(result, limits, options, attempts)
    message, hint = _complaint(result, ended)
    if (result.outcome if result is not None else ended.why) in {"broken", "refused"}:
        return Over(state="broken", message=message, hint=hint)
    if ended.why == "cancelled":
        return Again(limits=limits, fresh=False, note="called off")
    if result is None and ended.why in {"memory", "time"}:
        grown = _grown(limits, options.ceiling, ended.why)
        if grown is not None:
            return Again(limits=grown, fresh=ended.why == "memory", note=f"more {ended.why}")
    if unlucky + 1 >= options.tries:
        return Over(state="given up", message=message, hint=hint)
    pause = min(_PAUSE_SECONDS * 4**unlucky, _LONGEST_PAUSE_SECONDS)
    lost = result is None and ended.why == "lost"
    return Again(
        limits=limits,
        pause_seconds=0.0 if lost and not unlucky else pause,
        fresh=result is not None,
        unlucky=True,
        note=message,
    )


def _after_verdict(
    result: TaskResult, limits: TaskLimits, options: CampaignOptions, attempts: int
) -> Step:
    over = Over(state="judged")
    if result.verdict != "failed":
        return over
    if result.cause in {"memory", "time"}:
        grown = _grown(limits, options.ceiling, result.cause)
        return Again(limits=grown, note=f"more {result.cause}") if grown is not None else over
    if result.cause == "killed" and attempts < _KILLED_TRIES:
        return Again(limits=limits, note="its kernel was killed: once more")
    return over


def _grown(limits: TaskLimits, ceiling: TaskLimits, what: str) -> TaskLimits | None:
    """Return limits of which `what` is doubled, up to the ceiling; None where it is there."""
    memory, seconds = limits.memory_bytes, limits.seconds
    if what == "memory":
        top = ceiling.memory_bytes
        if memory is None or top is None or memory >= top:
            return None
        return TaskLimits(memory_bytes=min(memory * _GROWTH, top), seconds=seconds)
    longest = ceiling.seconds
    if seconds is None or longest is None or seconds >= longest:
        return None
    return TaskLimits(memory_bytes=memory, seconds=min(seconds * _GROWTH, longest))


def _complaint(result: TaskResult | None, ended: Ended) -> tuple[str, str]:
    if result is not None:
        return result.message, result.hint
    said = {
        "lost": "the machine that ran it was lost",
        "memory": "it was killed for its memory",
        "time": "it was killed for its time",
        "refused": "the place to run refused it",
    }.get(ended.why, f"it ended with code {ended.code} and left no result")
    hint = {
        "memory": "allow more with --memory-ceiling",
        "time": "allow more with --timeout-ceiling",
        "refused": "choose another place to run with --on",
    }.get(ended.why, "its folder below attempts/ has a worker.log")
    return ended.note or said, hint
