"""A notebook in a language that has no kernel here is told so; nobody else's kernel runs it."""

import json
from pathlib import Path

import pytest

from conftest import CommandLine
from making import notebook_of, stream

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("order", ["abc", "bac"])
def test_a_notebook_without_a_kernel_is_left_out_among_others(
    recrate: CommandLine, tmp_path: Path, order: str
) -> None:
    study, run = tmp_path / "study", tmp_path / "run"
    study.mkdir()
    for name in "ac":
        text = notebook_of("print(1)", outputs={0: [stream("1\n")]})
        (study / f"{order.index(name)}{name}.ipynb").write_text(text, "utf-8")
    other = json.loads(notebook_of("print(1)", outputs={0: [stream("1\n")]}))
    other["metadata"] = {
        "kernelspec": {"name": "cobol-85", "display_name": "COBOL", "language": "cobol"},
        "language_info": {"name": "cobol"},
    }
    (study / f"{order.index('b')}b.ipynb").write_text(json.dumps(other), "utf-8")
    assert recrate("pack", study, "-o", tmp_path / "a.zip").code in {0, 1}
    done = recrate("replay", tmp_path / "a.zip", "-o", run, "--json")
    assert done.code == 1, done.error
    told = {one["path"][1]: one for one in done.document["notebooks"]}
    assert {name: one["verdict"] for name, one in told.items()} == {
        "a": "identical", "b": "failed", "c": "identical",
    }  # fmt: skip
    assert told["b"]["error"]["cause"] == "kernel missing"
    assert "cobol" in told["b"]["error"]["message"]
    assert not (run / "candidates").exists()
    again = recrate("judge", run, "--json")
    assert again.document["verdict"] == "failed"
