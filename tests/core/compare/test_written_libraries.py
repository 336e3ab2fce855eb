"""HDF5, parquet and Excel: read by their libraries, with an end to what is read."""

import io

import numpy as np
import pytest

from recrate.compare.file_kinds import compare_files
from recrate.compare.outcome import Terms

h5py = pytest.importorskip("h5py", reason="needs h5py: install recrate[files]")
openpyxl = pytest.importorskip("openpyxl", reason="needs openpyxl: install recrate[files]")
pyarrow = pytest.importorskip("pyarrow", reason="needs pyarrow: install recrate[files]")
parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow: install recrate[files]")


def told(path, before, after):
    outcome = compare_files(path, before, after, Terms())
    return outcome.verdict.value, outcome.reason


def hdf5(scale=1.0, day="2026-01-01", more=None):
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.attrs["history"] = f"written on {day}"
        file["runs/x"] = np.arange(12.0).reshape(4, 3) * scale
        file["runs"].attrs["unit"] = "m"
        file["names"] = np.array(["a", "b"], dtype=h5py.string_dtype())
        if more is not None:
            more(file)
    return stream.getvalue()


def test_hdf5_is_compared_data_set_by_data_set():
    assert told("a.h5", hdf5(), hdf5(day="2026-02-02"))[0] == "equivalent"
    assert told("a.h5", hdf5(), hdf5(1 + 1e-9))[0] == "equivalent"
    verdict, reason = told("a.nc", hdf5(), hdf5(1.05))
    assert verdict == "different"
    assert reason.startswith("11 of 12 numbers differ, largest by 5 % at “runs/x” [")
    gone = hdf5(more=lambda file: file.__delitem__("names"))
    assert told("a.h5", hdf5(), gone) == ("different", "“names” is gone")
    unit = hdf5(more=lambda file: file["runs"].attrs.__setitem__("unit", "cm"))
    assert told("a.h5", hdf5(), unit)[0] == "different"


def test_hdf5_that_points_elsewhere_or_claims_too_much_is_not_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"0123456789")

    def outside(file):
        file.create_dataset("e", (10,), "u1", external=[(str(secret), 0, 10)])

    def link(file):
        file["l"] = h5py.ExternalLink(str(tmp_path / "none.h5"), "/")

    def huge(file):
        file.create_dataset("big", (10**9, 1000), "f8", chunks=True)

    assert told("a.h5", hdf5(), hdf5(more=outside)) == (
        "skipped",
        "not compared: the rerun's file: its data lie in other files",
    )
    assert told("a.h5", hdf5(), hdf5(more=link))[0] == "equivalent"
    assert "more than 256 MiB" in told("a.h5", hdf5(), hdf5(more=huge))[1]
    assert told("a.h5", hdf5(), hdf5()[:300])[0] == "different"
    assert told("a.mat", b"MATLAB 5.0 MAT-file 1", b"MATLAB 5.0 MAT-file 2")[0] == "skipped"


def table(**columns):
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), stream)
    return stream.getvalue()


def test_parquet_is_compared_as_a_table():
    names, means = ["a", "b", "c"], [1.0, 2.5, None]
    before = table(name=names, mean=means)
    assert told("t.parquet", before, table(mean=means, name=names))[0] == "equivalent"
    assert told("t.parquet", before, table(name=names, mean=[1.0, 2.6025, None])) == (
        "different",
        "1 of 2 numbers differ, largest by 4.1 % at row 2, column “mean”: 2.5 became 2.6025",
    )
    assert told("t.parquet", before, table(name=names, mean=[1.0, 2.5, 3.0]))[1] == (
        "1 of 6 table cells differ; row 3, column “mean”: empty became 3.0"
    )
    assert told("t.parquet", before, before[:-10])[0] == "different"
    assert told("t.parquet", before[:-10], before)[0] == "skipped"


def sheet(*rows, title="S", made=1):
    from datetime import UTC, datetime  # noqa: PLC0415 - for this alone

    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.properties.created = datetime(2026, 1, made, tzinfo=UTC).replace(tzinfo=None)
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    book.save(stream)
    return stream.getvalue()


def test_excel_is_compared_by_its_values():
    rows = (["name", "mean"], ["a", 1.5], ["b", 2.5])
    before = sheet(*rows)
    assert told("t.xlsx", before, sheet(*rows, made=2))[0] == "equivalent"
    verdict, reason = told("t.xlsx", before, sheet(*rows[:2], ["b", 2.7]))
    assert (verdict, "row 2, column “mean”" in reason) == ("different", True)
    assert told("t.xlsx", before, sheet(*rows, title="Q")) == (
        "different",
        "the file has other sheets",
    )
    assert told("t.xlsx", before, b"PK\x03\x04")[0] == "different"
