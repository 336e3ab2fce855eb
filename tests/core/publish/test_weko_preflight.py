"""What a person is told before a byte is sent: refusals as errors, losses as warnings."""

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from doubles.serving import served
from doubles.weko import weko
from doubles.weko_parcels import DESCRIPTION, FILES, WEB, deposit, depositor, parcel, record_of
from doubles.weko_store import CLOSED_INDEX, MAPPING_FILE, SCOPES, Store
from recrate.model.errors import BadInput, NotFound
from recrate.model.finding import Finding, Severity
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordLink
from recrate.model.study import Access, AccessRight
from recrate.publish.depositor import Parcel
from recrate.publish.journal import Journal
from recrate.publish.weko import Weko
from recrate.publish.weko_mapping import read_mapping, reference_mapping
from recrate.publish.weko_options import MAXIMUM_BYTES, settings_of
from recrate.publish.weko_package import files_of
from recrate.publish.weko_view import leaves_of, make_view

LONG = replace(DESCRIPTION, description="x" * 60)


@pytest.fixture
def port() -> Iterator[int]:
    """A fresh double's port."""
    with served(weko(Store())) as found:
        yield found


def told(made: Weko, of: Parcel, severity: Severity) -> dict[str, Finding]:
    """Return the findings of a severity by their code."""
    return {one.code: one for one in made.preflight(of) if one.severity is severity}


def known(tmp_path: Path, *without: str) -> str:
    """Write the reference mapping without some of its paths; return where it lies."""
    mapping = json.loads(MAPPING_FILE.read_text())
    kept = {k: v for k, v in mapping.items() if not any(v.startswith(one) for one in without)}
    file = tmp_path / "mapping.json"
    file.write_text(json.dumps(kept))
    return str(file)


@pytest.mark.parametrize("way", ["whole", "exploded"])
def test_a_good_parcel_has_no_error_and_what_preflight_allows_is_taken(
    port: int, tmp_path: Path, way: str
) -> None:
    made = depositor(port, mapping=known(tmp_path))
    of = parcel(tmp_path, way=way)
    assert told(made, of, Severity.ERROR) == {}
    deposit(made, of, Journal(tmp_path / "j"))


def test_our_default_is_the_reference_mapping_for_every_key_that_we_write(tmp_path: Path) -> None:
    official, ours = read_mapping(str(MAPPING_FILE), WEB), reference_mapping()
    of = parcel(tmp_path, way="exploded")
    settings = settings_of({"url": "https://example.repo.nii.ac.jp"}, order=of.order)
    view = make_view(of.record, files_of(of, whole=False), settings, mark="m", mapping=ours)
    paths = {path for path, _ in leaves_of(view)}
    assert len(paths) > 60
    assert [path for path in sorted(paths) if ours.takes(path) != official.takes(path)] == []


def test_a_part_without_a_place_is_told_with_its_value(port: int, tmp_path: Path) -> None:
    mapping = known(tmp_path, "jpcoar:fundingReference.jpcoar:awardNumber", "jpcoar:subject")
    found = [
        one.message
        for one in depositor(port, mapping=mapping).preflight(parcel(tmp_path))
        if one.code == "weko-lost"
    ]
    assert any("award number" in one and "JP23K01234" in one and "1 more" in one for one in found)
    assert any("keyword or field" in one and "tides" in one for one in found)
    assert not any("title" in one for one in found)


def test_what_a_person_was_told_is_what_the_repository_loses(tmp_path: Path) -> None:
    store = Store()
    store.clients["direct"].mapping = json.loads(
        Path(
            known(tmp_path, "jpcoar:creator.jpcoar:nameIdentifier", "datacite:version")
        ).read_text()
    )
    with served(weko(store)) as port:
        made = depositor(port, mapping=str(tmp_path / "mapping.json"))
        of = parcel(tmp_path)
        lost = {one.subject for one in made.preflight(of) if one.code == "weko-lost"}
        deposit(made, of, Journal(tmp_path / "j"))
    (item,) = store.items.values()
    assert any(key.startswith("jpcoar:creator[0].jpcoar:nameIdentifier") for key in item.lost)
    assert "creator's identifier" in lost
    assert "version" in lost
    assert not any(key.startswith("dc:title") for key in item.lost)


def test_a_mapping_without_what_weko_requires_is_an_error(port: int, tmp_path: Path) -> None:
    made = depositor(port, mapping=known(tmp_path, "dc:title", "datePublished"))
    found = [one for one in made.preflight(parcel(tmp_path)) if one.code == "weko-required"]
    assert {one.subject for one in found} >= {"dc:title.value", "datePublished"}
    assert all(one.severity is Severity.ERROR for one in found)


