"""Why an output is another one: the cause and its evidence, from code, record and reruns."""

import base64
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from recrate.compare.attribution import Known, with_causes
from recrate.compare.judge import judge
from recrate.model.observation import NotebookObservation, Observation, RunError
from recrate.model.policy import Policy
from recrate.model.verdict import Cause, OutputVerdict
from recrate.report.reasons_causes import evidence_in_japanese
from recrate.scan.cell_code import read_cell_codes

Document = dict[str, Any]


def shown(text: str, **more: Any) -> Document:
    return {"output_type": "execute_result", "data": {"text/plain": text}, "metadata": {}, **more}


def printed(text: str) -> Document:
    return {"output_type": "stream", "name": "stdout", "text": text}


def picture(colour: str, software: str) -> Document:
    told = PngImagePlugin.PngInfo()
    told.add_text("Software", software)
    content = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(content, "PNG", pnginfo=told)
    data = {"image/png": base64.b64encode(content.getvalue()).decode()}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def notebook(*cells: tuple[str, int | None, Document | None]) -> Document:
    """Make a notebook of (source, number it was run as, output)."""
    made = [
        {
            "cell_type": "code",
            "source": source,
            "execution_count": count,
            "metadata": {},
            "outputs": [output] if output else [],
        }
        for source, count, output in cells
    ]
    return {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def rerun_of(recorded: Document, outputs: dict[int, Document | None]) -> Document:
    cells = [
        {**cell, "execution_count": index + 1}
        | ({"outputs": [outputs[index]] if outputs[index] else []} if index in outputs else {})
        for index, cell in enumerate(recorded["cells"])
    ]
    return {**recorded, "cells": cells}


def explained(
    recorded: Document,
    *outputs: dict[int, Document | None],
    error: RunError | None = None,
    language: str = "python",
    **known: Any,
) -> list[OutputVerdict]:
    """Judge reruns that differ from the record in `outputs`, and return what does not hold."""
    reruns = [{"a.ipynb": rerun_of(recorded, one)} for one in outputs]
    seen = NotebookObservation(
        path="a.ipynb", status="failed" if error else "completed", seconds=1.0, error=error
    )
    observations = [
        Observation(
            crate="c", crate_name="c", repeat=number, agent="t", started="", ended="",
            runner="here", sandbox="none", environment=None, notebooks=(seen,),
        )
        for number in range(len(reruns))
    ]  # fmt: skip
    codes = {"a.ipynb": read_cell_codes(recorded, language)}
    told = with_causes(
        judge({"a.ipynb": recorded}, observations, reruns, Policy()),
        {"a.ipynb": recorded},
        observations,
        reruns,
        Known(codes=codes, **known),
    )
    outputs_told = [one for cell in told.notebooks[0].cells for one in cell.outputs]
    assert all((one.cause is None) == (one.evidence == "") for one in outputs_told)
    return [one for one in outputs_told if one.cause is not None]


def the_one(*arguments: Any, **more: Any) -> tuple[Cause | None, str]:
    (found,) = explained(*arguments, **more)
    return found.cause, found.evidence


STALE = [
    ("x = 5", 1, shown("4"), None, "ends without one"),
    ("x = f(3);", 1, shown("4"), None, "ends without one"),
    ("# only a remark", 1, printed("4\n"), None, "shows anything"),
    ("def f(a):\n    return a", 1, printed("4\n"), None, "shows anything"),
    ("print('mean of all')", 1, printed("sum of all\n"), printed("mean of all\n"), "mean of all"),
    ("sum(range(10))", 1, shown("44"), shown("45"), "nothing but Python"),
    ("import math\nround(math.sqrt(2), 3)", 1, shown("1.5"), shown("1.414"), "nothing but Python"),
    ("x * 2", 4, {**shown("8"), "execution_count": 3}, shown("9"), "of run [3]"),
]


@pytest.mark.parametrize(("source", "count", "before", "after", "words"), STALE)
def test_what_the_code_cannot_have_shown_is_stale(source, count, before, after, words):
    cause, evidence = the_one(notebook((source, count, before)), {0: after})
    assert cause is Cause.STALE_OUTPUT
    assert words in evidence


def test_words_that_only_the_code_of_today_has_are_stale():
    recorded = notebook(
        ("import pandas as pd\nt = pd.read_csv('a.csv')", 1, None),
        ("print('Average', t.x.mean())", 2, printed("Mean 3.5\n")),
    )
    cause, evidence = the_one(recorded, {1: printed("Average 3.7\n")})
    assert cause is Cause.STALE_OUTPUT
    assert "“Average” where the record says “Mean”" in evidence


def test_cells_run_in_another_order_are_found_by_the_name_that_moved():
    recorded = notebook(
        ("import numpy as np\nscale = np.array([1.0])", 1, None),
        ("total = scale * 3", 4, None),
        ("total", 5, shown("array([6.])")),
        ("scale = np.array([2.0])", 3, None),
    )
    cause, evidence = the_one(recorded, {2: shown("array([3.])")})
    assert cause is Cause.STALE_OUTPUT
    assert "in cell 1 [4] `scale` came from cell 3 [3], and now comes from cell 0" in evidence


def test_the_same_order_is_not_blamed():
    recorded = notebook(
        ("import numpy as np\nscale = np.array([1.0])", 1, None),
        ("total = scale * 3\ntotal", 2, shown("array([6.])")),
    )
    cause, _ = the_one(recorded, {1: shown("array([3.])")})
    assert cause is Cause.NOT_KNOWN


def test_a_cell_that_was_run_more_often_than_it_stands_there():
    recorded = notebook(
        ("from rates import rate\nx = rate()", 1, None),
        ("x = x * 2", 4, None),
        ("x", 5, shown("80")),
    )
    cause, evidence = the_one(recorded, {2: shown("20")})
    assert cause is Cause.STALE_OUTPUT
    assert "changes `x` each time" in evidence


def test_chance_is_told_with_the_call_and_its_cell():
    recorded = notebook(
        ("import numpy as np", 1, None),
        ("x = np.random.normal(size=3)", 2, None),
        ("x.mean()", 3, shown("0.31")),
    )
    cause, evidence = the_one(recorded, {2: shown("0.92")})
    assert cause is Cause.NONDETERMINISM
    assert evidence == "cell 1 draws by chance (`numpy.random.normal`) and no seed is set"


@pytest.mark.parametrize(
    "seed",
    ["np.random.seed(3)", "np.random.seed(seed=0)", "import numpy.random as r\nr.seed(1)"],
)
def test_a_seed_settles_what_is_drawn_behind_it(seed):
    recorded = notebook(
        (f"import numpy as np\n{seed}", 1, None),
        ("np.random.normal(size=3).mean()", 2, shown("0.31")),
    )
    assert the_one(recorded, {1: shown("0.92")})[0] is Cause.NOT_KNOWN


def test_a_seed_of_another_library_settles_nothing():
    recorded = notebook(
        ("import random, numpy as np\nrandom.seed(1)", 1, None),
        ("np.random.rand()", 2, shown("0.31")),
    )
    assert the_one(recorded, {1: shown("0.92")})[0] is Cause.NONDETERMINISM


@pytest.mark.parametrize(
    ("code", "chance"),
    [
        ("from sklearn.ensemble import RandomForestClassifier as F\nF(n_estimators=3)", True),
        ("from sklearn.ensemble import RandomForestClassifier as F\nF(random_state=0)", False),
        ("from sklearn.ensemble import RandomForestClassifier as F\nF(random_state=None)", True),
        ("import numpy as np\nnp.random.default_rng().normal()", True),
        ("import numpy as np\nnp.random.default_rng(4).normal()", False),
        ("import torch\ntorch.randn(3)", True),
        ("import pandas as pd\npd.DataFrame({'a': [1, 2]}).sample(1)", True),
        ("import uuid\nuuid.uuid4()", True),
        ("from datetime import datetime\ndatetime.now().year", True),
        ("import time\ntime.time()", True),
        ("import pandas as pd\npd.Timestamp('2020-01-01')", False),
    ],
)
def test_what_counts_as_chance(code, chance):
    cause, _ = the_one(notebook((code, 1, shown("31.5"))), {0: shown("92.5")})
    assert (cause is Cause.NONDETERMINISM) == chance


SOLVED = "from time import time\nt0 = time()\ns = solve()\nt1 = time()\n"


@pytest.mark.parametrize(
    ("above", "below", "chance"),
    [
        (SOLVED + "print('took', t1 - t0)", "s.mean()", False),
        (SOLVED + "took = t1 - t0", "took", True),
        (SOLVED + "s.took = t1 - t0", "s.mean()", True),
        (SOLVED + "report(t1 - t0)", "s.mean()", True),
        ("%time s = solve()", "s.mean()", False),
    ],
)
def test_a_clock_is_the_cause_only_of_what_its_time_can_reach(above, below, chance):
    recorded = notebook((above, 1, None), (below, 2, shown("31.5")))
    cause, _ = the_one(recorded, {1: shown("92.5")})
    assert (cause is Cause.NONDETERMINISM) == chance


def test_two_reruns_that_agree_speak_against_chance():
    recorded = notebook(("import numpy as np\nnp.random.rand()", 1, shown("0.31")))
    (one,) = explained(recorded, {0: shown("0.92")}, {0: shown("0.92")})
    assert one.cause is not Cause.NONDETERMINISM


def test_two_reruns_that_differ_are_nondeterminism_whatever_the_code_says():
    recorded = notebook(("from model import fit\nfit()", 1, shown("0.31")))
    (one,) = explained(recorded, {0: shown("0.92")}, {0: shown("0.75")})
    assert (one.cause, one.evidence) == (
        Cause.NONDETERMINISM,
        "two reruns differ from each other",
    )


def test_changed_data_are_named_with_the_cell_that_reads_them():
    recorded = notebook(
        ("import pandas as pd\nt = pd.read_csv('data/rain.csv')", 1, None),
        ("t.mm.sum()", 2, shown("31.5")),
    )
    cause, evidence = the_one(
        recorded,
        {1: shown("92.5")},
        changed=("data reference data/rain.csv changed: its SHA-256 is another",),
    )
    assert cause is Cause.DATA_CHANGED
    assert evidence.startswith("cell 0 reads rain.csv: ")


def test_what_follows_from_another_cell_says_so():
    recorded = notebook(
        ("from rates import rate\nx = 4", 1, shown("5")),
        ("y = x * rate()\ny", 2, shown("10.5")),
    )
    first, second = explained(recorded, {0: None, 1: shown("8.25")})
    assert (first.cause, second.cause) == (Cause.STALE_OUTPUT, Cause.STALE_OUTPUT)
    assert second.evidence.startswith("follows from cell 0: ")


def test_what_was_not_reached_has_the_cause_of_the_stop():
    recorded = notebook(
        ("import nothing_here", 1, None), ("print(1)", 2, printed("1\n")), ("1", 3, shown("1"))
    )
    error = RunError(name="ModuleNotFoundError", message="No module named 'nothing_here'", cell=0)
    told = explained(recorded, {1: None, 2: None}, error=error)
    assert {one.cause for one in told} == {Cause.MISSING_PACKAGE}
    assert {one.evidence for one in told} == {"the notebook stopped at cell 0: ModuleNotFoundError"}


RELEASES = [
    ("Lasso(alpha=1.0, copy_X=True, fit_intercept=True, normalize=False)", "Lasso()", "0.23"),
    ("a    1\ndtype: object", "a    1\ndtype: str", "pandas: since 3.0"),
    ("Int64Index([1, 2], dtype='int64')", "Index([1, 2], dtype='int64', name='k')", "2.0"),
]


@pytest.mark.parametrize(("before", "after", "words"), RELEASES)
def test_packages_that_are_known_to_show_otherwise(before, after, words):
    recorded = notebook(("from study import table\ntable()", 1, shown(before)))
    told = explained(recorded, {0: shown(after)})
    for one in told:  # what the comparer calls equivalent has no cause
        assert one.cause is Cause.API_CHANGED
        assert words in one.evidence


def test_pictures_tell_by_which_version_they_were_drawn():
    old = picture("white", "matplotlib version 2.0.2, http://matplotlib.org/")
    new = picture("navy", "Matplotlib version3.8.4, https://matplotlib.org/")
    recorded = notebook(("import matplotlib.pyplot as plt\nplt.plot([1])", 1, old))
    cause, evidence = the_one(recorded, {0: new})
    assert cause is Cause.API_CHANGED
    assert evidence == "matplotlib: the record was drawn by 2.0.2, the rerun by 3.8.4"


def test_last_digits_are_the_machine_s():
    recorded = notebook(("from study import fit\nfit()", 1, shown("0.1234567 2.5")))
    cause, _ = the_one(recorded, {0: shown("0.1234599 2.5")})
    assert cause is Cause.HARDWARE_OR_THREADS


def test_versions_of_the_authors_own_kernel_leave_only_another_code():
    recorded = notebook(("from study import fit\nfit()", 1, shown("3.5")))
    assert the_one(recorded, {0: shown("4.5")})[0] is Cause.NOT_KNOWN
    cause, evidence = the_one(recorded, {0: shown("4.5")}, own_versions=True)
    assert cause is Cause.STALE_OUTPUT
    assert "author's kernel" in evidence


def test_r_is_asked_for_chance_only():
    recorded = notebook(("x <- rnorm(3)\nmean(x)", 1, shown("[1] 0.31")))
    (one,) = explained(recorded, {0: shown("[1] 0.92")}, language="r")
    assert one.cause is Cause.NONDETERMINISM
    settled = notebook(("set.seed(1)\nx <- rnorm(3)\nmean(x)", 1, shown("[1] 0.31")))
    (one,) = explained(settled, {0: shown("[1] 0.92")}, language="r")
    assert one.cause is Cause.NOT_KNOWN


def test_every_evidence_is_told_in_japanese():
    cases = [
        *((notebook((one[0], one[1], one[2])), {0: one[3]}) for one in STALE),
        *((notebook(("table()", 1, shown(one[0]))), {0: shown(one[1])}) for one in RELEASES),
    ]
    for recorded, after in cases:
        for one in explained(recorded, after):
            assert evidence_in_japanese(one.evidence) != one.evidence


@given(st.lists(st.text(max_size=60), max_size=4), st.integers(0, 3))
def test_no_code_makes_it_raise(sources, place):
    cells = [(source, index, shown("1")) for index, source in enumerate(sources)]
    recorded = notebook(*cells)
    explained(recorded, {place: shown("2")} if place < len(cells) else {})
