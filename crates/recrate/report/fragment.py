"""One output as an HTML document of its own, to be shown in a frame that may run nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markupsafe import Markup

from recrate.model.study import Notebook
from recrate.model.verdict import CellVerdict, NotebookVerdict, OutputVerdict
from recrate.report.account import Language
from recrate.report.allowance import Allowance
from recrate.report.cells import Desk, OutputShown, show_one
from recrate.report.marks import CLASSES, SHAPES, tones
from recrate.report.page import content_policy, own_text, templates

Theme = Literal["light", "dark", "contrast"]
"""`contrast` is the dark ground with the strongest contrast, as JupyterLab's own theme has it."""

_GROUNDS: Mapping[tuple[bool, bool], str] = {
    (False, False): "--ground:#fff;--ink:#17212b;--quiet:#54606c;--line:#dce2e7;--soft:#f2f4f7;"
    "--on:#fff;--link:#14508f;--del:#ffe3d6;--ins:#d9efe6;--cyan:#0f6472;--paper:#fff;",
    (True, False): "--ground:#111;--ink:#e3e8ed;--quiet:#a3b0bc;--line:#37424d;--soft:#1d2329;"
    "--on:#111;--link:#8fc1f5;--del:#55260f;--ins:#0f4336;--cyan:#6fc8d6;--paper:#fff;",
    (False, True): "--ground:#fff;--ink:#000;--quiet:#000;--line:#000;--soft:#fff;--on:#fff;"
    "--link:#00308f;--del:#fff;--ins:#fff;--cyan:#064049;--paper:#fff;",
    (True, True): "--ground:#000;--ink:#fff;--quiet:#fff;--line:#fff;--soft:#000;--on:#000;"
    "--link:#a8d4ff;--del:#000;--ins:#000;--cyan:#6fe0f0;--paper:#fff;",
}
"""(dark, contrast) → the colours that are no verdict's."""

_ALTERNATIVES = re.compile(r'alt="[^"]*" data-alt-en="([^"]*)" data-alt-ja="([^"]*)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputAccount:
    """What the page of one output is made from.

    reruns:     the executed notebook of each repeat, the compared one first; one is enough unless
                the output is unstable
    difference: the difference picture as PNG
    """

    notebook: NotebookVerdict
    cell: CellVerdict
    output: OutputVerdict
    recorded: Notebook | None
    reruns: tuple[Notebook | None, ...] = ()
    difference: bytes | None = None


def render_output(
    account: OutputAccount, *, theme: Theme, language: Language, contrast: bool = False
) -> str:
    """Return an HTML document that shows recorded beside rerun; it has no script and loads nothing.

    contrast: the strongest contrast, on either ground
    Pure: the same account gives the same text. Raises nothing on malformed notebooks.
    """
    dark, strong = theme != "light", contrast or theme == "contrast"
    style = style_of(dark, strong)
    failure = account.notebook.error
    stopped = failure.cell if failure is not None else None
    return (
        templates()
        .get_template("fragment.html")
        .render(
            account=account,
            output=_shown(account, language),
            language=language,
            scheme="dark" if dark else "light",
            style=style,
            policy=content_policy(style),
            shape=Markup(SHAPES[account.output.verdict.value]),  # noqa: S704 - our own drawing
            unreached=stopped is not None and account.cell.index > stopped,
        )
    )


def _shown(account: OutputAccount, language: Language) -> OutputShown:
    path, cell, output = account.notebook.path, account.cell, account.output
    pictures = {}
    if account.difference is not None:
        pictures[path, cell.index, output.index] = account.difference
    desk = Desk(
        anchor="n",
        path=path,
        recorded=account.recorded,
        reruns=account.reruns,
        pictures=pictures,
        allowance=Allowance(),
        alone=True,
    )
    shown = show_one(cell, output, desk)
    panels = tuple(
        replace(panel, html=named(panel.html, language)) if panel.kind == "picture" else panel
        for panel in shown.comparison.panels
    )
    return replace(shown, comparison=replace(shown.comparison, panels=panels))


def named(image: Markup, language: Language) -> Markup:
    """Name a picture in one language: there is no script here that could change it."""
    name = r'alt="\1"' if language == "en" else r'alt="\2"'
    return Markup(_ALTERNATIVES.sub(name, str(image), count=1))  # noqa: S704 - Markup with less in it


@cache
def style_of(dark: bool, contrast: bool) -> Markup:
    """Return the style sheet of a page that stands in a frame of JupyterLab."""
    variables = _GROUNDS[dark, contrast] + tones(dark=dark, contrast=contrast)
    scheme = "dark" if dark else "light"
    marks = "del,ins{outline:1.5px solid;outline-offset:-1px}\n" if contrast else ""
    return Markup("").join(
        (
            Markup(f":root{{color-scheme:{scheme};{variables}}}\n"),  # noqa: S704 - our own style
            own_text("fragment.css"),
            Markup(CLASSES),  # noqa: S704 - our own style
            own_text("outputs.css"),
            Markup(marks),  # noqa: S704 - our own style
        )
    )
