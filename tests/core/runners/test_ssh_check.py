"""`check` says in words what is wrong there; ssh's safety cannot be chosen away."""

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from recrate.model.errors import BadInput, OutsideFailed
from recrate.model.finding import Severity
from recrate.runners.ssh_words import LinkFailed, failure_of
from sshd import login_node
from sshd_attempts import make_runner


@pytest.fixture(scope="module")
def host():
    with login_node() as one:
        yield one


@pytest.fixture
def node(host):
    host.forget()
    return host


def only_finding(runner):
    (found,) = runner.check()
    return found


def test_a_way_that_works_is_measured(node, tmp_path):
    found = only_finding(make_runner(node, tmp_path))
    assert (found.severity, found.code) == (Severity.NOTE, "runner-works")
    assert " ms for a question" in found.message
    assert " MB/s" in found.message


def test_what_the_far_side_finds_is_passed_on_as_plain_text(node, tmp_path):
    node.write("closed", "")
    found = only_finding(make_runner(node, tmp_path))
    assert (found.severity, found.code) == (Severity.ERROR, "partition-closed")
    assert found.message == "the partition [31mshort is closed"
    assert found.hint == "choose another"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"host": "no-such-host.invalid"}, "ssh-host-unknown"),
        ({"ssh": "/nowhere/ssh"}, "ssh-missing"),
        ({"python": "/nowhere/python"}, "ssh-no-python"),
        ({"python": "/usr/bin/python3"}, "ssh-no-recrate"),
        ({"site": "osaka"}, "ssh-no-site"),
        ({"folder": "/proc/spool"}, "ssh-far-side"),
        ({"folder": "/tmp"}, "ssh-refused"),
        ({"options": "-F /nowhere/config"}, "ssh-configuration"),
    ],
)
def test_each_thing_that_is_wrong_has_a_name_and_a_hint(node, tmp_path, answers, code):
    found = only_finding(make_runner(node, tmp_path, **answers))
    assert (found.severity, found.code) == (Severity.ERROR, code)
    assert found.hint or code == "ssh-far-side"


def test_a_key_that_the_host_does_not_take_is_named(node, tmp_path):
    config = tmp_path / "config"
    lines = node.config.read_text().replace(f"{node.folder}/client/key", f"{node.folder}/other_key")
    config.write_text(lines)
    found = only_finding(make_runner(node, tmp_path, options=f"-F {config}"))
    assert found.code == "ssh-permission-denied"


@pytest.mark.parametrize("known", ["", "another"])
def test_a_host_with_a_key_that_is_not_the_known_one_is_never_spoken_with(node, tmp_path, known):
    public = (node.folder / "other_key.pub").read_text()
    hosts, config = tmp_path / "known_hosts", tmp_path / "config"
    hosts.write_text(f"[127.0.0.1]:{node.port} {public}" if known else "")
    lines = node.config.read_text().replace(str(node.known_hosts), str(hosts))
    config.write_text(f"{lines} StrictHostKeyChecking no\n")
    runner = make_runner(node, tmp_path, options=f"-F {config}")
    found = only_finding(runner)
    assert found.code == ("ssh-host-key-changed" if known else "ssh-host-key-unknown")
    with pytest.raises(OutsideFailed):
        runner.open("c1", tmp_path, workers=0)
    assert node.calls() == []
    assert hosts.read_text() == (f"[127.0.0.1]:{node.port} {public}" if known else "")


def test_a_connection_that_somebody_opened_by_hand_is_used_and_left_open(node, tmp_path):
    short = Path(tempfile.mkdtemp(prefix="rs"))  # ssh takes no long paths of sockets
    socket, config = short / "s", tmp_path / "config"
    lines = f"{node.config.read_text()} ControlPath {socket}\n"
    config.write_text(lines)
    subprocess.run(["ssh", "-F", config, "-o", "ControlMaster=yes", "-fN", "far"], check=True)
    try:
        # Whoever logs in anew is not let in any more: as where a second factor is asked for.
        config.write_text(lines.replace(f"{node.folder}/client/key", f"{node.folder}/other_key"))
        found = only_finding(make_runner(node, tmp_path, options=f"-F {config}"))
        assert found.code == "runner-works"
        asked = ["ssh", "-F", config, "-O", "check", "far"]
        assert subprocess.run(asked, capture_output=True, check=False).returncode == 0
    finally:
        leave = ["ssh", "-F", config, "-O", "exit", "far"]
        subprocess.run(leave, capture_output=True, check=True)
        short.rmdir()
    found = only_finding(make_runner(node, tmp_path, options=f"-F {config}"))
    assert found.code == "ssh-permission-denied"


@pytest.mark.parametrize(
    "answers",
    [
        {"host": "-oProxyCommand=touch /tmp/x"},
        {"host": "far; touch x"},
        {"host": ""},
        {"python": "python3; touch x"},
        {"folder": "$(touch x)"},
        {"folder": "-rf"},
        {"options": "-o StrictHostKeyChecking=no"},
        {"options": "-oStrictHostKeyChecking=accept-new"},
        {"options": "-o 'stricthostkeychecking off'"},
        {"options": "-o BatchMode=no"},
        {"options": "'unended"},
        {"patience": "long"},
        {"store": "-3"},
    ],
)
def test_answers_that_would_be_taken_for_something_else_are_refused(node, tmp_path, answers):
    with pytest.raises(BadInput):
        make_runner(node, tmp_path, **answers)


def test_a_host_behind_another_one_is_reached_through_it(node, tmp_path):
    config = tmp_path / "config"
    lines = node.config.read_text()
    config.write_text(f"{lines}{lines.replace('Host far', 'Host behind')} ProxyJump far\n")
    found = only_finding(make_runner(node, tmp_path, host="behind", options=f"-F {config}"))
    assert found.code == "runner-works"


def test_a_far_side_of_another_version_is_warned_of(node, tmp_path):
    real = node.python.read_text()
    older = real.replace("exec ", "exec sh -c '\"$@\" | sed s/0[.]1[.]0/0.0.9/' sh ")
    place = node.write("bin/older", older)
    found = list(make_runner(node, tmp_path, python=str(place)).check())
    assert [one.code for one in found] == ["ssh-another-recrate", "runner-works"]
    assert "0.0.9" in found[0].message


def test_a_complaint_of_ssh_that_nobody_foresaw_is_shown_as_it_is():
    found = failure_of(255, "kex_exchange: \x1b[2Jsomething new", "far")
    assert isinstance(found, LinkFailed)
    assert "something new" in found.message
    assert "\x1b" not in found.message


def test_options_are_all_asked_for_in_both_languages(node, tmp_path):
    about = make_runner(node, tmp_path).about
    assert about.capabilities == replace(about.capabilities, elsewhere=True, shared=False)
    for one in about.options:
        assert one.label_en
        assert one.label_ja
