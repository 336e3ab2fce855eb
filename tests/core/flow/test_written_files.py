"""Published files that a notebook writes again: run for real, judged, judged again."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from recrate.flow.file_judging import judge_files
from recrate.flow.work import ReplayFolder
from recrate.model.policy import Policy
from recrate.outside import sandbox
from recrate.report.text import summarise

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

WRITES = """
import json, pathlib, time
import numpy as np
from PIL import Image
pathlib.Path('results').mkdir(exist_ok=True)
rows = ['name,mean'] + [f's{n},{n * 1.5}' for n in range(1, 41)]
pathlib.Path('results/same.csv').write_text('\\n'.join(rows) + '\\n')
rows[7] = 's7,10.93'
pathlib.Path('results/moved.csv').write_text('\\n'.join(rows) + '\\n')
np.save('results/a.npy', np.linspace(0, 1, 60).reshape(20, 3) * (1 + 1e-9))
pathlib.Path('results/run.log').write_text(f'done at {time.time()}')
pathlib.Path('results/raw.json').write_text(json.dumps({'t': time.time()}))
picture = np.full((80, 120, 3), 255, np.uint8)
picture[30:50, 20:60] = (200, 0, 0)
Image.fromarray(picture).save('figure.png')
print('done')
"""


def published(study: Path) -> None:
    """Write the files as the author published them: `moved.csv` and the picture are others."""
    import numpy as np  # noqa: PLC0415 - for this alone
    from PIL import Image  # noqa: PLC0415

    results = study / "results"
    results.mkdir(parents=True)
    rows = ["name,mean", *(f"s{n},{n * 1.5}" for n in range(1, 41))]
    (results / "same.csv").write_text("\n".join(rows) + "\n")
    (results / "moved.csv").write_text("\n".join(rows) + "\n")
    np.save(results / "a.npy", np.linspace(0, 1, 60).reshape(20, 3))
    (results / "run.log").write_text("done at 1")
    (results / "raw.json").write_text('{"t": 1.0}')
    (results / "unwritten.csv").write_text("a,b\n1,2\n")
    picture = np.full((80, 120, 3), 255, np.uint8)
    picture[30:50, 60:100] = (200, 0, 0)
    Image.fromarray(picture).save(study / "figure.png")


def notebook_in(study: Path, source: str, name: str = "a.ipynb", **metadata: Any) -> None:
    cell = new_code_cell(source, outputs=[new_output("stream", text="done\n")])
    cell.execution_count = 1
    nbformat.write(new_notebook(cells=[cell], metadata=metadata), study / name)


def replay_in(folder: Path, recrate: Any, study: Path, *more: object) -> Any:
    """Pack a study and replay it with the kernel of the tests; return what was told."""
    if not (found := sandbox.availability()).ok:
        pytest.skip(f"needs bubblewrap: {found.reason}")
    crate = folder / "study.crate.zip"
    packed = recrate("pack", study, "-o", crate, "--no-lock", "--as-of", "2026-11-01")
    assert packed.code in {0, 1}, packed.error
    options = ("--environment", "current", "--json", *more)
    answer = recrate("replay", crate, "-o", folder / "run", *options)
    assert answer.out, answer.error
    crate.unlink()
    return answer.document


@pytest.fixture
def replayed(recrate, tmp_path):
    """Replay a study into a folder of this test."""
    return lambda study, *more: replay_in(tmp_path, recrate, study, *more)


@pytest.fixture(scope="module")
def once(recrate, tmp_path_factory):
    """One replay that many tests look at: its document, and its folder."""
    folder = tmp_path_factory.mktemp("once")
    published(folder / "study")
    notebook_in(folder / "study", WRITES, recrate={"skip_files": ["raw.*"]})
    return replay_in(folder, recrate, folder / "study"), folder / "run"


@pytest.fixture
def run(once, tmp_path):
    """A copy of that replay's folder."""
    shutil.copytree(once[1], tmp_path / "run", symlinks=True)
    return tmp_path / "run"


def files_of(folder: Path) -> dict[str, dict[str, Any]]:
    verdict = json.loads((folder / "verdict.json").read_text())
    return {file["path"]: file for notebook in verdict["notebooks"] for file in notebook["files"]}


