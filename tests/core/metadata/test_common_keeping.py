"""The common metadata items are kept in the study's own file, come back, and go when unwanted."""

import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from core.metadata.common_examples import WHOLE, commons
from recrate.crate.profile import Contexts, check_profile
from recrate.metadata.describe import describe_as_typed
from recrate.metadata.keeping import keep_description
from recrate.metadata.looking import look
from recrate.metadata.own_crate import entities_of, from_crate
from recrate.metadata.references import refer
from recrate.model.common import CommonMetadata, DataItem
from recrate.model.common_terms import COMMON_TERMS
from recrate.model.study import Description, Funding, Organisation, Person, RestrictedFile

OFFICIAL = Path(__file__).resolve().parents[4] / "shared/data/ro-crate"
ROR = "https://ror.org/04ksd4g47"
PERSON = Person(name="Hanako", affiliation=Organisation(name="NII", identifier=ROR))
SAID = Description(
    title="Tides",
    description="How the sea rises",
    creators=(PERSON,),
    licence="CC-BY-4.0",
    funding=(Funding(funder=Organisation(name="JST", identifier="https://ror.org/00097mb19")),),
)
NII_DG = {
    "@context": ["https://w3id.org/ro/crate/1.1/context"],
    "@graph": [
        {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"},
         "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}},
        {"@id": "./", "@type": "Dataset", "name": "x", "hasPart": [{"@id": "a.csv"}]},
        {"@id": "a.csv", "@type": "File", "name": "a.csv", "contentSize": "15B",
         "dmpDataNumber": {"@id": "#dmp:7"}},
        {"@id": "#CAO-DMP", "@type": "DMPMetadata", "name": "CAO-DMP", "about": {"@id": "./"},
         "funder": {"@id": "https://ror.org/00097mb19"}, "keyword": "Informatics",
         "eradProjectId": "123456", "hasPart": [{"@id": "#dmp:7"}, {"@id": "#dmp:8"}]},
        {"@id": "https://ror.org/00097mb19", "@type": "Organization", "name": "JST"},
        {"@id": "#dmp:7", "@type": "DMP", "dataNumber": 7, "name": "計算データ",
         "description": "by Newton's method", "accessRights": "open access",
         "isAccessibleForFree": True, "contentSize": "10GB", "keyword": "Informatics",
         "distribution": {"@id": "https://example.org/get"},
         "license": {"@id": "https://www.apache.org/licenses/LICENSE-2.0"},
         "hostingInstitution": {"@id": "https://ror.org/04ksd4g47"},
         "dataManager": {"@id": "https://orcid.org/0000-0002-1825-0097"}},
        {"@id": "https://www.apache.org/licenses/LICENSE-2.0", "@type": "License", "name": "A2"},
        {"@id": "https://ror.org/04ksd4g47", "@type": "HostingInstitution", "name": "国情研"},
        {"@id": "https://orcid.org/0000-0002-1825-0097", "@type": "Person", "name": "Hanako",
         "email": "h@example.ac.jp", "eradResearcherNumber": "90050426"},
        {"@id": "#dmp:8", "@type": "DMP", "dataNumber": 8, "name": "notes"},
    ],
}  # fmt: skip


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "levels.csv").write_text("1\n")
    return folder


def document(root):
    return json.loads((root / "ro-crate-metadata.json").read_text(encoding="utf-8"))


def read(root):
    told = describe_as_typed(root, look(root))
    return replace(told, references=(), sources=None, findings=())


def test_every_item_comes_back_and_the_file_is_what_ro_crate_requires(root):
    said = replace(SAID, common=WHOLE, published="2026-04-01")
    keep_description(root, said)
    assert read(root) == said
    if not OFFICIAL.is_dir():
        pytest.skip(f"the official RO-Crate contexts are not at {OFFICIAL}")
    assert check_profile(document(root), contexts=Contexts(folder=OFFICIAL)) == ()


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=commons, second=commons)
def test_whatever_is_typed_comes_back_also_over_something_else(first, second):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "data").mkdir()
        (root / "data" / "levels.csv").write_text("1\n")
        for common in (first, second):
            target = keep_description(root, replace(SAID, common=common))
            assert read(root) == replace(SAID, common=common)
            once = target.read_bytes()
            keep_description(root, replace(SAID, common=common))
            assert target.read_bytes() == once
        keep_description(root, SAID)
        assert read(root) == SAID
        left = set(entities_of(document(root)))
        keep_description(root, replace(SAID, common=WHOLE))
        keep_description(root, SAID)
        assert set(entities_of(document(root))) == left


