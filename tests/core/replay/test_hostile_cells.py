"""What one run promises when the cells do not behave: bounded, told, and nobody left behind."""

import json
import resource
from typing import Any

import pytest


def test_a_cell_that_never_ends_is_ended_with_all_it_started(study: Any, survivors: Any) -> None:
    seen = study.run(
        "import signal, subprocess\nfor n in (signal.SIGINT, signal.SIGTERM):\n"
        "    signal.signal(n, signal.SIG_IGN)\n"
        "subprocess.Popen(['setsid', 'sleep', '98761'])\n"
        "subprocess.Popen(['sh', '-c', '(sleep 98762 &) &'])\n"
        "print('before', flush=True)\nwhile True: pass",
        "print('after')",
        cell_timeout_seconds=2,
    )
    assert (seen.status, seen.error.name, seen.error.cell) == ("timeout", "Timeout", 0)
    assert "2 seconds for a cell" in seen.error.message
    assert seen.seconds < 12
    assert study.text() == "before\n"
    assert survivors("9876") == []


def test_without_walls_a_child_in_its_own_session_is_ended_too(study: Any, survivors: Any) -> None:
    seen = study.run(
        "import subprocess; subprocess.Popen(['setsid', 'sleep', '54321'])\n"
        "subprocess.Popen(['sh', '-c', '(setsid sleep 54322 &) &'])",
        sandboxed=False,
    )
    assert seen.status == "completed"
    assert survivors("5432") == []


@pytest.mark.parametrize(
    ("limit", "words"),
    [("notebook_timeout_seconds", "for a notebook"), ("total_timeout_seconds", "whole run")],
)
def test_the_limits_of_notebook_and_run_hold(study: Any, limit: str, words: str) -> None:
    first = study.add("1.ipynb", "import time", "time.sleep(60)")
    second = study.add("2.ipynb", "print(1)")
    seen = study.observe(first, second, **{limit: 3})
    assert seen.notebooks[0].status == "timeout"
    assert words in seen.notebooks[0].error.message
    expected = "completed" if limit.startswith("notebook") else "not run"
    assert seen.notebooks[1].status == expected


def test_eating_memory_ends_as_memory(study: Any) -> None:
    seen = study.run(
        "x = []\nwhile True: x.append(bytearray(10_000_000))", memory_bytes=400_000_000
    )
    assert (seen.status, seen.error.name, seen.error.cell) == ("memory", "OutOfMemory", 0)
    assert 300_000_000 < seen.peak_memory_bytes < 450_000_000


