"""What the checks of all kinds share."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from recrate.model.errors import OutsideFailed
from recrate.model.finding import Finding
from recrate_binder.cluster.commands import is_silent, one_line
from recrate_binder.cluster.judging import fault, refused
from recrate_binder.cluster.options import Pilot
from recrate_binder.cluster.trial import Trial, try_node


def no_parsl(kind: str) -> Iterator[Finding]:
    """Yield a finding where Parsl is not installed."""
    if find_spec("parsl") is None:
        yield fault(
            kind,
            "no-parsl",
            "Parsl is not installed beside recrate",
            "pip install 'recrate[cluster]'",
        )


def no_programs(kind: str, missing: list[str]) -> Iterator[Finding]:
    """Yield a finding where programs of the scheduler are not on PATH."""
    if missing:
        yield fault(
            kind,
            f"no-{missing[0]}",
            f"there is no {', '.join(missing)} on this machine",
            "run recrate where jobs can be submitted, or describe the cluster as a site of"
            " kind `ssh`",
        )


def silent(kind: str, said: str) -> Finding:
    """Return that a scheduler does not answer."""
    return fault(
        kind,
        "scheduler-silent",
        f"the scheduler does not answer: {one_line(said)}",
        "is it under maintenance? Ask the administrators, or try again later",
    )


def try_there(trial: Trial, pilot: Pilot, folder: Path) -> Iterator[Finding]:
    """Run the small job, and say what it met, also where the scheduler refuses it."""
    try:
        yield from try_node(trial, pilot, folder)
    except OutsideFailed as error:
        said = one_line(str(error))
        yield silent(trial.kind, said) if is_silent(said) else refused(trial.kind, said)