def test_switched_off_it_leaves_nothing_behind(root):
    keep_description(root, SAID)
    before = document(root)["@graph"]
    keep_description(root, replace(SAID, common=WHOLE))
    assert len(document(root)["@graph"]) > len(before) + 40
    keep_description(root, SAID)
    assert document(root)["@graph"] == before


def test_switched_off_it_stays_off_until_it_is_switched_on(root):
    keep_description(root, SAID, emptied=("common",))
    assert "common" in from_crate(document(root), "").emptied
    keep_description(root, replace(SAID, common=WHOLE))
    assert "common" not in from_crate(document(root), "").emptied
    assert read(root).common == WHOLE


def test_the_data_sets_speak_nii_dg(root):
    keep_description(root, replace(SAID, common=WHOLE))
    said = entities_of(document(root))
    plan, first, second = said["#CAO-DMP"], said["#dmp:1"], said["#dmp:2"]
    assert plan["@type"] == "DMPMetadata"
    assert plan["about"] == {"@id": "./"}
    assert plan["hasPart"] == [{"@id": "#dmp:1"}, {"@id": "#dmp:2"}]
    assert plan["keyword"] == first["keyword"] == "Environmental Science"
    assert (first["dataNumber"], second["dataNumber"]) == (1, 2)
    assert first["accessRights"] == "embargoed access"
    assert first["availabilityStarts"] == "2027-04-01"
    assert first["isAccessibleForFree"] is True
    assert first["contentSize"] == "1GB"
    assert said[first["hostingInstitution"]["@id"]]["name"] == "National Institute of Informatics"
    assert said[first["dataManager"]["@id"]]["eradResearcherNumber"] == "90050426"
    assert said[second["creator"][0]["@id"]]["name"] == "Hanako"
    assert said["data/levels.csv"]["dmpDataNumber"] == [{"@id": "#dmp:1"}, {"@id": "#dmp:2"}]


def test_every_term_is_defined_and_no_entity_has_a_context_of_its_own(root):
    keep_description(root, replace(SAID, common=WHOLE))
    whole = document(root)
    assert all("@context" not in one for one in whole["@graph"])
    assert COMMON_TERMS.items() <= whole["@context"][-1].items()


def test_references_and_restricted_files_keep_what_they_say(root):
    (root / "data" / "secret.csv").write_text("s")
    kept = replace(SAID, restricted=(RestrictedFile(path="data/secret.csv"),))
    given = refer(root, "data/levels.csv", "https://example.org/levels.csv")
    keep_description(root, replace(kept, common=WHOLE))
    told = describe_as_typed(root, look(root))
    assert (told.references, told.restricted, told.common) == ((given,), kept.restricted, WHOLE)
    keep_description(root, kept)
    told = describe_as_typed(root, look(root))
    assert (told.references, told.restricted, told.common) == ((given,), kept.restricted, None)


def test_a_plan_that_nii_dg_wrote_is_read_by_its_own_terms():
    common = from_crate(NII_DG, "").common
    first, second = common.items
    assert (common.funder, common.field) == ("JST", "289")
    assert (first.number, first.title_ja, first.title_en) == ("7", "計算データ", "")
    assert (first.access, first.policy, first.size) == ("open access", "free", "1-10GB")
    assert (first.licence, first.hosting_ror, first.hosting_ja) == ("Apache2", ROR, "国情研")
    assert (first.manager.name_en, first.manager.number) == ("Hanako", "90050426")
    assert (first.files, second) == ((), DataItem(number="8", title_en="notes"))


def test_files_that_nii_dg_linked_belong_to_their_data_set():
    other = {"@id": "b%20c.csv", "@type": "File", "dmpDataNumber": {"@id": "#dmp:8"}}
    graph = [*NII_DG["@graph"], other]
    common = from_crate({**NII_DG, "@graph": graph}, "").common
    assert [one.files for one in common.items] == [("a.csv",), ("b c.csv",)]


