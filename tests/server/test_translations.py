"""A Japanese JupyterLab speaks Japanese about recrate: in the page, and in the Settings editor."""

import gettext
import json
import logging
from pathlib import Path

import pytest
from jupyterlab_server.translation_utils import get_language_pack, translator

from recrate_server.i18n import catalogue, translate_settings

SCHEMA = Path(__file__).parents[2] / "extension" / "schema" / "plugin.json"


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


def test_a_language_we_do_not_have_is_answered_in_english():
    assert isinstance(catalogue("ja_JP"), gettext.GNUTranslations)
    assert catalogue("de_DE").gettext("Recrate") == "Recrate"
    assert not isinstance(catalogue("de_DE"), gettext.GNUTranslations)
