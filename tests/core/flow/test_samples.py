"""Whole path: every folder in tests/samples is a study and what must become of it."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
AS_OF = "2026-11-01"


def schema(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{name}.json").read_text())


@pytest.mark.parametrize("case", sorted(path.name for path in SAMPLES.iterdir()))
def test_every_sample_becomes_what_it_expects(case, recrate, tmp_path):
    expect = tomllib.loads((SAMPLES / case / "expect.toml").read_text())
    crate = tmp_path / "study.crate.zip"
    study = SAMPLES / case / "study"
    packed = recrate("pack", study, "-o", crate, "--as-of", AS_OF, "--json")
    jsonschema.validate(packed.document, schema("pack"))
    hold(packed, expect.get("pack", {}), "pack")
    checked = recrate("check", crate, "--no-profile", "--json")
    jsonschema.validate(checked.document, schema("check"))
    assert checked.document["valid"], checked.document["findings"]
    wanted = expect["replay"]
    arguments = wanted.get("arguments", [])
    replayed = recrate("replay", crate, "-o", tmp_path / "replay", "--json", *arguments)
    assert replayed.out, replayed.error
    jsonschema.validate(replayed.document, schema("replay"))
    hold(replayed, wanted, "replay")
    hold_files(replayed.document)


def hold(answer: Any, wanted: dict[str, Any], verb: str) -> None:
    document = answer.document
    assert answer.code == wanted.get("exit", answer.code), (verb, answer.error, answer.out)
    for key in ("notebooks", "verdict"):
        if verb in {"pack", "replay"} and key in wanted:
            assert document[key] == wanted[key], answer.out
    for name, count in wanted.get("coverage", {}).items():
        assert document["coverage"][name] == count, answer.out
    codes = {finding["code"] for finding in document.get("findings", [])}
    assert set(wanted.get("findings", [])) <= codes
    if "restored" in wanted:
        assert document["environment"]["restored"] is wanted["restored"]
    if "cause" in wanted:
        errors = [notebook["error"] for notebook in document["notebooks"] if notebook["error"]]
        assert [error["cause"] for error in errors] == [wanted["cause"]]
        assert errors[0]["cell"] == wanted.get("cell")
        assert errors[0]["hint"]


def hold_files(document: dict[str, Any]) -> None:
    folder = Path(document["run_crate"])
    assert Path(document["report"]).read_text().startswith("<!doctype html>")
    metadata = json.loads((folder / "ro-crate-metadata.json").read_text())
    assert metadata["@graph"]
    assert not list(folder.rglob(".recrate-*"))
