"""A study dated by its pictures, which needs something younger, runs with today's packages."""

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from conftest import CommandLine
from making import notebook_of, stream

pytestmark = pytest.mark.slow


def drawn_by(software: str) -> str:
    told, content = PngImagePlugin.PngInfo(), io.BytesIO()
    told.add_text("Software", software)
    Image.new("RGB", (30, 20), "white").save(content, "PNG", pnginfo=told)
    return base64.b64encode(content.getvalue()).decode()


def test_todays_packages_are_tried_where_the_estimated_day_is_too_early(
    recrate: CommandLine, tmp_path: Path
) -> None:
    study, run = tmp_path / "study", tmp_path / "run"
    study.mkdir()
    data = {"image/png": drawn_by("Matplotlib version3.5.1, https://matplotlib.org/")}
    picture = {"output_type": "display_data", "metadata": {}, "data": data}
    document = json.loads(
        notebook_of(
            "import humanize\nprint(humanize.metric(1500, 'V'))",  # humanize has that since 2023
            "1",
            outputs={0: [stream("1.50 kV\n")], 1: [picture]},
        )
    )
    document["metadata"]["language_info"]["version"] = "3.11"
    (study / "a.ipynb").write_text(json.dumps(document), "utf-8")
    (study / "requirements.txt").write_text("humanize\n", "utf-8")
    packed = recrate("pack", study, "-o", tmp_path / "a.zip")
    assert packed.code in {0, 1}, packed.error
    assert "drawn by Matplotlib 3.5.1 of 2021-12-11; packages are as of 2022-06-09" in packed.error
    recrate("replay", tmp_path / "a.zip", "-o", run)
    found = json.loads((run / "verdict.json").read_text("utf-8"))["candidates"]
    told = [(one["name"], one["outcome"], one["completed"], one["chosen"]) for one in found]
    assert told[0] == ("lock", "ran", 0, False)
    assert told[-1] == ("today", "ran", 1, True)
    assert {one["outcome"] for one in found[1:-1]} == {"same"}
    assert found[-1]["as_of"] > "2026"
