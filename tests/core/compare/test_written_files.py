"""Files by kind: what counts as the same, what does not, what nobody can say."""

import gzip
import io
import json
import pickle
import struct
import sys
import zipfile
import zlib

import numpy as np
import pytest

from recrate.compare.file_kinds import compare_files
from recrate.compare.outcome import Terms

CLOCK = Terms(source="start = time.perf_counter()\nprint(time.perf_counter() - start)")
ASKS = Terms(source="datetime.now().isoformat()")


def told(path, before, after, terms=None):
    outcome = compare_files(path, _bytes(before), _bytes(after), terms or Terms())
    return outcome.verdict.value, outcome.reason


def _bytes(content):
    return content.encode() if isinstance(content, str) else content


def npy(array, **more):
    stream = io.BytesIO()
    np.save(stream, array, **more)
    return stream.getvalue()


def npz(**arrays):
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


TABLE = "name,mean,n\na,1.5,3\nb,2.5,4\nc,3.5,5\n"


CASES = [
    ("t.csv", TABLE, TABLE.replace("\n", "\r\n"), "equivalent", "same table, written"),
    ("t.csv", TABLE, TABLE.replace("2.5", "2.500"), "equivalent", "same table; 1 of 6 numbers"),
    ("t.csv", TABLE, TABLE.replace("2.5", "2.6025"), "different",
     "1 of 6 numbers differ, largest by 4.1 % at row 2, column “mean”: 2.5 became 2.6025"),
    ("t.csv", TABLE, TABLE.replace("b,", "q,"), "different",
     "1 of 9 table cells differ; row 2, column “name”: b became q"),
    ("t.csv", TABLE, TABLE + "d,4.5,6\n", "different", "the table has 4 rows instead of 3"),
    ("t.csv", TABLE, "name,n,mean\na,3,1.5\nb,4,2.5\nc,5,3.5\n", "equivalent",
     "same after ignoring order of columns"),
    ("t.csv", TABLE, TABLE.replace("mean", "median"), "different",
     "column “median” instead of “mean”"),
    ("t.csv", TABLE, "", "different", "one of the tables is empty"),
    ("t.tsv", "a\tb\n1\t2,5\n", "a\tb\n1\t2,6\n", "different", "1 of 2 table cells differ"),
    ("t.csv", "1;2\n3;4\n", "1;2\n3;5\n", "different",
     "1 of 4 numbers differ, largest by 25 % at row 2, column 2: 4 became 5"),
    ("t.csv.gz", gzip.compress(TABLE.encode(), mtime=0), gzip.compress(TABLE.encode(), mtime=9),
     "equivalent", "same content, packed otherwise"),
    ("t.csv.gz", gzip.compress(TABLE.encode()), gzip.compress(TABLE[:-8].encode()),
     "different", "2 rows instead of 3"),
    ("d.json", '{"a": [1.0, 2.0]}', '{"a": [1.0,  2.0]}', "equivalent", "same values"),
    ("d.json", '{"a": 1.0}', '{"a": 1.2}', "different", "1 of 1 numbers differ"),
    ("d.jsonl", '{"a": 1}\n{"a": 2}\n', '{"a": 1}\n{"a": 3}\n', "different", "at [1].a"),
    ("r.txt", "r2 = 0.913\n", "r2 = 0.871\n", "different", "1 of 1 numbers differ"),
    ("r.txt", "text", b"\x00\x01", "different", "no text any more"),
    ("run.log", "a", "b", "skipped", "a log"),
    ("logs/r.txt", "a", "b", "skipped", "a log"),
    (".state/r.txt", "a", "b", "skipped", "a log"),
    ("model.pkl", pickle.dumps(1), pickle.dumps(2), "skipped", "compared safely"),
    ("x.bin", b"\x00a", b"\x00b", "skipped", "its kind (.bin) cannot be looked into"),
    ("README", "a 1", "a 2", "skipped", "its kind (no ending) is not known"),
    ("a.npy", npy(np.arange(4.0)), npy(np.arange(4.0) * (1 + 1e-9)), "equivalent", "3 of 4"),
    ("a.npy", npy(np.arange(6.0).reshape(2, 3)), npy(np.arange(6.0).reshape(3, 2)),
     "different", "the array has the shape (3, 2) instead of (2, 3)"),
    ("a.npy", npy(np.ones((2, 2))), npy(np.array([[1, 1], [1, 1.5]])), "different",
     "1 of 4 numbers differ, largest by 50 % at [1, 1]: 1.0 became 1.5"),
    ("a.npy", npy(np.array([np.nan, 1])), npy(np.array([np.nan, 1], dtype="f4")),
     "equivalent", "as float32 instead of float64"),
    ("a.npy", npy(np.array([1.0, 2.0])), npy(np.array([1.0, np.nan])), "different",
     "beyond measure"),
    ("a.npy", npy(np.array([None, 1])), npy(np.array([None, 2])), "skipped", "never loaded"),
    ("a.npy", npy(np.ones(3)), npy(np.array([None, 1])), "different", "never loaded"),
    ("a.npy", npy(np.array(["a", "b"])), npy(np.array(["a", "c"])), "different",
     "1 of 2 values differ, the first at [1]: b became c"),
    ("a.npz", npz(x=np.ones(2), y=np.ones(2)), npz(x=np.ones(2), y=np.zeros(2)),
     "different", "2 of 2 numbers differ, largest by 1e+02 % at “y” [0]: 1.0 became 0.0"),
    ("a.npz", npz(x=np.ones(2)), npz(z=np.ones(2)), "different", "“x” is gone"),
    ("a.zip", zipped(a_csv=TABLE), zipped(a_csv=TABLE.replace("2.5", "9.5")), "different",
     "in “a.csv”: 1 of 6 numbers differ"),
    ("a.zip", zipped(a_csv=TABLE), zipped(b_csv=TABLE), "different", "gone from the archive"),
    ("p.svg", "<svg><path id='a1' d='M 1 2'/></svg>", "<svg><path id='b7' d='M 1 2'/></svg>",
     "equivalent", "same drawing"),
    ("p.html", "<p>1.0</p>", "<p>1.5</p>", "different", "numbers differ"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "before", "after", "verdict", "reason"),
    CASES,
    ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)],
)
def test_every_kind_has_its_reason(path, before, after, verdict, reason):
    found = told(path, before, after)
    assert found[0] == verdict, found
    assert reason in found[1]


