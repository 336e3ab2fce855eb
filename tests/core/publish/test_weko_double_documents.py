"""The small WEKO refuses what the real one refuses: a good document, broken one clause at a time.

The clauses are those of nii.md, section 3.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from doubles.serving import served
from doubles.weko import weko
from doubles.weko_parcels import known_good
from doubles.weko_store import CLOSED_INDEX, Store
from doubles.weko_wire import Json, Wire, entity, good, refused, update


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A fresh service and a client with a good token."""
    store = Store()
    with served(weko(store)) as port:
        yield Wire(port, store)


ROOTS: dict[str, tuple[Json, str]] = {
    "3.5 a DOI as identifier": (
        {"identifier": "https://doi.org/10.5072/x"}, "half-width number"),
    "3.5 no index": ({"wk:index": None}, "IndexID"),
    "3.5 an index that is not there": ({"wk:index": ["7"]}, "does not exist in system"),
    "3.5 no publish status": ({"wk:publishStatus": None}, "PUBLISH_STATUS"),
    "3.5 another publish status": ({"wk:publishStatus": "open"}, '"public" or "private"'),
    "3.5 no title": ({"dc:title": None}, "Title is required"),
    "3.6 no date": ({"datePublished": None}, "PubDate"),
    "3.6 a year alone": ({"datePublished": "2026"}, "PubDate"),
    "3.5 no resource type": ({"dc:type": None}, "required property"),
    "3.5 a folder in hasPart": (
        {"hasPart": [{"@id": "analysis.ipynb"}, {"@id": "code/"}]}, "file_path[1]) does not"),
    "3.5 metadataReplace for a new item": ({"wk:metadataReplace": True}, "metadataReplace"),
    "3.5 wk:grant is no list": ({"wk:grant": {"@id": "10.5072/"}}, "not a list"),
    "3.5 a link to another system": (
        {"wk:itemLinks": [{"identifier": "https://x.org/records/1", "value": "Cites"}]},
        "do not match"),
    "3.5 a link with another word": (
        {"wk:itemLinks": [{"identifier": "_:b", "value": "cites"}]}, "is not one of"),
}  # fmt: skip


@pytest.mark.parametrize("clause", ROOTS)
def test_a_root_that_breaks_a_clause_is_refused(wire: Wire, clause: str) -> None:
    root, words = ROOTS[clause]
    refused(wire.document(known_good(**root)), 400, "ContentMalformed", words)
    assert not wire.store.items


def test_the_identifier_of_another_system_is_refused(wire: Wire) -> None:
    refused(
        wire.document(known_good(identifier="5", uri="https://doi.org/10.5072/x")),
        400, "ContentMalformed", "Specified URI and system URI do not match",
    )  # fmt: skip
    reference = {"identifier": {"@id": "https://doi.org/10.5072/x"}}
    assert wire.document(known_good(**reference)).status_code == 201, "a reference is none"


def context(document: Json) -> None:
    document["@context"] = "https://w3id.org/ro/crate/1.2/context"


def no_graph(document: Json) -> None:
    document["@graph"] = {}


def nameless(document: Json) -> None:
    del document["@graph"][2]["@id"]


def no_descriptor(document: Json) -> None:
    document["@graph"][0]["@id"] = "other.json"


def cyclic(document: Json) -> None:
    entity(document, "analysis.ipynb")["isPartOf"] = {"@id": "./"}


def titled(document: Json) -> None:
    entity(document, "analysis.ipynb")["name"] = "Main analysis"


def unnamed(document: Json) -> None:
    del entity(document, "analysis.ipynb")["name"]


def missing(document: Json) -> None:
    root = entity(document, "./")
    root["hasPart"] = [{"@id": "lost.txt"}]
    document["@graph"].append({"@id": "lost.txt", "@type": "File", "name": "lost.txt"})


def folder(document: Json) -> None:
    root = entity(document, "./")
    root["hasPart"] = [{"@id": "code/"}]
    document["@graph"].append({"@id": "code/", "@type": "Dataset", "name": "code"})


