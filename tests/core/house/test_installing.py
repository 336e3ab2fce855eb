"""Installing where Node.js is, where it is not, and where nobody asked for JupyterLab."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from recrate.outside.tools import find_uv

pytestmark = pytest.mark.slow


def uv(*arguments: object, path: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run uv with another PATH, and with the Python of this test."""
    words = [str(argument) for argument in (find_uv(), *arguments)]
    environment = {**os.environ, "PATH": path, "UV_PYTHON": sys.executable, **variables}
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def no_node(tmp_path: Path) -> str:
    """A PATH on which there is nothing at all."""
    empty = tmp_path / "bin"
    empty.mkdir()
    return str(empty)


def test_the_sdist_installs_without_node_and_switches_both_extensions_on(built, tmp_path, no_node):
    venv = tmp_path / "venv"
    uv("venv", venv, path=no_node).check_returncode()
    python = venv / "bin" / "python"
    done = uv("pip", "install", "--no-deps", "--python", python, built.sdist, path=no_node)
    assert done.returncode == 0, done.stderr
    lab = venv / "share/jupyter/labextensions/recrate"
    package = json.loads((lab / "package.json").read_text())
    assert (lab / package["jupyterlab"]["_build"]["load"]).is_file()
    assert json.loads((lab / "install.json").read_text())["packageName"] == "recrate"
    enabled = venv / "etc/jupyter/jupyter_server_config.d/recrate_server.json"
    assert json.loads(enabled.read_text()) == {
        "ServerApp": {"jpserver_extensions": {"recrate_server": True}}
    }
    subprocess.run(
        [python, "-c", "import importlib.util as u; assert u.find_spec('recrate_server')"],
        check=True,
    )


def test_a_clone_without_node_says_what_to_do(built, tmp_path, no_node):
    done = uv("build", "--wheel", "--out-dir", tmp_path / "out", built.source, path=no_node)
    assert done.returncode != 0
    assert "Node.js (20 from 20.19 on, or 22.12 and newer)" in done.stderr
    assert "hint: install Node.js" in done.stderr
    assert not list(tmp_path.glob("out/*.whl"))


def test_a_clone_without_node_installs_when_the_extension_is_left_out(built, tmp_path, no_node):
    done = uv(
        "build",
        "--wheel",
        "--out-dir",
        tmp_path / "out",
        built.source,
        path=no_node,
        SKIP_JUPYTER_BUILDER="1",
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "recrate/cli/main.py" in names
    assert not [name for name in names if "labextensions" in name and "install.json" not in name]


def test_an_old_node_is_named_and_not_used(built, tmp_path, no_node):
    for name in ("node", "npm"):
        program = Path(no_node) / name
        program.write_text("#!/bin/sh\necho v18.20.4\n")
        program.chmod(0o755)
    done = uv("build", "--wheel", "--out-dir", tmp_path / "out", built.source, path=no_node)
    assert done.returncode != 0
    assert "Node.js v18.20.4" in done.stderr
