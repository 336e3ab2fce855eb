"""What cannot be launched is said in a sentence with a hint, and nothing is left behind."""

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from launching import LaunchedHere, Opened

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
SAMPLES = Path(__file__).parents[2] / "samples"


def hold(answer, name):
    schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(answer.document)
    return answer.document


@pytest.fixture
def launch(recrate, tmp_path):
    """`recrate launch` to its end, and a check that it left nothing."""
    data = tmp_path / "data"

    def run(*words, **variables):
        told = {"JUPYTER_DATA_DIR": str(data), **variables}
        answer = recrate("launch", *words, "--no-browser", variables=told, timeout=300)
        assert not list((data / "recrate").glob("sessions/*")), answer.error
        assert not list((data / "recrate").glob("verdicts/*"))
        return answer

    return run


def rewritten(crate, target, change):
    """Copy a crate with some of its members changed: name → bytes or None."""
    with zipfile.ZipFile(crate) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, change.get(name, source.read(name)))
        for name in change.keys() - set(source.namelist()):
            copy.writestr(name, change[name])
    return target


def test_the_places_are_listed_with_what_they_can_do(recrate):
    told = hold(recrate("launch", "--list", "--json"), "launch-list")
    kinds = [one["kind"] for one in told["targets"]]
    assert kinds[0] == "here"
    assert {"container", "binder", "hub"} <= set(kinds)
    here = told["targets"][0]
    assert here["available"]
    assert here["capabilities"]["walls"] == "sandbox"


def test_an_unknown_place_or_option_is_named_with_those_there_are(launch, small):
    answer = launch(small, "--on", "moon")
    assert answer.code == 2
    assert "here" in answer.error
    answer = launch(small, "--set", "colour", "red")
    assert answer.code == 2
    assert "port" in answer.error
    assert launch(small, "--set", "port", "99999999").code == 2
    assert launch().code == 2


def test_a_notebook_that_is_not_there_is_named_with_those_there_are(launch, small):
    answer = launch(small, "--notebook", "z.ipynb")
    assert answer.code == 2
    assert "a.ipynb" in answer.error


def test_check_says_what_would_not_work_and_starts_nothing(launch, small, tmp_path):
    fine = launch(small, "--check", "--json")
    assert fine.code == 0, fine.error
    assert hold(fine, "launch-check")["findings"] == []
    refused = launch(small, "--check", "--json", PATH=str(tmp_path))
    assert refused.code == 1
    (finding,) = hold(refused, "launch-check")["findings"]
    assert finding["code"] == "no-sandbox"
    assert "--unsandboxed" in finding["hint"]


def test_without_a_sandbox_a_launch_is_refused(launch, small, tmp_path):
    answer = launch(small, PATH=str(tmp_path))
    assert answer.code == 4
    assert "--unsandboxed" in answer.error


@pytest.mark.sandbox
def test_without_jupyterlab_the_person_is_told_what_to_install(launch, small, tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import sys\n"
        "from importlib.machinery import PathFinder\n"
        "class Without:\n"
        "    find_distributions = PathFinder.find_distributions\n"
        "    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n"
        "        return None if name == 'jupyterlab' else PathFinder.find_spec(name, path)\n"
        "sys.meta_path = [Without if one is PathFinder else one for one in sys.meta_path]\n"
    )
    answer = launch(small, PYTHONPATH=str(hidden))
    assert answer.code == 4, answer.error
    assert "recrate[lab]" in answer.error


@pytest.mark.sandbox
def test_a_port_that_is_taken_is_not_taken_for_ours(launch, small):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = launch(small, "--set", "port", taken.getsockname()[1])
    assert answer.code == 3
    assert "JupyterLab did not start" in answer.error


@pytest.mark.sandbox
def test_a_crate_whose_file_has_another_checksum_is_not_opened(launch, small, tmp_path):
    crate = rewritten(small, tmp_path / "bad.crate.zip", {"numbers.txt": b"9 9 9"})
    answer = launch(crate)
    assert answer.code == 2
    assert "checksum" in answer.error


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["../../outside.txt", "/outside.txt", "a\\..\\..\\x"])
def test_a_crate_with_hostile_names_is_not_opened(launch, small, tmp_path, name):
    crate = rewritten(small, tmp_path / "hostile.crate.zip", {name: b"x"})
    answer = launch(crate)
    assert answer.code in {2, 4}, answer.error
    assert not (tmp_path / "outside.txt").exists()


@pytest.mark.sandbox
def test_a_lock_that_cannot_be_built_is_said_and_nothing_stays(launch, small, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    configuration = tmp_path / "recrate_config.py"
    options = ["--no-index", "--find-links", str(empty)]
    configuration.write_text(
        f"c.Recrate.cache = {str(tmp_path / 'cache')!r}\n"
        f"c.Environments.index_options = {options!r}\n"
    )
    answer = launch(small, "--config", configuration, UV_CACHE_DIR=str(tmp_path / "uv"))
    assert answer.code == 3, answer.error
    assert "hint:" in answer.error


@pytest.mark.sandbox
def test_a_language_without_a_kernel_is_named(launch, recrate, tmp_path):
    crate = tmp_path / "x.crate.zip"
    recrate("pack", SAMPLES / "no-kernel" / "study", "-o", crate)
    answer = launch(crate)
    assert answer.code == 3, answer.error
    assert "kernel" in answer.error


@pytest.mark.sandbox
def test_a_study_in_r_opens_with_the_kernel_of_the_machine(recrate, tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("needs R with IRkernel")
    crate = tmp_path / "r.crate.zip"
    recrate("pack", SAMPLES / "r-study" / "study", "-o", crate)
    with LaunchedHere(recrate, tmp_path / "data", crate) as here:
        told = here.told
        opened = Opened(told["url"])
        assert told["environments"][0]["language"] == "r"
        assert opened.get("api/kernelspecs")["default"] == "ir"
        ran = opened.run_notebook(opened.notebook)
        outputs = [one for cell in ran["cells"] for one in cell.get("outputs", ())]
        assert outputs
        assert not [one for one in outputs if one["output_type"] == "error"]


@pytest.mark.sandbox
def test_on_a_full_disk_the_launch_ends_with_words_and_leaves_nothing(recrate, small, tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount") or "mount"
    command = [mount, "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    try:
        with (place / "filling").open("wb", buffering=0) as stream, contextlib.suppress(OSError):
            while stream.write(b"x" * 512):
                pass
        told = {"JUPYTER_DATA_DIR": str(place / "data")}
        answer = recrate("launch", small, "--no-browser", variables=told, timeout=300)
        assert answer.code == 3, answer.error
        assert "disk is full" in answer.error or "No space" in answer.error
        assert not list((place / "data").glob("recrate/sessions/*"))
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.sandbox
def test_unsandboxed_it_opens_where_there_is_no_sandbox(recrate, small, tmp_path):
    place = tmp_path / "bin"
    place.mkdir()
    (place / "uv").symlink_to(shutil.which("uv") or Path(sys.executable).with_name("uv"))
    words = (small, "--unsandboxed")
    with LaunchedHere(recrate, tmp_path / "data", *words, PATH=str(place)) as here:
        told = here.told
        assert told["walls"] == "none"
        ran = Opened(told["url"]).run_notebook("a.ipynb")
        assert ran["cells"][0]["outputs"][0]["text"] == "42\n"
        assert here.end() == 0
    assert here.sessions == []
