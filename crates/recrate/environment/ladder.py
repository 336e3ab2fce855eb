"""The ladder from what was asked to what can be had: one rung at a time, each told in words."""

import sys
from dataclasses import dataclass, field

from recrate.environment.measure import measure
from recrate.environment.resolve import Question, Unresolvable, resolve
from recrate.environment.settings import EnvironmentSettings
from recrate.environment.wishes import Wishes
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import Inventory
from recrate.outside.tools import interpreters


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where the ladder ended. `pylock` is empty when nothing could be resolved."""

    python: str
    pylock: str
    as_of: str | None
    markers: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def climb(inventory: Inventory, wishes: Wishes, date: str, settings: EnvironmentSettings) -> Answer:
    """Resolve `wishes` as of `date`."""
    minor = next(
        (
            ".".join(one.language_version.split(".")[:2])
            for one in inventory.notebooks
            if one.language_version
        ),
        f"3.{sys.version_info.minor}",
    )
    base = interpreters(minor, settings.variables)[0]
    question = Question(
        requirements=(*(one.text for one in wishes.requirements), "ipykernel"),
        constraints=wishes.constraints,
        python=minor,
        as_of=date,
    )
    answer = resolve(question, settings)
    if isinstance(answer, Unresolvable):
        return Answer(
            python=base.version,
            pylock="",
            as_of=date,
            findings=(find(Severity.ERROR, "cannot-resolve", answer.evidence),),
        )
    return Answer(
        python=base.version, pylock=answer, as_of=date, markers=measure(base.program).markers
    )
