"""Names that a cell uses and no cell is seen to bind: star imports, `%run`, a start-up file."""

import pytest
from tests.core.compare.test_causes_of_outputs import notebook, shown, the_one

from recrate.compare.slices import slice_of
from recrate.model.verdict import Cause
from recrate.scan.cell_code import read_cell_codes

STARS = "from numpy import *\nfrom matplotlib.pyplot import *"


@pytest.mark.parametrize(
    "above",
    [
        STARS,
        "%pylab inline",
        "%run settings.py",
        "%load settings.py",
        "exec(open('settings.py').read())",
        "pass",
    ],
)
def test_what_the_code_takes_from_elsewhere_is_not_python_alone(above):
    recorded = notebook((above, 1, None), ("plot(3)", 2, shown("4.5")))
    cause, evidence = the_one(recorded, {1: shown("7.5")})
    assert cause is not Cause.STALE_OUTPUT, evidence


@pytest.mark.parametrize("above", ["pass", "from math import *", "import antigravity as a\n"])
def test_python_alone_stays_python_alone(above):
    recorded = notebook((above, 1, None), ("sum([1, 2, 3])", 2, shown("44")))
    cause, evidence = the_one(recorded, {1: shown("6")})
    assert cause is Cause.STALE_OUTPUT
    assert "nothing but Python" in evidence


def test_a_star_import_may_take_over_a_name_of_python():
    recorded = notebook(("from numpy import *", 1, None), ("sum([0.1, 3])", 2, shown("44")))
    assert the_one(recorded, {1: shown("3.1")})[0] is not Cause.STALE_OUTPUT


@pytest.mark.parametrize(
    ("above", "code", "chance"),
    [
        ("from numpy.random import *", "randn(3).mean()", True),
        ("from numpy.random import *\nseed(3)", "randn(3).mean()", False),
        ("from numpy import *", "random.rand()", True),
        ("from pylab import *", "rand(3).mean()", True),
        ("from matplotlib.pylab import *", "rand(3).mean()", True),
        ("%pylab inline", "randn()", True),
        ("from random import *", "gauss(0, 1)", True),
        ("from time import *", "perf_counter()", True),
        ("from pylab import *\ndef power(a):\n    return solve(a)", "power(3)", False),
        ("from numpy import *", "arange(3).mean()", False),
    ],
)
def test_chance_is_seen_where_a_star_import_brought_it(above, code, chance):
    recorded = notebook((above, 1, None), (code, 2, shown("31.5")))
    cause, _ = the_one(recorded, {1: shown("92.5")})
    assert (cause is Cause.NONDETERMINISM) == chance


def test_the_slice_tells_which_names_nobody_binds():
    recorded = notebook(("import os\na = 1", 1, None), ("print(a, b, len([a]))", 2, None))
    hangs = slice_of(1, read_cell_codes(recorded, "python"))
    assert hangs.unbound == {"b"}
    assert hangs.complete
    assert [one.cell for one in hangs.cells] == [1, 0]
