"""Interactive figures: the script that draws them is no result, and without a browser none is."""

from recrate.compare.judge import compare_notebooks
from recrate.compare.kinds import compare_content
from recrate.compare.outcome import Terms
from recrate.model.policy import Policy

SCRIPT = "window.mpl = {};\nmpl.get_websocket_type = function() { return WebSocket; }\n"
SNAPSHOT = '<img src="data:image/png;base64,iVBORw0KGgo=" width="640">'
FRAME = "<div id='958d564e-b8a2-401d-886c-47a9d5d79808'></div>"


def verdict(mime: str, recorded: str, rerun: str) -> str:
    return compare_content(mime, recorded, rerun, Terms()).verdict.value


def test_another_version_of_a_plot_library_is_no_difference_but_another_script_is() -> None:
    newer = SCRIPT.replace("window.mpl", "/* global mpl */\nwindow.mpl")
    assert verdict("application/javascript", SCRIPT, newer) == "equivalent"
    assert verdict("application/javascript", SCRIPT, "alert(1)\n") == "different"
    assert verdict("application/javascript", "alert(1)\n", "alert(2)\n") == "different"


def test_a_figure_that_only_a_browser_draws_is_skipped_and_never_called_the_same() -> None:
    assert verdict("text/html", SNAPSHOT, FRAME) == "skipped"
    assert verdict("text/html", SNAPSHOT, "<div id='a'>41.7</div>") == "different"
    assert verdict("text/html", "<p>41.7</p>", FRAME) == "different"


def test_the_name_of_an_object_does_not_answer_for_what_was_skipped() -> None:
    def shown(html: str) -> dict[str, object]:
        plain = "<IPython.core.display.HTML object>"
        output = {"output_type": "display_data", "data": {"text/html": html, "text/plain": plain}}
        cell = {"cell_type": "code", "source": "show()", "metadata": {}, "outputs": [output]}
        return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

    judged = compare_notebooks("a.ipynb", shown(SNAPSHOT), [shown(FRAME)], Policy())
    assert (judged.coverage.skipped, judged.coverage.identical) == (1, 0)
