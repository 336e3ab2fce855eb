"""`recrate watch` as a person, cron or a timer calls it."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from making import notebook_of, stream
from watched_worlds import pack, steady


class Watch:
    """The verb with a data folder of its own."""

    def __init__(self, recrate, folder: Path, configuration: Path) -> None:
        self.recrate = recrate
        self.data = folder / "jupyter"
        self.variables = {"JUPYTER_DATA_DIR": str(self.data)}
        self.configuration = configuration

    def __call__(self, verb: str, *arguments: object):
        return self.recrate(
            "watch", verb, *arguments, "--config", self.configuration, variables=self.variables
        )

    def start(self, *arguments: object) -> subprocess.Popen[bytes]:
        words = self.recrate.command("watch", *arguments, "--config", self.configuration)
        return subprocess.Popen(
            words, env={**os.environ, **self.variables}, stderr=subprocess.DEVNULL
        )


@pytest.fixture
def watch(recrate, tmp_path, configuration) -> Watch:
    return Watch(recrate, tmp_path, configuration)


def test_the_whole_way_from_adding_to_the_feed(recrate, watch, tmp_path):
    crate = pack(recrate, tmp_path, steady())
    added = watch("add", crate, "--every", "2w", "--environment", "current", "--json")
    assert added.code == 0, added.error
    told = added.document["added"][0]
    assert (told["where"], told["every_seconds"]) == (str(crate), 14 * 86_400)
    first = watch("run", "--json")
    assert first.code == 0, first.error
    assert first.document["runs"][0]["seen"][0]["verdict"] == "identical"
    assert watch("run", "--json").document["not_due"] == 1
    crate.write_bytes(b"no crate any more")
    broken = watch("run", "--now", "--only", told["id"][:6], "--json")
    assert broken.code == 1
    change = broken.document["runs"][0]["seen"][0]["change"]
    assert change["verdict"] == {"before": "identical", "after": ""}
    listed = watch("list", "--json").document["watched"][0]
    assert [state["verdict"] for state in listed["state"]] == [""]
    shown = watch("show", told["id"])
    assert "identical until" in shown.error
    assert "no readable crate since" in shown.error
    assert "読み取れるクレートなし" in watch("show", str(crate), "--language", "ja").error
    document = watch("show", told["id"], "--json").document
    assert document["changes"] == [change]
    assert len(document["history"]) == 2
    assert watch("feed", "-o", tmp_path / "feed.xml").code == 0
    entries = ET.parse(tmp_path / "feed.xml").getroot()
    assert len(entries.findall("{http://www.w3.org/2005/Atom}entry")) == 1
    assert watch("remove", told["id"]).code == 0
    assert watch("list", "--json").document == {"watched": []}
    assert watch("show", told["id"]).code == 2


def test_a_run_that_was_killed_goes_on_at_the_next_and_runs_nothing_twice(recrate, watch, tmp_path):
    first = "import time\nprint(time.time_ns())"
    second = "import time\ntime.sleep(4)\nprint(7)"
    crate = pack(
        recrate, tmp_path, notebook_of(first), notebook_of(second, outputs={0: [stream("7\n")]})
    )
    assert watch("add", crate, "--environment", "current").code == 0
    running = watch.start("run")
    root = watch.data / "recrate" / "watch"
    deadline = time.monotonic() + 90
    seen: list[Path] = []
    while not seen and time.monotonic() < deadline:
        time.sleep(0.05)
        seen = list(root.glob("*/runs/*/observations/0/notebooks/a.ipynb"))
    assert seen, "the first notebook was never done"
    busy = watch("run")
    assert busy.code == 4, "two runs at once"
    running.send_signal(signal.SIGKILL)
    running.wait(20)
    before = seen[0].read_bytes()
    begun = json.loads(next(root.glob("*/under-way.json")).read_text())["date"]
    assert watch("list", "--json").document["watched"][0]["under_way"] == begun
    again = watch("run", "--json")
    assert again.code == 0, again.error
    entry = again.document["runs"][0]
    assert (entry["date"], entry["seen"][0]["verdict"]) == (begun, "identical")
    assert seen[0].read_bytes() == before, "the first notebook was run twice"
    history = next(root.glob("*/history.jsonl")).read_text().splitlines()
    assert len(history) == 1
    assert not list(root.glob("*/under-way.json"))


def test_what_is_wrong_is_said_with_what_to_do(watch, tmp_path):
    nothing = watch("list")
    assert "recrate watch add" in nothing.error
    assert watch("add", tmp_path / "nothing.zip").code == 2
    for interval in ("0d", "soon", "-1d", "1y"):
        assert watch("add", "10.5072/abc", "--every", interval).code == 2, interval
    unknown = watch("remove", "abcdef")
    assert unknown.code == 2
    assert "hint:" in unknown.error
    assert watch("run", "--json").document == {"runs": [], "webhook": [], "not_due": 0}
