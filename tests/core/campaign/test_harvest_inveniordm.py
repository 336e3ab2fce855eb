"""A community of Zenodo or of another InvenioRDM."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from doubles.listing_clock import Clock, Rate
from doubles.listing_inveniordm import Catalogue, Listed
from doubles.listing_oai import OaiRepository
from doubles.listing_oai_formats import Item
from doubles.serving import App, Cut, CuttingProxy, served
from recrate.campaign.lists import ListSettings, read_list
from recrate.model.campaign import Entry
from recrate.model.errors import NotFound, OutsideFailed, RecrateError
from recrate.outside.guarded import WebSettings


@dataclass
class World:
    """Services on this machine, and settings by which they are reached."""

    stack: ExitStack
    clock: Clock = field(default_factory=Clock)

    def port(self, app: App) -> int:
        """Serve an app and return its port."""
        return self.stack.enter_context(served(app))

    def read(self, app: App | int, where: str, **given: float) -> Iterator[Entry]:
        """Read a list in which BASE stands for a service's address; Zenodo is that service, too."""
        base = f"http://127.0.0.1:{app if isinstance(app, int) else self.port(app)}/"
        web = WebSettings(timeout_seconds=10, private_hosts=("127.0.0.1",), agent="recrate-test")
        settings = ListSettings(web=web, zenodo=base, sleep=self.clock.sleep, **given)  # type: ignore[arg-type]
        return read_list(where.replace("BASE/", base), settings=settings)


@pytest.fixture
def world() -> Iterator[World]:
    """A world for one test."""
    with ExitStack() as stack:
        yield World(stack)


def listed(count: int) -> list[Listed]:
    """Make records with DOIs."""
    return [Listed(number, doi=f"10.5072/{number}") for number in range(count)]


def dois(*numbers: int) -> list[str]:
    """Say the addresses of records made by `listed`."""
    return [f"https://doi.org/10.5072/{number}" for number in numbers]


@pytest.mark.parametrize("zenodo", [True, False])
@pytest.mark.parametrize(
    "where",
    [
        "zenodo:tides",
        "BASE/communities/tides",
        "BASE/communities/tides/",
        "BASE/communities/tides/records?q=&l=list&p=1&s=10&sort=newest",
        "BASE/api/communities/tides/records?size=100",
        "BASE/api/records?communities=tides&page=2&size=1000",
    ],
)
def test_a_community_is_read_whole_however_it_is_written(
    world: World, where: str, zenodo: bool
) -> None:
    catalogue = Catalogue(listed(60), zenodo=zenodo)
    found = list(world.read(catalogue.app, where))
    assert [one.where for one in found] == dois(*range(60))
    assert found[0] == Entry(where=dois(0)[0], title="Tides", year=2024, group="tides")
    assert len(catalogue.asked) == 3
    assert catalogue.agents == {"recrate-test"}


def test_what_a_search_asks_for_is_kept(world: World) -> None:
    catalogue = Catalogue([*listed(3), Listed(9, title="Winds", doi="10.5072/9")])
    found = list(world.read(catalogue.app, "BASE/communities/tides/records?q=winds&p=3"))
    assert [one.where for one in found] == dois(9)


@pytest.mark.parametrize("zenodo", [True, False])
def test_where_files_are_told_only_records_with_a_crate_come(world: World, zenodo: bool) -> None:
    given = [
        Listed(1, doi="10.5072/1", files=("paper.pdf",)),
        Listed(2, doi="10.5072/2", files=("paper.pdf", "Tides.Crate.zip")),
        Listed(3, doi="10.5072/3", files=("ro-crate-metadata.json", "a.csv")),
        Listed(4, doi="10.5072/4", files=None, journal="Sea", date="2021/2022"),
    ]
    found = list(world.read(Catalogue(given, zenodo=zenodo).app, "zenodo:tides"))
    assert [one.where for one in found] == dois(2, 3, 4)
    assert (found[-1].group, found[-1].year) == ("Sea", 2021)


def test_a_record_of_metadata_only_is_left_out_where_that_is_said(world: World) -> None:
    catalogue = Catalogue([Listed(1, doi="10.5072/1", files=()), *listed(1)])
    assert [one.where for one in world.read(catalogue.app, "zenodo:tides")] == dois(0)


def test_a_record_without_doi_is_named_by_its_page(world: World) -> None:
    port = world.port(Catalogue([Listed(7)]).app)
    found = list(world.read(port, "zenodo:tides"))
    assert [one.where for one in found] == [f"http://127.0.0.1:{port}/records/7"]


def test_a_community_that_is_not_there_is_told(world: World) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        list(world.read(Catalogue([]).app, "zenodo:elsewhere"))


def test_an_empty_community_is_an_empty_list(world: World) -> None:
    assert list(world.read(Catalogue([]).app, "zenodo:tides")) == []


def test_what_is_published_meanwhile_moves_nothing(world: World) -> None:
    catalogue = Catalogue(listed(60))
    catalogue.on_page = lambda page: catalogue.records.append(
        Listed(100 + page, doi=f"10.5072/{100 + page}")
    )
    found = [one.where for one in world.read(catalogue.app, "zenodo:tides")]
    assert found == dois(*range(60), 101, 102, 103)


def test_a_service_that_knows_no_such_order_is_asked_without(world: World) -> None:
    catalogue = Catalogue(listed(30), sorts=("bestmatch", "newest"))
    found = [one.where for one in world.read(catalogue.app, "zenodo:tides")]
    assert sorted(found) == sorted(dois(*range(30)))