def embargoed(document: Json) -> None:
    entity(document, "analysis.ipynb").pop("datePublished")
    entity(document, "analysis.ipynb")["dcterms:accessRights"] = "open_date"


def mistyped(document: Json) -> None:
    entity(document, "#rel-1")["relationType"] = "Reviews"


def long_name(document: Json) -> None:
    name = "観" * 30 + ".txt"
    entity(document, "./")["hasPart"] = [{"@id": name}]
    document["@graph"].append({"@id": name, "@type": "File", "name": name})


DOCUMENTS = {
    "3.5 the context of RO-Crate 1.2": (context, '"@context" is invalid'),
    "3.5 no graph": (no_graph, '"@graph" is not found'),
    "3.5 an entity without @id": (nameless, 'without "@id"'),
    "3.5 no descriptor": (no_descriptor, "entity is not found"),
    "3.5 a cycle": (cyclic, "recursion"),
    "3.5 a title as file name": (titled, "do not match"),
    "3.5 no file name": (unnamed, "do not match"),
    "3.5 a file that is not there": (missing, ".file_path[0]) does not exist"),
    "3.5 a folder as a file": (folder, "do not match"),
    "3.5 an embargo without a date": (embargoed, "Open Access Date"),
    "4.1 a relation that JPCOAR has not": (mistyped, "is not one of"),
}


@pytest.mark.parametrize("clause", DOCUMENTS)
def test_a_document_that_breaks_a_clause_is_refused(wire: Wire, clause: str) -> None:
    break_, words = DOCUMENTS[clause]
    document = known_good()
    break_(document)
    refused(wire.document(document), 400, "ContentMalformed", words)
    assert not wire.store.items


def test_a_name_that_is_too_long_once_it_is_quoted_is_refused(wire: Wire) -> None:
    document = known_good()
    long_name(document)
    answer = wire.document(document, {"観" * 30 + ".txt": b"x"})
    refused(answer, 400, "ContentMalformed", "name too long")


def test_names_that_need_quoting_are_flattened(wire: Wire) -> None:
    names = ("code/analysis.ipynb", "解析.ipynb", "a b.txt")
    document = known_good(hasPart=[{"@id": name} for name in names])
    document["@graph"] += [{"@id": name, "@type": "File", "name": "any title"} for name in names]
    recid = wire.document(document, dict.fromkeys(names, b"x")).json()["@id"].rsplit("/", 1)[-1]
    assert set(wire.store.items[recid].files) == {
        "code%2Fanalysis.ipynb", "%E8%A7%A3%E6%9E%90.ipynb", "a%20b.txt",
    }  # fmt: skip


def test_what_the_mapping_does_not_name_is_lost(wire: Wire) -> None:
    document = known_good(mentions=[{"@id": "#run"}])
    document["@graph"].append({"@id": "#run", "@type": "CreateAction", "startTime": "2026"})
    recid = wire.document(document).json()["@id"].rsplit("/", 1)[-1]
    assert wire.store.items[recid].lost["mentions[0].startTime"] == "2026"


def test_a_bag_that_is_kept_as_it_is_comes_back_byte_by_byte(wire: Wire) -> None:
    content = good(**{"wk:saveAsIs": True, "wk:publishStatus": "public"})
    recid = wire.send(content).json()["@id"].rsplit("/", 1)[-1]
    assert wire.ask("GET", f"record/{recid}/files/payload.zip").content == content


def test_two_items_in_one_post_are_made_and_the_last_is_told(wire: Wire) -> None:
    parts = [{"@id": "_:A"}, {"@id": "_:B"}]
    document = known_good(hasPart=parts, **{"wk:isSplited": True})
    whole = known_good()["@graph"][1]
    document["@graph"] += [{**whole, "@id": name, "hasPart": []} for name in ("_:A", "_:B")]
    answer = wire.document(document)
    assert len(wire.store.items) == 2
    assert answer.json()["@id"].endswith(max(wire.store.items))


