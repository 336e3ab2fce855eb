"""A Japanese JupyterLab speaks Japanese about recrate: in the page, and in the Settings editor."""

import gettext
import importlib.util
import json
import logging
from pathlib import Path
from types import ModuleType

import pytest
from jupyterlab_server.translation_utils import get_language_pack, translator

from recrate.report.words import VERDICT_WORDS
from recrate_server.i18n import catalogue, translate_settings

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "extension" / "schema" / "plugin.json"


@pytest.fixture
def japanese():
    """JupyterLab's translator, as it was before and after."""
    before, bundles = translator._LOCALE, dict(translator._TRANSLATORS)
    translate_settings(logging.getLogger("test"))
    translator.set_locale("ja_JP")
    yield translator
    translator.set_locale(before)
    translator._TRANSLATORS.clear()
    translator._TRANSLATORS.update(bundles)


@pytest.fixture(scope="module")
def strings() -> ModuleType:
    """The program that holds the catalogue to the sources."""
    spec = importlib.util.spec_from_file_location("strings", ROOT / "tools" / "strings.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts(schema: dict) -> set[str]:
    """Return the titles and descriptions of a settings schema and its settings."""
    holders = [schema, *schema["properties"].values()]
    return {holder[key] for holder in holders for key in ("title", "description") if key in holder}


def test_the_settings_editor_gets_our_titles_in_japanese(japanese):
    schema = json.loads(SCHEMA.read_text())
    translated = japanese.translate_schema(json.loads(SCHEMA.read_text()))
    english = texts(translated) & texts(schema)
    assert english <= {"Recrate"}, "the product's name is the same in every language"


def test_the_page_gets_our_catalogue_with_the_japanese_language_pack():
    pack, complaint = get_language_pack("ja_JP")
    assert complaint == ""
    assert pack["recrate"][""]["language"] == "ja-JP"
    assert len(pack["recrate"]) > 1


def test_what_counts_things_has_two_forms_because_jupyterlab_ignores_a_single_one():
    pack, _ = get_language_pack("ja_JP")
    assert pack["recrate"]["%1 notebook"] == ["ノートブック %1 件"] * 2
    assert pack["recrate"]["Notebooks"] == ["ノートブック"]


def test_a_language_we_do_not_have_is_answered_in_english():
    assert isinstance(catalogue("ja_JP"), gettext.GNUTranslations)
    assert catalogue("de_DE").gettext("Recrate") == "Recrate"
    assert not isinstance(catalogue("de_DE"), gettext.GNUTranslations)


def test_every_string_of_the_extension_is_in_the_catalogue_and_well_written(strings, capsys):
    assert strings.main() == 0, capsys.readouterr().out


def test_the_catalogue_is_asked_for_hundreds_of_strings_from_every_room(strings):
    rooms = {place.split("/")[2] for _, place in strings.said_in_sources()}
    assert {"crate", "describe", "pack", "panel", "replay", "review", "runs", "ui"} <= rooms
    assert len(list(strings.said_in_sources())) > 500


def test_a_call_inside_another_call_is_found_and_one_in_a_comment_is_not(strings, tmp_path):
    (tmp_path / "rooms.tsx").write_text(
        "/** Say it with `trans.__('never')`. */\n"
        "trans.__('%1 · %2', name, trans._n('%1 cell', '%1 cells', n), trans._p('menu', 'Open'))"
    )
    found = [message for message, _ in strings.said_in_sources(tmp_path)]
    assert [message.id for message in found] == ["%1 · %2", ("%1 cell", "%1 cells"), "Open"]
    assert found[2].context == "menu"


@pytest.mark.parametrize(
    ("english", "japanese", "fault"),
    [
        ("Pack again", "Pack again", "English left in it: Pack, again"),
        ("Crate", "ｸﾚｰﾄ", "half-width katakana"),
        ("Python 3", "Ｐｙｔｈｏｎ ３", "full-width letters or digits"),
        ("%1 files", "%1ファイル、 合計3件", "no space beside Latin letters"),
        ("Cause: time", "原因:時間切れ", "punctuation of another script"),
        ("Replay…", "再実行", "… at the end of one of the two only"),
    ],
)
def test_a_badly_written_translation_is_named(strings, english, japanese, fault):
    assert any(fault in found for found in strings.faults(english, japanese))


def test_a_lost_place_holder_is_a_missing_translation(strings):
    whole = strings.Catalog(locale="ja_JP")
    whole.add("%1 of %2", "%2 件中 %1 件目")
    whole.add("Open %1", "開く")
    assert strings.translated(whole) == {(None, "%1 of %2")}


def test_the_report_and_the_page_say_the_same_words_for_verdicts_and_causes():
    page = catalogue("ja_JP").gettext
    both = {
        english: japanese
        for english, japanese in VERDICT_WORDS.values()
        if page(english) != english
    }
    assert len(both) > 30
    assert {english: page(english) for english in both} == both
