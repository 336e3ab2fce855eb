"""A replay's folder as a Process Run Crate."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from recrate.crate.profile import check_profile
from recrate.crate.read import read_crate
from recrate.crate.runs import write_run_crate
from recrate.model.environment import Card, NotRestored, Package
from recrate.model.observation import EnvironmentSeen, NotebookObservation, Observation, RunError
from recrate.model.policy import Policy, Waiver, WaiverKind
from recrate.model.study import Person
from recrate.model.verdict import Coverage, Judgement, Verdict

VERDICT = Verdict(
    verdict=Judgement.EQUIVALENT,
    coverage=Coverage(outputs=3, compared=3, identical=2, equivalent=1),
    notebooks=(),
    policy=Policy(),
    judge="recrate-judge 1",
    sentence="All 3 recorded outputs came out the same or nearly so.",
)
CARD = Card(system="Linux", release="6", machine="x86_64")
ENVIRONMENT = EnvironmentSeen(
    language="python",
    python="3.11.7",
    packages=(Package(name="numpy", version="1.26.4"),),
    restored=True,
    seconds=1.5,
    card=CARD,
)


@pytest.fixture
def replayed(study, tmp_path):
    """A replay's folder as flow leaves it, before it becomes a run crate."""
    crate = study.pack(tmp_path / "peas.crate.zip")
    folder = tmp_path / "replay"
    texts = {
        "verdict.json": "{}",
        "report.html": "<p>",
        "replay.json": "{}",
        "recorded/one.ipynb": study.contents["one.ipynb"].decode(),
        "observations/0/observation.json": "{}",
        "observations/0/notebooks/one.ipynb": "{}",
        "observations/1/observation.json": "{}",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    good = Observation(
        crate=crate.identity,
        crate_name=crate.name,
        repeat=0,
        agent="recrate 0.1.0",
        started="2026-01-02T09:00:00.123456+09:00",
        ended="2026-01-02T09:01:30.123456+09:00",
        runner="local",
        sandbox="bubblewrap",
        environment=ENVIRONMENT,
        notebooks=(
            NotebookObservation(
                path="one.ipynb", status="completed", seconds=1, rerun="notebooks/one.ipynb"
            ),
        ),
        parameters=(("alpha", "0.1"),),
    )
    error = RunError(name="KeyError", message="'x'", cell=0)
    failed = NotebookObservation(path="one.ipynb", status="failed", seconds=1, error=error)
    bad = replace(good, repeat=1, notebooks=(failed,))
    return folder, crate, (good, bad)


def told(folder: Path):
    document = json.loads((folder / "ro-crate-metadata.json").read_text())
    return document, {entity["@id"]: entity for entity in document["@graph"]}


def test_it_passes_both_profiles(replayed, contexts):
    folder, crate, observations = replayed
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    document, _ = told(folder)
    for profile in ("process-run-crate-0.5", "ro-crate-1.1"):
        assert check_profile(document, contexts=contexts, profile=profile) == ()


def test_the_run_profile_is_really_asked(replayed, contexts):
    folder, crate, observations = replayed
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    document, entities = told(folder)
    del entities["#observation-0"]["instrument"]
    found = check_profile(document, contexts=contexts, profile="process-run-crate-0.5")
    assert [finding.code for finding in found] == ["profile"]
    assert "instrument" in found[0].message


def test_it_names_crate_environment_times_results_and_verdict(replayed):
    folder, crate, observations = replayed
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    _, entities = told(folder)
    action = entities["#observation-0"]
    replayed_crate = entities[action["object"]["@id"]]
    assert entities[replayed_crate["identifier"]["@id"]]["value"] == crate.identity
    assert action["startTime"] == "2026-01-02T00:00:00+00:00"
    assert action["endTime"] == "2026-01-02T00:01:30+00:00"
    assert {"@id": "observations/0/notebooks/one.ipynb"} in action["result"]
    assert {"@id": "recorded/one.ipynb"} in action["instrument"]
    said = {entities[one["@id"]]["name"]: entities[one["@id"]] for one in action["environment"]}
    assert said["language"]["value"] == "python 3.11.7"
    assert said["parameter alpha"]["value"] == "0.1"
    assert entities["#verdict-value"]["value"] == "equivalent"
    assert {"@id": "verdict.json"} in entities["#verdict"]["result"]


def test_a_failed_run_says_what_stopped_it(replayed):
    folder, crate, observations = replayed
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    _, entities = told(folder)
    assert "error" not in entities["#observation-0"]
    failed = entities["#observation-1"]
    assert failed["actionStatus"] == "http://schema.org/FailedActionStatus"
    assert failed["error"] == "one.ipynb: failed (KeyError: 'x')"


def test_what_could_not_be_restored_is_a_failed_run(replayed, contexts):
    folder, crate, (good, _) = replayed
    reason = NotRestored(cause="no build for this platform", message="no wheel")
    nothing = replace(good, environment=None, notebooks=(), not_restored=reason)
    write_run_crate(folder, crate=crate, observations=(nothing,), verdict=VERDICT)
    document, entities = told(folder)
    assert entities["#observation-0"]["error"] == "not restored: no wheel"
    assert check_profile(document, contexts=contexts, profile="process-run-crate-0.5") == ()


def test_judging_again_gives_the_same_bytes(replayed):
    folder, crate, observations = replayed
    metadata = folder / "ro-crate-metadata.json"
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    first = metadata.read_bytes()
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    assert metadata.read_bytes() == first


def test_who_asked_stands_as_agent(replayed):
    folder, crate, observations = replayed
    person = Person(name="花子", identifier="https://orcid.org/0000-0002-1825-0097")
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT, person=person)
    _, entities = told(folder)
    assert entities["#observation-0"]["agent"] == {"@id": person.identifier}


def test_differences_that_people_took_on_are_named(replayed, contexts):
    folder, crate, observations = replayed
    accepted = Waiver(path="one.ipynb", cell=1, output=0, reason="new colours")
    left = replace(accepted, cell=2, kind=WaiverKind.WAIVE, person="花子", date="2026-01-02")
    verdict = replace(VERDICT, policy=Policy(waivers=(accepted, left)))
    write_run_crate(folder, crate=crate, observations=observations, verdict=verdict)
    document, entities = told(folder)
    assert entities["#waiver-0"]["name"] == "Accepted: one.ipynb, cell 1, output 0"
    assert entities["#waiver-0"]["description"] == "new colours"
    assert entities["#waiver-1"]["name"] == "Waived: one.ipynb, cell 2, output 0"
    assert entities[entities["#waiver-1"]["agent"]["@id"]]["name"] == "花子"
    assert entities["#waiver-1"]["endTime"] == "2026-01-02"
    for profile in ("process-run-crate-0.5", "ro-crate-1.1"):
        assert check_profile(document, contexts=contexts, profile=profile) == ()


def test_what_is_being_written_is_no_part_of_it(replayed):
    folder, crate, observations = replayed
    (folder / ".recrate-draft-1").mkdir()
    (folder / ".recrate-draft-1" / "verdict.json").write_text("half")
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    assert not [name for name in told(folder)[1] if "draft" in name]


def test_a_run_crate_is_a_crate(replayed):
    folder, crate, observations = replayed
    write_run_crate(folder, crate=crate, observations=observations, verdict=VERDICT)
    read = read_crate(folder)
    assert read.name == f"Replay of {crate.name}"
    assert read.findings == ()
