"""A study is described and mended through the server, and every step can be taken back."""

from typing import Any

import pytest


@pytest.fixture(scope="module")
def study(served: Any, write_study: Any) -> Any:
    """A study that says nothing of its licence."""
    folder = write_study(served.root / "study")
    (folder / "LICENSE").unlink()
    return folder


def ask_form(served: Any, method: str = "GET", **named: Any) -> Any:
    return served.ask(method, "/studies/description", params={"path": "study"}, **named)


def test_what_is_typed_is_kept_in_the_study_and_offered_for_the_next(
    served: Any, study: Any, write_study: Any, conforms: Any
):
    said = ask_form(served).json()["description"]
    said |= {"title": "潮位", "title_ja": "潮位", "title_en": "Tides", "language": "ja"}
    said["creators"] = [{"name": "Hanako Yamada", "name_ja": "山田 花子"}]
    answer = ask_form(served, "PUT", json=said)
    assert answer.ok, answer.text
    assert conforms("DescriptionForm", answer.json()) == []
    kept = ask_form(served).json()
    assert kept["description"]["title"] == kept["description"]["title_ja"] == "潮位"
    assert kept["description"]["title_en"] == "Tides"
    assert kept["sources"]["title"] == "ro-crate-metadata.json"
    assert (study / "ro-crate-metadata.json").is_file()
    write_study(served.root / "next")
    offered = served.ask("GET", "/studies/description", params={"path": "next"}).json()
    people = [one["value"] for one in offered["suggestions"] if one["field"] == "creators"]
    assert people[-1][0]["name_ja"] == "山田 花子"


def test_a_fix_is_applied_and_taken_back_once(served: Any, study: Any, conforms: Any):
    (study / "ro-crate-metadata.json").unlink(missing_ok=True)
    job = served.ask("POST", "/jobs", json={"kind": "scan", "path": "study"}).json()["id"]
    served.wait_for(job, "done")
    found = served.ask("GET", f"/jobs/{job}/result").json()
    assert conforms("ScanResult", found) == []
    at = next(at for at, one in enumerate(found["findings"]) if one["code"] == "no-licence")
    assert found["findings"][at]["fixes"][0]["kind"] == "choose-licence"
    before = sorted(path.name for path in study.iterdir())
    order = {"job": job, "finding": at, "fix": 0, "choice": "MIT"}
    done = served.ask("POST", "/studies/fixes", json=order)
    assert done.ok, done.text
    assert conforms("Applied", done.json()) == []
    changed, undo = done.json()["changed"], done.json()["undo"]
    assert all((served.root / path).is_file() for path in changed)
    assert "MIT" in (served.root / changed[0]).read_text()
    assert served.ask("POST", f"/studies/fixes/{undo}/undo").json()["changed"] == changed
    assert sorted(path.name for path in study.iterdir()) == before
    assert served.ask("POST", f"/studies/fixes/{undo}/undo").status_code == 404


def test_a_fix_that_no_scan_proposed_is_not_applied(served: Any, study: Any):
    job = served.ask("POST", "/jobs", json={"kind": "scan", "path": "study"}).json()["id"]
    assert served.wait_for(job, "done")
    order = {"job": job, "finding": 999, "fix": 0}
    answer = served.ask("POST", "/studies/fixes", json=order)
    assert (answer.status_code, answer.json()["reason"]) == (404, "not-found")


def test_a_file_beside_the_study_is_copied_in_and_one_that_jupyter_does_not_show_never(
    served: Any, write_study: Any, tmp_path: Any
):
    beside, hidden = served.root / "shared-levels.csv", tmp_path / "levels.csv"
    for file in (beside, hidden):
        file.write_text("hour,level\n0,1.5\n")
    folder = write_study(served.root / "reader", cells=(f"print(open({str(beside)!r}).read())",))
    write_study(served.root / "stranger", cells=(f"print(open({str(hidden)!r}).read())",))
    offered = {}
    for name in ("reader", "stranger"):
        job = served.ask("POST", "/jobs", json={"kind": "scan", "path": name}).json()["id"]
        served.wait_for(job, "done")
        found = served.ask("GET", f"/jobs/{job}/result").json()["findings"]
        offered[name] = (
            job,
            [
                (at, place, fix["kind"])
                for at, one in enumerate(found)
                for place, fix in enumerate(one["fixes"])
                if one["code"] == "absolute-path"
            ],
        )
    assert "copy-into-study" not in [kind for _, _, kind in offered["stranger"][1]]
    job, fixes = offered["reader"]
    at, place, _ = next(one for one in fixes if one[2] == "copy-into-study")
    order = {"job": job, "finding": at, "fix": place, "choice": "data/levels.csv"}
    done = served.ask("POST", "/studies/fixes", json=order)
    assert done.ok, done.text
    assert (folder / "data" / "levels.csv").read_text() == beside.read_text()
