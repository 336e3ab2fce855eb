"""The deposit view and the package: what WEKO takes, what RO-Crate wants, what stays untouched."""

import hashlib
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import bagit
import pytest

from conftest import OFFICIAL
from doubles.weko_parcels import CANONICAL, DESCRIPTION, FILES, parcel, record_of
from doubles.weko_parser import Read, read_document
from doubles.weko_rules import METADATA
from doubles.weko_store import INDEX, MAPPING_FILE
from recrate.crate.profile import Contexts, check_profile
from recrate.model.jpcoar import JPCOAR_RELATIONS
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordKind, RecordLink
from recrate.model.study import Access, AccessRight
from recrate.publish.depositor import Parcel
from recrate.publish.weko_mapping import Mapping, reference_mapping
from recrate.publish.weko_options import settings_of
from recrate.publish.weko_package import Package, make_package
from recrate.publish.weko_view import Update, make_view, mark_word

BASE = {"url": "https://example.repo.nii.ac.jp"}
MAPPING: dict[str, str] = json.loads(MAPPING_FILE.read_text())


def packed(
    of: Parcel,
    folder: Path,
    *,
    mapping: Mapping | None = None,
    update: Update | None = None,
    name: str = "out.zip",
) -> Package:
    """Make a parcel's package."""
    settings = settings_of(BASE, order=of.order, kind=of.record.kind)
    return make_package(
        of,
        folder / name,
        whole=settings.whole,
        today="2026-11-21",
        view=lambda files: make_view(
            of.record,
            files,
            settings,
            mark=of.order.mark,
            mapping=mapping or reference_mapping(),
            update=update,
        ),
        progress=silent,
    )


def view_of(of: Parcel, folder: Path, **more: Any) -> dict[str, Any]:
    """Return the document in a parcel's package."""
    with zipfile.ZipFile(packed(of, folder, **more).file) as archive:
        document: dict[str, Any] = json.loads(archive.read(METADATA))
    return document


def read(document: dict[str, Any]) -> Read:
    """Read a document as WEKO does."""
    (found,) = read_document(document, MAPPING)
    return found


@pytest.mark.parametrize("way", ["whole", "exploded"])
def test_the_view_is_a_valid_ro_crate(tmp_path: Path, way: str) -> None:
    document = view_of(parcel(tmp_path, way=way), tmp_path)
    assert check_profile(document, contexts=Contexts(folder=OFFICIAL)) == ()