def test_a_file_that_came_out_otherwise_lowers_the_verdict_and_says_where(once, run):
    document = once[0]
    files = files_of(run)
    assert {path: file["verdict"] for path, file in files.items()} == {
        "figure.png": "different",
        "results/a.npy": "equivalent",
        "results/moved.csv": "different",
        "results/raw.json": "skipped",
        "results/run.log": "skipped",
        "results/same.csv": "identical",
    }
    assert files["results/moved.csv"]["reason"] == (
        "1 of 40 numbers differ, largest by 4.1 % at row 7, column “mean”: 10.5 became 10.93"
    )
    assert "60" in files["results/a.npy"]["reason"]
    assert document["verdict"] == "different"
    assert document["coverage"]["identical"] == document["coverage"]["outputs"] == 1
    verdict = json.loads((run / "verdict.json").read_text())
    assert verdict["files"]["files"] == 6
    told = "Of 6 published files written again: 1 identical, 1 equivalent, 2 different, 2 skipped."
    assert told in verdict["sentence"]
    assert sorted(path.name for path in (run / "recorded-files").rglob("*.*")) == [
        "a.npy", "figure.png", "moved.csv", "raw.json", "run.log",
    ]  # fmt: skip


def test_what_was_kept_is_judged_again_and_is_part_of_the_run_crate(run, recrate):
    files = files_of(run)
    (run / "verdict.json").unlink()
    again = recrate("judge", run, "--json")
    assert again.code == 1, again.error
    assert files_of(run) == files, "the crate is gone; what was kept is enough"
    checked = recrate("check", run, "--json")
    assert checked.document["valid"], checked.document["findings"]
    graph = json.loads((run / "ro-crate-metadata.json").read_text())["@graph"]
    kept = next(one for one in graph if one["@id"] == "recorded-files/results/moved.csv")
    assert "published" in kept["description"]


def test_what_differs_between_runs_too_is_unstable(replayed, tmp_path):
    published(tmp_path / "study")
    source = WRITES + (
        "import random\n"
        "pathlib.Path('results/raw.json').write_text(json.dumps({'t': random.random()}))\n"
        "pathlib.Path('results/moved.csv').write_text(f'a\\n{random.random()}\\n')\n"
        "Image.fromarray(picture[:, ::-1]).save('figure.png')\n"
    )
    notebook_in(tmp_path / "study", source)
    document = replayed(tmp_path / "study", "--repeat", "2")
    files = files_of(tmp_path / "run")
    assert files["results/moved.csv"]["verdict"] == "unstable"
    assert files["results/raw.json"]["verdict"] == "unstable"
    assert files["figure.png"]["verdict"] in {"identical", "equivalent"}
    assert document["verdict"] == "identical", "what is unstable lowers nothing"


def test_a_file_belongs_to_the_notebook_that_wrote_it_last(replayed, tmp_path):
    study = tmp_path / "study"
    published(study)
    first = "import pathlib\npathlib.Path('results/same.csv').write_text('name,mean\\ns1,9\\n')"
    second = "rows = open('results/same.csv').read()\n" + WRITES
    notebook_in(study, first + "\nprint('done')", "1_first.ipynb")
    notebook_in(study, second, "2_second.ipynb")
    replayed(study)
    verdict = json.loads((tmp_path / "run" / "verdict.json").read_text())
    owners = {
        file["path"]: (notebook["path"], file["verdict"])
        for notebook in verdict["notebooks"]
        for file in notebook["files"]
    }
    assert owners["results/same.csv"] == ("2_second.ipynb", "identical")


