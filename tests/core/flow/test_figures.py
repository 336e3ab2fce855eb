"""Figures come out at the size at which they were recorded, whatever today's default is."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from conftest import CommandLine
from making import notebook_of, picture

pytestmark = pytest.mark.slow

CELLS = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt",
    "figure = plt.figure()\nplt.plot([1, 2, 3]);",
)


def recorded(size: str) -> dict[int, list[dict[str, Any]]]:
    data = {
        "image/png": base64.b64encode(picture()).decode(),
        "text/plain": f"<Figure size {size} with 1 Axes>",
    }
    return {1: [{"output_type": "display_data", "metadata": {}, "data": data}]}


@pytest.mark.parametrize("size", ["432x288", "640x480"])
def test_a_figure_has_the_size_of_its_record(recrate: CommandLine, tmp_path: Path, size: str):
    study, run = tmp_path / "study", tmp_path / "run"
    study.mkdir()
    (study / "a.ipynb").write_text(notebook_of(*CELLS, outputs=recorded(size)), "utf-8")
    # A day after both defaults: only what was recorded tells them apart.
    packed = recrate("pack", study, "-o", tmp_path / "a.zip", "--as-of", "2024-06-01", "--json")
    assert packed.code == 0, packed.error
    recrate("replay", tmp_path / "a.zip", "-o", run, "--json")
    rerun = json.loads((run / "observations/0/notebooks/a.ipynb").read_text("utf-8"))
    shown = rerun["cells"][1]["outputs"][0]["data"]["text/plain"]
    assert shown == f"<Figure size {size} with 1 Axes>"
