"""Translations of what the server itself says in the browser: the titles in the Settings editor.

Strings of the extension come from the catalogue that JupyterLab finds by our entry point in the
group `jupyterlab.locale`. The settings schema is translated on the server, and JupyterLab looks for
its catalogues in language packs only; so ours is handed to its translator here.
"""

import gettext
from importlib import import_module
from logging import Logger
from pathlib import Path
from typing import Any

DOMAIN = "recrate"
LOCALE = Path(__file__).parent / "locale"


def catalogue(locale: str) -> gettext.NullTranslations:
    """Return our catalogue for `locale`, such as `ja_JP`; an empty one where we have none."""
    return gettext.translation(DOMAIN, localedir=LOCALE, languages=[locale], fallback=True)


def translate_settings(log: Logger) -> bool:
    """Make the Settings editor speak our translations; return whether that was possible.

    What is touched is private to jupyterlab_server (no public way exists). Where it has changed, or
    JupyterLab is not installed, the titles stay English and nothing else is lost.
    """
    try:
        lab = import_module("jupyterlab_server.translation_utils")
        bundle = _bundle_class(lab)
        lab.translator._TRANSLATORS[DOMAIN] = bundle(DOMAIN, lab.translator._LOCALE)  # noqa: SLF001  see above
    except ImportError:
        return False
    except (AttributeError, TypeError) as error:
        log.info("recrate: the settings stay in English (%s)", error)
        return False
    return True


def _bundle_class(lab: Any) -> Any:
    class Bundle(lab.TranslationBundle):  # type: ignore[misc]
        def update_locale(self, locale_: str) -> None:
            self._locale = locale_
            self._translator = catalogue(locale_)

    return Bundle
