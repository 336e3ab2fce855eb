"""Registries are asked for what was typed and nothing else, and nobody waits for one."""

import time
from dataclasses import replace

import pytest
from traitlets.config import Config

from doubles.lookups import Registries, agency_app, registries_app
from doubles.serving import served
from recrate.configuration import settings_from
from recrate.flow.lookups import look_up
from recrate.metadata.lookups import (
    LookupSettings,
    look_up_organisations,
    look_up_people,
    look_up_work,
)
from recrate.model.study import Organisation, Person
from recrate.outside.web import WebSettings
from recrate_server.contract import contract

HERE = WebSettings(timeout_seconds=5, private_hosts=("127.0.0.1",))
ORCID = "https://orcid.org/0000-0002-1825-0097"
NII = Organisation(
    name="National Institute of Informatics",
    identifier="https://ror.org/04ksd4g47",
    alternate_name="国立情報学研究所",
)


@pytest.fixture
def state():
    return Registries()


@pytest.fixture
def settings(state):
    with served(agency_app(state)) as agency, served(registries_app(state)) as port:
        state.agency = f"http://127.0.0.1:{agency}/"
        base = f"http://127.0.0.1:{port}"
        yield LookupSettings(
            orcid=f"{base}/orcid/", ror=f"{base}/ror/", doi=f"{base}/doi/", web=HERE, seconds=5
        )


def test_a_person_is_found_by_name_with_the_name_in_the_other_script(settings, state):
    found = look_up_people("Yamada  Hanako", settings=settings)
    assert found.found == (
        Person(
            name="Hanako Yamada", given_name="Hanako", family_name="Yamada", identifier=ORCID,
            alternate_name="山田 花子",
            affiliation=Organisation(name="National Institute of Informatics"),
        ),
    )  # fmt: skip
    assert found.note == ""
    assert state.asked == ["orcid/expanded-search/?q=Yamada%20AND%20Hanako&rows=10"]


def test_a_person_is_found_by_orcid(settings):
    assert look_up_people(ORCID, settings=settings).found[0].identifier == ORCID
    assert len(look_up_people("hanako", settings=settings).found) == 2


@pytest.mark.parametrize("typed", ['"(', 'Hanako" OR email:*', "Hana AND NOT (ko)", "{!x}Hanako"])
def test_what_a_query_language_would_read_into_it_is_taken_for_words(settings, state, typed):
    note = look_up_people(typed, settings=settings).note
    assert note in {"", "the registry knows nothing of that name"}
    assert look_up_organisations(typed, settings=settings).found == ()
    assert not any(sign in asked for asked in state.asked for sign in ("%22", "%28", "%3A", "%2A"))


def test_an_organisation_is_found_by_either_name_and_by_its_ror(settings):
    assert look_up_organisations("情報学", settings=settings).found == (NII,)
    assert look_up_organisations("informatics", settings=settings).found == (NII,)
    assert look_up_organisations("https://ror.org/04ksd4g47", settings=settings).found == (NII,)
    unknown = look_up_organisations("https://ror.org/057zh3y96", settings=settings)
    assert (unknown.found, bool(unknown.note)) == ((), True)


def test_a_work_is_told_by_its_agency_whichever_host_that_is(settings, state):
    (work,) = look_up_work("https://doi.org/10.1234/paper(1)", settings=settings).found
    assert (work.url, work.title) == ("https://doi.org/10.1234/paper(1)", "How tides rise")
    assert (work.kind, work.published, work.issn) == ("article-journal", "2024-05-06", "2049-3630")
    assert [one.name for one in work.creators] == ["Hanako Yamada", "The tide group"]
    assert work.creators[0].identifier == ORCID
    (data,) = look_up_work("doi:10.5072/data", settings=settings).found
    assert (data.kind, data.published, data.creators[0].family_name) == ("dataset", "2023", "山田")
    assert all("authorization" not in one and "cookie" not in one for one in state.headers)


def test_what_is_no_doi_is_not_asked_for_and_an_unknown_one_is_not_found(settings, state):
    assert look_up_work("https://example.org/a", settings=settings).note == "this is no DOI"
    assert look_up_people(' " ', settings=settings).found == ()
    assert look_up_organisations("", settings=settings).found == ()
    assert state.asked == []
    unknown = look_up_work("10.9999/nothing", settings=settings)
    assert (unknown.found, unknown.note.startswith("no registry knows")) == ((), True)


