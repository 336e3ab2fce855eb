"""What a session is made of: for images, for blind reviews, and when a crate is odd."""

import json
import zipfile

import pytest

from foreign_crates import crate_called
from making import notebook_of
from recrate.configuration import read_settings
from recrate.crate.names import BLIND
from recrate.crate.read import read_crate
from recrate.crate.unpack import unpack
from recrate.flow.credits import is_blind
from recrate.flow.parting import part
from recrate.flow.sessions import SessionOrder, make_session
from recrate.launch.configured import lab_variables, server_config
from recrate.launch.kernelspecs import SessionKernels
from recrate.launch.saves import note_save
from recrate.model.environment import Environment
from recrate.model.errors import Conflict


def environment(language="python", **more):
    return Environment(
        language=language,
        python="3.9.18" if language == "python" else "",
        folder=None,
        kernel_command=("python", "-m", "ipykernel_launcher", "-f", "{connection_file}"),
        packages=(),
        restored=True,
        seconds=0.0,
        variables=(("A", "b"),),
        **more,
    )


@pytest.fixture
def settings(recrate, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    return read_settings(recrate.configuration)


@pytest.fixture
def made(settings, tmp_path):
    """Make a session as an image does: the study and the environment are there already."""

    def make(crate, *languages):
        study = tmp_path / "study"
        unpack(read_crate(crate), study)
        given = {one: environment(one) for one in languages or ("python",)}
        order = SessionOrder(
            location=crate,
            root=tmp_path / "session",
            study=study,
            given=given,
            walls="container",
            target="container",
        )
        return make_session(order, settings=settings)

    return make


def test_a_session_of_an_image_takes_what_is_there_and_starts_kernels_directly(made, tmp_path):
    session = made(crate_called("Lake", tmp_path / "x.crate.zip"))
    head = session.read_head()
    assert head.walls == "container"
    assert head.study == str(tmp_path / "study")
    assert not session.study.exists()
    spec = json.loads((session.share / "kernels" / "python3" / "kernel.json").read_text())
    assert spec["argv"][0] == "python"
    assert spec["env"] == {"A": "b"}
    assert "kernel_provisioner" not in spec["metadata"]
    assert session.read_crate().identity == head.crate
    config = server_config(head, session, data=tmp_path / "verdicts")
    assert config["ServerApp"]["root_dir"] == head.study
    assert config["MultiKernelManager"]["default_kernel_name"] == "python3"


def test_a_folder_that_holds_a_session_is_not_used_again(made, tmp_path):
    crate = crate_called("Lake", tmp_path / "x.crate.zip")
    made(crate)
    with pytest.raises(Conflict):
        made(crate_called("Lake", tmp_path / "x.crate.zip"))


@pytest.mark.parametrize("value", [True, "true"])
def test_a_session_of_a_blind_crate_names_nobody(made, tmp_path, value):
    crate = crate_called("Lake", tmp_path / "x.crate.zip", **{BLIND: value})
    assert is_blind(read_crate(crate))
    head = made(crate).read_head()
    assert head.blind
    assert head.creators == ()


@pytest.mark.parametrize("value", [False, None, [], {"@id": "x"}, "blind"])
def test_any_other_value_of_the_mark_is_no_blind_review(tmp_path, value):
    crate = crate_called("Lake", tmp_path / "x.crate.zip", **{BLIND: value})
    assert not is_blind(read_crate(crate))


@pytest.mark.parametrize(
    "name", ["../../etc", "a/b", "Python 3 (conda)", "x" * 300, "", "..", "nul\0l", "-rf"]
)
def test_a_kernel_name_that_is_no_name_makes_no_folder(made, tmp_path, name):
    crate = crate_called("Lake", tmp_path / "x.crate.zip")
    notebook = json.loads(notebook_of("print(42)"))
    notebook["metadata"]["kernelspec"]["name"] = name
    with zipfile.ZipFile(crate) as source:
        metadata = source.read("ro-crate-metadata.json")
    with zipfile.ZipFile(crate, "w") as changed:
        changed.writestr("ro-crate-metadata.json", metadata)
        changed.writestr("levels.ipynb", json.dumps(notebook))
    session = made(crate)
    folders = [one.name for one in (session.share / "kernels").iterdir()]
    assert folders == ["python3"]
    assert sorted(SessionKernels(folder=str(session.share / "kernels")).find_kernel_specs()) == [
        "python3"
    ]


def test_a_language_that_is_no_name_makes_no_folder_outside(made, tmp_path):
    session = made(crate_called("Lake", tmp_path / "x.crate.zip"), "../../out")
    assert [one.name for one in (session.share / "kernels").iterdir()] == ["crate"]


def test_the_server_inherits_no_token_and_no_folder_of_the_person(made, tmp_path):
    session = made(crate_called("Lake", tmp_path / "x.crate.zip"))
    outer = {
        "RECRATE_TOKEN_X": "t",
        "RECRATE_SIGNING_KEY": "k",
        "JUPYTER_TOKEN": "j",
        "JUPYTER_CONFIG_PATH": "/elsewhere",
        "PATH": "/bin",
    }
    told = lab_variables(session, outer)
    assert told["PATH"] == "/bin"
    assert not [name for name in told if "TOKEN" in name or "SIGNING" in name]
    assert "JUPYTER_CONFIG_PATH" not in told
    assert "null" in told["PYTHON_KEYRING_BACKEND"]


def test_what_was_saved_is_kept_but_neither_reruns_nor_links(made, settings, tmp_path, monkeypatch):
    session = made(crate_called("Lake", tmp_path / "x.crate.zip"))
    monkeypatch.setenv("RECRATE_SESSION", str(session.root))
    study, secret = tmp_path / "study", tmp_path / "secret.txt"
    secret.write_text("s")
    rerun = json.loads((study / "levels.ipynb").read_text())
    rerun["cells"][0]["outputs"] = []
    (study / "levels.ipynb").write_text(json.dumps(rerun))
    (study / "mine.txt").write_text("mine")
    (study / "link.txt").symlink_to(secret)
    (study / "written-by-a-cell.txt").write_text("x")
    for name in ("levels.ipynb", "mine.txt", "link.txt", "gone.txt"):
        note_save(os_path=str(study / name), model={}, contents_manager=None)
    note_save(os_path=str(secret), model={}, contents_manager=None)
    data = tmp_path / "verdicts"
    (data / "jobs" / "one").mkdir(parents=True)
    left = part(session, data, keep=False, settings=settings)
    assert left.files == ("mine.txt",)
    assert [one.name for one in left.kept.iterdir()] == ["mine.txt"]
    assert left.verdicts == ()
    assert not data.exists()


def test_a_verdict_outlives_its_session(made, settings, tmp_path):
    session = made(crate_called("Lake", tmp_path / "x.crate.zip"))
    data = tmp_path / "verdicts"
    folder = data / "jobs" / "one" / "replay"
    folder.mkdir(parents=True)
    (folder / "verdict.json").write_text("{}")
    left = part(session, data, keep=False, settings=settings)
    assert left.verdicts == (folder,)
    assert (folder / "verdict.json").is_file()
