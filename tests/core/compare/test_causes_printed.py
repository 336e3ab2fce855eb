"""Causes that the rerun tells itself: errors that it prints, help that is worded otherwise."""

import pytest

from core.compare.test_causes_of_outputs import explained, notebook, printed
from recrate.model.verdict import Cause
from recrate.report.reasons_causes import evidence_in_japanese

RAN = "Ran 3 tests in 0.1s\n\n{}\n"
SIGNATURE = "TypeError: f() takes 2 positional arguments but 4 were given"


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        (SIGNATURE, Cause.API_CHANGED),
        ("TypeError: too many arguments: expected 2, got 4", Cause.API_CHANGED),
        ("numpy.linalg.LinAlgError: Singular matrix", Cause.NOT_KNOWN),
        ("AttributeError: module 'numpy' has no attribute 'float'", Cause.API_CHANGED),
        ("ModuleNotFoundError: No module named 'xarray'", Cause.MISSING_PACKAGE),
    ],
)
def test_an_error_that_only_the_rerun_prints_is_asked_for_its_cause(line, cause):
    recorded = notebook(("import pack\npack.test()", 1, printed(RAN.format("OK"))))
    (found,) = explained(recorded, {0: printed(RAN.format(line))})
    assert found.cause is cause
    assert (line in found.evidence) is (cause is not Cause.NOT_KNOWN)


def test_an_error_that_the_record_prints_too_explains_nothing():
    recorded = notebook(("import pack\npack.test()", 1, printed(f"{SIGNATURE}\nin 1 s\n")))
    (found,) = explained(recorded, {0: printed(f"{SIGNATURE}\nin 9 s\n")})
    assert "prints an error" not in found.evidence


@pytest.mark.parametrize(
    ("first", "cause"),
    [
        ("Help on function f in module pack.part:", Cause.API_CHANGED),
        ("Help on package pack:", Cause.API_CHANGED),
        ("Help on function f in module __main__:", Cause.NOT_KNOWN),
    ],
)
def test_help_that_is_worded_otherwise_is_of_another_version(first, cause):
    recorded = notebook(("import pack\nhelp(pack.f)", 1, printed(f"{first}\n\nf(m, x)\n")))
    (found,) = explained(recorded, {0: printed(f"{first}\n\nf(m, x, norm=1)\n")})
    assert found.cause is cause
    if cause is Cause.API_CHANGED:
        assert "版によって異なる" in evidence_in_japanese(found.evidence)


@pytest.mark.parametrize(
    ("first", "cause"),
    [
        ("import numpy as np, pack\nnp.random.seed(3)\nx = np.random.rand()", Cause.API_CHANGED),
        ("import numpy as np, pack\nnp.random.seed(3)\nx = pack.sample()", Cause.API_CHANGED),
        ("import numpy as np, pack\nx = np.random.rand()", Cause.NONDETERMINISM),
        ("import numpy as np, pack\nx = pack.fit()", Cause.NOT_KNOWN),
        ("import numpy as np\nnp.random.seed(3)\nx = np.random.rand()", Cause.NOT_KNOWN),
    ],
)
def test_what_a_seed_settles_is_drawn_otherwise_by_other_versions(first, cause):
    recorded = notebook((first, 1, None), ("print(x)", 2, printed("0.25\n")))
    (found,) = explained(recorded, {1: printed("0.75\n")})
    assert found.cause is cause
    if cause is Cause.API_CHANGED:
        assert "cell 0 sets a seed" in found.evidence
        assert "シード" in evidence_in_japanese(found.evidence)


def test_with_the_authors_own_versions_a_seed_leaves_a_stale_output():
    code = "import numpy as np\nnp.random.seed(3)\nprint(np.random.rand())"
    (found,) = explained(
        notebook((code, 1, printed("0.25\n"))), {0: printed("0.75\n")}, own_versions=True
    )
    assert found.cause is Cause.STALE_OUTPUT
