"""A campaign's folder as an RO-Crate."""

import hashlib
import json
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from recrate.crate.campaigns import EXPORTS, write_campaign_crate
from recrate.crate.profile import check_profile
from recrate.crate.runs import PROFILE
from recrate.model.campaign import CampaignOptions, Entry
from recrate.model.errors import OutsideFailed
from recrate.model.study import Person
from ui.campaigns import HEAD, campaign, hostile, judged, status_of, unjudged

AT = "2026-03-02T12:00:00.25+09:00"
NAME = "ro-crate-metadata.json"


def make(folder: Path, rows, **more):
    """Write the crate of a campaign whose replays and exports lie in `folder`."""
    for row in rows:
        if row.folder and row.result and not Path(row.folder).is_absolute():
            (folder / row.folder).mkdir(parents=True, exist_ok=True)
            (folder / row.folder / NAME).touch()
    for name in EXPORTS:
        (folder / name).write_text(f"the content of {name}")
    counts = status_of(rows).counts
    write_campaign_crate(folder, head=HEAD, counts=counts, rows=rows, at=AT, **more)
    return told(folder)


def told(folder: Path):
    document = json.loads((folder / NAME).read_bytes())
    entities = {entity["@id"]: entity for entity in document["@graph"]}
    assert len(entities) == len(document["@graph"])
    return document, entities


@pytest.mark.parametrize("rows", [campaign(60), hostile(), []], ids=["usual", "hostile", "none"])
def test_it_conforms_to_ro_crate(tmp_path, contexts, rows):
    document, _ = make(tmp_path, rows)
    assert check_profile(document, contexts=contexts, profile="ro-crate-1.1") == ()


def test_the_profile_is_really_asked(tmp_path, contexts):
    document, entities = make(tmp_path, campaign(3))
    del entities["./"]["license"]
    assert check_profile(document, contexts=contexts, profile="ro-crate-1.1") != ()


def test_what_was_asked_for_is_told_where_it_is_not_as_usual(tmp_path):
    options = CampaignOptions(
        repeats=3, parameters=(("seed", "1\u202e2"),), allow_network=True, unsandboxed=True
    )
    head = replace(HEAD, options=options, runners=("kyoto",))
    write_campaign_crate(tmp_path, head=head, counts=status_of([]).counts, rows=[], at=AT)
    _, entities = told(tmp_path)
    assert entities["#campaign"]["description"] == (
        "Runners: kyoto; repeats: 3; parameters: seed = 1 2; with a network; without walls"
    )


def test_every_export_and_every_run_is_part_of_it(tmp_path):
    rows = [judged(0, "identical"), unjudged(1, "broken"), judged(2, "failed", cause="memory")]
    _, entities = make(tmp_path, rows)
    parts = {part["@id"] for part in entities["./"]["hasPart"]}
    assert parts == {*EXPORTS, "runs/0/", "runs/2/"}
    told_of = entities["campaign.csv"]
    content = (tmp_path / "campaign.csv").read_bytes()
    assert told_of["sha256"] == hashlib.sha256(content).hexdigest()
    assert told_of["contentSize"] == str(len(content))


def test_a_run_says_its_profile_its_verdict_and_the_crate_it_replayed(tmp_path):
    _, entities = make(tmp_path, [judged(3, "failed", cause="API changed")])
    run = entities["runs/3/"]
    assert run["@type"] == "Dataset"
    assert run["conformsTo"] == {"@id": PROFILE}
    verdict = entities[run["additionalProperty"]["@id"]]
    assert (verdict["propertyID"], verdict["value"]) == ("recrate-verdict", "failed")
    assert verdict["description"] == "31 of 38 recorded outputs compared; cause: API changed"
    crate = entities[run["mentions"]["@id"]]
    assert crate["@id"] == "https://doi.org/10.5281/zenodo.100003"
    doi, identity = crate["identifier"]
    assert doi == crate["@id"]
    assert entities[identity["@id"]]["value"] == f"{3:064x}"


