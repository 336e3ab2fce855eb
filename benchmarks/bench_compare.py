"""Compare against nbdime's diff, on one notebook with 1,000 outputs of which a tenth changed.

The outputs are of nine kinds in turn: text, numbers, tables, PNG, SVG, JSON, plotly, HTML, errors.

    python benchmarks/bench_compare.py           # 1,000 outputs
    python benchmarks/bench_compare.py --quick   # 200

In-process: `compare_notebooks` against `nbdime.diff_notebooks`, the documents loaded before. As
commands: `recrate compare --json` against `nbdiff` without colours. Both sides get the same two
files; both must find every changed output, which is verified. The faster of three runs counts.
"""

import argparse
import base64
import copy
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbdime
import nbformat
import numpy as np
from PIL import Image

from recrate.compare.judge import compare_notebooks
from recrate.model.policy import Policy

RUNS = 3


def make_output(number: int, chance: random.Random) -> dict[str, Any]:
    """Return one output; the nine kinds take turns."""
    values = [chance.gauss(0, 5) for _ in range(60)]
    kind = KINDS[number % len(KINDS)]
    if kind == "text":
        lines = [f"step {place}: loss {value:.6f}" for place, value in enumerate(values)]
        return {"output_type": "stream", "name": "stdout", "text": "\n".join(lines)}
    if kind == "error":
        frames = [f"---> {place} solve({value:.3f})" for place, value in enumerate(values[:9])]
        said = f"no root near {values[0]:.4f}"
        return {
            "output_type": "error", "ename": "ValueError", "evalue": said,
            "traceback": [*frames, f"ValueError: {said}"],
        }  # fmt: skip
    shown, content = DRAWN[kind](values)
    return {"output_type": "display_data", "data": {shown: content}, "metadata": {}}


def numbers(values: list[float]) -> tuple[str, str]:
    return "text/plain", np.array2string(np.array(values).reshape(12, 5), precision=6)


def table(values: list[float]) -> tuple[str, str]:
    rows = [f"<tr><th>{i}</th><td>{value:.6f}</td></tr>" for i, value in enumerate(values)]
    return "text/html", f"<table>{''.join(rows)}</table>"


def html(values: list[float]) -> tuple[str, str]:
    parts = [f"<p>Station {i} gave <b>{value:.4f}</b></p>" for i, value in enumerate(values)]
    return "text/html", f"<div><h3>Stations</h3>{''.join(parts)}</div>"


def png(values: list[float]) -> tuple[str, str]:
    pixels = np.full((120, 160, 3), 255, dtype=np.uint8)
    for column, value in enumerate(values):
        pixels[int(60 + value * 3) % 120, column * 2 : column * 2 + 2] = (31, 119, 180)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return "image/png", base64.b64encode(buffer.getvalue()).decode()


def svg(values: list[float]) -> tuple[str, str]:
    points = " ".join(f"{3 * i},{60 + value:.3f}" for i, value in enumerate(values))
    drawn = f'<polyline fill="none" stroke="#1f77b4" points="{points}"/>'
    return "image/svg+xml", (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="180" height="120">{drawn}</svg>'
    )


def plain_json(values: list[float]) -> tuple[str, Any]:
    return "application/json", {"fit": {f"p{i}": value for i, value in enumerate(values)}}


def plotly(values: list[float]) -> tuple[str, Any]:
    trace = {"type": "scatter", "x": list(range(len(values))), "y": values}
    return "application/vnd.plotly.v1+json", {"data": [trace], "layout": {"title": {"text": "a"}}}


DRAWN: dict[str, Callable[[list[float]], tuple[str, Any]]] = {
    "numbers": numbers, "table": table, "PNG": png, "SVG": svg, "JSON": plain_json,
    "plotly": plotly, "HTML": html,
}  # fmt: skip
KINDS = ("text", *DRAWN, "error")


def make_pair(outputs: int) -> tuple[dict[str, Any], dict[str, Any], set[int]]:
    """Return recorded, rerun, and the indices of the cells whose output is another one."""
    chance = random.Random(7)
    recorded = nbformat.v4.new_notebook()
    for number in range(outputs):
        cell = nbformat.v4.new_code_cell(f"show({number})", outputs=[make_output(number, chance)])
        cell["id"] = f"cell-{number}"
        recorded["cells"].append(cell)
    rerun = copy.deepcopy(recorded)
    changed = set(chance.sample(range(outputs), outputs // 10))
    for number in changed:
        rerun["cells"][number]["outputs"] = [make_output(number, chance)]
    plain = [json.loads(json.dumps(document)) for document in (recorded, rerun)]
    return plain[0], plain[1], changed


def fastest(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of the fastest of RUNS runs, and the last answer."""
    seconds, answer = [], None
    for _ in range(RUNS):
        began = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - began)
    return min(seconds), answer


def tell(what: str, ours: float, theirs: float) -> None:
    print(
        f"{what:12} recrate {ours:7.3f} s   nbdime {theirs:7.3f} s   {theirs / ours:6.1f}× faster"
    )


def in_process(recorded: dict[str, Any], rerun: dict[str, Any], changed: set[int]) -> None:
    """Measure both libraries in this process."""
    nodes = [nbformat.from_dict(document) for document in (recorded, rerun)]
    ours, verdict = fastest(lambda: compare_notebooks("a", recorded, [rerun], Policy()))
    theirs, found = fastest(lambda: nbdime.diff_notebooks(*nodes))
    seen = {cell.index for cell in verdict.cells if cell.verdict == "different"}
    assert seen == changed, "recrate must find what changed, and nothing else"
    patched = next(entry for entry in found if entry["key"] == "cells")["diff"]
    assert {entry["key"] for entry in patched} >= changed, "nbdime must find it too"
    tell("in-process", ours, theirs)


def as_commands(recorded: dict[str, Any], rerun: dict[str, Any], changed: set[int]) -> None:
    """Measure both command lines on the same two files."""
    with tempfile.TemporaryDirectory() as folder:
        places = [str(Path(folder, name)) for name in ("recorded.ipynb", "rerun.ipynb")]
        for place, document in zip(places, (recorded, rerun), strict=True):
            Path(place).write_text(json.dumps(document))
        commands = (
            [sys.executable, "-m", "recrate", "compare", *places, "--json"],
            [sys.executable, "-m", "nbdime.nbdiffapp", "--no-color", *places],
        )
        answers = [
            fastest(
                lambda command=command: subprocess.run(command, capture_output=True, check=False)
            )
            for command in commands
        ]
    (ours, done), (theirs, peer) = answers
    cells = json.loads(done.stdout)["cells"]
    assert {cell["index"] for cell in cells if cell["verdict"] == "different"} == changed
    told = {int(cell) for cell in re.findall(rb"^## .*/cells/(\d+)/", peer.stdout, re.MULTILINE)}
    assert told >= changed, "nbdiff must tell of it too"
    tell("as commands", ours, theirs)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    outputs = 200 if parser.parse_args().quick else 1000
    pair = make_pair(outputs)
    print(f"{outputs} outputs, {len(pair[2])} changed; fastest of {RUNS}")
    in_process(*pair)
    as_commands(*pair)


if __name__ == "__main__":
    main()
