"""Laws of comparing files: nothing raises, itself is identical, a changed number is found."""

import csv
import io
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.compare.file_kinds import compare_files
from recrate.compare.outcome import Terms

SUFFIXES = (
    *("csv", "tsv", "json", "jsonl", "txt", "html", "svg", "eps", "npy", "npz", "pdf", "png"),
    *("zip", "csv.gz", "json.xz", "txt.bz2", "h5", "parquet", "xlsx", "pkl", "log", "bin", ""),
)
MAGIC = st.sampled_from(
    [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\x1f\x8b", b"%PDF-1.4\nstream\n", b"[{", b"PAR1"]
)  # fmt: skip
CONTENT = st.builds(bytes.__add__, MAGIC, st.binary(max_size=200))
NUMBER = st.floats(min_value=-1e6, max_value=1e6).filter(lambda number: abs(number) > 1e-3)
ROWS = st.lists(st.lists(NUMBER, min_size=3, max_size=3), min_size=1, max_size=12)
NAMES = st.lists(
    st.text(string.ascii_letters + " ,;\"'", min_size=1, max_size=8).filter(str.strip),
    min_size=3, max_size=3, unique=True,
)  # fmt: skip


@given(st.sampled_from(SUFFIXES), CONTENT, CONTENT)
def test_any_two_contents_get_an_answer_with_a_reason(suffix, before, after):
    outcome = compare_files(f"a.{suffix}", before, after, Terms())
    assert outcome.reason
    assert (outcome.verdict.value == "identical") == (before == after)


def written(head, rows, **more):
    stream = io.StringIO()
    writer = csv.writer(stream, **more)
    writer.writerow(head)
    writer.writerows(rows)
    return stream.getvalue().encode()


@given(NAMES, ROWS, st.sampled_from([{"lineterminator": "\n"}, {"quoting": csv.QUOTE_ALL}]))
def test_a_table_written_otherwise_holds(head, rows, more):
    outcome = compare_files("t.csv", written(head, rows), written(head, rows, **more), Terms())
    assert outcome.holds, outcome


@given(NAMES, ROWS, st.data(), st.sampled_from([1.001, 0.5, 2.0, -1.0]))
def test_a_changed_number_in_a_table_is_found_and_named(head, rows, data, factor):
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, 2))
    changed = [list(one) for one in rows]
    changed[row][column] *= factor
    outcome = compare_files("t.csv", written(head, rows), written(head, changed), Terms())
    assert outcome.verdict.value == "different"
    assert outcome.reason.startswith(f"1 of {3 * len(rows)} numbers differ")
    assert f"row {row + 1}, column " in outcome.reason


@given(ROWS, st.sampled_from([1 + 1e-9, 1.001]))
def test_arrays_follow_the_tolerance(rows, factor):
    contents = []
    for array in (np.array(rows), np.array(rows) * factor):
        stream = io.BytesIO()
        np.save(stream, array)
        contents.append(stream.getvalue())
    outcome = compare_files("a.npy", *contents, Terms())
    assert outcome.holds == (factor < 1 + 1e-6)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_bytes_are_identical_whatever_they_are(suffix):
    assert compare_files(f"a.{suffix}", b"x\0", b"x\0", Terms()).verdict.value == "identical"
