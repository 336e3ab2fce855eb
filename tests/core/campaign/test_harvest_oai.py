"""A set of a repository by OAI-PMH, asked as WEKO, Zenodo and others answer."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from doubles.listing_clock import Clock
from doubles.listing_oai import OaiRepository
from doubles.listing_oai_formats import Item
from doubles.serving import served
from recrate.campaign.lists import ListSettings, entries_of_lines, read_list
from recrate.model.campaign import Entry
from recrate.model.errors import BadInput, OutsideFailed, Refused
from recrate.outside.guarded import WebSettings


@dataclass
class World:
    """Repositories on this machine, and settings by which they are reached."""

    stack: ExitStack
    clock: Clock = field(default_factory=Clock)
    told: list[tuple[str, int, int, str]] = field(default_factory=list)

    def settings(self, **given: int) -> ListSettings:
        """Return settings that wait on a clock of their own."""
        web = WebSettings(timeout_seconds=10, private_hosts=("127.0.0.1",), agent="recrate-test")
        return ListSettings(web=web, sleep=self.clock.sleep, **given)  # type: ignore[arg-type]

    def serve(self, repository: OaiRepository) -> str:
        """Serve a repository and return its address."""
        return f"http://127.0.0.1:{self.stack.enter_context(served(repository.app))}/oai"

    def read(self, where: str, **given: int) -> Iterator[Entry]:
        """Read a list."""
        told = lambda *said: self.told.append(said)  # noqa: E731 - a progress, nothing more
        return read_list(where, settings=self.settings(**given), progress=told)


@pytest.fixture
def world() -> Iterator[World]:
    """A world for one test."""
    with ExitStack() as stack:
        yield World(stack)


def items(count: int, **given: str) -> list[Item]:
    """Make records with DOIs."""
    return [Item(number, doi=f"10.5072/{number}", **given) for number in range(count)]  # type: ignore[arg-type]


def dois(*numbers: int) -> list[str]:
    """Say the addresses of records made by `items`."""
    return [f"https://doi.org/10.5072/{number}" for number in numbers]


def test_all_pages_of_a_set_are_read_and_no_more(world: World) -> None:
    repository = OaiRepository([*items(250, set="tides"), Item(900, doi="10.5072/x", set="else")])
    base = world.serve(repository)
    found = list(world.read(f"oai:{base}?set=tides&metadataPrefix=jpcoar_2.0"))
    assert [one.where for one in found] == dois(*range(250))
    assert found[0] == Entry(where=dois(0)[0], title="潮位の計算", year=2023, group="tides")
    assert len(repository.asked) == 3
    assert repository.asked[1] == {"verb": "ListRecords", "resumptionToken": "t/1&+="}


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_an_address_as_people_copy_it_is_harvested(world: World, verb: str) -> None:
    base = world.serve(OaiRepository(items(3, stamp="2024-09-01T00:00:00Z")))
    where = f"{base}?verb={verb}&metadataPrefix=oai_dc&from=2024-01-01&until=2024-12-31"
    assert [one.where for one in world.read(where)] == dois(0, 1, 2)


@pytest.mark.parametrize(
    ("formats", "chosen"),
    [
        (("oai_dc", "jpcoar_1.0", "jpcoar_2.0"), "jpcoar_2.0"),
        (("oai_dc", "jpcoar_1.0"), "jpcoar_1.0"),
        (("marc21", "oai_datacite", "oai_dc"), "oai_datacite"),
        (("oai_dc",), "oai_dc"),
    ],
)
def test_without_a_format_the_one_that_tells_most_is_asked_for(
    world: World, formats: tuple[str, ...], chosen: str
) -> None:
    repository = OaiRepository(items(2), formats=formats)
    found = list(world.read(f"oai:{world.serve(repository)}"))
    assert repository.asked[1]["metadataPrefix"] == chosen
    assert [(one.where, one.title, one.year) for one in found] == [
        (where, "潮位の計算", 2023) for where in dois(0, 1)
    ]


@pytest.mark.parametrize("form", ["jpcoar_1.0", "jpcoar_2.0", "oai_dc"])
@pytest.mark.parametrize(
    ("item", "where"),
    [
        (Item(1, doi="10.5072/A", handle="http://hdl.handle.net/1/2"), "https://doi.org/10.5072/a"),
        (Item(1, handle="http://hdl.handle.net/1/2"), "https://weko.example/records/1"),
        (Item(1, handle="http://hdl.handle.net/1/2", page=""), "http://hdl.handle.net/1/2"),
    ],
)
def test_a_record_is_where_its_doi_says_else_its_page_else_its_handle(
    world: World, form: str, item: Item, where: str
) -> None:
    base = world.serve(OaiRepository([item]))
    assert [one.where for one in world.read(f"oai:{base}?metadataPrefix={form}")] == [where]


def test_a_doi_that_is_only_registered_with_jalc_counts(world: World) -> None:
    base = world.serve(OaiRepository([Item(1, doi="10.5072/a", registered=True)]))
    found = list(world.read(f"oai:{base}?metadataPrefix=jpcoar_2.0"))
    assert [one.where for one in found] == ["https://doi.org/10.5072/a"]


def test_where_files_are_told_only_records_with_a_crate_come(world: World) -> None:
    given = [
        Item(1, doi="10.5072/1", files=("paper.pdf",)),
        Item(2, doi="10.5072/2", files=("paper.pdf", "tides.crate.zip?download=true")),
        Item(3, doi="10.5072/3", files=("data%2Fro-crate-metadata.json", "a.csv")),
        Item(4, doi="10.5072/4", journal="海の研究"),
    ]
    repository = OaiRepository(given)
    base = world.serve(repository)
    found = list(world.read(f"oai:{base}?metadataPrefix=jpcoar_2.0"))
    assert [one.where for one in found] == dois(2, 3, 4)
    assert found[-1].group == "海の研究"
    assert len(list(world.read(f"oai:{base}?metadataPrefix=oai_dc"))) == 4


def test_deleted_records_and_those_without_address_are_left_out_and_told(world: World) -> None:
    given = [Item(1, deleted=True, doi="10.5072/1"), Item(2, page=""), Item(3, doi="10.5072/3")]
    base = world.serve(OaiRepository(given))
    assert [one.where for one in world.read(f"oai:{base}?metadataPrefix=oai_dc")] == dois(3)
    assert "1 records say no address" in world.told[-1][3]


@pytest.mark.parametrize("status", [200, 422])
def test_a_set_without_records_is_an_empty_list(world: World, status: int) -> None:
    base = world.serve(OaiRepository(items(3), error_status=status))
    assert list(world.read(f"oai:{base}?metadataPrefix=oai_dc&set=none")) == []


@pytest.mark.parametrize("status", [200, 422])
def test_a_forgotten_token_begins_the_list_again_and_gives_nothing_twice(
    world: World, status: int
) -> None:
    repository = OaiRepository(items(50), page_size=10, error_status=status, forgets={3, 7})
    base = world.serve(repository)
    found = list(world.read(f"oai:{base}?metadataPrefix=oai_dc"))
    assert [one.where for one in found] == dois(*range(50))
    firsts = [one for one in repository.asked if "metadataPrefix" in one]
    assert len(firsts) == 3


def test_a_list_that_is_forgotten_again_and_again_breaks_off_and_says_how_far(
    world: World,
) -> None:
    repository = OaiRepository(items(50), page_size=10, forgets=set(range(1, 99, 2)))
    base = world.serve(repository)
    had = []
    with pytest.raises(OutsideFailed, match="broke off after 10 records"):
        had.extend(world.read(f"oai:{base}?metadataPrefix=oai_dc"))
    assert len([one for one in repository.asked if "metadataPrefix" in one]) == 4


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("metadataPrefix=marcxchange", "cannotDisseminateFormat"),
        ("metadataPrefix=oai_dc&from=yesterday", "badArgument"),
    ],
)
@pytest.mark.parametrize("status", [200, 422])
def test_what_the_repository_refuses_is_the_persons_to_mend(
    world: World, query: str, said: str, status: int
) -> None:
    base = world.serve(OaiRepository(items(1), error_status=status))
    with pytest.raises(BadInput, match=said) as caught:
        list(world.read(f"oai:{base}?{query}"))
    assert caught.value.hint
    lines = ["# all", f"oai:{base}?{query}"]
    with pytest.raises(BadInput, match=f"input, line 2: .*{said}"):
        list(entries_of_lines(lines, Path("/"), name="input", settings=world.settings()))


def test_more_records_than_allowed_are_refused_after_those_that_are_allowed(world: World) -> None:
    base = world.serve(OaiRepository(items(30), page_size=10))
    reading = world.read(f"oai:{base}?metadataPrefix=oai_dc", records_limit=15)
    assert [next(reading).where for _ in range(15)] == dois(*range(15))
    with pytest.raises(Refused, match="more than 15 records"):
        next(reading)


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">'
    b'<!ENTITY c SYSTEM "file:///etc/passwd">]><OAI-PMH><ListRecords><record><header>'
    b"<identifier>&b;</identifier></header><metadata><dc><title>&c;</title><identifier>"
    b"https://e.org/a</identifier></dc></metadata></record></ListRecords></OAI-PMH>"
)


@pytest.mark.parametrize(
    "content",
    [
        ENTITIES,
        ENTITIES.decode().encode("utf-16"),
        b"<html><body>maintenance</body></html>",
        b"<OAI-PMH><ListRecords><record>",
        b"<OAI-PMH>" + b"<a>" * 100_000,
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_hostile_and_broken_answers_give_no_record(world: World, content: bytes) -> None:
    base = world.serve(OaiRepository(items(20), page_size=10, spoiled={0: content, 2: content}))
    with pytest.raises(BadInput, match="no OAI-PMH"):
        list(world.read(f"oai:{base}?metadataPrefix=oai_dc"))
    with pytest.raises(OutsideFailed, match=r"broke off after 10 records: .*no OAI-PMH"):
        list(world.read(f"oai:{base}?metadataPrefix=oai_dc"))


def test_control_characters_of_old_catalogues_do_not_stop_a_harvest(world: World) -> None:
    content = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header>'
        b"<identifier>x</identifier></header><metadata><dc><title>Ti\x0bdes\x00</title>"
        b"<identifier>doi:10.5072/1</identifier></dc></metadata></record></ListRecords></OAI-PMH>"
    )
    base = world.serve(OaiRepository([], spoiled={0: content}))
    found = list(world.read(f"oai:{base}?metadataPrefix=oai_dc"))
    assert found == [Entry(where=dois(1)[0], title="Tides")]


def test_a_token_that_leads_back_ends_the_harvest(world: World) -> None:
    content = (
        b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
        b"<resumptionToken>again</resumptionToken></ListRecords></OAI-PMH>"
    )
    base = world.serve(OaiRepository([], spoiled=dict.fromkeys(range(9), content)))
    with pytest.raises(OutsideFailed, match="in a circle"):
        list(world.read(f"oai:{base}?metadataPrefix=oai_dc"))


def test_an_answer_larger_than_allowed_is_refused(world: World) -> None:
    base = world.serve(OaiRepository(items(100)))
    with pytest.raises(Refused, match="more than 1,000 bytes"):
        list(world.read(f"oai:{base}?metadataPrefix=oai_dc", page_limit_bytes=1000))
