"""A verdict in the words of those who award badges for reproducibility.

Sources: ACM, Artifact Review and Badging, version 1.1 (2020); NISO RP-31-2021, Reproducibility
Badging and Definitions. Neither is awarded by a program: what a replay shows is evidence for those
who do.
"""

from typing import Literal

from recrate.model.verdict import Judgement, Verdict
from recrate.report.counting import held

Level = Literal["reproduced", "partly", "functional", "against", "unknown"]


def level_of(verdict: Verdict, *, published: int | None = None) -> Level:
    """Return what a verdict is evidence of; see the words `terms.…`.

    reproduced: every recorded output came out again, unattended, and nothing was left aside
    partly:     what was compared did; functional: it runs, and that is all that is shown
    published: how many notebooks the crate has; where fewer were run, that is `partly`
    against:    results did not come out, or it does not run; unknown: nothing could be run
    """
    if verdict.verdict is Judgement.NOT_RESTORED:
        return "unknown"
    if verdict.verdict in (Judgement.DIFFERENT, Judgement.FAILED):
        return "against"
    if verdict.verdict is Judgement.RAN:
        return "functional"
    all_run = published is None or len(verdict.notebooks) >= published
    by_person = verdict.by_hand or verdict.policy.waivers or verdict.eased
    aside = by_person or verdict.files.unstable or verdict.instead or not all_run
    whole = held(verdict.coverage) == verdict.coverage.outputs and not aside
    return "reproduced" if whole else "partly"
