"""How a launch ends: nothing is left of it, but for what the person made."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from launching import LaunchedHere, Opened, all_gone
from making import notebook_of
from recrate.launch.care import make_folder, note_server, reap_sessions
from recrate.outside.tether import Tether

pytestmark = pytest.mark.sandbox


@pytest.fixture
def data(tmp_path):
    """Jupyter's data folder of one launch."""
    return tmp_path / "data"


def test_ctrl_c_ends_a_session_with_its_kernels_and_keeps_what_was_saved(recrate, small, data):
    with LaunchedHere(recrate, data, small) as here:
        opened = Opened(here.told["url"])
        same = opened.run_notebook("a.ipynb")
        changed = json.loads(notebook_of("print('mine')"))
        for name, content in (("a.ipynb", same), ("mine.ipynb", changed)):
            body = {"type": "notebook", "content": content}
            assert opened.answer("PUT", f"api/contents/{name}", body).is_success
        opened.post("api/sessions", {"path": "a.ipynb", "type": "notebook", "name": "a"} | {
            "kernel": {"name": "python3"}
        })  # fmt: skip
        family = here.family()
        assert any("ipykernel" in " ".join(one.cmdline()) for one in family)
        assert here.end() == 0, here.error
    assert all_gone(family)
    assert here.sessions == []
    kept = [path for path in (data / "recrate" / "kept").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["mine.ipynb"]


def test_with_keep_the_whole_working_copy_stays(recrate, small, data, tmp_path):
    with LaunchedHere(recrate, data, small, "--keep") as here:
        opened = Opened(here.told["url"])
        with opened.kernel("python3") as kernel:
            kernel.printed("open('result.txt', 'w').write('7')")
        (root,) = here.sessions
        made = root / "around" / "study" / "result.txt"
        assert made.read_text() == "7"
        assert here.end(signal.SIGTERM) == 0
    (kept,) = (data / "recrate" / "kept").iterdir()
    assert (kept / "result.txt").read_text() == "7"
    assert (kept / "a.ipynb").is_file()
    assert here.sessions == []


def test_a_killed_launch_leaves_no_process_and_no_folder(recrate, small, data):
    with LaunchedHere(recrate, data, small) as here:
        opened = Opened(here.told["url"])
        body = {"path": "a.ipynb", "type": "notebook", "name": "a", "kernel": {"name": "python3"}}
        opened.post("api/sessions", body)
        family = here.family()
        assert len(here.sessions) == 1
        here.end(signal.SIGKILL)
        assert all_gone(family)
        end = time.monotonic() + 20
        while here.sessions and time.monotonic() < end:
            time.sleep(0.1)
        assert here.sessions == []


def test_a_launch_that_is_ended_while_it_starts_leaves_nothing(recrate, small, data):
    with LaunchedHere(recrate, data, small) as here:
        end = time.monotonic() + 60
        while not list((data / "recrate").glob("sessions/*/server.json")):
            assert time.monotonic() < end, here.error
            time.sleep(0.02)
        family = here.family()
        assert here.end(signal.SIGTERM) == 130
    assert all_gone(family)
    assert here.sessions == []


def test_a_session_whose_owner_and_watcher_were_killed_is_taken_away_by_the_next(tmp_path):
    folder = tmp_path / "sessions"
    root = folder / "abc"
    server = subprocess.Popen(["sleep", "600"], start_new_session=True)
    source = (
        "import os, signal, sys; from pathlib import Path; from recrate.launch import care; "
        "root = Path(sys.argv[1]); care.make_folder(root); "
        "care.note_server(root, int(sys.argv[2])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", source, str(root), str(server.pid)]
    subprocess.run(command, check=False)
    make_folder(folder / "mine")
    note_server(folder / "mine", os.getpid())
    assert (root / "server.json").is_file()
    assert reap_sessions(folder) == ("abc",)
    assert server.wait(10) == -signal.SIGKILL
    assert [one.name for one in folder.iterdir()] == ["mine"]


def test_a_number_that_another_process_got_is_not_killed(tmp_path):
    root = tmp_path / "sessions" / "abc"
    make_folder(root)
    for name in ("owner.json", "server.json"):
        (root / name).write_text(json.dumps({"pid": os.getppid(), "started": 1.0}))
    assert reap_sessions(root.parent) == ("abc",)


def test_what_is_let_go_is_not_taken_away(tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    child = subprocess.Popen(["sleep", "600"], start_new_session=True)
    with Tether() as tether:
        tether.hold_folder(folder)
        tether.hold_process(child.pid)
    assert folder.is_dir()
    assert child.poll() is None
    child.kill()
    child.wait()


def test_two_launches_of_one_crate_at_once_build_one_environment(recrate, tmp_path, cache_folder):
    study = tmp_path / "study"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of("import six; print(six.__version__)"))
    (study / "requirements.txt").write_text("six==1.16.0\n")
    crate = tmp_path / "two.crate.zip"
    assert recrate("pack", study, "-o", crate).code == 0
    before = set((cache_folder / "environments").glob("*/complete.json"))
    with (
        LaunchedHere(recrate, tmp_path / "one", crate) as one,
        LaunchedHere(recrate, tmp_path / "other", crate) as other,
    ):
        for here in (one, other):
            ran = Opened(here.told["url"]).run_notebook("a.ipynb")
            assert ran["cells"][0]["outputs"][0]["text"] == "1.16.0\n"
        built = set((cache_folder / "environments").glob("*/complete.json")) - before
        assert len(built) == 1
        assert len(one.sessions) == len(other.sessions) == 1
        assert one.end() == other.end() == 0
