"""What is left where nothing seen explains a difference: versions of what the cell hangs on."""

import pytest

from core.compare.test_causes_of_outputs import explained, notebook, printed, the_one
from recrate.compare.left_over import LEFT_OVER
from recrate.flow.code_facts import what_is_known
from recrate.model.environment import Package
from recrate.model.observation import EnvironmentSeen, Observation
from recrate.model.verdict import Cause
from recrate.report.reasons_causes import evidence_in_japanese

HERE = {"numpy": "numpy 1.26.4", "pack": "pack 2.0", "sklearn": "scikit-learn 1.5.0"}


def left(first: str, **known) -> tuple[Cause | None, str]:
    recorded = notebook((first, 1, None), ("print(x)", 2, printed("0.25\n")))
    return the_one(recorded, {1: printed("0.75\n")}, packages=HERE, **known)


def test_deterministic_code_in_its_order_leaves_the_versions_of_its_packages():
    cause, evidence = left("import pack, numpy as np\nx = pack.fit(np.ones(3))")
    assert cause is Cause.API_CHANGED
    assert evidence == f"{LEFT_OVER} other versions than numpy 1.26.4, pack 2.0"
    assert "版の違い" in evidence_in_japanese(evidence)


@pytest.mark.parametrize(
    ("first", "cause"),
    [
        ("import numpy as np\nx = np.ones(3).sum()", Cause.NOT_KNOWN),
        ("import numpy as np\nnp.random.seed(3)\nx = np.random.rand()", Cause.STALE_OUTPUT),
        ("import numpy as np\nx = np.random.default_rng(3).random()", Cause.NOT_KNOWN),
        ("from study import fit\nx = fit()", Cause.NOT_KNOWN),
        ("import pack\nx = pack.fit(open('/dev/urandom', 'rb').read(2))", Cause.NOT_KNOWN),
        ("import pack\n!make\nx = pack.fit()", Cause.NOT_KNOWN),
        ("%run other.ipynb\nimport pack\nx = pack.fit()", Cause.NOT_KNOWN),
        ("import pack, numpy as np\nx = pack.fit(np.random.rand())", Cause.NONDETERMINISM),
    ],
)
def test_where_something_else_may_be_the_reason_versions_are_not_blamed(first, cause):
    assert left(first)[0] is cause


def test_neither_the_authors_own_versions_nor_what_is_missing_leave_others():
    code = "import pack\nx = pack.fit()"
    assert left(code, own_versions=True)[0] is Cause.STALE_OUTPUT
    recorded = notebook((code, 1, None), ("print(x)", 2, printed("0.25\n")))
    (found,) = explained(recorded, {1: None}, packages=HERE)
    assert found.cause is Cause.NOT_KNOWN


def test_modules_are_told_by_the_packages_that_are_here():
    recorded = {"a.ipynb": notebook(("import sklearn.svm, study, six", 1, None))}
    environment = EnvironmentSeen(
        language="python", python="3.11.7", restored=True, seconds=1.0,
        packages=(Package(name="scikit-learn", version="1.5.0"), Package(name="sip", version="2")),
    )  # fmt: skip
    seen = Observation(
        crate="c", crate_name="c", repeat=0, agent="t", started="", ended="", runner="local",
        sandbox="none", environment=environment, notebooks=(),
    )  # fmt: skip
    assert dict(what_is_known(recorded, (seen,), None).packages) == {
        "sklearn": "scikit-learn 1.5.0"
    }