def test_a_mapping_that_cannot_be_read_is_an_error_and_nothing_is_sent(
    port: int, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text("[1]")
    for where, kind in (("nowhere.json", NotFound), ("bad.json", BadInput)):
        made = depositor(port, mapping=str(tmp_path / where))
        assert "weko-mapping" in told(made, parcel(tmp_path), Severity.ERROR)
        with pytest.raises(kind):
            made.deposit(parcel(tmp_path), Journal(tmp_path / where.replace(".", "")), silent)


def test_a_mapping_is_read_from_an_address_and_with_its_wrapping(tmp_path: Path) -> None:
    (tmp_path / "wrapped.json").write_text(json.dumps({"mapping": {"Title": "dc:title.value"}}))
    mapping = read_mapping(str(tmp_path / "wrapped.json"), WEB)
    assert mapping.takes("dc:title.value")
    assert not mapping.takes("dc:title")

    async def app(scope: dict[str, object], _receive: object, send: object) -> None:
        assert callable(send)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": MAPPING_FILE.read_bytes()})

    with served(app) as port:
        assert read_mapping(f"http://127.0.0.1:{port}/m.json", WEB).takes("dc:type.value")


def test_that_the_mapping_is_only_supposed_is_said(port: int, tmp_path: Path) -> None:
    assert "weko-mapping-supposed" in told(depositor(port), parcel(tmp_path), Severity.NOTE)
    made = depositor(port, mapping=known(tmp_path))
    assert "weko-mapping-supposed" not in told(made, parcel(tmp_path), Severity.NOTE)


ERRORS = {
    "weko-index": ({"index": ""}, None),
    "weko-doi": ({"doi_prefix": "10.5072"}, None),
    "weko-title": ({}, record_of(replace(DESCRIPTION, title=" "))),
    "weko-date": ({}, record_of(issued="2026")),
    "weko-embargo": ({}, record_of(access=Access(right=AccessRight.EMBARGOED))),
    "weko-access": (
        {"publish": "public"}, record_of(access=Access(right=AccessRight.SHARED)),
    ),
    "weko-record": ({}, None),
}  # fmt: skip


@pytest.mark.parametrize("code", ERRORS)
def test_what_weko_would_refuse_is_an_error_with_a_hint(
    port: int, tmp_path: Path, code: str
) -> None:
    answers, said = ERRORS[code]
    update = "96568" if code == "weko-record" else None
    of = parcel(tmp_path, said=said, new_version_of=update, **answers)
    found = told(depositor(port), of, Severity.ERROR)
    assert code in found
    assert found[code].hint


@pytest.mark.parametrize(
    ("agency", "kind", "fine"),
    [
        ("JaLC", "workflow", True), ("DataCite", "software", True),
        ("DataCite", "workflow", False), ("Crossref", "dataset", False),
    ],
)  # fmt: skip
def test_an_agency_must_register_the_type(
    port: int, tmp_path: Path, agency: str, kind: str, fine: bool
) -> None:
    of = parcel(
        tmp_path, publish="public", doi_prefix="10.5072", doi_agency=agency, resource_type=kind
    )
    assert ("weko-doi" not in told(depositor(port), of, Severity.ERROR)) is fine


def test_a_version_of_a_record_with_a_doi_must_be_public(port: int, tmp_path: Path) -> None:
    made = depositor(port)
    of = parcel(tmp_path, publish="public", doi_prefix="10.5072")
    record = deposit(made, of, Journal(tmp_path / "j")).record
    again = parcel(tmp_path, new_version_of=record)
    assert "weko-doi" in told(made, again, Severity.ERROR)
    public = parcel(tmp_path, new_version_of=record, publish="public")
    assert "weko-doi" not in told(made, public, Severity.ERROR)


def test_a_private_version_of_a_record_is_warned_of(port: int, tmp_path: Path) -> None:
    made = depositor(port)
    record = deposit(made, parcel(tmp_path, publish="public"), Journal(tmp_path / "j")).record
    again = parcel(tmp_path, new_version_of=record)
    assert "weko-version" in told(made, again, Severity.WARNING)
    public = parcel(tmp_path, new_version_of=record, publish="public")
    assert "weko-version" not in told(made, public, Severity.WARNING)
    assert "weko-version" not in told(made, parcel(tmp_path), Severity.WARNING)


def test_only_a_described_dataset_opens_in_the_binder(port: int, tmp_path: Path) -> None:
    made = depositor(port)
    assert "weko-binder" in told(made, parcel(tmp_path), Severity.WARNING)
    of = parcel(tmp_path, said=record_of(LONG), resource_type="dataset")
    assert "weko-binder" not in told(made, of, Severity.WARNING)
    short = record_of(replace(LONG, description="x", translations=()))
    of = parcel(tmp_path, said=short, resource_type="dataset")
    assert "weko-binder" in told(made, of, Severity.WARNING)


def test_sizes_above_the_limits_are_told(port: int, tmp_path: Path) -> None:
    made, of = depositor(port), parcel(tmp_path)
    warned = told(made, replace(of, size_bytes=(1 << 30) + 1), Severity.WARNING)
    assert "weko-size" in warned
    assert "weko-size" in told(made, replace(of, size_bytes=MAXIMUM_BYTES), Severity.ERROR)
    assert "weko-size" not in told(made, of, Severity.WARNING)


def test_names_that_change_or_cannot_be_kept_are_told(port: int, tmp_path: Path) -> None:
    made = depositor(port)
    warned = told(made, parcel(tmp_path, way="exploded"), Severity.WARNING)["weko-names"]
    assert "a%20b.txt` for `a b.txt" in warned.message
    assert "weko-names" not in told(made, parcel(tmp_path), Severity.WARNING)
    for name in ("観" * 30 + ".txt", "original-ro-crate-metadata.json", "a%0Ab"):
        of = parcel(tmp_path, files={**FILES, name: b"x"}, way="exploded")
        assert told(made, of, Severity.ERROR)["weko-name"].hint, name
        whole = parcel(tmp_path, files={**FILES, name: b"x"})
        assert told(made, whole, Severity.ERROR) == {}, name


def test_many_files_are_better_kept_whole(port: int, tmp_path: Path) -> None:
    files = {**FILES, **{f"f{number}": b"" for number in range(600)}}
    made = depositor(port)
    of = parcel(tmp_path, files=files, way="exploded")
    assert "weko-many-files" in told(made, of, Severity.WARNING)
    assert "weko-many-files" not in told(made, parcel(tmp_path, files=files), Severity.WARNING)


def test_the_repository_is_asked_for_token_and_index(port: int, tmp_path: Path) -> None:
    of = parcel(tmp_path, index=f"7,{CLOSED_INDEX}")
    found = [one for one in depositor(port).preflight(of) if one.code == "weko-index"]
    assert {one.subject for one in found} == {"7", CLOSED_INDEX}
    for token in ("wrong", None):
        made = depositor(port, token=token)
        assert "weko-token" in told(made, parcel(tmp_path), Severity.ERROR)


def test_a_repository_that_is_silent_is_a_note(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = told(depositor(port), parcel(tmp_path), Severity.NOTE)
    assert "weko-silent" in found
    assert told(depositor(port), parcel(tmp_path), Severity.ERROR) == {}


def test_a_workflow_is_told_and_takes_no_doi(port: int, tmp_path: Path) -> None:
    of = parcel(tmp_path, publish="workflow", doi_prefix="10.5072")
    assert "weko-workflow" in told(depositor(port), of, Severity.NOTE)
    assert "weko-doi" in told(depositor(port), of, Severity.WARNING)


def test_how_to_get_a_token_is_said_with_the_address_to_open(tmp_path: Path) -> None:
    made = depositor(1, token=None, client_id="abc123")
    hint = told(made, parcel(tmp_path), Severity.ERROR)["weko-token"].hint
    address = next(word for word in hint.split() if word.startswith("http"))
    asked = parse_qs(urlsplit(address).query)
    assert urlsplit(address).path == "/oauth/authorize"
    assert asked["client_id"] == ["abc123"]
    assert asked["response_type"] == ["token"]
    assert set(asked["scope"][0].split()) == SCOPES | {"user:activity"}


def test_what_no_mapping_could_say_is_told_too(port: int, tmp_path: Path) -> None:
    review = RecordLink(target="https://doi.org/10.5555/r", relation=LinkRelation.REVIEWS)
    access = Access(right=AccessRight.SHARED, conditions="on request", contact="a@example.org")
    said = record_of(access=access, links=(review,))
    made = depositor(port, identifier_schemes="ORCID")
    lost = {one.subject for one in made.preflight(parcel(tmp_path, said=said))}
    assert lost >= {"e-Rad_Researcher", "ROR", "https://doi.org/10.5555/r", "conditions of access"}
    assert "ORCID" not in lost