def test_what_others_wrote_of_a_plan_stays(root):
    (root / "ro-crate-metadata.json").write_text(json.dumps(NII_DG))
    told = describe_as_typed(root, look(root))
    keep_description(root, told)
    said = entities_of(document(root))
    assert said["#CAO-DMP"]["eradProjectId"] == "123456"
    assert said["#dmp:7"]["distribution"] == {"@id": "https://example.org/get"}
    assert said["a.csv"]["contentSize"] == "15B"
    assert read(root).common == told.common


def test_the_data_sets_of_another_funders_plan_are_left_alone(root):
    other = {"@id": "#AMED-DMP", "@type": "DMPMetadata", "name": "AMED-DMP",
             "hasPart": [{"@id": "#dmp:1"}]}  # fmt: skip
    theirs = {"@id": "#dmp:1", "@type": "DMP", "dataNumber": 1, "name": "theirs"}
    keep_description(root, SAID)
    whole = document(root)
    whole["@graph"] += [other, theirs]
    (root / "ro-crate-metadata.json").write_text(json.dumps(whole))
    assert read(root).common is None
    keep_description(root, replace(SAID, common=WHOLE))
    assert read(root).common == WHOLE
    said = entities_of(document(root))
    assert said["#dmp:1"] == theirs
    assert said["#CAO-DMP"]["hasPart"] == [{"@id": "#dmp:2"}, {"@id": "#dmp:3"}]
    keep_description(root, SAID)
    assert entities_of(document(root))["#dmp:1"] == theirs


@pytest.mark.parametrize(
    "plan",
    [
        {"hasPart": 3, "funder": [None, 4], "additionalProperty": "x"},
        {"hasPart": [{"@id": "#dmp:1"}, {"@id": ["#dmp:2"]}, "x"], "funding": {"@id": "#CAO-DMP"}},
        {"additionalProperty": [{"propertyID": "funder", "value": {"a": [1]}}]},
        {"additionalProperty": [{"propertyID": ["funder"], "value": 3}], "keyword": [[]]},
    ],
)
def test_a_plan_of_odd_shape_is_read_without_harm(plan):
    whole = {"@graph": [
        {"@id": "ro-crate-metadata.json", "about": {"@id": "./"}}, {"@id": "./"},
        {"@id": "#CAO-DMP", "@type": ["DMPMetadata"], **plan},
        {"@id": "#dmp:1", "license": 3, "isAccessibleForFree": "yes", "creator": {"@id": "#dmp:1"},
         "additionalProperty": {"@id": "#dmp:1"}, "contentSize": [1], "dataManager": [[]]},
    ]}  # fmt: skip
    common = from_crate(whole, "").common
    assert isinstance(common, CommonMetadata)
    for item in (common, *common.items):
        assert all(isinstance(getattr(item, name), str | tuple) or name == "manager"
                   for name in item.__slots__)  # fmt: skip


def test_a_plan_of_ten_thousand_data_sets_is_read_in_part():
    names = [f"#dmp:{number}" for number in range(10_000)]
    plan = {"@id": "#CAO-DMP", "@type": "DMPMetadata", "hasPart": [{"@id": n} for n in names]}
    sets = [{"@id": name, "@type": "DMP", "name": "x"} for name in names]
    assert len(from_crate({"@graph": [plan, *sets]}, "").common.items) == 1_000


def test_a_plan_that_leads_everywhere_many_times_is_read_at_once():
    many = [{"@id": "#dmp:1"}] * 50_000
    huge = {f"key{n}": "x" for n in range(20_000)}
    plan = {"@id": "#CAO-DMP", "@type": "DMPMetadata", "hasPart": many, "funding": many,
            "additionalProperty": many}  # fmt: skip
    one = {"@id": "#dmp:1", "@type": "DMP", "creator": many, "additionalProperty": many, **huge}
    begun = time.monotonic()
    assert len(from_crate({"@graph": [plan, one]}, "").common.items) == 1
    assert time.monotonic() - begun < 5
