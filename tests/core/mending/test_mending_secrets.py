"""A secret leaves the study, the code means the same, and nobody is shown what it was."""

import ast
import json
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from making import notebook_of, stream
from mended import Mended
from recrate.model.errors import BadInput, Conflict, Refused
from recrate.model.fix import FixKind
from recrate.model.wire import to_json

KEY = "AKIA" + "QWERTYUIOPASDFGH"
PASSWORD = "hunter2-Very"


def test_a_secret_in_a_cell_is_read_from_a_variable_and_kept_in_a_file_that_is_not_packed(study):
    study.put("a.ipynb", ["x = 1", f"password = '{PASSWORD}'\nprint(x)"])
    (fix,) = study.fixes("secret")
    assert (fix.kind, fix.choices) == (FixKind.MOVE_SECRET_OUT, ("PASSWORD",))
    done = study.mend(fix)
    assert study.source("a.ipynb", 1) == ('import os\npassword = os.environ["PASSWORD"]\nprint(x)')
    assert study.bytes_of(".env") == f"PASSWORD='{PASSWORD}'\n".encode()
    assert study.bytes_of(".recrateignore") == b"/.env\n" == study.bytes_of(".gitignore")
    assert done.changed == (".env", ".recrateignore", ".gitignore", "a.ipynb")
    assert stat.S_IMODE((study.root / ".env").stat().st_mode) == 0o600


def test_undoing_restores_every_byte_and_removes_what_was_made(study):
    study.put("a.ipynb", [f"password = '{PASSWORD}'"])
    study.put(".gitignore", "*.tmp")
    before = study.everything()
    done = study.mend(study.fixes("secret")[0])
    assert study.bytes_of(".gitignore") == b"*.tmp\n/.env\n"
    study.take_back(done)
    assert study.everything() == before


def test_a_person_may_choose_the_name_but_not_one_that_the_system_uses(study):
    study.put("a.ipynb", [f"password = '{PASSWORD}'"])
    (fix,) = study.fixes("secret")
    before = study.everything()
    for name in ("PATH", "a b", "x'; rm", "1A"):
        with pytest.raises(BadInput):
            study.mend(fix, name)
    assert study.everything() == before
    study.mend(fix, "LAB_DATABASE")
    assert 'os.environ["LAB_DATABASE"]' in study.source("a.ipynb", 0)


def test_the_outputs_that_show_the_secret_are_cleared_and_others_stay(study):
    shown = notebook_of(
        f"key = '{KEY}'\nkey", f"token = '{'a1B2' * 8}'", outputs={
            0: [stream(f"it is {KEY}")], 1: [stream("fine")],
        },
    )  # fmt: skip
    study.put("a.ipynb", shown)
    first, second = study.fixes("secret")
    assert first.preview[0].cleared == 1
    study.mend(first)
    cells = json.loads(study.bytes_of("a.ipynb"))["cells"]
    assert (cells[0]["outputs"], cells[0]["execution_count"]) == ([], None)
    assert KEY.encode() not in study.bytes_of("a.ipynb")
    study.mend(study.fixes("secret")[0])
    cells = json.loads(study.bytes_of("a.ipynb"))["cells"]
    assert cells[1]["outputs"] == [stream("fine")]
    assert second.cell == 1


def test_a_secret_in_an_output_alone_is_cleared(study):
    study.put("a.ipynb", notebook_of("show()", outputs={0: [stream(f"key {KEY}")]}))
    (fix,) = study.fixes("secret")
    assert fix.kind is FixKind.CLEAR_OUTPUT
    study.mend(fix)
    assert KEY.encode() not in study.bytes_of("a.ipynb")


def test_a_secret_in_a_script_and_one_in_a_settings_file_have_their_own_fixes(study):
    study.put("a.ipynb", ["import tool"])
    study.put("tool.py", f'"""Doc."""\nfrom __future__ import annotations\n\nK = "{KEY}"\n')
    study.put("settings.ini", "password = s3cr3tW0rd\n")
    kinds = {fix.path: fix.kind for fix in study.fixes("secret")}
    assert kinds == {"tool.py": FixKind.MOVE_SECRET_OUT, "settings.ini": FixKind.EXCLUDE_FILE}
    for path in ("tool.py", "settings.ini"):
        study.mend(next(fix for fix in study.fixes("secret") if fix.path == path))
    text = study.bytes_of("tool.py").decode()
    assert text.startswith('"""Doc."""\nfrom __future__ import annotations\n\nimport os\nK = os.')
    assert study.bytes_of(".recrateignore") == b"/settings.ini\n/.env\n" or (
        study.bytes_of(".recrateignore") == b"/.env\n/settings.ini\n"
    )


def test_a_settings_file_that_code_reads_is_not_left_out(study):
    study.put("a.ipynb", ["open('settings.ini').read()"])
    study.put("settings.ini", "password = s3cr3tW0rd\n")
    assert study.fixes("secret") == []


