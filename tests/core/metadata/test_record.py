"""A crate, a study and a verdict as records."""

import json
from pathlib import Path

import pytest

from making import notebook_of, stream
from recrate.configuration import read_settings
from recrate.crate.read import read_opened
from recrate.environment.settings import EnvironmentSettings
from recrate.flow.pack import PackOrder, pack
from recrate.flow.records import record_of
from recrate.metadata.keeping import keep_description
from recrate.metadata.record import is_run, record_of_crate, record_of_run
from recrate.metadata.references import refer
from recrate.model.crate import Crate
from recrate.model.errors import RecrateError
from recrate.model.record import LinkRelation, RecordKind, RecordLink
from recrate.model.study import (
    Access,
    AccessRight,
    Description,
    Funding,
    Language,
    Organisation,
    Person,
    Related,
    Relation,
    Translation,
)
from recrate.outside.archive import Archive
from recrate.scan.options import ScanOptions
from replayed_folders import two_notebooks

SAID = {"today": "2026-11-22", "agent": "recrate 0.1.0"}
DESCRIPTION = Description(
    title="Growth of peas",
    description="How peas grow",
    creators=(
        Person(
            name="Hanako Yamada",
            given_name="Hanako",
            family_name="Yamada",
            alternate_name="山田 花子",
            identifier="https://orcid.org/0000-0002-1825-0097",
            erad_number="12345678",
            affiliation=Organisation(name="Lab", identifier="https://ror.org/04ksd4g47"),
        ),
    ),
    licence="CC-BY-4.0",
    keywords=("peas",),
    published="2026-11-01",
    version="2",
    language=Language.ENGLISH,
    translations=(Translation(language=Language.JAPANESE, title="豌豆", description="豌豆の成長"),),
    related=(
        Related(
            url="https://doi.org/10.5072/paper", relation=Relation.IS_SUPPLEMENT_TO, title="On peas"
        ),
        Related(url="https://doi.org/10.5072/data", relation=Relation.IS_DERIVED_FROM),
    ),
    funding=(Funding(funder=Organisation(name="Fund"), award_number="F-1"),),
    access=Access(right=AccessRight.SHARED, contact="data@example.ac.jp"),
)


@pytest.fixture
def study(tmp_path) -> Path:
    root = tmp_path / "study"
    root.mkdir()
    (root / "a.ipynb").write_text(notebook_of("print(1)", outputs={0: [stream("1\n")]}))
    (root / "in.csv").write_text("a,b\n")
    (root / "more.csv").write_text("c,d\n")
    keep_description(root, DESCRIPTION)
    refer(root, "in.csv", "https://doi.org/10.5072/data")
    refer(root, "more.csv", "https://example.org/more.csv")
    return root


@pytest.fixture
def crate(study, tmp_path) -> Crate:
    packed = pack(
        PackOrder(root=study, destination=tmp_path / "peas.crate.zip", locked=False),
        options=ScanOptions(),
        environment=EnvironmentSettings(cache=tmp_path / "cache", today="2026-11-22"),
        agent="recrate 0.1.0",
        today="2026-11-22",
    )
    return packed.crate


def pairs(record) -> set[tuple[str, str]]:
    return {(one.relation.value, one.target) for one in record.links}


def test_a_crate_gives_back_what_was_typed(crate):
    record = record_of_crate(crate, **SAID)
    told = record.description
    names = ("title", "description", "creators", "licence", "keywords", "language", "translations",
             "funding", "access")  # fmt: skip
    for name in names:
        assert getattr(told, name) == getattr(DESCRIPTION, name)
    assert (record.issued, record.version) == ("2026-11-01", "2")
    assert record.kind is RecordKind.STUDY
    assert record.identity == crate.identity
    assert (record.notebooks, record.languages) == (("a.ipynb",), ("Python",))
    assert {one.path for one in record.files} == {"a.ipynb"}


def test_data_that_are_fetched_are_required_and_each_is_told_once(crate):
    given = RecordLink(target="https://doi.org/10.5072/x", relation=LinkRelation.IS_REVIEWED_BY)
    record = record_of_crate(crate, concept_doi="10.5072/all", links=(given, given), **SAID)
    assert pairs(record) == {
        ("IsSupplementTo", "https://doi.org/10.5072/paper"),
        ("IsDerivedFrom", "https://doi.org/10.5072/data"),
        ("Requires", "https://example.org/more.csv"),
        ("IsVersionOf", "https://doi.org/10.5072/all"),
        ("IsReviewedBy", "https://doi.org/10.5072/x"),
    }
    assert len(record.links) == 5


def test_whom_to_ask_is_a_contributor(crate):
    (contact,) = record_of_crate(crate, **SAID).contributors
    assert contact.role == "ContactPerson"
    assert contact.organisation.name == "data@example.ac.jp"


def test_a_study_is_described_without_being_packed_as_its_crate_is(study, crate, tmp_path):
    settings = read_settings(None)
    before = {path.name for path in study.iterdir()}
    record = record_of(study, settings=settings)
    assert {path.name for path in study.iterdir()} == before
    packed = record_of(tmp_path / "peas.crate.zip", settings=settings)
    assert record.identity == packed.identity == crate.identity
    assert pairs(record) == pairs(packed)
    assert record.files == packed.files
    assert record.notebooks == packed.notebooks
    assert record.description.creators == packed.description.creators


def test_a_folder_that_holds_neither_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "nowhere", tmp_path / "empty"):
        with pytest.raises(RecrateError) as told:
            record_of(place, settings=read_settings(None))
        assert told.value.hint or told.value.where


