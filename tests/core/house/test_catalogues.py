"""What translators write is what the browser and the Settings editor read."""

import gettext
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

HOOK = Path(__file__).parents[3] / "hatch_build.py"

WRITTEN = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Replay"
msgstr "再実行"

msgctxt "settings"
msgid "Replay"
msgstr "再実行の設定"

msgid "%1 output"
msgid_plural "%1 outputs"
msgstr[0] "%1 個の出力"

#, fuzzy
msgid "Guess"
msgstr "推測"

msgid "Not yet"
msgstr ""
"""


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    specification = importlib.util.spec_from_file_location("hatch_build", HOOK)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def folder(hook, tmp_path) -> Path:
    place = tmp_path / hook.LOCALE / "ja_JP" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "recrate.po").write_text(WRITTEN, encoding="utf-8")
    hook.compile_catalogs(tmp_path)
    return place


def test_the_browser_gets_every_finished_message_with_its_plurals_and_contexts(folder):
    messages = json.loads((folder / "recrate.json").read_text(encoding="utf-8"))
    head = messages.pop("")
    assert head["domain"] == "recrate"
    assert head["language"] == "ja-JP"
    assert "nplurals=1" in head["plural_forms"]
    assert messages == {
        "Replay": ["再実行"],
        "settings\x04Replay": ["再実行の設定"],
        "%1 output": ["%1 個の出力", "%1 個の出力"],
    }


def test_the_server_gets_the_same_words(folder):
    with (folder / "recrate.mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Replay") == "再実行"
    assert words.pgettext("settings", "Replay") == "再実行の設定"
    assert words.gettext("Guess") == "Guess"


def test_what_node_modules_holds_is_compared_with_the_lock(hook, tmp_path):
    (tmp_path / "node_modules").mkdir()
    wanted = {"": {}, "a": {"version": "1.0.0"}, "b": {"version": "2.0.0", "optional": True}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": wanted}))
    assert not hook.packages_are_current(tmp_path)
    installed = tmp_path / "node_modules" / ".package-lock.json"
    installed.write_text(json.dumps({"packages": {"a": {"version": "1.0.0"}}}))
    assert hook.packages_are_current(tmp_path)
    installed.write_text(json.dumps({"packages": {"a": {"version": "0.9.0"}}}))
    assert not hook.packages_are_current(tmp_path)
