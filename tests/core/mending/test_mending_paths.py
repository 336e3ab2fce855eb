"""A path that only the author's machine knows becomes one that the study holds, or stays."""

import dataclasses
import json

import pytest

from making import notebook_of
from recrate.model.errors import BadInput, Conflict
from recrate.model.fix import FixKind

RELATIVE, COPY = FixKind.MAKE_PATH_RELATIVE, FixKind.COPY_INTO_STUDY


def test_a_path_into_the_study_is_written_relative_to_the_notebook_in_every_cell(study):
    study.put("data/x.csv", "1")
    inside = f"{study.root}/data/x.csv"
    study.put("n/a.ipynb", [f"p = '{inside}'", f"open(p)\nopen(r'{inside}')", "y = 'é'"])
    before = study.everything()
    (fix,) = study.fixes("absolute-path")
    assert (fix.kind, fix.choices, fix.needs_choice) == (RELATIVE, ("data/x.csv",), False)
    done = study.mend(fix)
    assert study.source("n/a.ipynb", 0) == "p = '../data/x.csv'"
    assert study.source("n/a.ipynb", 1) == "open(p)\nopen('../data/x.csv')"
    study.take_back(done)
    assert study.everything() == before


@pytest.mark.parametrize(
    ("written", "expected"),
    [("", "."), ("/", "./"), ("/data", "data"), ("/data/", "data/"), ("/./data/../data", "data")],
)
def test_folders_of_the_study_keep_their_closing_slash(study, written, expected):
    study.put("data/x.csv", "1")
    study.put("x.csv", "1")
    cells = [f"base = '{study.root}{written}'", "open(base + '/x.csv')", "open('/home/me/y.csv')"]
    study.put("a.ipynb", cells)
    (fix,) = study.fixes("absolute-path")
    assert (fix.kind, fix.cell) == (RELATIVE, 1)
    study.mend(fix)
    assert study.source("a.ipynb", 0) == f"base = {expected!r}"


def test_a_path_of_another_machine_is_offered_the_files_of_that_name_best_first(study):
    for name in ("x.csv", "old/x.csv", "study/data/x.csv"):
        study.put(name, "1")
    study.put("a.ipynb", ["open('/home/me/study/data/x.csv')", r"q = 'C:\\Users\\me\\x.csv'"])
    fixes = study.fixes("absolute-path")
    assert [fix.kind for fix in fixes] == [RELATIVE, RELATIVE]
    assert fixes[0].choices == ("study/data/x.csv", "old/x.csv", "x.csv")
    with pytest.raises(BadInput):
        study.mend(fixes[0])
    for choice in ("gone.csv", "../x.csv", "/etc/passwd", "a\\b"):
        with pytest.raises(BadInput):
            study.mend(fixes[0], choice)
    study.mend(fixes[0], "study/data/x.csv")
    assert study.source("a.ipynb", 0) == "open('study/data/x.csv')"
    study.mend(study.fixes("absolute-path")[0], "x.csv")
    assert study.source("a.ipynb", 1) == "q = 'x.csv'"


@pytest.mark.parametrize(
    "cell",
    [
        "open(f'{ROOT}/data/x.csv'); f'{x}'",
        "import os\nos.chdir('data')\nopen('ROOT/data/x.csv')",
        "%cd data\nopen('ROOT/data/x.csv')",
        "open('ROOT/data/gone.csv')",
        "b = 'ROOT/data'; open(b + '/x.csv'); open(b + '/gone.csv')",
        "%%bash\ncat ROOT/data/x.csv",
    ],
)
def test_where_a_relative_path_could_mean_another_file_none_is_offered(study, cell):
    study.put("data/x.csv", "1")
    study.put("a.ipynb", ["ROOT = 1", cell.replace("ROOT", str(study.root))])
    assert study.fixes("absolute-path") == []


@pytest.fixture
def elsewhere(study, tmp_path):
    """A folder beside the study that files may be copied from."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "x.csv").write_bytes(b"a,b\n")
    study.settings = dataclasses.replace(study.settings, copy_from=(folder,), home=tmp_path)
    return folder


@pytest.mark.parametrize("written", ["ABSOLUTE/x.csv", "../elsewhere/x.csv"])
def test_a_file_outside_is_copied_into_the_study_and_read_from_there(study, elsewhere, written):
    study.put("a.ipynb", [f"open('{written.replace('ABSOLUTE', str(elsewhere))}')"])
    before = study.everything()
    (fix,) = [fix for _, fixes in study.proposals() for fix in fixes if fix.kind is COPY]
    assert fix.choices == ("data/x.csv",)
    assert study.everything() == before
    done = study.mend(fix)
    assert study.bytes_of("data/x.csv") == b"a,b\n"
    assert study.source("a.ipynb", 0) == "open('data/x.csv')"
    study.take_back(done)
    assert study.everything() == before


def test_a_copy_goes_where_it_is_packed_and_over_nothing(study, elsewhere):
    study.put("a.ipynb", [f"open('{elsewhere}/x.csv')"])
    study.put(".gitignore", "data/\n")
    study.put("taken.csv", "1")
    (fix,) = study.fixes("absolute-path", COPY)
    assert fix.choices == ("inputs/x.csv",)
    for choice, error in (
        ("data/x.csv", BadInput), ("taken.csv", Conflict), ("../x.csv", BadInput),
        ("/x.csv", BadInput), (".git/x", BadInput), ("n/../../x", BadInput),
    ):  # fmt: skip
        with pytest.raises(error):
            study.mend(fix, choice)
    study.mend(fix, "mine/y.csv")
    assert study.source("a.ipynb", 0) == "open('mine/y.csv')"


def test_a_strangers_notebook_cannot_ask_for_files_that_are_nobodys_business(
    study, elsewhere, tmp_path
):
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "x").write_text("1")
    (elsewhere / ".ssh").mkdir()
    (elsewhere / ".ssh" / "id").write_text("1")
    (elsewhere / "out").symlink_to(tmp_path / "private" / "x")
    (elsewhere / "big").write_bytes(b"x" * 100)
    study.settings = dataclasses.replace(study.settings, copy_limit_bytes=50)
    names = [f"{tmp_path}/private/x", f"{elsewhere}/.ssh/id", f"{elsewhere}/out",
             f"{elsewhere}/big", f"{elsewhere}", f"{elsewhere}/../private/x",
             "/dev/zero", "~/private/x"]  # fmt: skip
    study.put("a.ipynb", [f"open('{name}')" for name in names])
    assert study.fixes("absolute-path", COPY) == []
    study.settings = dataclasses.replace(study.settings, copy_limit_bytes=500)
    assert [fix.subject for fix in study.fixes("absolute-path", COPY)] == [f"{elsewhere}/big"]


def test_without_a_folder_to_copy_from_nothing_is_copied(study, elsewhere):
    study.put("a.ipynb", [f"open('{elsewhere}/x.csv')"])
    (fix,) = study.fixes("absolute-path", COPY)
    study.settings = dataclasses.replace(study.settings, copy_from=())
    assert study.fixes("absolute-path", COPY) == []
    with pytest.raises(Conflict):
        study.mend(fix)


def test_a_password_in_a_path_is_masked_in_the_preview(study):
    study.put("x.csv", "1")
    cell = "password = 'hunter2-Very'; open('/home/me/x.csv')"
    study.put("a.ipynb", json.loads(notebook_of(cell)))
    (fix,) = study.fixes("absolute-path")
    assert "hunter2" not in str(fix)
    assert "/home/me/x.csv" in fix.preview[0].before
