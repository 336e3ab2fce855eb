"""The machine's own kernels are used as they are, never called restored; its card is discreet."""

import getpass
import json
import shutil
import socket
from pathlib import Path

import pytest

from core.environment.studies import notebook, settings_in, study
from recrate.environment.card import read_card
from recrate.environment.current import use_current
from recrate.environment.locking import make_lock
from recrate.environment.realise import realise
from recrate.model.environment import Environment, NotRestored
from recrate.model.errors import BadInput
from recrate.model.wire import to_json


def test_the_card_names_no_person_host_or_home():
    text = to_json(read_card())
    for name in {socket.gethostname(), str(Path.home()), f'"{getpass.getuser()}"'} - {""}:
        assert name not in text
    assert read_card().cores > 0


def test_our_own_python_is_measured_but_not_restored():
    found = use_current("python", kernel=None)
    assert isinstance(found, Environment)
    assert not found.restored
    assert "ipykernel" in {one.name for one in found.packages}
    assert "{connection_file}" in found.kernel_command


def test_a_language_without_a_kernel_says_what_to_install():
    found = use_current("R", kernel="no-such-kernel")
    assert isinstance(found, NotRestored)
    assert found.cause == "kernel missing"
    assert "r-cran-irkernel" in found.hint


def test_another_language_runs_with_its_kernel_and_says_that_packages_are_not_restored(
    tmp_path, monkeypatch
):
    place = tmp_path / "kernels" / "julia-1.9"
    place.mkdir(parents=True)
    spec = {
        "argv": ["julia", "{connection_file}"],
        "display_name": "Julia 1.9",
        "language": "julia",
    }
    (place / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    found = use_current("julia", kernel="julia-1.9")
    assert isinstance(found, Environment)
    assert not found.restored
    assert any("not restored" in note and "Julia 1.9" in note for note in found.notes)


@pytest.mark.parametrize(
    ("language", "word"), [("octave", "octave_kernel"), ("stata", "licence"), ("cobol", "cobol")]
)
def test_a_kernel_that_is_not_there_is_told_with_what_to_install(language, word):
    found = use_current(language, kernel=None)
    assert isinstance(found, NotRestored)
    assert word in found.hint


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_a_study_in_r_replays_with_the_machines_r_and_says_so(tmp_path):
    inventory = study(
        tmp_path,
        notebook("stats", "IRkernel", language="R", kernel="ir", python="4.2.2"),
        **{"renv.lock": '{"Packages": {"dplyr": {"Package": "dplyr", "Version": "1.0.9"}}}'},
    )
    lock = make_lock(tmp_path, inventory, kernel=None, as_of=None, settings=settings_in(tmp_path))
    assert (lock.language, lock.kernel, lock.pylock, lock.source) == ("R", "ir", "", "declared")
    assert "1.0.9" in {one.version for one in lock.packages}
    found = realise(lock, settings=settings_in(tmp_path))
    assert isinstance(found, Environment)
    assert not found.restored
    assert "machine's R" in found.notes[0]
    here = {one.name: one.version for one in found.packages}.get("dplyr", "")
    assert here == "1.0.9" or any(line.startswith("dplyr ") for line in found.differences)
    assert "base" in {one.name for one in found.packages}


def test_an_unknown_kernel_is_bad_input_and_names_those_there_are(tmp_path):
    with pytest.raises(BadInput) as raised:
        make_lock(
            tmp_path, study(tmp_path), kernel="nope", as_of=None, settings=settings_in(tmp_path)
        )
    assert "there are:" in raised.value.hint


def test_a_date_that_is_none_is_bad_input(tmp_path):
    with pytest.raises(BadInput):
        make_lock(
            tmp_path,
            study(tmp_path),
            kernel=None,
            as_of="2021-13-40",
            settings=settings_in(tmp_path),
        )
