"""What a study's author asked for, beside the verdict: nothing of theirs makes it hold unseen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from recrate.compare.judge import judge
from recrate.compare.own_terms import BY_AUTHOR
from recrate.model.finding import AUTHORS_TERMS, Finding, Severity, find
from recrate.model.observation import Observation
from recrate.model.policies import USUAL, loosenings
from recrate.model.policy import Policy
from recrate.model.study import Notebook
from recrate.model.verdict import FileVerdict, Judgement, Verdict

_PLACES_TOLD = 5

FilesBy = Callable[[Policy], Mapping[str, Sequence[FileVerdict]]]


def _no_files(policy: Policy) -> Mapping[str, Sequence[FileVerdict]]:
    del policy
    return {}


def judge_in_the_open(
    recorded: Mapping[str, Notebook],
    observations: Sequence[Observation],
    reruns: Sequence[Mapping[str, Notebook]],
    policy: Policy,
    files: FilesBy = _no_files,
) -> Verdict:
    """Judge as `judge` does, and say what came of the author's own policy and tolerances.

    Where these counted, the outputs are compared by the usual policy once more, and sentence,
    findings and `usual` tell what the verdict is without them.

    files: gives by a policy the published files that notebooks wrote again, compared
    """
    verdict = judge(recorded, observations, reruns, policy, files=files(policy))
    counted = _outputs_by_author(verdict)
    wider = [one.told() for one in loosenings(policy)] if policy.by_author else []
    if not counted and not wider:
        return verdict
    plain = USUAL if policy.by_author else policy
    plain = replace(plain, waivers=policy.waivers, own_tolerances=False, own_skips=policy.own_skips)
    without = judge(recorded, observations, reruns, plain, files=files(plain)).verdict
    told = _told(wider, counted)
    return replace(
        verdict,
        sentence=f"{verdict.sentence} {told}; {_outcome(verdict, without)}.",
        findings=(_finding(told, verdict, without), *verdict.findings),
        usual=without,
    )


def _outputs_by_author(verdict: Verdict) -> int:
    """Count the outputs whose verdict came of a tolerance that the author gave in a notebook."""
    return sum(
        any(rule.startswith(BY_AUTHOR) for rule in output.rules)
        for notebook in verdict.notebooks
        for cell in notebook.cells
        for output in cell.outputs
    )


def _told(wider: Sequence[str], counted: int) -> str:
    told = []
    if wider:
        more = f" and {len(wider) - _PLACES_TOLD} more" if len(wider) > _PLACES_TOLD else ""
        told.append(f"the author's policy: {', '.join(wider[:_PLACES_TOLD])}{more}")
    if counted:
        outputs = "1 output" if counted == 1 else f"{counted} outputs"
        told.append(f"tolerances that the author gave in notebooks decided {outputs}")
    said = "; ".join(told)
    return said[:1].upper() + said[1:]


def _outcome(verdict: Verdict, without: Judgement) -> str:
    if without is verdict.verdict:
        return "without it the verdict is the same"
    return f"without it the verdict is: {without.value}"


def _finding(told: str, verdict: Verdict, without: Judgement) -> Finding:
    return find(
        Severity.NOTE if without is verdict.verdict else Severity.WARNING,
        AUTHORS_TERMS,
        f"{told}; {_outcome(verdict, without)}",
        hint="`recrate judge DIR --policy strict` heeds nothing that the author asked for",
        subject=without.value,
    )
