"""The first program of a container."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from recrate_binder.image.start import choose_language, command_of

LAB = "jupyter-lab"


@pytest.mark.parametrize(
    ("asked", "run"),
    [
        ([], [LAB, "--ip", "0.0.0.0"]),
        (["--ServerApp.port=1"], [LAB, "--ServerApp.port=1"]),
        (["jupyter", "lab", "--ip", "0.0.0.0"], [LAB, "--ip", "0.0.0.0"]),
        (["jupyter", "notebook", "--port=8"], [LAB, "--port=8"]),
        (["jupyter-notebook"], [LAB]),
        (["jupyterhub-singleuser", "--x"], ["jupyterhub-singleuser", "--x"]),
        (["jupyter", "kernelspec", "list"], ["jupyter", "kernelspec", "list"]),
        (["sh", "-c", "jupyter lab"], ["sh", "-c", "jupyter lab"]),
    ],
)
def test_whoever_asks_for_the_old_notebook_gets_jupyterlab(asked, run):
    assert command_of(asked) == run


def test_the_language_is_written_once_and_never_over_a_persons_choice(tmp_path):
    folder = tmp_path / "lab"
    variables = {"JUPYTER_CONFIG_DIR": str(folder), "RECRATE_LANGUAGE": "ja"}
    choose_language({"JUPYTER_CONFIG_DIR": str(folder)})
    assert not folder.exists()
    choose_language(variables)
    (place,) = folder.rglob("plugin.jupyterlab-settings")
    assert json.loads(place.read_text()) == {"locale": "ja_JP"}
    place.write_text("{}")
    choose_language(variables)
    assert place.read_text() == "{}"


def started(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "recrate_binder.image.start", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_program_that_is_not_there_is_named():
    done = started("no-such-program")
    assert done.returncode == 1
    assert "there is no program no-such-program in this image" in done.stderr


def test_what_was_asked_for_takes_its_place_with_its_exit_code():
    assert started("sh", "-c", "echo here; exit 7").returncode == 7


def test_a_program_of_jupyters_runs_in_the_closed_process():
    """Its arguments reach it; `jupyter` lies beside the interpreter."""
    assert (Path(sys.executable).parent / "jupyter").is_file()
    done = started("jupyter", "--version")
    assert done.returncode == 0, done.stderr
    assert "jupyterlab" in done.stdout