@pytest.mark.parametrize("way", ["whole", "exploded"])
def test_the_package_is_a_valid_bag_and_the_same_each_time(tmp_path: Path, way: str) -> None:
    of = parcel(tmp_path, way=way)
    first = packed(of, tmp_path)
    second = packed(of, tmp_path, name="again.zip")
    assert first.sha256 == second.sha256 == hashlib.sha256(first.file.read_bytes()).hexdigest()
    with zipfile.ZipFile(first.file) as archive:
        archive.extractall(tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    assert bag.version_info == (0, 97)
    assert set(bag.info) >= {"Payload-Oxum", "Bagging-Date", "External-Identifier"}


def test_a_whole_crate_lies_in_the_package_byte_by_byte(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    with zipfile.ZipFile(packed(of, tmp_path).file) as archive:
        assert archive.read("data/Tides-of-the-Inland-Sea.crate.zip") == of.file.read_bytes()
        payload = [name for name in archive.namelist() if name.startswith("data/")]
    assert set(payload) == {METADATA, "data/Tides-of-the-Inland-Sea.crate.zip"}


def test_an_exploded_crate_keeps_each_file_and_its_own_metadata(tmp_path: Path) -> None:
    of = parcel(tmp_path, way="exploded")
    with zipfile.ZipFile(packed(of, tmp_path).file) as archive:
        for name, content in FILES.items():
            if not name.startswith("ro-crate-"):
                assert archive.read(f"data/{name}") == content
        assert archive.read("data/original-ro-crate-metadata.json") == CANONICAL
        assert "data/ro-crate-preview.html" not in archive.namelist()


def test_files_are_named_as_weko_compares_them_notebooks_first(tmp_path: Path) -> None:
    document = view_of(parcel(tmp_path, way="exploded"), tmp_path)
    found = read(document)
    names = [found.kept[f"hasPart[{number}].name"] for number in range(len(found.paths))]
    assert names == found.paths, "for a file at the root the name is its base name"
    assert found.paths[0] == "analysis.ipynb"
    assert found.paths[-1] == "original-ro-crate-metadata.json"
    assert set(found.paths) == {
        "analysis.ipynb", "code/model.py", "data/\u89b3\u6e2c 1.csv", "a b.txt",
        "original-ro-crate-metadata.json",
    }  # fmt: skip


def test_a_new_item_claims_no_identifier_and_an_update_claims_its_record(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    assert read(view_of(of, tmp_path)).identifier is None
    update = Update(recid="96568", new_version=True)
    found = read(view_of(of, tmp_path, update=update))
    assert (found.identifier, found.edit_mode) == ("96568", "Upgrade")
    assert found.uri == "https://example.repo.nii.ac.jp/records/96568"
    mended = read(view_of(of, tmp_path, update=Update(recid="96568", new_version=False)))
    assert mended.edit_mode == "Keep"


def test_the_item_is_private_unless_the_person_wants_it_public(tmp_path: Path) -> None:
    for answers, status in (
        ({}, "private"), ({"publish": "public"}, "public"), ({"publish": "workflow"}, "private"),
    ):  # fmt: skip
        found = read(view_of(parcel(tmp_path, **answers), tmp_path))
        assert found.publish_status == status
        assert found.indexes == [int(INDEX)]
    draft = parcel(tmp_path, publish="public", draft=True)
    assert read(view_of(draft, tmp_path)).publish_status == "private"


def test_a_doi_is_asked_for_by_its_prefix_alone(tmp_path: Path) -> None:
    of = parcel(tmp_path, publish="public", doi_prefix="10.5072")
    found = read(view_of(of, tmp_path))
    assert (found.doi, found.agency) == ("10.5072/", "JaLC")
    has = Update(recid="1", new_version=True, has_doi=True)
    assert read(view_of(of, tmp_path, update=has)).doi is None
    assert read(view_of(parcel(tmp_path, doi_prefix="10.5072"), tmp_path)).doi is None


def test_all_that_the_record_says_reaches_the_reference_mapping(tmp_path: Path) -> None:
    found = read(view_of(parcel(tmp_path), tmp_path))
    said = {
        "dc:title.value": {"瀬戸内海の潮汐", "Tides of the Inland Sea"},
        "dc:title.language": {"ja", "en"},
        "jpcoar:creator.jpcoar:creatorName.value": {
            "山田 花子", "Hanako Yamada", "Suzuki, Jiro"},
        "jpcoar:creator.jpcoar:nameIdentifier.value": {"0000-0002-1825-0097", "01234567"},
        "jpcoar:creator.jpcoar:nameIdentifier.nameIdentifierScheme": {"ORCID", "e-Rad_Researcher"},
        "jpcoar:creator.jpcoar:affiliation.jpcoar:affiliationName.value": {"国立研究所", "NII"},
        "jpcoar:creator.jpcoar:affiliation.jpcoar:nameIdentifier.value": {
            "https://ror.org/04ksd4g47"},
        "jpcoar:contributor.contributorType": {"DataManager", "Other"},
        "dc:rights.value": {"CC-BY-4.0"},
        "dc:rights.rdf:resource": {"https://creativecommons.org/licenses/by/4.0/"},
        "dc:type.value": {"software"},
        "dc:language.value": {"jpn", "eng"},
        "datacite:version.value": {"1.2"},
        "dc:publisher.value": {"Example University"},
        "datePublished": {"2026-11-21"},
        "jpcoar:fundingReference.jpcoar:awardNumber.value": {"JP23K01234", "JPMJFR200A"},
        "jpcoar:fundingReference.jpcoar:funderIdentifier.funderIdentifierType": {"Crossref Funder"},
        "jpcoar:fundingReference.jpcoar:fundingStreamIdentifier.value": {"MJSP"},
    }  # fmt: skip
    for path, values in said.items():
        assert set(found.values(path)) == values, path
    assert {"tides", "潮汐", "189"} == set(found.values("jpcoar:subject.value"))
    assert found.values("jpcoar:relation.relationType") == [
        "isSupplementTo", "isDerivedFrom", "Cites", "isIdenticalTo",
    ]  # fmt: skip
    assert found.values("jpcoar:relation.jpcoar:relatedIdentifier.identifierType") == [
        "DOI", "URI", "DOI", "Local",
    ]  # fmt: skip


def test_attributes_are_written_in_both_spellings(tmp_path: Path) -> None:
    found = read(view_of(parcel(tmp_path), tmp_path))
    for name in ("relationType", "contributorType", "funderIdentifierType", "awardNumberType"):
        plain = [v for k, v in found.leaves.items() if k.endswith(f".{name}")]
        prefixed = [v for k, v in found.leaves.items() if k.endswith(f".jpcoar:{name}")]
        assert plain, name
        assert plain == prefixed, name


def test_every_relation_has_a_word_of_jpcoar() -> None:
    assert set(JPCOAR_RELATIONS) == set(LinkRelation)


def test_access_is_told_of_the_item_and_of_each_file(tmp_path: Path) -> None:
    for right, word, role in (
        (AccessRight.OPEN, "open access", "open_access"),
        (AccessRight.SHARED, "restricted access", "open_no"),
        (AccessRight.CLOSED, "metadata only access", "open_no"),
        (AccessRight.EMBARGOED, "embargoed access", "open_date"),
    ):
        access = Access(right=right, available="2028-01-01" if role == "open_date" else None)
        of = parcel(tmp_path, said=record_of(access=access), way="exploded")
        found = read(view_of(of, tmp_path))
        assert found.values("dcterms:accessRights.value") == [word]
        assert set(found.values("hasPart.dcterms:accessRights")) == {role}
        if role == "open_date":
            assert set(found.values("hasPart.datePublished")) == {"2028-01-01"}
            assert "Available" in found.values("datacite:date.dateType")


def test_an_embargo_without_its_day_opens_nothing(tmp_path: Path) -> None:
    record = record_of(access=Access(right=AccessRight.EMBARGOED))
    found = read(view_of(parcel(tmp_path, said=record, way="exploded"), tmp_path))
    assert set(found.values("hasPart.dcterms:accessRights")) == {"open_no"}


def test_identifiers_of_an_unknown_kind_are_left_out(tmp_path: Path) -> None:
    found = read(view_of(parcel(tmp_path, identifier_schemes="ORCID"), tmp_path))
    assert {v for k, v in found.kept.items() if k.endswith("nameIdentifierScheme")} == {"ORCID"}


def test_a_record_of_the_same_repository_becomes_a_link_of_items(tmp_path: Path) -> None:
    target = "https://example.repo.nii.ac.jp/records/42"
    link = RecordLink(target=target, relation=LinkRelation.REVIEWS)
    record = record_of(links=(link, link), kind=RecordKind.REPLAY)
    found = read(view_of(parcel(tmp_path, said=record), tmp_path))
    assert found.links == [(target, "references")]
    assert found.values("dc:type.value") == ["dataset"], "a replay is data"


def test_the_mark_is_one_word_that_the_mapping_keeps(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    word = mark_word(of.order.mark)
    assert word.isalpha()
    assert word != mark_word("another")
    found = read(view_of(of, tmp_path))
    assert any(
        word in one for one in found.values("jpcoar:relation.jpcoar:relatedIdentifier.value")
    )
    narrow = Mapping(["dc:title.value", "datacite:description.value"], known=True)
    found = read(view_of(of, tmp_path, mapping=narrow))
    assert any(word in one for one in found.values("datacite:description.value"))


def test_what_the_file_is_called_there_survives_every_server(tmp_path: Path) -> None:
    untranslated = {"translations": ()}
    for title, name in (
        ("Größe & Gezeiten: 2", "Groe-Gezeiten-2"),
        ("瀬戸内海の潮汐", f"crate-{'0' * 12}"),
        ("瀬戸内海の潮汐 A", f"crate-{'0' * 12}"),
        ("x" * 300, "x" * 60),
        ("../../tides", "tides"),
    ):
        said = record_of(replace(DESCRIPTION, title=title, **untranslated))
        package = packed(parcel(tmp_path, said=said), tmp_path)
        assert package.name == f"{name}.bag.zip"


def test_a_replay_is_a_dataset_unless_the_person_says_otherwise(tmp_path: Path) -> None:
    said = record_of(kind=RecordKind.REPLAY)
    for answers, kind in (({}, "dataset"), ({"resource_type": "software"}, "software")):
        found = read(view_of(parcel(tmp_path, said=said, **answers), tmp_path))
        assert found.values("dc:type.value") == [kind]