def test_a_fork_bomb_is_bounded(study: Any, survivors: Any) -> None:
    seen = study.run(
        "import subprocess\nsubprocess.run(['bash', '-c', 'b() { b | b & }; b; sleep 98765'])",
        processes=100,
        cell_timeout_seconds=5,
    )
    assert seen.status in {"completed", "timeout", "failed"}
    assert seen.seconds < 30
    assert survivors("98765") == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.kill(os.getpid(), 9)", "SIGKILL"),
        ("import os; os._exit(7)", "exit code 7"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_cell_that_kills_its_kernel_is_told(study: Any, code: str, words: str) -> None:
    first = study.add("1.ipynb", "print('before')", code, "print('after')")
    seen = study.observe(first, study.add("2.ipynb", "print(1)"))
    dead, fine = seen.notebooks
    assert (dead.status, dead.error.name, dead.error.cell) == ("killed", "DeadKernel", 1)
    assert words in dead.error.message
    assert study.text(path="1.ipynb") == "before\n"
    assert fine.status == "completed"


@pytest.mark.parametrize(
    "code",
    [
        "for n in range(2000): print('x' * 100_000)",
        "print('y' * 100_000_000)",
        "import sys\nfor n in range(200): sys.stderr.write('z' * 1_000_000)",
        "from IPython.display import HTML, display\n"
        "for n in range(200): display(HTML('h' * 1_000_000))",
        "'r' * 100_000_000",
        "raise ValueError('v' * 50_000_000)",
        "from IPython.display import display\nfor n in range(10_000): display('d' * 1000)",
        "from IPython.display import display\nh = display('', display_id=True)\n"
        "for n in range(200): h.update('u' * n * 20_000)",
        "import sys\nfor n in range(40_000): print(n, flush=True)",
    ],
    ids=["lines", "one", "stderr", "html", "result", "error", "many", "update", "flushed"],
)
def test_endless_output_is_cut_and_the_kernel_goes_on(study: Any, code: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cell = {"source": code, "metadata": {"tags": ["raises-exception"]}}
    seen = study.run(cell, "print('after')", output_bytes=2_000_000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert seen.status == "completed", seen.error
    assert study.text(1) == "after\n"
    assert (study.destination / "notebooks" / "a.ipynb").stat().st_size < 5_000_000
    assert grown < 900_000, "in kB"
    if "ValueError" not in code:
        assert seen.cut_outputs == (0,)


def test_a_long_progress_bar_is_kept_as_its_last_state(study: Any) -> None:
    study.run(
        "import sys, time\nfor n in range(3000):\n"
        "    sys.stdout.write(f'\\r{n:5} ' + '#' * 1000)\n"
        "    n % 300 or (sys.stdout.flush(), time.sleep(.05))\nprint()",
        output_bytes=500_000,
    )
    assert study.text() == " 2999 " + "#" * 1000 + "\n"


def test_clearing_makes_room_again(study: Any) -> None:
    seen = study.run(
        "from IPython.display import HTML, clear_output, display\n"
        "for n in range(30):\n    clear_output(wait=True)\n"
        "    display(HTML(str(n) + 'x' * 100_000))",
        output_bytes=300_000,
    )
    (output,) = study.rerun().cells[0].outputs
    assert output.data["text/html"].startswith("29x")
    assert seen.cut_outputs == ()


def test_broken_unicode_becomes_valid_json(study: Any) -> None:
    seen = study.run(
        r"import os, subprocess, sys; print('\ud800 \x00 \u0007 ok')",
        r"subprocess.run(['printf', r'\377\376 end']); sys.stdout.flush()",
        r"from IPython.display import display; display({'text/plain': '\udc80 x'}, raw=True)",
        r"raise ValueError('\udfff bad')",
    )
    text = (study.destination / "notebooks" / "a.ipynb").read_bytes().decode("utf-8")
    json.loads(text)
    assert seen.error is not None
    json.dumps(seen.error.message).encode()
    seen.error.message.encode("utf-8")


def test_names_that_are_no_utf8_are_told(study: Any) -> None:
    seen = study.run(r"open(b'\xff\xfe.txt', 'w').close()")
    assert len(seen.written) == 1
    seen.written[0].path.encode("utf-8")


def test_asking_for_input_does_not_hang(study: Any) -> None:
    seen = study.run("input('name? ')")
    assert (seen.status, seen.error.name) == ("failed", "StdinNotImplementedError")
    assert seen.seconds < 20


def test_deleting_and_moving_the_study_hurts_only_the_copy(study: Any) -> None:
    (study.root / "data.csv").write_text("1")
    first = study.add(
        "sub/1.ipynb",
        "import os, shutil\nshutil.rmtree('/replay/study', ignore_errors=True)\n"
        "print(os.listdir('/replay'))",
    )
    second = study.add("sub/2.ipynb", "import os; print(os.listdir('.'))")
    seen = study.observe(first, second)
    assert (study.root / "data.csv").read_text() == "1"
    assert "data.csv" in seen.notebooks[0].deleted
    assert seen.notebooks[1].status == "completed", seen.notebooks[1].error


def test_links_pipes_and_devices_that_a_cell_leaves_are_not_opened(
    study: Any, tmp_path: Any
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret")
    seen = study.run(
        f"import os\nos.symlink({str(secret)!r}, 'link.txt')\nos.symlink('/etc', 'folder')\n"
        "os.mkfifo('pipe')\nos.symlink('.', 'loop')\nopen('real', 'w').write('1')"
    )
    assert seen.status == "completed", seen.error
    assert [file.path for file in seen.written] == ["real"]
    kept = [file.name for file in (study.destination / "files").rglob("*")]
    assert kept == ["real"]


def test_the_network_is_refused_and_loopback_works(study: Any) -> None:
    seen = study.run(
        "import socket, threading\ns = socket.create_server(('127.0.0.1', 0))\n"
        "c = socket.create_connection(s.getsockname()); print('local')\n"
        "print(socket.gethostbyname('localhost'))",
        "import urllib.request; urllib.request.urlopen('http://203.0.113.1/', timeout=5)",
    )
    assert study.text(0) == "local\n127.0.0.1\n"
    assert seen.error.cell == 1
    assert "Network is unreachable" in seen.error.message


def test_processes_shared_memory_shell_and_temporary_files_work(study: Any) -> None:
    seen = study.run(
        "import multiprocessing as m\nfrom multiprocessing import shared_memory\n"
        "with m.get_context('fork').Pool(2) as p: print(p.map(abs, [-1, -2]))\n"
        "s = shared_memory.SharedMemory(create=True, size=10_000_000); s.close(); s.unlink()\n"
        "m.Lock(); print('ok')",
        "!echo $((6 * 7)) && ls /bin/sh",
        "import tempfile, getpass, os, pathlib\n"
        "print(tempfile.gettempdir(), getpass.getuser(), os.listdir(pathlib.Path.home()))\n"
        "os.system('echo from system')",
        "%%bash\nwhoami",
    )
    assert seen.status == "completed", seen.error
    assert study.text(0) == "[1, 2]\nok\n"
    assert study.text(1).splitlines() == ["42", "/bin/sh"]
    assert study.text(2).startswith("/tmp recrate []") or ".ipython" in study.text(2)
    assert study.text(3) == "recrate\n"


@pytest.mark.parametrize(
    "attack",
    [
        "os.rename('/replay/study', '/replay/moved'); os.symlink(victim, '/replay/study')",
        "shutil.rmtree('sub'); os.symlink(victim, 'sub')",
        "shutil.rmtree('sub'); os.symlink(victim + '/new', 'sub')",
        "shutil.rmtree('sub'); open('sub', 'w').close()",
    ],
)
def test_a_link_in_the_place_of_a_folder_is_not_followed_by_us(
    study: Any, tmp_path: Any, attack: str
) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "private.txt").write_text("s3cret")
    first = study.add("1.ipynb", f"import os, shutil\nvictim = {str(victim)!r}\n{attack}")
    second = study.add("sub/deep/2.ipynb", "open('result', 'w').write('1')")
    seen = study.observe(first, second)
    assert seen.notebooks[1].status == "completed", seen.notebooks[1].error
    assert [file.name for file in victim.iterdir()] == ["private.txt"]
    told = [file.path for each in seen.notebooks for file in each.written]
    assert not any("private" in path for path in told)
    assert "s3cret" not in "".join(
        file.read_text(errors="replace") for file in study.destination.rglob("*") if file.is_file()
    )
