"""Tokens stay where they were put."""

import copy
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import CommandLine
from making import notebook_of
from recrate.model.errors import BadInput
from recrate.model.secret import Secret

TOKEN = "a-token-that-nobody-may-see-4711"


@pytest.mark.slow
def test_no_kernel_finds_a_token_in_its_environment(recrate: CommandLine, tmp_path: Path):
    study = tmp_path / "study"
    study.mkdir()
    (study / "look.ipynb").write_text(
        notebook_of("import os\nprint(sorted(os.environ.items()), 'seen')")
    )
    variables = {"RECRATE_TOKEN_ZENODO": TOKEN, "RECRATE_SIGNING_PASSPHRASE": TOKEN}
    crate = tmp_path / "look.crate.zip"
    assert recrate("pack", study, "-o", crate, "--no-lock", variables=variables).code in {0, 1}
    run = tmp_path / "run"
    words = ("replay", crate, "-o", run, "--environment", "current", "--unsandboxed")
    recrate(*words, variables=variables)
    texts = [path.read_text("utf-8", "replace") for path in run.rglob("*") if path.is_file()]
    assert any("'seen'" in text or " seen" in text for text in texts)
    assert not [text for text in texts if TOKEN in text]


def test_a_token_shows_itself_to_nobody_who_does_not_ask_by_name():
    secret = Secret(f" {TOKEN}\n".strip())
    assert TOKEN not in repr(secret) + str(secret) + f"{secret}"
    with pytest.raises(TypeError):
        copy.copy(secret)
    with pytest.raises(BadInput, match="line ends"):
        Secret("two\nlines")


def test_a_token_is_kept_and_forgotten_without_being_shown(tmp_path: Path):
    """With a keyring in a file of the test's own, for there is none on a bare machine."""
    backend = tmp_path / "file_keyring.py"
    backend.write_text(
        "import json, pathlib\n"
        "from keyring.backend import KeyringBackend\n"
        f"FILE = pathlib.Path({str(tmp_path / 'kept.json')!r})\n"
        "class FileKeyring(KeyringBackend):\n"
        "    priority = 1\n"
        "    def _all(self): return json.loads(FILE.read_text()) if FILE.exists() else {}\n"
        "    def get_password(self, service, name): return self._all().get(name)\n"
        "    def set_password(self, service, name, word):\n"
        "        FILE.write_text(json.dumps(self._all() | {name: word}))\n"
        "    def delete_password(self, service, name):\n"
        "        rest = self._all(); rest.pop(name); FILE.write_text(json.dumps(rest))\n"
    )
    variables = {
        "PYTHON_KEYRING_BACKEND": "file_keyring.FileKeyring",
        "PYTHONPATH": str(tmp_path),
        "JUPYTER_DATA_DIR": str(tmp_path),
    }

    def say(*words: str, told: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "recrate", *words],
            input=told,
            capture_output=True,
            text=True,
            env={**os.environ, **variables},
            check=True,
        )
        return done.stdout + done.stderr

    assert TOKEN not in say("token", "zenodo", told=TOKEN + "\n")
    assert TOKEN in (tmp_path / "kept.json").read_text()
    listed = say("publish", "--list")
    assert "Zenodo, token known" in listed
    assert TOKEN not in listed
    say("token", "zenodo", "--forget")
    assert "Zenodo, no token" in say("publish", "--list")
