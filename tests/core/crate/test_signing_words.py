"""What a signed statement says of a verdict in in-toto's words."""

import pytest

from recrate.crate.signing import Run, statement_of
from recrate.model.policy import Policy
from recrate.model.verdict import Coverage, Judgement, NotebookVerdict, Verdict

NOW = "2026-11-21T09:00:00+00:00"
SOME = Coverage(outputs=3, compared=3, identical=2, unstable=1)


@pytest.mark.parametrize(
    ("judgement", "coverage", "published", "result"),
    [
        (Judgement.IDENTICAL, Coverage(outputs=3, compared=3, identical=3), 1, "PASSED"),
        (Judgement.EQUIVALENT, Coverage(outputs=3, compared=3, equivalent=3), 1, "PASSED"),
        (Judgement.IDENTICAL, Coverage(outputs=3, compared=3, identical=3), 2, "WARNED"),
        (Judgement.IDENTICAL, Coverage(outputs=3, compared=2, identical=2, skipped=1), 1, "WARNED"),
        (
            Judgement.IDENTICAL,
            Coverage(outputs=3, compared=3, identical=2, unstable=1),
            1,
            "WARNED",
        ),
        (Judgement.RAN, Coverage(), 1, "WARNED"),
        (Judgement.DIFFERENT, Coverage(outputs=3, compared=3, different=3), 1, "FAILED"),
        (Judgement.FAILED, Coverage(), 1, "FAILED"),
        (Judgement.NOT_RESTORED, Coverage(), 1, "FAILED"),
    ],
)
def test_passed_is_said_only_of_all_that_was_published(judgement, coverage, published, result):
    notebook = NotebookVerdict(
        path="a.ipynb", verdict=judgement, seconds=1, error=None, coverage=coverage, cells=()
    )
    verdict = Verdict(
        verdict=judgement, coverage=coverage, notebooks=(notebook,), policy=Policy(), judge="j",
        sentence="",
    )  # fmt: skip
    run = Run(crate="0" * 64, crate_name="x", published=published, files={}, verdict=verdict)
    said_ = statement_of(run, public_key="", person=None, signed=NOW, agent="a 1")
    assert said_["predicate"]["result"] == result
