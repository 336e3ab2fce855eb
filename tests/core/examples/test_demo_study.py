"""The study in `examples/tides` is what its README says: complete, tidy and re-runnable."""

import base64
import csv
import importlib.util
import io
import itertools
import json
import re
from pathlib import Path
from types import ModuleType

import nbformat
import numpy as np
import pytest
import yaml
from license_expression import get_spdx_licensing
from packaging.requirements import Requirement
from PIL import Image

STUDY = Path(__file__).parents[3] / "examples" / "tides"
NOTEBOOKS = sorted(STUDY.glob("*.ipynb"))
SILENT = {"imports"}
"""Cells that show nothing, by id."""


def _code_cells(notebook: Path) -> list[dict]:
    document = nbformat.read(notebook, as_version=4)
    return [cell for cell in document.cells if cell.cell_type == "code"]


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"demo_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def recipe(monkeypatch):
    """The data generator, imported the way `python make_record.py` finds its neighbour."""
    monkeypatch.syspath_prepend(str(STUDY))
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    return _module(STUDY / "data" / "make_record.py")


def test_the_names_of_the_notebooks_give_their_order():
    assert [path.name for path in NOTEBOOKS] == [
        "01-clean.ipynb",
        "02-harmonics.ipynb",
        "03-tides.ipynb",
    ]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_names_its_kernel_and_python(notebook):
    document = nbformat.read(notebook, as_version=nbformat.NO_CONVERT)
    nbformat.validate(document)
    assert document.nbformat == 4
    assert document.metadata.kernelspec.name == "python3"
    assert re.fullmatch(r"3\.11\.\d+", document.metadata.language_info.version)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_was_run_once_from_top_to_bottom(notebook):
    counts = [cell.execution_count for cell in _code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_that_should_show_something_does_and_none_shows_an_error(notebook):
    for cell in _code_cells(notebook):
        kinds = [output.output_type for output in cell.outputs]
        assert bool(kinds) is (cell.id not in SILENT), cell.id
        assert "error" not in kinds, cell.id
        streams = [output.name for output in cell.outputs if output.output_type == "stream"]
        assert "stderr" not in streams, cell.id


def test_the_study_has_figures_tables_a_formula_and_numbers():
    seen = [
        mime
        for notebook in NOTEBOOKS
        for cell in _code_cells(notebook)
        for output in cell.outputs
        for mime in output.get("data", {"text/plain": output.get("text")})
    ]
    assert seen.count("image/png") >= 4
    assert seen.count("text/html") >= 5
    assert "text/latex" in seen


def test_every_figure_is_a_whole_png():
    figures = [
        output.data["image/png"]
        for notebook in NOTEBOOKS
        for cell in _code_cells(notebook)
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]
    for figure in figures:
        with Image.open(io.BytesIO(base64.b64decode(figure))) as picture:
            picture.load()
            assert picture.width >= 400


def test_no_file_tells_where_or_by_whom_it_was_run():
    told = re.compile(
        r"/(home|root|Users|tmp|work|mnt|opt|var)/|[A-Z]:\\\\|[\w.]+@[\w-]+\.[a-z]{2}"
    )
    for path in STUDY.rglob("*"):
        if path.is_file() and path.suffix not in {".png", ".pyc"}:
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".ipynb":  # base64 holds any letters, a path among them by chance
                text = re.sub(r'"image/png": "[^"]*"', "", text)
            assert told.search(text) is None, path.name


def test_every_file_a_notebook_reads_is_there_or_written_by_an_earlier_one():
    there = {path.relative_to(STUDY).as_posix() for path in (STUDY / "data").iterdir()}
    for notebook in NOTEBOOKS:
        for cell in _code_cells(notebook):
            written = set(re.findall(r'(?:to_csv|savefig)\("([^"]+)"', cell.source))
            written |= set(re.findall(r'open\("([^"]+)", "w"', cell.source))
            named = set(re.findall(r'"((?:data|results)/[^"]+)"', cell.source))
            assert named - written <= there, cell.id
            there |= written
    assert there >= {f"results/{path.name}" for path in (STUDY / "results").iterdir()}


def test_one_cell_alone_draws_random_numbers_and_the_text_before_it_says_so():
    random = []
    for notebook in NOTEBOOKS:
        cells = nbformat.read(notebook, as_version=4).cells
        for before, cell in itertools.pairwise(cells):
            if cell.cell_type == "code" and "random" in cell.source:
                random.append(cell.id)
                assert "without a seed, on purpose" in before.source
    assert random == ["bootstrap"]


def test_requirements_are_pinned_and_few():
    lines = (STUDY / "requirements.txt").read_text(encoding="utf-8").split()
    pins = [Requirement(line) for line in lines]
    assert len(pins) <= 5
    assert all([part.operator for part in pin.specifier] == ["=="] for pin in pins)


def test_the_citation_names_authors_with_a_valid_orcid_and_a_known_licence():
    citation = yaml.safe_load((STUDY / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "abstract", "date-released", "version"} <= citation.keys()
    assert not get_spdx_licensing().validate(citation["license"]).errors
    orcid = citation["authors"][0]["orcid"].removeprefix("https://orcid.org/").replace("-", "")
    assert len(orcid) == 16
    assert _iso_7064_check(orcid[:15]) == orcid[15]
    assert citation["authors"][1] == {"name": "The recrate developers"}


def _iso_7064_check(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def test_the_licence_file_is_the_one_the_citation_names():
    citation = yaml.safe_load((STUDY / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["license"] == "CC0-1.0"
    assert "CC0 1.0 Universal" in (STUDY / "LICENSE").read_text(encoding="utf-8")


def test_every_link_of_the_readme_leads_somewhere():
    text = (STUDY / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > 10
    assert [link for link in links if not (STUDY / link).is_file()] == []


def test_the_study_is_small():
    sizes = {path: path.stat().st_size for path in STUDY.rglob("*") if path.is_file()}
    assert max(sizes.values()) < 300_000
    assert sum(sizes.values()) < 1_500_000


def test_the_generator_makes_the_committed_record_again(recipe):
    with (STUDY / "data" / "sea-level-raw.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    hours, level, pressure = recipe.make_record()
    times = recipe.EPOCH + hours.astype("timedelta64[h]")
    assert [row["time"] for row in rows] == [str(time) for time in times]
    # Another CPU may round the last digit the other way.
    assert np.abs(level - [float(row["level_m"]) for row in rows]).max() < 0.0015
    assert np.abs(pressure - [float(row["pressure_hpa"]) for row in rows]).max() < 0.15


def test_the_constituents_found_are_those_put_in(recipe):
    found = json.loads((STUDY / "results" / "constituents.json").read_text(encoding="utf-8"))
    for name, (amplitude, phase) in recipe.CONSTITUENTS.items():
        row = found["constituents"][name]
        assert abs(row["amplitude_m"] - amplitude) < 3 * row["amplitude_error_m"], name
        assert abs(row["phase_deg"] - phase) < 4 * row["phase_error_deg"], name


def test_the_speeds_are_those_of_the_published_tables(monkeypatch):
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    tides = _module(STUDY / "tides.py")
    # Degrees per hour, as every tide table prints them (IHO list of constituents).
    published = {
        "M2": 28.9841042,
        "S2": 30.0,
        "N2": 28.4397295,
        "K2": 30.0821373,
        "K1": 15.0410686,
        "O1": 13.9430356,
        "P1": 14.9589314,
        "Q1": 13.3986609,
        "M4": 57.9682084,
    }
    assert {name: tides.speed(name) for name in tides.DOODSON} == pytest.approx(published, abs=2e-7)
