"""Registries are asked through the server: for what was typed, by whoever may read."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from doubles.lookups import Registries, agency_app, registries_app
from doubles.serving import served as serving
from recrate.metadata.lookups import NO_DOI, NOT_ANSWERING, NOTHING_FOUND

ORCID = "https://orcid.org/0000-0002-1825-0097"
EMPTY: dict[str, Any] = {"people": [], "organisations": [], "works": []}


@pytest.fixture(scope="module")
def registries() -> Registries:
    """What the doubles of ORCID, ROR, the resolver and an agency know and were asked."""
    return Registries()


@pytest.fixture(scope="module")
def desk(registries: Registries, start_server: Callable[..., Any]) -> Iterator[Any]:
    """A server that knows the doubles as its registries."""
    with serving(agency_app(registries)) as agency, serving(registries_app(registries)) as port:
        registries.agency = f"http://127.0.0.1:{agency}/"
        with start_server(configuration=told(f"http://127.0.0.1:{port}")) as served:
            yield served


def told(base: str) -> str:
    """Return the configuration that names the registries."""
    return (
        f"c.Lookups.orcid = '{base}/orcid/'\n"
        f"c.Lookups.ror = '{base}/ror/'\n"
        "c.Lookups.timeout = 2.0\n"
        f"c.Locate.doi_resolver = '{base}/doi/'\n"
        "c.Web.private_hosts = ['127.0.0.1']\n"
    )


def look_up(desk: Any, kind: str, query: str) -> Any:
    return desk.ask("GET", "/lookups", params={"kind": kind, "query": query})


def test_a_person_is_found_as_the_form_has_people(desk: Any, registries: Registries, conforms: Any):
    registries.asked.clear()
    answer = look_up(desk, "person", "Yamada Hanako")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert conforms("Person", found["people"][0]) == []
    person = found.pop("people")[0]
    assert (person["name"], person["name_ja"]) == ("Hanako Yamada", "山田 花子")
    assert person["identifier"] == ORCID
    assert person["affiliation"]["name"] == "National Institute of Informatics"
    assert found == {"organisations": [], "works": [], "note": ""}
    assert len(registries.asked) == 1


def test_a_person_that_was_found_can_be_kept_in_the_description(desk: Any, write_study: Any):
    write_study(desk.root / "study")
    person = look_up(desk, "person", "Yamada").json()["people"][0]
    said = {"title": "Tides", "description": "Levels", "creators": [person]}
    kept = desk.ask("PUT", "/studies/description", params={"path": "study"}, json=said)
    assert kept.status_code == 200, kept.text
    creator = kept.json()["description"]["creators"][0]
    assert (creator["name"], creator["identifier"]) == (person["name"], ORCID)


def test_an_organisation_is_found_with_its_name_in_both_languages(desk: Any):
    found = look_up(desk, "organisation", "informatics").json()
    assert found.pop("organisations") == [
        {
            "name": "National Institute of Informatics",
            "identifier": "https://ror.org/04ksd4g47",
            "alternate_name": "国立情報学研究所",
        }
    ]
    assert found == {"people": [], "works": [], "note": ""}


@pytest.mark.parametrize(
    ("doi", "kind", "title"),
    [
        ("10.1234/paper(1)", "paper", "How tides rise"),
        ("https://doi.org/10.5072/data", "data", "Levels"),
    ],
)
def test_a_work_is_found_by_its_doi_with_title_and_kind(
    desk: Any, conforms: Any, doi: str, kind: str, title: str
):
    works = look_up(desk, "work", doi).json()["works"]
    assert [conforms("Related", one) for one in works] == [[]]
    assert (works[0]["kind"], works[0]["title"]) == (kind, title)
    assert works[0]["identifier"] == f"https://doi.org/{doi.removeprefix('https://doi.org/')}"


def test_what_no_registry_knows_is_said_in_a_note(desk: Any, registries: Registries):
    assert look_up(desk, "person", "nobody at all").json() == {**EMPTY, "note": NOTHING_FOUND}
    registries.asked.clear()
    assert look_up(desk, "work", "tides").json() == {**EMPTY, "note": NO_DOI}
    assert registries.asked == []


def test_a_registry_that_is_slow_or_gone_is_a_note_and_no_error(
    desk: Any, registries: Registries, start_server: Callable[..., Any], free_ports: Any
):
    registries.slow_seconds = 10
    try:
        slow = look_up(desk, "organisation", "informatics")
    finally:
        registries.slow_seconds = 0
    assert (slow.status_code, slow.json()) == (200, {**EMPTY, "note": NOT_ANSWERING})
    assert slow.elapsed.total_seconds() < 8
    with start_server(configuration=told(f"http://127.0.0.1:{free_ports(1)[0]}")) as offline:
        gone = look_up(offline, "person", "Yamada")
        assert (gone.status_code, gone.json()) == (200, {**EMPTY, "note": NOT_ANSWERING})


def test_only_who_may_read_may_ask_and_only_for_something(desk: Any, registries: Registries):
    registries.asked.clear()
    named = {"params": {"kind": "person", "query": "Yamada"}}
    stranger = desk.ask("GET", "/lookups", headers={"Authorization": "token wrong"}, **named)
    assert stranger.status_code in {401, 403}
    for kind, query in (("person", ""), ("person", "x" * 301), ("planet", "Mars")):
        assert look_up(desk, kind, query).status_code == 422
    assert registries.asked == []
