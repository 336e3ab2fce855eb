"""Files that only a library reads: HDF5, parquet, Excel. Without it they are not compared."""

import importlib
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from recrate.compare.file_arrays import Array, compare_named
from recrate.compare.file_rows import compare_rows, in_words
from recrate.compare.outcome import Outcome, Terms, different, heaviest, skipped
from recrate.compare.unpacking import MOST_BYTES, TooLargeError, members_of

_MOST_DATASETS = 5_000
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_ROWS_AT_ONCE = 10_000
_OF_THE_DAY = ("history", "date", "created", "modified", "timestamp", "uuid", "version")
"""Parts of the names of attributes that tell of the writing, not of what was written."""


class _NotReadError(Exception):
    """The content cannot be read here; says why, for people."""


def _library(name: str) -> Any:
    """Return a library, None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _needs(name: str) -> Outcome:
    return skipped(f"differs; not compared: needs {name} (install recrate[files])")


def compare_hdf5(recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    """Compare two HDF5 files (also NetCDF 4 and MATLAB 7.3), every data set and attribute."""
    if _SIGNATURE not in recorded[:4096]:
        return skipped("differs, and is not compared: no HDF5 file, but one of an older kind")
    library = _library("h5py")
    if library is None:
        return _needs("h5py")
    before, after, complaint = _both(recorded, rerun, lambda content: _arrays(library, content))
    if complaint is not None:
        return complaint
    return compare_named(before, after, terms)


def _arrays(library: Any, content: bytes) -> dict[str, Array]:
    """Return the data sets and attributes of a file by path; no link out of it is followed."""
    found: dict[str, Array] = {}
    with library.File(io.BytesIO(content), "r") as file:
        left = [MOST_BYTES]

        def take(name: str, item: Any) -> None:
            if len(found) > _MOST_DATASETS:
                raise _NotReadError(f"it holds more than {_MOST_DATASETS} data sets")
            for key, value in item.attrs.items():
                if not any(part in key.lower() for part in _OF_THE_DAY):
                    found[f"{name}@{key}"] = _plain(value)
            if not isinstance(item, library.Dataset):
                return
            left[0] -= item.nbytes
            if left[0] < 0:
                raise _NotReadError(str(TooLargeError()))
            if item.external or item.is_virtual:
                raise _NotReadError("its data lie in other files")
            found[name] = _plain(item[()])

        take("", file)
        file.visititems(take)
    return found


def _plain(value: Any) -> Array:
    """Return a value as an array; texts of any length as fixed ones."""
    import numpy as np  # noqa: PLC0415

    array = np.asarray(value)
    if array.dtype.hasobject:
        return np.asarray([str(one) for one in array.ravel()]).reshape(array.shape)
    return array


def compare_parquet(recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    """Compare two parquet files as tables, in portions of rows."""
    library = _library("pyarrow.parquet")
    if library is None:
        return _needs("pyarrow")
    before, after, complaint = _both(recorded, rerun, lambda content: _parquet(library, content))
    if complaint is not None:
        return complaint
    return _rows(before, after, terms)


def _parquet(library: Any, content: bytes) -> Iterator[list[str]]:
    file = library.ParquetFile(io.BytesIO(content))
    names: list[str] = list(file.schema_arrow.names)

    def rows() -> Iterator[list[str]]:
        yield names
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            columns = [column.to_pylist() for column in batch.columns]
            for row in zip(*columns, strict=True):
                yield list(in_words(row))

    return rows()


def compare_sheets(recorded: bytes, rerun: bytes, terms: Terms) -> Outcome:
    """Compare two Excel files by the values that are shown, sheet by sheet."""
    library = _library("openpyxl")
    if library is None:
        return _needs("openpyxl")
    before, after, complaint = _both(recorded, rerun, lambda content: _sheets(library, content))
    if complaint is not None:
        return complaint
    if list(before) != list(after):
        return different("the file has other sheets")
    outcomes = []
    for name, sheet in before.items():
        outcomes.append(_rows(_cells(sheet), _cells(after[name]), terms))
    return heaviest(outcomes)


def _sheets(library: Any, content: bytes) -> Mapping[str, Any]:
    for _ in members_of(content):  # no more than is unpacked here, before anything is read
        pass
    book = library.load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    return {sheet.title: sheet for sheet in book.worksheets}


def _cells(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(values_only=True):
        yield list(in_words(row))


def _rows(before: Iterable[list[str]], after: Iterable[list[str]], terms: Terms) -> Outcome:
    try:
        return compare_rows(before, after, terms)
    except Exception as error:  # noqa: BLE001 - whatever a library thinks of broken content
        return skipped(f"not compared: not readable ({type(error).__name__})")


def _both(recorded: bytes, rerun: bytes, read: Any) -> tuple[Any, Any, Outcome | None]:
    """Read two contents; the last is what is to be said where one of them cannot be read."""
    try:
        before = read(recorded)
    except Exception as error:  # noqa: BLE001 - whatever a library thinks of broken content
        return None, None, skipped(f"not compared: the published file: {_told(error)}")
    try:
        return before, read(rerun), None
    except (_NotReadError, TooLargeError, MemoryError) as error:
        return None, None, skipped(f"not compared: the rerun's file: {_told(error)}")
    except Exception as error:  # noqa: BLE001 - the same
        return None, None, different(f"the rerun's file: {_told(error)}")


def _told(error: Exception) -> str:
    if isinstance(error, _NotReadError | TooLargeError):
        return str(error)
    return f"not readable ({type(error).__name__})"
