"""The main job, as a person sees it first."""

import json


def test_the_demo_takes_the_whole_path_and_ends_well(recrate, tmp_path):
    done = recrate("demo", "-o", tmp_path / "demo", "--language", "ja")
    assert done.code == 0, done.error
    report = tmp_path / "demo" / "replay" / "report.html"
    assert str(report) in done.error
    assert "検証" in done.error or "判定" in done.error or "一致" in done.error
    verdict = json.loads((tmp_path / "demo" / "replay" / "verdict.json").read_text())
    assert verdict["verdict"] in {"identical", "equivalent"}
    assert verdict["coverage"]["unstable"] >= 1, "one cell of the study is honestly random"
    again = recrate("demo", "-o", tmp_path / "demo")
    assert again.code == 2, "a folder with something in it is not written over"
