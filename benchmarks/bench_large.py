"""Peak memory and time with a notebook of 300 MB, against nbformat and nbdime on the same files.

    python benchmarks/bench_large.py                 # 300 MB
    python benchmarks/bench_large.py --quick         # 30 MB
    python benchmarks/bench_large.py --peer-seconds N

Half of the notebook is pictures, the rest printed text, tables and JSON; in the rerun a tenth of
the outputs is another. Each side is a process of its own: `nbformat.read` of the recorded notebook
alone (what everybody who opens it pays), `recrate compare`, and `nbdiff`. Memory is the most that a
process held at once, as the kernel counted it. That recrate finds every changed cell is verified.
"""

import argparse
import base64
import copy
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from PIL import Image

MEGABYTE = 1_000_000
READ = "import nbformat, sys; nbformat.read(sys.argv[1], as_version=4)"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a process took; `ended` is False when the time limit ended it."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    ended: bool
    told: bytes


def make_output(number: int, chance: np.random.Generator) -> dict[str, Any]:
    """Return one output of about 1 MB."""
    kind = number % 4
    if kind in {0, 2}:
        pixels = chance.integers(0, 256, (500, 500, 3), dtype=np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
        data: dict[str, Any] = {"image/png": base64.b64encode(buffer.getvalue()).decode()}
        return {"output_type": "display_data", "data": data, "metadata": {}}
    values = chance.normal(size=45_000)
    if kind == 1:
        text = "\n".join(f"step {place}: {value:.8f}" for place, value in enumerate(values))
        return {"output_type": "stream", "name": "stdout", "text": text}
    if number % 8 == 3:
        rows = "".join(f"<tr><td>{value:.8f}</td></tr>" for value in values)
        data = {"text/html": f"<table>{rows}</table>"}
    else:
        data = {"application/json": {"values": [round(float(value), 12) for value in values]}}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def make_pair(megabytes: int, folder: Path) -> tuple[Path, Path, set[int]]:
    """Write recorded and rerun; return them and the cells whose output is another one."""
    chance = np.random.default_rng(7)
    recorded = nbformat.v4.new_notebook()
    for number in range(megabytes):
        cell = nbformat.v4.new_code_cell(f"show({number})", outputs=[make_output(number, chance)])
        recorded["cells"].append({**cell, "id": f"cell-{number}"})
    rerun = copy.copy(recorded)
    rerun["cells"] = list(recorded["cells"])
    changed = set(random.Random(7).sample(range(len(rerun["cells"])), len(rerun["cells"]) // 10))
    for number in changed:
        cell = {**rerun["cells"][number], "outputs": [make_output(number, chance)]}
        rerun["cells"][number] = cell
    places = folder / "recorded.ipynb", folder / "rerun.ipynb"
    for place, document in zip(places, (recorded, rerun), strict=True):
        place.write_text(json.dumps(document, indent=1))
    return *places, changed


def measure(command: list[str], *, limit_seconds: float, folder: Path) -> Measured:
    """Run a command; its memory is that of the process and of nothing that it starts."""
    told = folder / "told"
    with told.open("wb") as file:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)
        ended = True
        while True:
            pid, _, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if ended and time.perf_counter() - began > limit_seconds:
                process.kill()
                ended = False
            time.sleep(0.02)
        seconds = time.perf_counter() - began
    process.returncode = 0  # it was waited for here
    return Measured(
        seconds=seconds,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
        ended=ended,
        told=told.read_bytes(),
    )


def tell(what: str, one: Measured, file_bytes: int) -> None:
    ratio = one.peak_bytes / file_bytes
    over = "" if one.ended else "   (ended by the limit)"
    size = f"{one.peak_bytes / MEGABYTE:6.0f} MB = {ratio:4.1f} × the file"
    took = f"{one.seconds:7.1f} s ({one.processor_seconds:6.1f} s of processor)"
    print(f"{what:24} {took}   {size}{over}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peer-seconds", type=float, default=600.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Elsewhere: a process that starts another hands its own peak on to it.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            made = pool.submit(make_pair, 30 if options.quick else 300, folder)
            recorded, rerun, changed = made.result()
        size = recorded.stat().st_size
        print(f"{size / MEGABYTE:.0f} MB in each of two notebooks, {len(changed)} cells changed")
        pair = [str(recorded), str(rerun)]
        read = measure([sys.executable, "-c", READ, pair[0]], limit_seconds=600, folder=folder)
        tell("nbformat reads one", read, size)
        ours = measure(
            [sys.executable, "-m", "recrate", "compare", *pair, "--json"],
            limit_seconds=1800,
            folder=folder,
        )
        tell("recrate compare", ours, size)
        cells = json.loads(ours.told)["cells"]
        assert {cell["index"] for cell in cells if cell["verdict"] == "different"} == changed
        peer = measure(
            [sys.executable, "-m", "nbdime.nbdiffapp", "--no-color", *pair],
            limit_seconds=options.peer_seconds,
            folder=folder,
        )
        tell("nbdiff", peer, size)


if __name__ == "__main__":
    main()
