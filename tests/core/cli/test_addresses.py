"""The verbs take an address where they take a path."""

import json

import pytest

from doubles.landing import Host
from doubles.reading_crates import make_crate
from doubles.serving import served

PAGE = '<title>Tides</title><link rel="item" type="application/zip" href="tides.crate.zip">'


@pytest.fixture
def site(tmp_path):
    """A landing page with a crate."""
    made = Host()
    made.file("/tides/tides.crate.zip", make_crate(tmp_path).read_bytes())
    made.page("/tides/", PAGE)
    with served(made.app) as port:
        yield made, f"http://127.0.0.1:{port}/tides/"


@pytest.fixture
def allowed(tmp_path, cache_folder):
    """A configuration that lets crates come from this machine."""
    path = tmp_path / "config.py"
    path.write_text(
        f"c.Recrate.cache = {str(tmp_path / 'cache')!r}\n"
        "c.Web.private_hosts = ['127.0.0.1']\n"
        "c.Web.timeout = 5\n"
    )
    return path


def test_check_takes_a_landing_page_and_says_the_same_as_of_the_file(
    recrate, site, allowed, tmp_path
):
    _, address = site
    local = recrate("check", "--no-profile", "--json", tmp_path / "tides.crate.zip")
    brought = recrate("check", "--no-profile", "--json", address, "--config", allowed)
    assert brought.document == local.document
    assert brought.code == local.code


def test_check_refuses_an_address_of_this_machine_that_nobody_allowed(recrate, site):
    server, address = site
    answer = recrate("check", "--json", address)
    assert answer.code == 4
    assert "c.Web.private_hosts" in answer.error
    assert server.asked == []


def test_a_doi_that_is_none_and_an_address_that_is_none_say_what_to_write(recrate):
    for where in ("doi:nonsense", "ftp://example.org/x"):
        answer = recrate("check", where)
        assert answer.code == 2
        assert "10.5281/zenodo.1" in answer.error


@pytest.mark.sandbox
@pytest.mark.slow
def test_replay_of_an_address_names_it_in_the_head_and_in_the_run_crate(
    recrate, site, allowed, tmp_path
):
    _, address = site
    folder = tmp_path / "replayed"
    answer = recrate(
        "replay", address, "-o", folder, "--environment", "current", "--json", "--config", allowed
    )
    assert answer.code == 0, answer.error
    head = json.loads((folder / "replay.json").read_text())
    assert head["location"] == address
    assert head["origin"]["url"] == address
    assert head["origin"]["fetched"]
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    root = next(one for one in graph if one["@id"] == "./")
    assert root["isBasedOn"] == {"@id": address}
