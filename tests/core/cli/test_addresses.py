"""The verbs take an address where they take a path."""

import contextlib
import json
import os
import subprocess

import pytest

from doubles.landing import Host
from doubles.reading_crates import make_crate
from doubles.reading_doi import Dois
from doubles.serving import served

pty = pytest.importorskip("pty", reason="there are no pseudo terminals on this system")
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


@pytest.fixture
def doi(site, allowed):
    """The page's DOI, at a resolver of this machine."""
    dois = Dois(leads={"10.5072/tides": site[1]})
    with served(dois.app) as port:
        resolver = f"http://127.0.0.1:{port}/"
        with allowed.open("a") as config:
            config.write(f"c.Locate.doi_resolver = {resolver!r}\n")
            config.write(f"c.Locate.datacite_api = {resolver + 'api/'!r}\n")
        yield dois, "10.5072/tides"


def test_a_large_crate_is_not_fetched_by_a_program_that_did_not_agree(recrate, site, allowed):
    _, address = site
    with allowed.open("a") as config:
        config.write("c.Locate.ask_above = 100\n")
    words = ("check", "--no-profile", "--json", address, "--config", allowed)
    refused = recrate(*words)
    assert refused.code == 4
    assert refused.out == ""
    assert "--yes" in refused.error
    assert recrate(*words, "--yes").document["valid"] in {True, False}


@pytest.mark.parametrize(("said", "code"), [("n", 4), ("y", {0, 1})])
def test_a_person_at_a_terminal_is_asked_with_the_size(
    recrate, site, allowed, tmp_path, said, code
):
    server, address = site
    with allowed.open("a") as config:
        config.write("c.Locate.ask_above = 100\n")
    size = f"{(tmp_path / 'tides.crate.zip').stat().st_size:,} bytes"
    mine, theirs = pty.openpty()
    words = recrate.command("check", "--no-profile", address, "--config", allowed)
    running = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = ""
    while "Fetch it?" not in seen:
        seen += os.read(mine, 4096).decode("utf-8", "replace")
    os.write(mine, f"{said}\n".encode())
    with contextlib.suppress(OSError):
        while block := os.read(mine, 4096):
            seen += block.decode("utf-8", "replace")
    found = running.wait(60)
    os.close(mine)
    assert size in seen
    assert found == code if isinstance(code, int) else found in code
    fetched = [one for one in server.paths() if one.endswith(".zip")]
    assert len(fetched) == (1 if said == "n" else 2)


def test_without_a_network_check_says_when_the_crate_was_fetched(recrate, doi, allowed):
    dois, bare = doi
    words = ("check", "--no-profile", f"doi:{bare}", "--config", allowed)
    first = recrate(*words)
    dois.down = True
    again = recrate(*words)
    assert again.code == first.code
    assert f"https://doi.org/{bare} cannot be reached now" in again.error
    assert "as fetched on 20" in again.error


@pytest.mark.sandbox
@pytest.mark.slow
def test_replay_of_a_doi_names_it_in_the_head_and_in_the_run_crate(recrate, doi, allowed, tmp_path):
    _, bare = doi
    cited = f"https://doi.org/{bare}"
    folder = tmp_path / "replayed"
    answer = recrate(
        "replay", bare, "-o", folder, "--environment", "current", "--json", "--config", allowed
    )
    assert answer.code == 0, answer.error
    head = json.loads((folder / "replay.json").read_text())
    assert head["location"] == cited
    assert (head["origin"]["url"], head["origin"]["doi"]) == (cited, bare)
    assert head["origin"]["fetched"]
    graph = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    root = next(one for one in graph if one["@id"] == "./")
    assert root["isBasedOn"] == {"@id": cited}
