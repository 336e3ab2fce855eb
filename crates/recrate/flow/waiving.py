"""Waive: a person accepts or leaves aside a difference with a reason, and withdraws that."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from recrate import __version__
from recrate.flow.judging import rejudge
from recrate.flow.reviewing import find_output, spot_of
from recrate.flow.work import ReplayFolder
from recrate.model.errors import BadInput, NotFound
from recrate.model.policy import Policy, Waiver, WaiverKind
from recrate.model.verdict import OutputJudgement, Verdict
from recrate.report.account import Language

REASON_CHARACTERS = 2_000
_HOLDS = (OutputJudgement.IDENTICAL, OutputJudgement.EQUIVALENT)


def waive(
    root: Path,
    waiver: Waiver,
    *,
    person: str | None,
    now: str,
    agent: str = f"recrate {__version__}",
    language: Language | None = None,
) -> Verdict:
    """Take a difference on, with its reason, and judge the folder again; nothing is run.

    now: ISO 8601 time that the waiver carries
    A waiver of the same output gives way. Raises BadInput when there is no reason, or nothing to
    take on. `policy.json`, verdict, report and run crate change together or not at all.
    """
    kept = replace(
        waiver,
        reason=waiver.reason.strip(),
        person=(person or waiver.person or "").strip() or None,
        date=now,
    )
    if not kept.reason or len(kept.reason) > REASON_CHARACTERS:
        raise BadInput(
            "a waiver needs a reason of 1 to 2,000 characters",
            where=spot_of(kept.path, kept.cell, kept.output),
            hint="say in a sentence why the difference may stand",
        )

    def changed(policy: Policy, verdict: Verdict) -> Policy:
        _refuse_idle(verdict, kept, root)
        return _without(policy, kept.path, kept.cell, kept.output, added=(kept,))

    return _change(ReplayFolder(root=root), changed, agent, language)


def unwaive(
    root: Path,
    notebook: str,
    cell: int,
    output: int,
    *,
    agent: str = f"recrate {__version__}",
    language: Language | None = None,
) -> Verdict:
    """Withdraw a waiver and judge the folder again. Raises NotFound when there is none."""

    def changed(policy: Policy, _verdict: Verdict) -> Policy:
        rest = _without(policy, notebook, cell, output)
        if rest == policy:
            spot = spot_of(notebook, cell, output)
            raise NotFound(
                "nobody accepted or waived this output",
                where=spot,
                hint="there is nothing to withdraw",
            )
        return rest

    return _change(ReplayFolder(root=root), changed, agent, language)


def _change(
    folder: ReplayFolder,
    changed: Callable[[Policy, Verdict], Policy],
    agent: str,
    language: Language | None,
) -> Verdict:
    """Change the folder's policy, at first the one it was judged by, and judge by it."""
    folder.read_head()
    with folder.judging():
        verdict = folder.read_verdict()
        policy = changed(folder.read_policy() or verdict.policy, verdict)
        return rejudge(folder, policy, agent, language, keep=True)


def _without(
    policy: Policy, notebook: str, cell: int, output: int, *, added: tuple[Waiver, ...] = ()
) -> Policy:
    rest = tuple(
        one
        for one in policy.waivers
        if (one.path, one.cell, one.output) != (notebook, cell, output)
    )
    return replace(policy, waivers=(*rest, *added))


def _refuse_idle(verdict: Verdict, waiver: Waiver, root: Path) -> None:
    """Refuse a waiver that would change nothing: its reason would claim what is not so."""
    _, _, output = find_output(verdict, waiver.path, waiver.cell, waiver.output, root)
    spot = spot_of(waiver.path, waiver.cell, waiver.output)
    if output.verdict is OutputJudgement.ADDED:
        raise BadInput(
            "only the rerun has this output: it lowers no verdict",
            where=spot,
            hint="leave it as it is",
        )
    if output.verdict is OutputJudgement.SKIPPED:
        raise BadInput(
            "this output was not compared: nothing to accept", where=spot, hint="leave it as it is"
        )
    if output.verdict in _HOLDS and waiver.kind is WaiverKind.ACCEPT:
        raise BadInput(
            "this output holds: there is no difference to accept",
            where=spot,
            hint="to leave it unjudged, waive it",
        )