def grant(prefix: str = "10.5072/", agency: str = "JaLC", **root: Any) -> Json:
    document = known_good(**{"wk:grant": [{"@id": prefix}], "wk:publishStatus": "public", **root})
    document["@graph"].append(
        {
            "@id": prefix,
            "@type": "PropertyValue",
            "jpcoar:identifier": "DOI",
            "jpcoar:identifierRegistration": agency,
        }
    )
    return document


DOIS = {
    "3.5 a suffix": (grant("10.5072/abc"), "DOI cannot be set"),
    "3.5 another prefix": (grant("10.9999/"), "Prefix of DOI is incorrect"),
    "3.5 a private item": (grant(**{"wk:publishStatus": "private"}), "private because"),
    "3.5 a closed index": (grant(**{"wk:index": [CLOSED_INDEX]}), "Harvest Publishing"),
    "3.5 an unknown agency": (grant(agency="CrossRef"), "DOI_RA should be set"),
    "3.5 Crossref for software": (grant("10.5555/", "Crossref"), "metadata are required"),
}


@pytest.mark.parametrize("clause", DOIS)
def test_a_doi_that_breaks_a_clause_is_refused(wire: Wire, clause: str) -> None:
    document, words = DOIS[clause]
    refused(wire.document(document), 400, "ContentMalformed", words)


def test_datacite_is_for_data_only(wire: Wire) -> None:
    assert wire.document(grant("10.82001/", "DataCite")).status_code == 201
    document = grant("10.82001/", "DataCite")
    entity(document, "#type")["value"] = "workflow"
    refused(wire.document(document), 400, "ContentMalformed", "metadata are required")


def test_a_granted_doi_is_told_and_keeps_the_item_from_being_deleted(wire: Wire) -> None:
    said = wire.document(grant()).json()
    recid = said["@id"].rsplit("/", 1)[-1]
    assert said["links"][1]["@id"] == f"https://doi.org/10.5072/{int(recid):010d}"
    refused(wire.ask("DELETE", f"sword/deposit/{recid}"), 400, "BadRequest", "with DOI")
    private = good(**update(wire, recid))
    refused(wire.send(private, recid=recid), 400, "ContentMalformed", "private because")


def test_an_update_must_name_its_record_and_its_mode(wire: Wire) -> None:
    recid = wire.send(good()).json()["@id"].rsplit("/", 1)[-1]
    other = wire.send(good()).json()["@id"].rsplit("/", 1)[-1]
    refused(wire.send(good(), recid=recid), 400, "BadRequest", "not registered yet")
    elsewhere = good(**update(wire, other))
    refused(wire.send(elsewhere, recid=recid), 400, "BadRequest", "does not match")
    modeless = good(**update(wire, recid, **{"wk:editMode": "Replace"}))
    refused(wire.send(modeless, recid=recid), 400, "ContentMalformed", "Keep")
    refused(wire.send(good(**update(wire, recid))), 400, "BadRequest", "already registered")
    refused(wire.send(good(), recid="5"), 404, "NotFound", "Item not found")
    wire.store.items[recid].being_edited = True
    refused(wire.send(good(**update(wire, recid)), recid=recid), 400, "BadRequest", "another")


def test_upgrade_makes_a_version_keep_does_not_and_both_change_the_etag(wire: Wire) -> None:
    recid = wire.send(good()).json()["@id"].rsplit("/", 1)[-1]
    etags = {wire.store.items[recid].revision}
    for mode, versions in (("Keep", 1), ("Upgrade", 2)):
        content = good(**update(wire, recid, **{"wk:editMode": mode}))
        assert wire.send(content, recid=recid).status_code == 200
        assert wire.store.items[recid].versions == versions
        etags.add(wire.store.items[recid].revision)
    assert len(etags) == 3


def test_an_unknown_kind_of_identifier_is_refused(wire: Wire) -> None:
    document = known_good()
    said = {"value": "1", "nameIdentifierScheme": "ISNI"}
    entity(document, "#creator-1")["jpcoar:nameIdentifier"] = [said]
    refused(wire.document(document), 400, "ContentMalformed", '"ISNI" is not one of')
