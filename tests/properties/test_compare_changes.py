"""Precision and recall of `different` on single changes, benign and real; the table is printed."""

import base64
import importlib.util
import io
import random
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

from PIL import Image, ImageDraw

from recrate.compare.judge import compare_notebooks
from recrate.model.policy import Policy

ROUNDS = 12


def _load_changes() -> ModuleType:
    place = Path(__file__).with_name("changes.py")
    spec = importlib.util.spec_from_file_location("changes", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


changes = _load_changes()


def _text(rng: random.Random) -> dict[str, Any]:
    lines = [f"model number {rng.randint(100, 900)} of the series"]
    lines += [
        f"slope     {rng.uniform(0.1, 90):.4f}  stderr {rng.uniform(0, 1):.3f}" for _ in "abc"
    ]
    lines += ["coefficients: [" + " ".join(f"{rng.gauss(0, 3):.5f}" for _ in range(6)) + "]"]
    return {"output_type": "stream", "name": "stdout", "text": "\n".join(lines)}


def _table(rng: random.Random) -> dict[str, Any]:
    rows = "".join(
        f"<tr>\n<th>{row}</th>\n<td>{rng.gauss(0, 9):.6f}</td>\n"
        f"<td>{rng.uniform(0, 1):.3f}</td>\n</tr>"
        for row in range(8)
    )
    head = "<tr><th></th><th>height</th><th>share</th></tr>"
    markup = (
        f'<div><style>th{{top:1}}</style><table border="1" class="dataframe">{head}{rows}</table>'
    )
    data = {"text/html": markup + "<p>8 rows × 2 columns</p></div>", "text/plain": "   height"}
    return {"output_type": "execute_result", "data": data, "metadata": {}}


def _picture(rng: random.Random) -> dict[str, Any]:
    large = Image.new("RGB", (4 * 380, 4 * 260), "white")
    pen = ImageDraw.Draw(large)
    pen.rectangle((160, 60, 1440, 920), outline="black", width=4)
    points = [
        (160 + 16 * i, 500 + rng.gauss(0, 90) + 250 * ((i % 20) / 20 - 0.5)) for i in range(80)
    ]
    pen.line(points, fill=(31, 119, 180), width=8)
    for x, y in rng.sample(points, 20):
        pen.ellipse((x - 14, y - 14, x + 14, y + 14), fill=(255, 127, 14))
    buffer = io.BytesIO()
    large.resize((380, 260), Image.Resampling.LANCZOS).save(buffer, "PNG")
    data = {"image/png": base64.b64encode(buffer.getvalue()).decode(), "text/plain": "<Figure>"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _figure(rng: random.Random) -> dict[str, Any]:
    trace = {"type": "scatter", "y": [rng.gauss(0, 1) for _ in range(20)], "uid": str(rng.random())}
    data = {"application/vnd.plotly.v1+json": {"data": [trace], "layout": {}}}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _is_different(recorded: dict[str, Any], rerun: dict[str, Any]) -> bool:
    def notebook(output: dict[str, Any]) -> dict[str, Any]:
        return {"cells": [{"cell_type": "code", "source": "fit(data)", "outputs": [output]}]}

    verdict = compare_notebooks("a", notebook(recorded), [notebook(rerun)], Policy())
    return verdict.verdict == "different"


def test_real_changes_are_different_and_benign_ones_are_not() -> None:
    rng = random.Random(20261121)
    table: dict[str, Counter[bool]] = {}
    benign: Counter[bool] = Counter()
    real: Counter[bool] = Counter()
    for _ in range(ROUNDS):
        for output in (_text(rng), _table(rng), _picture(rng), _figure(rng)):
            for seen, kinds in ((benign, changes.BENIGN), (real, changes.REAL)):
                for name, change in kinds.items():
                    changed = change(output, rng)
                    if changed is not None and changed != output:
                        answer = _is_different(output, changed)
                        table.setdefault(name, Counter())[answer] += 1
                        seen[answer] += 1
        text = _text(rng)
        for name, (before, after) in changes.pairs_of_lines(rng).items():
            said = changes.text_of(text)
            pair = [changes.with_text(text, f"{line}\n{said}") for line in (before, after)]
            answer = _is_different(*pair)
            table.setdefault(name, Counter())[answer] += 1
            benign[answer] += 1
    for name, counts in table.items():
        print(f"{name:20} different {counts[True]:4}   holds {counts[False]:4}")
    precision = real[True] / (real[True] + benign[True])
    recall = real[True] / real.total()
    print(
        f"precision {precision:.4f}, recall {recall:.4f}: "
        f"{benign.total()} benign, {real.total()} real"
    )
    assert set(changes.BENIGN) | set(changes.REAL) <= set(table)
    assert precision >= 0.99
    assert recall >= 0.99
