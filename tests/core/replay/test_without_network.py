"""Cells that want the network, run where there is none, in real kernels within the walls."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import nbformat
import psutil
import pytest
from nbformat.v4 import new_output

from recrate.compare.judge import judge
from recrate.flow.without_network import WithoutNetwork
from recrate.model.observation import NotebookObservation, Observation
from recrate.model.policy import Policy
from recrate.model.verdict import Cause, Judgement, Verdict

ASKS = (
    "import json\n"
    "import urllib.request\n"
    "data = json.load(urllib.request.urlopen('https://data.example.org/x.json?key=secret'))\n"
    "count = len(data)"
)


class Answering(BaseHTTPRequestHandler):
    """A server that has one answer."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def printing(source: str, text: str) -> dict[str, Any]:
    """A cell with the text that its author saw."""
    return {"source": source, "outputs": [new_output("stream", name="stdout", text=text)]}


def held(seen: NotebookObservation) -> dict[int, int]:
    """Cell that was held up → the cell that wants the network."""
    return {one.cell: one.wants for one in seen.held_up}


def run(study: Any, *sources: str | dict[str, Any], **more: Any) -> NotebookObservation:
    """Observe a notebook of these cells, as a replay without network does."""
    seen: NotebookObservation = study.run(*sources, guide=WithoutNetwork, **more)
    return seen


def judged(study: Any, observation: Observation) -> Verdict:
    """The verdict on `a.ipynb`."""
    recorded = json.loads((study.root / "a.ipynb").read_text("utf-8"))
    rerun = json.loads(nbformat.writes(study.rerun()))
    return judge({"a.ipynb": recorded}, [observation], [{"a.ipynb": rerun}], Policy())


def test_what_was_asked_for_is_noted_with_its_cell_and_without_its_query(study: Any) -> None:
    seen = run(study, "print(1)", ASKS, "import socket\nsocket.create_connection(('10.1.2.3', 80))")
    asked = [(one.cell, one.address) for one in seen.asked]
    assert asked == [(1, "https://data.example.org/x.json"), (2, "10.1.2.3:80")]


def test_talking_to_oneself_is_no_asking(study: Any) -> None:
    seen = run(
        study,
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname())\n"
        "socket.getaddrinfo('localhost', 80)\nprint('done')",
    )
    assert (seen.status, seen.asked, seen.held_up) == ("completed", (), ())
    assert study.text() == "done\n"


def test_cells_behind_one_that_wants_the_network_run(study: Any) -> None:
    seen = run(study, ASKS, "print(json.dumps([1]))", "print(count)", "print('end')")
    assert seen.status == "failed"
    assert seen.error is not None
    assert (seen.error.name, seen.error.cell) == ("URLError", 0)
    assert held(seen) == {0: 0, 2: 0}
    assert study.text(1) == "[1]\n"  # its import stands above the line that failed
    assert study.text(3) == "end\n"


def test_another_failure_behind_it_ends_the_run(study: Any) -> None:
    seen = run(study, ASKS, "1 / 0", "print('never')")
    assert seen.error is not None
    assert (seen.error.name, seen.error.cell) == ("ZeroDivisionError", 1)
    assert held(seen) == {0: 0}
    assert study.text(2) == ""


def test_a_missing_package_behind_it_ends_the_run_so_that_it_can_be_added(study: Any) -> None:
    seen = run(study, ASKS, "import tool_nobody_has\nprint(count)")
    assert seen.error is not None
    assert seen.error.name == "ModuleNotFoundError"
    assert held(seen) == {0: 0}


@pytest.mark.parametrize(
    ("between", "below"),
    [
        ("half = count / 2", "print(half)"),
        ("def show():\n    print(count)", "show()"),
        ("found = []", "found.append(count)\nprint(found)"),
    ],
)
def test_what_depends_on_it_by_another_cell_is_held_up_too(
    study: Any, between: str, below: str
) -> None:
    seen = run(study, ASKS, between, below, "print('end')")
    assert held(seen)[2] == 0
    assert 3 not in held(seen)
    assert study.text(3) == "end\n"