def test_a_number_in_a_file_is_a_result_also_where_its_cell_measures_time():
    assert told("x.txt", "0.51\n0.22\n", "0.51\n0.87\n", CLOCK)[0] == "different"
    head = "model,fit_seconds,score\na,{},0.9\n"
    assert told("x.csv", head.format(1.2), head.format(3.4), CLOCK)[0] == "equivalent"
    assert told("x.csv", head.format(1.2), head.format(3.4))[0] == "different"
    record = '{{"created": "{}", "score": {}}}'
    assert told("x.json", record.format("a", 1), record.format("b", 1), ASKS)[0] == "equivalent"
    assert told("x.json", record.format("a", 1), record.format("b", 2), ASKS)[0] == "different"
    assert told("x.json", record.format("a", 1), record.format("b", 1))[0] == "different"
    day = "made on {}\nmean 1.5\n".format
    assert told("x.txt", day("2026-01-02 10:00:00"), day("2026-03-04 11:12:13"), ASKS)[0] == (
        "equivalent"
    )


def pdf(date, drawn):
    body = zlib.compress(drawn)
    return (
        b"%PDF-1.4\n1 0 obj\n<< /CreationDate (D:" + date + b") /Length %d >>\n" % len(body)
        + b"stream\n" + body + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(date)
    )  # fmt: skip


def test_a_pdf_is_the_same_but_for_its_date_or_not_compared():
    before = pdf(b"20260101", b"1 0 m 2 2 l S")
    assert told("a.pdf", before, pdf(b"20260202000000", b"1 0 m 2 2 l S"))[0] == "equivalent"
    assert told("a.pdf", before, pdf(b"20260101", b"1 0 m 2 9 l S"))[0] == "skipped"


def header(shape):
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def test_claims_of_size_allocate_nothing():
    huge = header((10**9, 10**9))
    assert told("a.npy", npy(np.ones(3)), huge) == (
        "different",
        "the rerun's file: it is not as long as its header says",
    )
    assert told("a.npy", header((-1,)), npy(np.ones(3)))[0] == "skipped"
    bomb = gzip.compress(b"0" * 300 * 1024**2)
    assert "unpacks to more than" in told("a.txt.gz", gzip.compress(b"1"), bomb)[1]
    assert "unpacks to more than" in told("a.zip", zipped(a="1"), zipped(a=bomb_of_zip()))[1]


def bomb_of_zip():
    return b"0" * 300 * 1024**2


@pytest.mark.parametrize(
    "path", ["a.json", "a.npy", "a.npz", "a.zip", "a.csv.gz", "a.png", "a.pdf"]
)
@pytest.mark.parametrize(
    "content",
    [b"", b"[" * 200_000, b"PK\x05\x06" + b"\0" * 17, b"\x93NUMPY", b"\x1f\x8b\x08"],
    ids=["empty", "deep", "zip", "npy", "gz"],
)
def test_broken_content_on_either_side_is_told_and_raises_nothing(path, content):
    sound = {"a.json": json.dumps([1]).encode(), "a.npy": npy(np.ones(2)), "a.npz": npz(a=1)}
    other = sound.get(path, b"sound")
    for pair in ((content, other), (other, content)):
        assert told(path, *pair)[0] in {"different", "skipped"}


def test_without_its_library_a_kind_is_not_compared_and_says_what_to_install(monkeypatch):
    for module, path in (("h5py", "a.h5"), ("openpyxl", "a.xlsx"), ("pyarrow.parquet", "a.pq")):
        monkeypatch.setitem(sys.modules, module, None)
        verdict, reason = told(path, b"\x89HDF\r\n\x1a\n1", b"\x89HDF\r\n\x1a\n2")
        assert verdict == "skipped"
        assert f"needs {module.split('.')[0]} (install recrate[files])" in reason
