"""The page of the launch service: templates, what a browser loads with them, and its words.

`render_page` is the only door. Everything that a stranger wrote (titles, names, messages) reaches
the page as JSON and is shown as text by the scripts; the template holds none of it but the address
that was asked for.
"""

from recrate_binder.hub.page.rendering import HEADERS, LANGUAGES, STATIC, render_page, words_of

__all__ = ["HEADERS", "LANGUAGES", "STATIC", "render_page", "words_of"]