def test_a_cell_that_works_on_an_older_value_is_held_up_though_it_ran(study: Any) -> None:
    seen = run(study, "count = 3", ASKS, "print(count)", "count = 4", "print(count)")
    assert held(seen) == {1: 1, 2: 1}
    assert study.text(2) == "3\n"


def test_settings_that_were_not_made_hold_up_what_goes_by_them(study: Any) -> None:
    seen = run(
        study,
        "import random\nimport json",
        ASKS + "\nrandom.seed(3)",
        "print(random.random())",
        "print(json.dumps(1))",
    )
    assert held(seen) == {1: 1, 2: 1}
    assert study.text(3) == "1\n"


def test_settings_made_above_the_failing_line_hold_up_nothing(study: Any) -> None:
    seen = run(study, "import random", "random.seed(3)\n" + ASKS, "print(random.random())")
    assert held(seen) == {1: 1}


def test_a_program_that_fails_quietly_is_found_by_the_file_it_did_not_bring(study: Any) -> None:
    seen = run(
        study,
        "print('first')",
        "!echo \"wget: unable to resolve host address 'files.example.org'\""
        " # wget https://files.example.org/y/table.csv?token=1",
        "text = open('table.csv').read()",
        "print(text)",
        "print('end')",
    )
    assert held(seen) == {1: 1, 2: 1, 3: 1}
    assert [(one.cell, one.address) for one in seen.asked] == [
        (1, "https://files.example.org/y/table.csv")
    ]
    assert study.text(4) == "end\n"


def test_a_script_of_the_shell_is_followed_by_its_words(study: Any) -> None:
    seen = run(
        study,
        "%%bash\necho 'curl: (6) Could not resolve host: files.example.org' >&2\n"
        "false # curl -fO https://files.example.org/list.txt",
        ASKS,
        "%%bash\necho $count",
        "%%bash\necho end",
    )
    assert held(seen) == {0: 0, 1: 1, 2: 1}
    assert [one.address for one in seen.asked if one.cell == 0] == [
        "https://files.example.org/list.txt"
    ]
    assert study.text(3) == "end\n"


def test_a_file_that_nobody_was_to_fetch_is_a_failure_of_its_own(study: Any) -> None:
    seen = run(study, ASKS, "open('mine.csv')", "print('never')")
    assert seen.error is not None
    assert (seen.error.name, seen.error.cell) == ("FileNotFoundError", 1)
    assert study.text(2) == ""


def test_with_parameters_or_without_a_guide_it_stops_where_it_always_did(study: Any) -> None:
    seen = study.run(ASKS, "print('never')")
    assert (seen.held_up, study.text(1)) == ((), "")
    seen = run(study, "x = 1", ASKS, "print('never')", parameters=(("x", "2"),))
    assert seen.held_up == ()
    assert [one.cell for one in seen.asked] == [1]


