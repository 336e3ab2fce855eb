"""The lean document of a scan: what a list shows, however large the study is."""

import json
from pathlib import Path

import pytest

from making import notebook_of
from recrate.flow.documents import overview_document
from recrate.metadata.describe import describe
from recrate.model.finding import Severity, find
from recrate.model.study import (
    CodeUse,
    Description,
    FileUse,
    FoundNotebook,
    Import,
    Inventory,
    StudyFile,
    WebUse,
)
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions

EXAMPLE = Path(__file__).parents[3] / "examples" / "tides"


def large(notebooks: int, uses: int) -> Inventory:
    """Return an inventory whose notebooks each use so many long things of every kind."""
    name = "a long name of a thing " * 8
    code = CodeUse(
        imports=tuple(Import(name=f"{name}{number}.inner", local=False) for number in range(uses)),
        reads=tuple(
            FileUse(path=f"../{name}{number}", target=f"{name}{number}", exists=True)
            for number in range(uses)
        ),
        writes=tuple(FileUse(path=f"{name}{n}", target=None, exists=False) for n in range(uses)),
        web=tuple(WebUse(url=f"https://a.invalid/{name}{n}", fetched=True) for n in range(uses)),
    )
    found = tuple(
        FoundNotebook(
            path=f"{number:04}.ipynb",
            format="4.5",
            language="python",
            kernel="python3",
            language_version="3.11.7",
            cells=50,
            code_cells=40,
            outputs=30,
            last_run=None,
            uses=code,
        )
        for number in range(notebooks)
    )
    return Inventory(
        name="large",
        files=tuple(
            StudyFile(path=f"{number}.bin", size_bytes=number, media_type="x/y")
            for number in range(2_000)
        ),
        notebooks=found,
        findings=(
            *(find(Severity.NOTE, "note", "x" * 5_000, path=f"{n}") for n in range(5_000)),
            find(Severity.ERROR, "secret", "a key"),
        ),
    )


def test_the_example_study_is_told_whole():
    inventory = take_inventory(EXAMPLE, options=ScanOptions())
    said = describe(EXAMPLE, inventory)
    document = overview_document(inventory, said)
    assert [one["path"] for one in document["notebooks"]] == [
        one.path for one in inventory.notebooks
    ]
    for shown, found in zip(document["notebooks"], inventory.notebooks, strict=True):
        foreign = {use.name.partition(".")[0] for use in found.uses.imports if not use.local}
        assert set(shown["imports"]) == foreign
        assert shown["totals"]["reads"] == len(shown["reads"])
    assert document["licence"] == said.licence
    assert [one["name"] for one in document["people"]] == [one.name for one in said.creators]
    assert document["totals"]["findings"] == len(inventory.findings) + len(said.findings)
    assert document["files"]["count"] == len(inventory.files)
    assert document["data"]


@pytest.mark.parametrize("uses", [3, 40, 400])
def test_three_hundred_notebooks_are_below_a_megabyte(uses):
    document = overview_document(large(300, uses), Description(title="t", description=""))
    assert len(json.dumps(document, ensure_ascii=False).encode()) < 1_000_000
    assert len(document["notebooks"]) == 300
    assert document["notebooks"][0]["totals"]["reads"] == uses
    assert document["totals"]["findings"] == 5_001
    assert document["findings"][0]["code"] == "secret"
    assert document["totals"]["error"] == 1
    assert document["files"]["largest"][0] == {"path": "1999.bin", "bytes": 1999}
    assert len(document["files"]["largest"]) == 50


def test_only_foreign_modules_and_what_is_fetched_are_told(tmp_path):
    (tmp_path / "mine.py").write_text("x = 1\n")
    (tmp_path / "d.csv").write_text("1\n")
    (tmp_path / "a.ipynb").write_text(
        notebook_of(
            "import mine\nimport numpy.linalg\nopen('d.csv').read()\nopen('gone.csv').read()"
        )
    )
    inventory = take_inventory(tmp_path, options=ScanOptions())
    document = overview_document(inventory, describe(tmp_path, inventory))
    assert document["notebooks"][0]["imports"] == ["numpy"]
    assert document["notebooks"][0]["reads"] == ["d.csv", "gone.csv"]
    assert document["data"] == ["d.csv"]
