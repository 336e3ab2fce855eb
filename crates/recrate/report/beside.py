"""One cell's outputs, expected beside yours, as an HTML document for a frame that runs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from recrate.model.study import Notebook
from recrate.model.verdict import CellVerdict, Coverage, NotebookVerdict
from recrate.report.account import Language
from recrate.report.allowance import Allowance
from recrate.report.cells import Desk, OutputShown, show_cells
from recrate.report.fragment import Theme, named, style_of
from recrate.report.marks import SHAPES
from recrate.report.page import content_policy, templates

_CAPTIONS = {who: f"beside.{who}" for who in ("recorded", "rerun", "both", "difference")}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAccount:
    """What the page of one cell is made from.

    recorded, fresh: notebooks of this one cell
    cell:     its verdict, both its indices 0; without outputs in it, what is shown is not judged
    sentence: what is said above the outputs
    pictures: difference pictures as PNG, by the index of the output
    """

    path: str
    recorded: Notebook
    fresh: Notebook
    cell: CellVerdict
    sentence: str
    pictures: Mapping[int, bytes] = field(default_factory=dict)


def render_beside(account: CellAccount, *, theme: Theme, language: Language) -> str:
    """Return an HTML document of all outputs of a cell; it has no script and loads nothing.

    Pure: the same account gives the same text. Raises nothing on malformed outputs.
    """
    dark = theme != "light"
    style = style_of(dark, theme == "contrast")
    outputs = tuple(_named(one, language) for one in _outputs(account))
    return (
        templates()
        .get_template("beside.html")
        .render(
            account=account,
            outputs=outputs,
            captions=_CAPTIONS,
            language=language,
            scheme="dark" if dark else "light",
            style=style,
            policy=content_policy(style),
            shapes={
                one: Markup(SHAPES[one])  # noqa: S704 - our own drawing
                for one in {shown.verdict for shown in outputs if shown.verdict}
            },
        )
    )


def _outputs(account: CellAccount) -> tuple[OutputShown, ...]:
    path = account.path
    verdict = NotebookVerdict(
        path=path,
        verdict=account.cell.verdict,
        seconds=0.0,
        error=None,
        coverage=Coverage(),
        cells=(account.cell,),
    )
    desk = Desk(
        anchor="n",
        path=path,
        recorded=account.recorded,
        reruns=(account.fresh,),
        pictures={(path, 0, output): picture for output, picture in account.pictures.items()},
        allowance=Allowance(),
        alone=True,
    )
    return show_cells(verdict, desk)[0].outputs


def _named(shown: OutputShown, language: Language) -> OutputShown:
    panels = tuple(
        replace(panel, html=named(panel.html, language)) if panel.kind == "picture" else panel
        for panel in shown.comparison.panels
    )
    return replace(shown, comparison=replace(shown.comparison, panels=panels))