def test_a_record_that_slips_to_the_next_page_comes_once(world: World) -> None:
    catalogue = Catalogue(listed(60), sorts=("bestmatch", "newest"))
    catalogue.on_page = lambda page: catalogue.records.append(
        Listed(100 + page, doi=f"10.5072/{100 + page}")
    )
    found = [one.where for one in world.read(catalogue.app, "zenodo:tides")]
    assert len(found) == len(set(found))
    assert set(found) >= set(dois(*range(60)))


def test_links_to_a_host_that_the_service_takes_for_its_own_are_followed_at_home(
    world: World,
) -> None:
    catalogue = Catalogue(listed(60), links_host="https://inside.example")
    found = [one.where for one in world.read(catalogue.app, "zenodo:tides")]
    assert found == dois(*range(60))


def test_more_than_a_search_shows_is_said_and_not_passed_over(world: World) -> None:
    had = []
    with pytest.raises(OutsideFailed, match="broke off after 10,000 records") as caught:
        had.extend(world.read(Catalogue(listed(10_001)).app, "zenodo:tides"))
    assert "oai2d" in caught.value.hint


def test_the_thirty_requests_a_minute_of_zenodo_are_never_passed(world: World) -> None:
    rate = Rate(clock=world.clock, granted=30)
    catalogue = Catalogue(listed(2000), rate=rate)
    assert len(list(world.read(catalogue.app, "zenodo:tides"))) == 2000
    assert len(catalogue.asked) == 80
    assert set(world.clock.slept) == {2}


def test_a_service_that_wants_us_to_wait_is_waited_for(world: World) -> None:
    rate = Rate(clock=world.clock, granted=2)
    catalogue = Catalogue(listed(100), rate=rate)
    found = [one.where for one in world.read(catalogue.app, "zenodo:tides", pause_seconds=0)]
    assert found == dois(*range(100))
    assert 61 in world.clock.slept


@pytest.mark.parametrize("status", [429, 503])
def test_too_long_a_wait_breaks_the_listing_off_and_says_how_far(world: World, status: int) -> None:
    catalogue = Catalogue(listed(100), troubles={2: (status, {"Retry-After": "7200"})})
    reading = world.read(catalogue.app, "zenodo:tides")
    assert [next(reading).where for _ in range(50)] == dois(*range(50))
    with pytest.raises(OutsideFailed, match="broke off after 50 records"):
        next(reading)
    assert max(world.clock.slept) == 2


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "9"}, {"Retry-After": "soon"}])
@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_passing_trouble_is_waited_out(world: World, status: int, headers: dict[str, str]) -> None:
    catalogue = Catalogue(listed(60), troubles={1: (status, headers), 2: (status, headers)})
    found = [one.where for one in world.read(catalogue.app, "zenodo:tides")]
    assert found == dois(*range(60))
    if "9" in headers.values():
        assert world.clock.slept.count(9) == 2


def test_lasting_trouble_ends_after_the_tries_that_are_allowed(world: World) -> None:
    catalogue = Catalogue(listed(60), troubles=dict.fromkeys(range(1, 50), (503, {})))
    with pytest.raises(OutsideFailed, match="broke off after 25 records"):
        list(world.read(catalogue.app, "zenodo:tides", tries=3))
    assert len(catalogue.asked) == 4


def test_a_right_that_is_taken_in_the_middle_breaks_the_listing_off(world: World) -> None:
    catalogue = Catalogue(listed(60), troubles={1: (403, {})})
    with pytest.raises(OutsideFailed, match="broke off after 25 records"):
        list(world.read(catalogue.app, "zenodo:tides"))


@pytest.mark.parametrize("cut", [Cut(1, "answer", 0), Cut(1, "answer", 300), Cut(1, "request", 20)])
def test_a_connection_that_breaks_is_made_again(world: World, cut: Cut) -> None:
    proxy = CuttingProxy(world.port(Catalogue(listed(60)).app), [cut])
    world.stack.callback(proxy.close)
    found = [one.where for one in world.read(proxy.port, "zenodo:tides")]
    assert found == dois(*range(60))


def test_nobody_there_is_told_as_it_is(world: World) -> None:
    with pytest.raises(OutsideFailed, match="cannot be reached"):
        list(world.read(9, "zenodo:tides", tries=2))


def test_a_host_of_the_inside_is_not_asked_unless_it_was_allowed() -> None:
    settings = ListSettings(sleep=lambda _seconds: None)
    with pytest.raises(RecrateError, match="not a public address"):
        list(read_list("http://127.0.0.1:9/communities/x", settings=settings))


def test_several_listings_and_crates_stand_in_one_table(world: World, tmp_path: Path) -> None:
    community = f"http://127.0.0.1:{world.port(Catalogue(listed(2)).app)}/communities/tides"
    oai = world.port(OaiRepository([Item(7, doi="10.5072/7", stamp="2024-01-01")]).app)
    rows = (
        "where,group,year\n"
        f"{community},ours,\n"
        "10.5072/x,theirs,2020\n"
        f'"http://127.0.0.1:{oai}/oai?verb=ListRecords&metadataPrefix=oai_dc",,1999\n'
    )
    path = tmp_path / "list.csv"
    path.write_text(rows)
    found = [(one.where, one.group, one.year) for one in world.read(9, str(path))]
    assert found == [
        (dois(0)[0], "ours", 2024),
        (dois(1)[0], "ours", 2024),
        ("https://doi.org/10.5072/x", "theirs", 2020),
        (dois(7)[0], "", 1999),
    ]