def test_hostile_names_and_contents_are_not_followed_and_break_nothing(replayed, tmp_path):
    study = tmp_path / "study"
    published(study)
    (study / "results" / "many.csv").write_text("a\n1\n")
    source = """
import os, pathlib
for name in ('same.csv', 'moved.csv', 'raw.json', 'run.log'):
    os.unlink(f'results/{name}')
os.symlink('/etc/passwd', 'results/same.csv')
os.mkfifo('results/moved.csv')
pathlib.Path('results/raw.json').write_text('[' * 5_000_000)
head = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }" % 10**15
head = head.ljust(117) + '\\n'
magic = b'\\x93NUMPY\\x01\\x00' + len(head).to_bytes(2, 'little')
pathlib.Path('results/a.npy').write_bytes(magic + head.encode())
with open('results/many.csv', 'wb') as file:
    file.write(b'a\\n' + b'\\xff' * 1000 + b'\\0')
print('done')
"""
    notebook_in(study, source)
    replayed(study)
    files = files_of(tmp_path / "run")
    assert set(files) == {"results/a.npy", "results/many.csv", "results/raw.json"}
    assert files["results/a.npy"]["verdict"] == "different"
    assert "header" in files["results/a.npy"]["reason"]
    assert files["results/raw.json"]["verdict"] == "different"
    shutil.rmtree(tmp_path / "run" / "recorded-files" / "results")
    assert not list((tmp_path / "run").rglob("passwd"))


def test_what_is_larger_than_the_limit_is_told_as_not_compared(replayed, recrate, tmp_path):
    published(tmp_path / "study")
    notebook_in(tmp_path / "study", WRITES)
    settings = tmp_path / "small.py"
    settings.write_text(
        f"load_subconfig({str(recrate.configuration)!r})\nc.Replay.compared_file = 200\n"
    )
    replayed(tmp_path / "study", "--config", settings)
    files = files_of(tmp_path / "run")
    assert files["results/moved.csv"]["reason"] == "differs; too large to be compared"
    assert files["results/moved.csv"]["verdict"] == "skipped"
    assert files["results/raw.json"]["verdict"] == "different"
    with (tmp_path / "study" / "results" / "moved.csv").open() as file:
        assert len(list(csv.reader(file))) == 41, "the study itself is as it was"


def test_what_takes_too_long_or_breaks_its_reader_is_told_and_the_rest_is_judged(run):
    folder = ReplayFolder(root=run)
    crate, observations = folder.read_crate(), folder.observations()
    recorded = folder.read_recorded(("a.ipynb",))
    for limit, told in (
        ({"seconds": 0.05}, "took too long"),
        ({"memory_bytes": 20_000_000}, "memory"),
    ):
        files = judge_files(folder, crate, observations, recorded, Policy(), **limit)["a.ipynb"]
        verdicts = {file.path: file for file in files}
        assert verdicts["results/same.csv"].verdict == "identical", "its hash says so"
        assert verdicts["results/moved.csv"].verdict == "skipped"
        assert told in verdicts["figure.png"].reason
    (run / "observations/0/files/results/moved.csv").write_text("altered")
    files = judge_files(folder, crate, observations, recorded, Policy())["a.ipynb"]
    altered = next(file for file in files if file.path == "results/moved.csv")
    assert altered.verdict == "skipped", "what is there is not what the run wrote"


def test_the_report_shows_files_with_reasons_in_both_languages(run):
    page = (run / "report.html").read_text()
    assert "1 of 40 numbers differ, largest by 4.1 % at row 7, column “mean”" in page
    assert "40 個中 1 個の数値が相違（最大 4.1 %、行 7、列 “mean”：10.5 → 10.93）" in page
    assert page.count('src="data:image/png;base64,') == 1, "where the pictures differ"
    assert "6 published files were written again: 1 identical" in page
    summary = summarise(ReplayFolder(root=run).read_verdict(), language="ja")
    assert "公開されたファイルのうち 6 件が再び書き出されました" in summary
    assert "results/moved.csv: 相違" in summary


def test_a_policy_leaves_files_out_and_is_told(run, recrate, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text('{"name": "mine", "skip_files": ["moved.*", "figure.png"]}')
    again = recrate("judge", run, "--policy", policy, "--json")
    assert again.document["verdict"] == "identical", again.out
    assert again.document["files"]["skipped"] == 4
    assert files_of(run)["figure.png"]["reason"] == (
        "the policy leaves this file out of the comparison"
    )
    assert "<code>moved.*</code>" in (run / "report.html").read_text()