FOREIGN = [
    {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"},
    },
    {
        "@id": "./",
        "@type": ["Dataset"],
        "name": ["Foreign peas"],
        "description": {"@value": "Of others"},
        "author": [{"@id": "#a"}, "Somebody Else"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "keywords": "peas, beans",
        "datePublished": "2020-05-06T07:08:09Z",
        "identifier": "https://doi.org/10.5072/foreign",
        "citation": {"@id": "https://doi.org/10.5072/paper"},
        "hasPart": [{"@id": "a.ipynb"}],
    },
    {
        "@id": "#a",
        "@type": "Person",
        "name": "Wrong Number",
        "identifier": "https://orcid.org/0000-0000-0000-0000",
    },
    {"@id": "a.ipynb", "@type": ["File"], "programmingLanguage": {"@id": "#py"}},
    {"@id": "#py", "@type": "ComputerLanguage", "name": "Python"},
]


def test_a_foreign_crate_is_a_record_without_identifiers_that_are_none(tmp_path):
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "a.ipynb").write_text(notebook_of("1"))
    context = "https://w3id.org/ro/crate/1.2/context"
    document = {"@context": context, "@graph": FOREIGN}
    (folder / "ro-crate-metadata.json").write_text(json.dumps(document))
    record = record_of(folder, settings=read_settings(None))
    told = record.description
    assert (told.title, told.description) == ("Foreign peas", "Of others")
    assert {one.name for one in told.creators} == {"Somebody Else", "Wrong Number"}
    assert all(one.identifier is None for one in told.creators)
    assert (told.licence, told.keywords) == ("CC-BY-4.0", ("peas", "beans"))
    assert (record.issued, record.languages) == ("2020-05-06", ("Python",))
    assert pairs(record) == {("Cites", "https://doi.org/10.5072/paper")}


@pytest.mark.parametrize("graph", [[], [{"@id": "./"}], [{"@id": 3}], FOREIGN[:1]])
def test_metadata_that_say_nothing_still_make_a_record(graph):
    crate = Crate(
        location="x",
        identity="0" * 64,
        name="Nameless",
        files=(),
        notebooks=(),
        references=(),
        lock=None,
        metadata={"@graph": graph},
    )
    record = record_of_crate(crate, **SAID)
    assert (record.description.title, record.issued) == ("Nameless", "2026-11-22")
    assert record_of_run(crate, **SAID).kind is RecordKind.REPLAY


@pytest.fixture
def run(tmp_path) -> Crate:
    folder = two_notebooks(tmp_path / "run")
    with Archive(folder) as archive:
        return read_opened(archive)


def published(crate: Crate) -> Crate:
    """Return the crate as its repository has it: with its DOI in its root."""
    graph = [dict(one) for one in crate.metadata["@graph"]]
    root = next(one for one in graph if one["@id"] == "./")
    own = root["identifier"] if isinstance(root["identifier"], list) else [root["identifier"]]
    root["identifier"] = [*own, {"@id": "https://doi.org/10.5072/peas"}]
    return Crate(
        location="peas.crate.zip",
        identity=crate.identity,
        name=crate.name,
        files=crate.files,
        notebooks=crate.notebooks,
        references=crate.references,
        lock=None,
        metadata={**crate.metadata, "@graph": graph},
    )


def test_a_verdict_reviews_the_crate_and_references_what_that_names(run, crate):
    record = record_of_run(run, replayed=published(crate), **SAID)
    assert record.kind is RecordKind.REPLAY
    assert record.verdict == "different"
    assert pairs(record) == {
        ("Reviews", "https://doi.org/10.5072/peas"),
        ("References", "https://doi.org/10.5072/paper"),
        ("References", "https://doi.org/10.5072/data"),
        ("References", "https://example.org/more.csv"),
    }
    review = next(one for one in record.links if one.relation is LinkRelation.REVIEWS)
    assert review.information == "re-execution"
    assert record.notebooks == ("a.ipynb",)


def test_a_verdict_is_told_with_its_coverage_in_both_languages(run, crate):
    told = record_of_run(run, replayed=crate, **SAID).description
    assert told.title == "Replay of Growth of peas"
    assert "4 of 4 outputs compared" in told.description
    (japanese,) = told.translations
    assert japanese.title == "「豌豆」の再実行"
    assert japanese.description == "判定：相違あり。4 件の出力のうち 4 件を比較。"


def test_a_verdict_nobody_asked_for_by_name_is_the_programs(run):
    assert record_of_run(run, **SAID).description.creators == (Person(name="recrate"),)


def test_a_verdict_on_what_is_not_open_is_not_open_either(run, crate):
    told = record_of_run(run, replayed=crate, **SAID).description
    assert told.access == DESCRIPTION.access


def test_a_verdict_on_a_crate_that_is_published_nowhere_reviews_no_address(run, crate):
    assert all(
        one.relation is not LinkRelation.REVIEWS
        for one in record_of_run(run, replayed=crate, **SAID).links
    )


def test_a_replays_folder_is_told_from_a_crate(run, crate, tmp_path):
    assert is_run(run.metadata)
    assert not is_run(crate.metadata)
    record = record_of(tmp_path / "run", settings=read_settings(None))
    assert record.kind is RecordKind.REPLAY
    assert record.description.title == "Replay of Tides"
    assert record.issued == "2026-01-01"


def test_a_replays_folder_with_a_broken_memory_of_its_crate_is_still_a_record(run, tmp_path):
    (tmp_path / "run" / "crate.json").write_text("{")
    record = record_of(tmp_path / "run", settings=read_settings(None))
    assert record.description.title == "Replay of Tides"