def test_a_crate_that_two_tasks_replayed_is_told_once(tmp_path):
    one = judged(0, "identical")
    other = judged(1, "failed", entry=one.entry, identity=one.identity)
    _, entities = make(tmp_path, [one, other])
    assert entities["runs/0/"]["mentions"] == entities["runs/1/"]["mentions"]


def test_only_what_lies_within_the_folder_is_a_run(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / NAME).touch()
    folder = tmp_path / "campaign"
    folder.mkdir()
    rows = [
        judged(0, "identical", folder="../outside"),
        judged(1, "identical", folder=str(outside)),
        judged(2, "identical", folder="runs/2"),
    ]
    make(folder, rows[2:])
    counts = status_of(rows).counts
    gone = judged(4, "identical")
    write_campaign_crate(folder, head=HEAD, counts=counts, rows=[*rows, gone], at=AT)
    runs = [one for one in told(folder)[1] if one.startswith(("runs/", "..", "/"))]
    assert runs == ["runs/2/"]


def test_who_asked_stands_as_agent(tmp_path):
    person = Person(name="花子", identifier="https://orcid.org/0000-0002-1825-0097")
    _, entities = make(tmp_path, campaign(2), person=person)
    assert entities["#campaign"]["agent"] == {"@id": person.identifier}
    assert entities["#campaign"]["startTime"] == "2026-03-02T00:00:00+00:00"
    assert entities["#campaign"]["endTime"] == "2026-03-02T03:00:00+00:00"


def test_the_same_folder_gives_the_same_bytes(tmp_path):
    rows = campaign(30)
    make(tmp_path, rows)
    first = (tmp_path / NAME).read_bytes()
    make(tmp_path, rows)
    assert (tmp_path / NAME).read_bytes() == first


def test_rows_that_break_off_leave_the_metadata_as_they_were(tmp_path):
    make(tmp_path, campaign(3))
    first = (tmp_path / NAME).read_bytes()

    def broken():
        yield judged(0, "failed")
        raise OutsideFailed("the journal cannot be read")

    counts = status_of(campaign(3)).counts
    with pytest.raises(OutsideFailed):
        write_campaign_crate(tmp_path, head=HEAD, counts=counts, rows=broken(), at=AT)
    assert (tmp_path / NAME).read_bytes() == first
    assert not list(tmp_path.glob(".recrate-*"))


def test_addresses_of_the_list_become_safe_identifiers(tmp_path):
    odd = 'https://example.org/a b/"c"/<d>\ud800'
    wheres = [odd, "doi:10.1234/X", "10.1234/y", "studies/a b.crate.zip", "javascript:alert(1)"]
    rows = [
        replace(judged(number, "identical"), entry=Entry(where=where))
        for number, where in enumerate(wheres)
    ]
    _, entities = make(tmp_path, rows)
    found = [entities[f"runs/{number}/"]["mentions"]["@id"] for number in range(len(wheres))]
    assert found == [
        "https://example.org/a%20b/%22c%22/%3Cd%3E?",
        "https://doi.org/10.1234/X",
        "https://doi.org/10.1234/y",
        f"#crate-{3:064x}",
        f"#crate-{4:064x}",
    ]


@pytest.mark.slow
def test_ten_thousand_runs_take_seconds_and_little_memory(tmp_path):
    for number in range(10_000):
        (tmp_path / f"runs/{number}").mkdir(parents=True)
        (tmp_path / f"runs/{number}" / NAME).touch()
    counts = status_of([judged(0, "failed")]).counts
    many = (judged(number, "failed", cause="memory") for number in range(10_000))
    tracemalloc.start()
    began = time.process_time()
    write_campaign_crate(tmp_path, head=HEAD, counts=counts, rows=many, at=AT)
    took = time.process_time() - began
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 30
    assert most < 40 << 20
    assert len(told(tmp_path)[1]["./"]["hasPart"]) == 10_000
