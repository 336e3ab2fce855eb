"""What cells fetch with `--allow-network`, named as data references: then no network is needed."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from conftest import CommandLine
from making import notebook_of, stream
from recrate.crate.read import read_crate

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]
HOST = "127.0.0.2"
TABLE = b"a,b\n1,2\n3,4\n"


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A server with a table, and a page that is another one each time."""
    turns = count()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            content = b"%d" % next(turns) if self.path == "/turn" else TABLE
            self.send_response(200)
            self.send_header("Content-Type", "text/csv; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    found = ThreadingHTTPServer((HOST, 0), Answering)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


def _study(folder: Path, base: str, *more: str) -> Path:
    read = (
        f"import urllib.request\nprint(urllib.request.urlopen('{base}/' + 'data.csv').read()"
        ".decode().count(','))"
    )
    folder.mkdir()
    outputs = {0: [stream("3\n")], 1: [stream("apart\n")]}
    cells = (read, "print('apart')", *more)
    (folder / "a.ipynb").write_text(notebook_of(*cells, outputs=outputs), "utf-8")
    return folder


def _config(folder: Path) -> Path:
    config = folder / "recrate_config.py"
    config.write_text(f"c.Web.private_hosts = ['{HOST}']\n")
    return config


def test_a_study_that_fetches_is_packed_so_that_it_replays_without_network(
    server: ThreadingHTTPServer, recrate: CommandLine, tmp_path: Path
) -> None:
    base = f"http://{HOST}:{server.server_port}"
    study, config = _study(tmp_path / "study", base), _config(tmp_path)
    first, run, again = tmp_path / "a.crate.zip", tmp_path / "run", tmp_path / "b.crate.zip"
    assert recrate("pack", study, "-o", first, "--config", config).code in {0, 1}
    refused = recrate("replay", first, "-o", tmp_path / "refused", "--config", config)
    assert refused.code == 1, "there is no network"
    done = recrate("replay", first, "-o", run, "--allow-network", "--config", config)
    assert done.code == 0, done.error
    packed = recrate("pack", study, "-o", again, "--found", run, "--config", config)
    assert packed.code in {0, 1}, packed.error
    (reference,) = read_crate(again).references
    assert (reference.url, reference.size_bytes) == (f"{base}/data.csv", len(TABLE))
    assert reference.media_type == "text/csv"
    server.shutdown()
    server.server_close()
    offline = recrate("replay", again, "-o", tmp_path / "offline", "--config", config, "--json")
    assert offline.code == 0, offline.error
    assert offline.document["verdict"] == "identical"
    assert recrate("check", again, "--json").document["valid"]


def test_an_address_that_gives_other_bytes_each_time_is_told_and_not_named(
    server: ThreadingHTTPServer, recrate: CommandLine, tmp_path: Path
) -> None:
    base = f"http://{HOST}:{server.server_port}"
    turn = f"import urllib.request as r\nn = r.urlopen('{base}/turn').read()"
    study, config = _study(tmp_path / "study", base, turn), _config(tmp_path)
    crate, run = tmp_path / "a.crate.zip", tmp_path / "run"
    assert recrate("pack", study, "-o", crate, "--config", config).code in {0, 1}
    options = ("--repeat", 2, "--allow-network", "--config", config)
    assert recrate("replay", crate, "-o", run, *options).code == 0
    packed = recrate("pack", study, "-o", crate, "--found", run, "--json", "--config", config)
    assert [one.url for one in read_crate(crate).references] == [f"{base}/data.csv"]
    told = [one for one in packed.document["findings"] if one["code"] == "fetched-not-kept"]
    (found,) = told
    assert "different bytes" in found["message"]
    assert json.loads((run / "verdict.json").read_text())["verdict"] == "identical"