@pytest.mark.parametrize(
    "cell",
    [
        f"# password = '{PASSWORD}'",
        f"f\"{{x}} password='{PASSWORD}'\"",
        f"'''password = \"{PASSWORD}\"'''",
        f"os = 3\npassword = '{PASSWORD}'",
        f"%%bash\nexport PASSWORD='{PASSWORD}'",
        f"password = '{PASSWORD}'  # was '{PASSWORD}' before",
        f"!mysql --password='{PASSWORD}'",
        f"match x:\n    case {{'password': '{PASSWORD}'}}:\n        pass",
        f"password = '{PASSWORD}' = = 3",
    ],
    ids=lambda cell: cell[:12],
)
def test_where_the_code_could_come_to_mean_something_else_no_fix_is_offered(study, cell):
    study.put("a.ipynb", ["x = 1", cell])
    offered = [fixes for finding, fixes in study.proposals() if finding.code == "secret"]
    assert offered
    assert not any(offered)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (f"connect(password='{PASSWORD}')", 'import os\nconnect(password=os.environ["PASSWORD"])'),
        (
            f"import os\nc = {{'password': '{PASSWORD}', 'é': 1}}",
            "import os\nc = {'password': os.environ[\"PASSWORD\"], 'é': 1}",
        ),
        (
            f"%%time\n%matplotlib inline\né = 1; password = '{PASSWORD}'",
            '%%time\nimport os\n%matplotlib inline\né = 1; password = os.environ["PASSWORD"]',
        ),
        (
            f"@deco\ndef f():\n    password='{PASSWORD}'if 1 else 2",
            'import os\n@deco\ndef f():\n    password=os.environ["PASSWORD_OR_KEY"] if 1 else 2',
        ),
        (
            f"password = '{PASSWORD}'\nlogin(password='{PASSWORD}')",
            'import os\npassword = os.environ["PASSWORD"]\nlogin(password=os.environ["PASSWORD"])',
        ),
        (
            "url = 'postgresql://me:s3cr3tW0rd@db.example.net/x'",
            'import os\nurl = os.environ["URL"]',
        ),
    ],
)
def test_the_code_means_the_same_wherever_the_secret_stood(study, cell, expected):
    study.put("a.ipynb", [cell])
    study.mend(study.fixes("secret")[0])
    assert study.source("a.ipynb", 0) == expected


def test_os_is_not_imported_twice_where_an_earlier_cell_does_it(study):
    study.put("a.ipynb", ["import os, sys", f"password = '{PASSWORD}'"])
    study.mend(study.fixes("secret")[0])
    assert study.source("a.ipynb", 1) == 'password = os.environ["PASSWORD"]'


def test_where_a_cell_makes_os_another_thing_no_secret_is_moved(study):
    study.put("a.ipynb", [f"password = '{PASSWORD}'", "import mine as os\nos.x"])
    assert study.fixes("secret") == []


def test_two_secrets_of_one_name_get_two_variables_and_the_same_secret_one(study):
    study.put("a.ipynb", [f"password = '{PASSWORD}'"])
    study.put("b.ipynb", [f"password = '{PASSWORD}'", "password = 'other9-Word'"])
    for _ in range(3):
        study.mend(study.fixes("secret")[0])
    assert study.bytes_of(".env").decode().splitlines() == [
        f"PASSWORD='{PASSWORD}'",
        "PASSWORD_2='other9-Word'",
    ]
    assert study.source("b.ipynb", 0).endswith('os.environ["PASSWORD"]')


def test_a_key_of_many_lines_goes_as_a_whole(study):
    body = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\\n+/=\n-----END-----"
    study.put("a.ipynb", [f'key = """{body}"""'])
    (fix,) = study.fixes("secret")
    assert "MII" not in to_json(fix)
    study.mend(fix)
    assert study.source("a.ipynb", 0) == 'import os\nkey = os.environ["KEY"]'
    assert study.bytes_of(".env").count(b"\n") == 1


def test_nothing_is_written_through_a_link_or_over_a_change(study, tmp_path):
    study.put("a.ipynb", [f"password = '{PASSWORD}'"])
    (fix,) = study.fixes("secret")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("kept")
    (study.root / ".env").symlink_to(elsewhere)
    with pytest.raises((Refused, Conflict)):
        study.mend(fix)
    assert elsewhere.read_text() == "kept"
    assert PASSWORD in study.source("a.ipynb", 0)
    (study.root / ".env").unlink()
    study.put("a.ipynb", [f"password = '{PASSWORD}'", "more"])
    with pytest.raises(Conflict, match="changed since"):
        study.mend(fix)
    assert sorted(study.everything()) == ["a.ipynb"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    secret=st.text(
        st.characters(min_codepoint=33, max_codepoint=0x3100, blacklist_categories=["Cs", "Cc"]),
        min_size=8, max_size=30,
    ),
    target=st.sampled_from(["password", "c['api_key']", "self.secret", "パス = password"]),
    noise=st.text(max_size=10),
)  # fmt: skip
def test_a_preview_never_shows_a_secret_and_the_code_still_parses(tmp_path, secret, target, noise):

    study = Mended(Path(tempfile.mkdtemp(dir=tmp_path)))
    cell = f"{target} = {secret!r}\nnoise = {noise!r}"
    study.put("a.ipynb", [cell])
    for fix in study.fixes("secret"):
        hidden = [one for one in (secret, repr(secret)[1:-1]) if len(one) >= 8]
        assert not any(one in to_json(fix) for one in hidden)
        study.mend(fix)
        ast.parse(study.source("a.ipynb", 0))
        assert secret not in study.source("a.ipynb", 0) or secret in noise