def test_what_is_fetched_where_the_network_is_allowed_is_noted_with_its_url(study: Any) -> None:
    own = [
        one.address
        for found in psutil.net_if_addrs().values()
        for one in found
        if one.family == socket.AF_INET and not one.address.startswith("127.")
    ]
    if not own:
        pytest.skip("needs an address of this machine that is not loopback")
    with ThreadingHTTPServer((own[0], 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = f"http://{own[0]}:{server.server_port}"
        seen = run(
            study,
            "import http.client, urllib.request",
            f"print(urllib.request.urlopen('{place}/a.csv?token=1').read())",
            f"talk = http.client.HTTPConnection('{own[0]}', {server.server_port})\n"
            "talk.request('GET', '/b.csv')\nprint(talk.getresponse().status)",
            allow_network=True,
        )
        server.shutdown()
    assert seen.status == "completed"
    assert [(one.cell, one.address) for one in seen.asked] == [
        (1, f"{place}/a.csv"),
        (2, f"{place}/b.csv"),
    ]


@pytest.mark.parametrize(
    "mischief",
    [
        "import os\nos.symlink('/etc/passwd', '/run/recrate/asked')",
        "import os\nos.mkfifo('/run/recrate/asked')",
        "open('/run/recrate/asked', 'w').write('<b>not.example</b>\\n' + 'a' * 10_000_000)",
        "open('/run/recrate/asked', 'w').writelines(f'h{n}.example:80\\n' for n in range(10**5))",
        "open('/run/recrate/asked', 'wb').write(bytes(range(256)) * 100)",
    ],
)
def test_notes_that_lie_cost_nothing_and_show_little(study: Any, mischief: str) -> None:
    seen = run(study, mischief, "print('end')")
    assert seen.status == "completed"
    assert len(seen.asked) <= 40
    assert all(one.address.isascii() and "<" not in one.address for one in seen.asked)
    assert study.text(1) == "end\n"


def test_the_other_cells_are_judged_and_the_verdict_says_which_were_not(study: Any) -> None:
    study.add(
        "a.ipynb",
        printing("print(6 * 7)", "42\n"),
        printing(ASKS + "\nprint(count)", "17\n"),
        printing("print(count)", "17\n"),
        printing("print('a', 1.5)", "a 1.5\n"),
        printing("print('b')", "another\n"),
    )
    verdict = judged(study, study.observe("a.ipynb", guide=WithoutNetwork))
    notebook = verdict.notebooks[0]
    assert verdict.verdict is Judgement.FAILED
    assert [cell.verdict.value for cell in notebook.cells] == [
        "identical", "failed", "failed", "identical", "different",
    ]  # fmt: skip
    assert [cell.wants for cell in notebook.cells] == [None, 1, 1, None, None]
    assert (verdict.coverage.outputs, verdict.coverage.compared) == (5, 3)
    assert verdict.coverage.skipped == 2
    reasons = [cell.outputs[0].reason for cell in notebook.cells]
    wants = "cell 1 wants the network (asked for https://data.example.org/x.json)"
    assert reasons[1] == f"not verified: {wants}, which replays do not have"
    assert reasons[2].startswith("not verified: it depends on cell 1, which wants the network")
    assert notebook.error is not None
    assert (notebook.error.cause, notebook.error.cell) == (Cause.NETWORK_REFUSED, 1)
    assert "2 of 5 cells hold; 2 want the network" in verdict.sentence


def test_what_came_out_as_recorded_from_an_older_value_counts_for_nothing(study: Any) -> None:
    study.add("a.ipynb", "count = 3", ASKS, printing("print(count)", "3\n"))
    verdict = judged(study, study.observe("a.ipynb", guide=WithoutNetwork))
    assert verdict.verdict is Judgement.FAILED
    assert (verdict.coverage.identical, verdict.coverage.skipped) == (0, 1)


def test_behind_a_failure_of_its_own_nothing_was_reached(study: Any) -> None:
    study.add(
        "a.ipynb",
        ASKS,
        printing("print(1)", "1\n"),
        printing("1 / 0", "2\n"),
        printing("print(3)", "3\n"),
    )
    verdict = judged(study, study.observe("a.ipynb", guide=WithoutNetwork))
    cells = verdict.notebooks[0].cells
    assert [cell.verdict.value for cell in cells[1:]] == ["identical", "failed", "failed"]
    assert cells[3].outputs[0].reason == "not reached: the notebook stopped at cell 2"
    assert verdict.notebooks[0].error is not None
    assert verdict.notebooks[0].error.cause is Cause.NETWORK_REFUSED


def test_an_error_after_asking_in_vain_is_for_want_of_the_network(study: Any) -> None:
    study.add(
        "a.ipynb",
        "import urllib.request\n"
        "try:\n    text = urllib.request.urlopen('http://a.example.org/b')\n"
        "except OSError:\n    raise KeyError('no data set of this name') from None",
    )
    verdict = judged(study, study.observe("a.ipynb", guide=WithoutNetwork))
    assert verdict.notebooks[0].error is not None
    assert verdict.notebooks[0].error.cause is Cause.NETWORK_REFUSED
    assert "a.example.org" in verdict.notebooks[0].error.evidence
