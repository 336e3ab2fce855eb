"""The example study in every form, as it was looked at once.

A form that changes on purpose is recorded again: RECORD_GOLDEN=1 pytest PATH, then read the
difference.
"""

import os
from pathlib import Path

import pytest

from recrate.environment.settings import EnvironmentSettings
from recrate.flow.pack import PackOrder, pack
from recrate.metadata.record import record_of_crate
from recrate.metadata.writing.formats import FORMATS, write
from recrate.scan.options import ScanOptions

GOLDEN = Path(__file__).parent / "golden"
OURS = [name for name in FORMATS if name not in {"grdm", "common-csv"}]
"""The study of the example was not paid for by anybody who asks for the common metadata."""
EXAMPLE = Path(__file__).resolve().parents[4] / "examples" / "tides"


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden")
    order = PackOrder(root=EXAMPLE, destination=folder / "tides.crate.zip", locked=False)
    packed = pack(
        order,
        options=ScanOptions(),
        environment=EnvironmentSettings(cache=folder, today="2026-11-22"),
        agent="recrate 0.1.0",
        today="2026-11-22",
    )
    return record_of_crate(
        packed.crate,
        today="2026-11-22",
        agent="recrate 0.1.0",
        doi="10.5072/tides",
        concept_doi="10.5072/all-tides",
        url="https://example.org/tides/",
        publisher="Example Repository",
    )


@pytest.mark.parametrize("form", OURS)
def test_the_example_study_is_written_as_before(form, record):
    golden = GOLDEN / FORMATS[form].file_name
    content = write(record, form)
    if os.environ.get("RECORD_GOLDEN"):
        golden.write_bytes(content)
        pytest.fail(f"{golden.name} was recorded again; read the difference")
    assert content.decode() == golden.read_bytes().decode()


def test_no_golden_file_is_left_of_a_form_that_is_gone():
    files = {path.name for path in GOLDEN.iterdir()}
    assert files == {FORMATS[name].file_name for name in OURS}
