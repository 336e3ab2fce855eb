"""Data references: named instead of packed, fetched and verified before a replay."""

import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from making import notebook_of, stream

AS_OF = "2026-11-01"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def place(tmp_path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which it is served."""
    folder = tmp_path / "served"
    folder.mkdir()

    def handler(*given):
        return Quiet(*given, directory=str(folder))

    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()
        thread.join()


@pytest.fixture
def crate(recrate, place, tmp_path):
    folder, address = place
    study = tmp_path / "study"
    (study / "data").mkdir(parents=True)
    (study / "data" / "levels.csv").write_text("1\n2\n3\n")
    (folder / "levels.csv").write_text("1\n2\n3\n")
    source = "print(sum(int(line) for line in open('data/levels.csv')))"
    (study / "a.ipynb").write_text(notebook_of(source, outputs={0: [stream("6\n")]}))
    answer = recrate("refer", study, "data/levels.csv", f"{address}/levels.csv", "--json")
    assert answer.code == 0, answer.error
    assert answer.document["size_bytes"] == 6
    crate = tmp_path / "x.crate.zip"
    packed = recrate("pack", study, "-o", crate, "--as-of", AS_OF)
    assert packed.code == 0, packed.error
    return crate


@pytest.fixture
def config(tmp_path, cache_folder):
    """A configuration with a data cache of its own, so that a fetch is a fetch."""
    path = tmp_path / "config.py"
    path.write_text(
        f"c.Recrate.cache = {str(tmp_path / 'cache')!r}\nc.Web.private_hosts = ['127.0.0.1']\n"
    )
    (tmp_path / "cache").mkdir()
    for part in cache_folder.iterdir():
        if part.is_dir() and part.name != "data":
            (tmp_path / "cache" / part.name).symlink_to(part)
    return path


def test_a_reference_is_left_out_of_the_crate_and_fetched_before_a_replay(
    recrate, crate, config, tmp_path
):
    with zipfile.ZipFile(crate) as archive:
        assert "data/levels.csv" not in archive.namelist()
    done = recrate("replay", crate, "-o", tmp_path / "out", "--config", config, "--json")
    assert done.document["verdict"] == "identical", done.error


def test_data_that_changed_are_said_to_have_changed(recrate, crate, config, place, tmp_path):
    (place[0] / "levels.csv").write_text("1\n2\n4\n")
    done = recrate("replay", crate, "-o", tmp_path / "out", "--config", config, "--json")
    assert done.code == 1, done.error
    error = done.document["notebooks"][0]["error"]
    assert error["cause"] == "data changed", error


def test_data_that_cannot_be_fetched_are_the_outside_letting_us_down(
    recrate, crate, config, place, tmp_path
):
    (place[0] / "levels.csv").unlink()
    done = recrate("replay", crate, "-o", tmp_path / "out", "--config", config)
    assert done.code == 3
    assert "levels.csv" in done.error
    assert "hint:" in done.error


def test_a_private_address_is_refused_unless_it_is_allowed_by_name(recrate, crate, tmp_path):
    done = recrate("replay", crate, "-o", tmp_path / "out")
    assert done.code == 4
    assert "private_hosts" in done.error
