"""What holds for every comparison, whatever the notebooks say."""

import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recrate.compare.dialects import BOKEH, PLAIN, PLOTLY, VEGA, WIDGETS, Dialect
from recrate.compare.judge import compare_notebooks, judge
from recrate.compare.outcome import Terms
from recrate.compare.structures import compare_structures
from recrate.model.policy import Policy, Tolerance
from recrate.model.verdict import Coverage, Judgement
from single_changes.everything import QUICK
from single_changes.kinds import Kind

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(["\ud800", "<table><tr><td>1", "{1, 2", "\x1b[", "\r\r", "1e999999", "nan"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = ("output_type", "name", "text", "data", "ename", "evalue", "metadata")
MIMES = ("text/plain", "text/html", "image/png", "image/svg+xml", "application/json", "text/latex")
TYPES = ("stream", "display_data", "execute_result", "error")
OUTPUT = st.dictionaries(
    st.sampled_from(KEYS),
    st.sampled_from([*TYPES, "stdout", "stderr"])
    | st.dictionaries(st.sampled_from(MIMES), JSON, max_size=3)
    | JSON,
    max_size=5,
)
CELL = st.fixed_dictionaries(
    {"cell_type": st.just("code") | JSON, "outputs": st.lists(OUTPUT | JSON, max_size=4) | JSON},
    optional={"source": JSON, "metadata": JSON, "id": JSON},
)
HOSTILE = st.fixed_dictionaries(
    {}, optional={"cells": st.lists(CELL | JSON, max_size=4) | JSON, "metadata": JSON}
)
NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6)


def notebook(*outputs: dict[str, Any]) -> dict[str, Any]:
    cell = {"cell_type": "code", "source": "f()", "metadata": {}, "outputs": list(outputs)}
    return {"cells": [cell], "metadata": {}}


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def adds_up(coverage: Coverage) -> bool:
    compared = (
        coverage.identical
        + coverage.equivalent
        + coverage.different
        + coverage.missing
        + coverage.unstable
    )
    outputs = compared + coverage.skipped + coverage.waived
    return coverage.compared == compared and coverage.outputs == outputs


@SLOW
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_notebook_however_hostile_breaks_the_judge(left: Any, right: Any, again: Any) -> None:
    verdict = compare_notebooks("a.ipynb", left, [right, again], Policy())
    assert adds_up(verdict.coverage)
    whole = judge({"a.ipynb": left}, [], [{"a.ipynb": right}], Policy())
    assert adds_up(whole.coverage)


@SLOW
@given(HOSTILE)
def test_a_notebook_compared_with_itself_is_never_different(document: Any) -> None:
    verdict = compare_notebooks("a.ipynb", document, [document], Policy())
    covered = verdict.coverage
    assert covered.identical == covered.compared == covered.outputs
    assert verdict.verdict in (Judgement.IDENTICAL, Judgement.RAN)


@SLOW
@given(NUMBERS, st.floats(-1e-3, 1e-3), st.floats(0, 1e-2), st.floats(0, 1e-2))
def test_widening_the_tolerance_never_turns_equivalent_into_different(
    values: list[float], shift: float, narrow: float, more: float
) -> None:
    recorded = notebook(stream(" ".join(f"{value!r}" for value in values)))
    rerun = notebook(stream(" ".join(f"{value * (1 + shift)!r}" for value in values)))
    tight = Policy(tolerance=Tolerance(relative=narrow))
    wide = Policy(tolerance=Tolerance(relative=narrow + more))
    if compare_notebooks("a", recorded, [rerun], tight).coverage.different == 0:
        assert compare_notebooks("a", recorded, [rerun], wide).coverage.different == 0


@SLOW
@given(st.lists(st.text(max_size=30), max_size=6), st.lists(st.text(max_size=30), max_size=6))
def test_what_the_rerun_adds_never_lowers_a_verdict(lines: list[str], extra: list[str]) -> None:
    bundle = {"output_type": "display_data", "data": {"text/latex": "\n".join(lines) or "x"}}
    added = {"output_type": "display_data", "data": {"text/markdown": "\n".join(extra) or "y"}}
    verdict = compare_notebooks("a", notebook(bundle), [notebook(bundle, added)], Policy())
    assert verdict.verdict is Judgement.IDENTICAL
    assert verdict.coverage.added == 1


def shuffled(value: Any) -> Any:
    """Return a JSON value with the keys of all mappings the other way round."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return [shuffled(one) for one in value] if isinstance(value, list) else value


@SLOW
@given(JSON, JSON, st.sampled_from([PLAIN, PLOTLY, VEGA, BOKEH, WIDGETS]))
def test_the_order_of_keys_changes_no_judgement(left: Any, right: Any, dialect: Dialect) -> None:
    asked = compare_structures(left, right, Terms(), dialect).holds
    assert compare_structures(shuffled(left), right, Terms(), dialect).holds == asked
    assert compare_structures(left, shuffled(left), Terms(), dialect).holds


@SLOW
@given(JSON, st.floats(-1e6, 1e6), st.floats(1e-3, 10), st.lists(st.booleans(), max_size=4))
def test_a_changed_number_is_found_anywhere_in_a_structure(
    beside: Any, number: float, change: float, path: list[bool]
) -> None:
    before, after = number, number + change * max(1.0, abs(number))
    for in_list in path:
        before, after = (
            [beside, one, beside] if in_list else {"beside": beside, "inner": one}
            for one in (before, after)
        )
    for dialect in (PLAIN, PLOTLY, VEGA, BOKEH, WIDGETS):
        assert not compare_structures(before, after, Terms(), dialect).holds


@SLOW
@given(st.sampled_from(QUICK), st.integers(0, 2**30))
def test_a_real_output_compared_with_itself_is_identical(kind: Kind, seed: int) -> None:
    pair = kind.make(random.Random(seed))
    outputs = [one for one in pair.recorded if one["output_type"] != "error"]
    cell = {"cell_type": "code", "source": pair.source, "metadata": {}, "outputs": outputs}
    document = {"cells": [cell], "metadata": pair.metadata[0]}
    verdict = compare_notebooks("a.ipynb", document, [document], Policy())
    assert verdict.verdict in (Judgement.IDENTICAL, Judgement.RAN)