def test_an_agency_that_has_only_a_page_is_no_error(settings, state):
    state.works["10.1234/page"] = {"title": []}
    assert look_up_work("10.1234/page", settings=settings).note.startswith("no registry knows")


def test_nobody_waits_for_a_slow_registry(settings, state):
    state.slow_seconds = 8
    hurried = replace(settings, seconds=0.5)
    begun = time.monotonic()
    for found in (
        look_up_people("Hanako", settings=hurried),
        look_up_organisations("NII", settings=hurried),
        look_up_work("10.5072/data", settings=hurried),
    ):
        assert (found.found, found.note.startswith("the registry cannot be asked")) == ((), True)
    assert time.monotonic() - begun < 5


def test_offline_the_answer_is_empty_with_a_note():
    nowhere = "http://127.0.0.1:9/"
    settings = LookupSettings(orcid=nowhere, ror=nowhere, doi=nowhere, web=HERE, seconds=5)
    for found in (
        look_up_people("Hanako", settings=settings),
        look_up_organisations("NII", settings=settings),
        look_up_work("10.5072/data", settings=settings),
    ):
        assert (found.found, found.note.startswith("the registry cannot be asked")) == ((), True)


def test_an_address_that_is_not_public_is_never_asked(settings, state):
    guarded = replace(settings, web=WebSettings(timeout_seconds=5))
    assert look_up_people("Hanako", settings=guarded).found == ()
    assert state.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"expanded-result": "x"},
        {"expanded-result": [{"orcid-id": "0000-0002-1825-0098", "given-names": "X"}]},
        {"expanded-result": [{"orcid-id": ["0000-0002-1825-0097"], "given-names": {"a": 1}}]},
        {"expanded-result": [{"orcid-id": ORCID, "given-names": "\u202e \u0000"}]},
    ],
)
def test_odd_answers_are_none(settings, state, answer):
    state.people = answer
    assert look_up_people("Hanako", settings=settings).found == ()


def test_a_strangers_text_is_one_short_line(settings, state):
    name = "A\u202eb\n<script>alert(1)</script>" + "x" * 100_000
    state.people = {"expanded-result": [{"orcid-id": ORCID, "credit-name": name}] * 9}
    found = look_up_people("A", settings=settings).found
    assert len(found) == 1
    assert found[0].name.startswith("A b alert(1)x")
    assert len(found[0].name) == 500


def test_an_answer_without_end_is_given_up(settings, state):
    state.organisations = {"items": [{"pad": "x" * 1000}] * 6000}
    found = look_up_organisations("NII", settings=settings)
    assert (found.found, bool(found.note)) == ((), True)


def test_a_long_question_is_cut(settings, state):
    look_up_people("x" * 100_000, settings=settings)
    assert len(state.asked[0]) < 400
    state.asked.clear()
    look_up_work("10.5072/" + "x" * 100_000, settings=settings)
    assert state.asked == []


@pytest.mark.parametrize(("kind", "query"), [
    ("person", "Hanako"), ("organisation", "NII"), ("work", "10.1234/paper(1)"),
    ("work", "10.5072/data"), ("work", "nonsense"),
])  # fmt: skip
def test_the_servers_door_answers_as_its_contract_says(settings, kind, query):
    ours = settings_from(Config())
    found = look_up(kind, query, settings=ours, registries=settings)
    answer = contract().document["paths"]["/lookups"]["get"]["responses"]["200"]
    shape = answer["content"]["application/json"]["schema"]
    assert list(contract().complaints(shape, found)) == []
    assert bool(found["note"]) is (query == "nonsense")
    assert any(found[name] for name in ("people", "organisations", "works")) is not bool(
        found["note"]
    )


def test_the_door_says_what_kind_of_work_it_is(settings):
    ours = settings_from(Config())
    paper = look_up("work", "10.1234/paper(1)", settings=ours, registries=settings)["works"]
    data = look_up("work", "10.5072/data", settings=ours, registries=settings)["works"]
    assert [one["kind"] for one in (*paper, *data)] == ["paper", "data"]
