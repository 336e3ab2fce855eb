"""What a node told, and what a scheduler refused, as findings in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recrate.model.finding import Finding, Severity

CLOCK_SECONDS = 10.0
NO_FOLDER, NO_PYTHON, BROKE, UNHEARD = 71, 72, 73, 74
"""Exit codes of a check's job."""

_REFUSALS = (
    ("account", "account-refused", "the scheduler refuses the account", "account"),
    ("qos", "qos-refused", "the scheduler refuses the quality of service", "qos"),
    ("feature", "no-such-constraint", "no node has the features asked for", "constraint"),
    ("partition", "partition-refused", "the partition may not be used", "partition"),
    ("resource limits", "over-limits", "a job asks for more than the queue allows", "walltime"),
    ("unknown queue", "no-such-queue", "there is no such queue", "queue"),
    ("queue", "queue-refused", "the queue may not be used", "queue"),
    ("time limit", "walltime-over-limit", "the time of a job is over the limit", "walltime"),
    ("node configuration", "nodes-too-small", "no node is as large as asked for", "cores, memory"),
    ("unauthorized", "not-allowed", "you may not submit jobs here", "account"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What the asking machine is: versions, and between which times the node answered."""

    python: str
    recrate: str
    parsl: str
    submitted: float
    answered: float


def fault(kind: str, code: str, message: str, hint: str) -> Finding:
    """Return what makes a place unusable."""
    return Finding(severity=Severity.ERROR, code=code, where=kind, message=message, hint=hint)


def refused(kind: str, said: str) -> Finding:
    """Return a finding for what a scheduler said when it refused a job."""
    for part, code, message, option in _REFUSALS:
        if part in said.casefold():
            return fault(kind, code, f"{message}: {said}", f"mend {option} of this site")
    return fault(kind, "job-refused", f"the scheduler refuses a job: {said}", "mend the site")


def cannot_connect(kind: str, node: str) -> Finding:
    """Return that a node does not reach this machine."""
    return fault(
        kind,
        "node-cannot-connect",
        f"{node} cannot connect to this machine",
        "name the address or interface that nodes reach, and ports that no firewall closes",
    )


def judge_end(kind: str, code: int | None, python: str, said: str) -> Finding | None:
    """Return what an exit code of a check's job means; None for one that went well."""
    if code == 0:
        return None
    if code == NO_FOLDER:
        return fault(
            kind,
            "folder-not-shared",
            "a file that was written here is not there on a node",
            "campaigns and recrate's data must lie on a file system that the nodes share; where"
            " there is none, say `shared`: no",
        )
    if code == NO_PYTHON:
        return fault(
            kind,
            "no-python",
            f"there is no {python} on a node",
            "say in `python` which one to use, and in `modules` or `init` what makes it be there",
        )
    if code == UNHEARD:
        return cannot_connect(kind, "a node")
    return fault(
        kind,
        "job-failed",
        f"a small job failed on a node ({code}): {said or 'it said nothing'}",
        "look at `modules`, `init`, `scratch` and `python` of this site",
    )


def judge_node(
    kind: str, told: Mapping[str, Any], here: Here, around: str = ""
) -> Iterator[Finding]:
    """Yield what is wrong with a node, then whether it works. `around`: what there is beside it."""
    found = [*_versions(kind, told, here), *_surroundings(kind, told, here)]
    yield from found
    if not any(one.severity is Severity.ERROR for one in found):
        yield Finding(
            severity=Severity.NOTE,
            code="runner-works",
            where=kind,
            message=f"node {told['node']} works: {told['cores']} cores,"
            f" {told['memory'] / 2**30:.1f} GB of memory, Python {told['python']}"
            + (f"; {around}" if around else ""),
        )


def _versions(kind: str, told: Mapping[str, Any], here: Here) -> Iterator[Finding]:
    if told["error"]:
        yield fault(
            kind,
            "no-recrate",
            f"recrate cannot be used on a node: {told['error']}",
            "install recrate[cluster] for the Python of the nodes, in the version of this machine",
        )
        return
    pairs = (
        ("recrate", told["recrate"], here.recrate),
        ("Parsl", told["parsl"], here.parsl),
        ("Python", _minor(told["python"]), _minor(here.python)),
    )
    for name, there, ours in pairs:
        if there != ours:
            yield fault(
                kind,
                "other-version",
                f"{name} is {there} on the nodes, and {ours} here",
                "install the same version on both",
            )


def _surroundings(kind: str, told: Mapping[str, Any], here: Here) -> Iterator[Finding]:
    early, late = here.submitted - CLOCK_SECONDS, here.answered + CLOCK_SECONDS
    if not early <= told["time"] <= late:
        gap = max(early - told["time"], told["time"] - late) + CLOCK_SECONDS
        yield Finding(
            severity=Severity.WARNING,
            code="clock-differs",
            where=kind,
            message=f"the clock of node {told['node']} is {gap:.0f} s away from the clock here",
            hint="times in reports are off; ask the administrators to set the clocks by NTP",
        )
    if not told["connects"]:
        yield cannot_connect(kind, f"node {told['node']}")
    if told["walls"]:
        yield fault(
            kind,
            "no-walls",
            f"no sandbox on node {told['node']}: {told['walls']}",
            "ask for bubblewrap and user namespaces there, or replay in a container",
        )


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
