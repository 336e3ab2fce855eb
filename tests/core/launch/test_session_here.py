"""One session on this machine, looked at from its server and from within its kernels."""

import json
import os
import re
import time
from pathlib import Path
from urllib.parse import quote

import jsonschema
import psutil
import pytest

from core.launch.conftest import ODD
from launching import LaunchedHere, Opened

pytestmark = pytest.mark.sandbox
SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"
SECRETS = {"RECRATE_TOKEN_ZENODO": "hush-hush", "RECRATE_SIGNING_PASSPHRASE": "hush-hush"}


@pytest.fixture(scope="module")
def launched(recrate, small, tmp_path_factory):
    data = tmp_path_factory.mktemp("jupyter") / "data"
    words = (small, "--memory", "400M")
    with LaunchedHere(recrate, data, *words, **SECRETS, MY_PASSWORD="hush") as here:
        here.document = here.told
        yield here


@pytest.fixture(scope="module")
def opened(launched):
    return Opened(launched.document["url"])


def test_what_is_launched_is_told_in_the_shape_that_is_written_down(launched, small):
    schema = json.loads((SCHEMAS / "launch.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(launched.document)
    assert launched.document["environments"][0]["restored"] is True
    assert launched.document["walls"] == "bubblewrap"


def test_the_address_opens_jupyterlab_at_the_first_notebook(launched, opened):
    assert opened.notebook == "a.ipynb"
    assert opened.status()["kernels"] >= 0
    page = opened.answer("GET", "lab/tree/a.ipynb")
    assert page.status_code == 200
    assert "<title>JupyterLab</title>" in page.text


def test_nobody_is_let_in_without_the_token(opened):
    opened_without = Opened(f"{opened.base}/lab")
    assert opened_without.answer("GET", "api/contents").status_code == 403
    assert opened_without.answer("GET", "api/kernels").status_code == 403


def test_only_kernels_of_the_session_are_offered_or_started(opened):
    assert set(opened.kernelspecs()) == {"python3", "my-own.kernel"}
    for one in opened.kernelspecs().values():
        assert "(crate" in one["display_name"]
    assert opened.answer("POST", "api/kernels", {"name": "ir"}).status_code in {404, 500}
    assert opened.get("api/kernelspecs")["default"] == "python3"


def test_there_are_no_terminals_and_no_extension_can_be_installed(opened):
    assert opened.answer("POST", "api/terminals").status_code == 404
    install = {"cmd": "install", "extension_name": "jupyterlab-git"}
    assert opened.answer("POST", "lab/api/extensions", install).status_code == 422
    page = opened.answer("GET", "lab").text
    found = re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    told = json.loads(found[1])
    assert not told.get("terminalsAvailable")
    assert told["extensionManager"]["can_install"] is False


def test_jupyterlab_is_told_to_note_when_a_cell_was_run(opened):
    told = opened.get("lab/api/settings/@jupyterlab/notebook-extension:tracker")
    assert told["schema"]["properties"]["recordTiming"]["type"] == "boolean"
    assert json.loads(told["raw"])["recordTiming"] is True


def test_no_converter_that_starts_programs_can_be_asked(opened):
    for kind in ("pdf", "latex", "webpdf", "qtpdf"):
        assert opened.answer("GET", f"nbconvert/{kind}/a.ipynb").status_code >= 400
    assert opened.answer("GET", "nbconvert/html/a.ipynb").status_code == 200


def test_a_notebook_runs_in_the_environment_of_the_crate(opened, launched):
    ran = opened.run_notebook("a.ipynb")
    assert ran["cells"][0]["outputs"][0]["text"] == "42\n"
    environment = launched.document["environments"][0]
    assert len(opened.packages("python3")) == environment["packages"]


def test_a_notebook_with_an_odd_name_is_opened_and_runs_in_its_own_folder(opened):
    assert opened.read_notebook(ODD)["cells"]
    assert opened.answer("GET", f"lab/tree/{quote(ODD)}").status_code == 200
    ran = opened.run_notebook(ODD)
    text = "".join(one["text"] for one in ran["cells"][0]["outputs"])
    assert text == "/replay/study/日本 語\n1 2 3\n"


ESCAPES = """
import glob, json, os, socket, urllib.request
seen = {"variables": dict(os.environ), "study": os.path.isfile("/replay/study/a.ipynb")}
for place in PLACES:
    try:
        seen[place] = os.listdir(place) if os.path.isdir(place) else open(place).read()
    except OSError:
        pass
for host, port in (("127.0.0.1", PORT), ("localhost", PORT), ("1.1.1.1", 53)):
    try:
        socket.create_connection((host, port), timeout=2)
        seen["reached"] = [host, port]
    except OSError:
        pass
print(json.dumps(seen))
"""


def test_a_kernel_sees_neither_token_nor_session_nor_home_nor_network(launched, opened):
    (root,) = launched.sessions
    places = [str(root / one) for one in ("session.json", "config", "runtime", "lab.log", "")]
    (launched.data / "secret.txt").write_text("hush-hush")
    places += [str(Path.home()), str(launched.data / "secret.txt"), "/etc/shadow"]
    source = ESCAPES.replace("PLACES", repr(places))
    port = int(opened.base.rsplit(":", 1)[1])
    with opened.kernel("python3") as kernel:
        seen = json.loads(kernel.printed(source.replace("PORT", str(port))))
    assert seen.pop("study") is True
    variables = seen.pop("variables")
    # The environment and its interpreter may lie in the home: nothing else of it is there.
    assert set(seen.pop(str(Path.home()), ())) <= {".cache", ".local", ".pyenv", ".venv-nox"}
    assert seen == {}
    assert "hush" not in json.dumps(variables)
    assert not [name for name in variables if name.startswith(("RECRATE", "JUPYTER"))]


def test_the_server_has_no_token_of_a_repository_and_asks_no_keyring(launched):
    (root,) = launched.sessions
    server = json.loads((root / "server.json").read_text())["pid"]
    variables = psutil.Process(server).environ()
    assert not [name for name in variables if name.startswith(tuple(SECRETS))]
    assert variables["PYTHON_KEYRING_BACKEND"] == "keyring.backends.null.Keyring"


def test_a_link_that_a_cell_makes_leads_the_server_nowhere(opened, launched, tmp_path):
    secret = tmp_path / "id_rsa"
    secret.write_text("PRIVATE")
    with opened.kernel("python3") as kernel:
        kernel.printed(
            f"import os; os.symlink({str(secret)!r}, 'key.txt'); "
            f"os.symlink({str(tmp_path)!r}, 'folder')"
        )
        for path in ("key.txt", "folder/id_rsa", "folder"):
            assert opened.answer("GET", f"api/contents/{path}").status_code == 404
            assert opened.answer("GET", f"files/{path}").status_code in {403, 404}
        body = {"type": "file", "format": "text", "content": "OVERWRITTEN"}
        for path in ("key.txt", "folder/new.txt", "folder/id_rsa"):
            assert opened.answer("PUT", f"api/contents/{path}", body).status_code >= 400
        assert opened.answer("PATCH", "api/contents/numbers.txt", {"path": "folder/n.txt"}).is_error
        assert opened.answer("POST", "api/contents", {"copy_from": "folder"}).is_error
        assert opened.answer("DELETE", "api/contents/folder/id_rsa").is_error
        names = [one["name"] for one in opened.get("api/contents")["content"]]
        assert "numbers.txt" in names
        assert not {"key.txt", "folder"} & set(names)
        kernel.printed("os.unlink('key.txt'); os.unlink('folder')")
    assert secret.read_text() == "PRIVATE"
    assert sorted(tmp_path.iterdir()) == [secret]


def test_files_are_made_moved_read_and_removed_as_in_any_jupyterlab(opened):
    body = {"type": "file", "format": "text", "content": "é\n"}
    assert opened.answer("PUT", "api/contents/n.txt", body).status_code == 201
    assert opened.answer("PUT", "api/contents/sub", {"type": "directory"}).status_code == 201
    assert opened.answer("PATCH", "api/contents/n.txt", {"path": "sub/m.txt"}).status_code == 200
    assert opened.get("api/contents/sub/m.txt")["content"] == "é\n"
    assert opened.answer("GET", "files/sub/m.txt").text == "é\n"
    again = opened.answer("PATCH", "api/contents/sub/m.txt", {"path": "a.ipynb"})
    assert again.status_code == 409
    made = opened.answer("POST", "api/contents/sub/m.txt/checkpoints")
    assert made.status_code == 201
    opened.answer("PUT", "api/contents/sub/m.txt", body | {"content": "other"})
    where = f"api/contents/sub/m.txt/checkpoints/{made.json()['id']}"
    assert opened.answer("POST", where).status_code == 204
    assert opened.get("api/contents/sub/m.txt")["content"] == "é\n"
    opened.delete("api/contents/sub")
    assert "sub" not in [one["name"] for one in opened.get("api/contents")["content"]]


def test_a_kernel_is_interrupted_restarted_and_ended(opened, launched):
    with opened.kernel("python3") as kernel:
        mark = kernel.send("print('on'); import time; x = 1\nfor _ in range(600): time.sleep(0.1)")
        time.sleep(1.5)
        kernel.ask("interrupt")
        outputs = kernel.outputs_of(mark)
        assert outputs[-1]["ename"] == "KeyboardInterrupt"
        assert kernel.printed("print(x)") == "1\n"
        kernel.ask("restart")
        assert kernel.run("print(x)")[-1]["ename"] == "NameError"
        inside = [one for one in launched.family() if "ipykernel" in " ".join(one.cmdline())]
        assert inside
    gone, left = psutil.wait_procs(inside, timeout=10)
    assert gone
    assert not left


def test_a_kernel_cannot_take_more_memory_than_was_allowed(opened):
    with opened.kernel("python3") as kernel:
        outputs = kernel.run("x = bytearray(3 * 10**9); print('taken')")
        assert "taken" not in json.dumps(outputs)
        assert kernel.printed("print('alive')") == "alive\n" or os.name == "nt"
