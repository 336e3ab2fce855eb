"""How fast a scan is: 200 notebooks in 10,000 files against `pipreqs --scan-notebooks`.

Both run as whole processes over the same tree, in turns. pipreqs runs at its fastest setting that
works without a network (`--use-local`: what is installed answers, no index is asked). It finds
imports; the scan finds these too, and files, URLs, order, secrets and everything else: the same
work and more. Afterwards the imports of both are compared, so that nobody is fast by not looking.

    python benchmarks/bench_scan.py [--rounds 5] [--files 10000] [--notebooks 200]
"""

import argparse
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOREIGN = ("lxml", "psutil", "docopt", "yarg", "gitdb", "smmap", "tornado", "colorlog")
"""Installed with the extra `bench`, and known to pipreqs: it needs a `top_level.txt`."""
SCAN = """
import sys
from pathlib import Path
from recrate.model.wire import to_json
from recrate.scan.inventory import take_inventory
sys.stdout.write(to_json(take_inventory(Path(sys.argv[1])), indent=None))
"""


def notebook(chance: random.Random, number: int) -> str:
    """Return a notebook of 20 code cells with text outputs and one picture, about 100 kB."""
    cells = []
    for index in range(20):
        module = chance.choice(FOREIGN)
        source = [
            f"import {module}\n",
            f"values_{index} = [{', '.join(str(chance.random()) for _ in range(8))}]\n",
            f"def step_{index}(x, factor={index}):\n",
            "    total = 0\n",
            "    for item in x:\n",
            "        total += item * factor\n",
            "    return total\n",
            f"print(step_{index}(values_{index}))\n",
            f"open('data/f{chance.randrange(500)}.csv').read()",
        ]
        outputs = [
            {"output_type": "stream", "name": "stdout", "text": [f"{chance.random()}\n"] * 20}
        ]
        if index == 10:
            picture = "iVBORw0KGgo" + "".join(chance.choices("ABCDabcd0123+/", k=60_000))
            data = {"image/png": picture, "text/plain": ["<Figure>"]}
            outputs.append({"output_type": "display_data", "data": data, "metadata": {}})
        cells.append(
            {
                "cell_type": "code",
                "execution_count": index + 1,
                "id": f"c{number}-{index}",
                "metadata": {},
                "outputs": outputs,
                "source": source,
            }
        )
        cells.append({"cell_type": "markdown", "id": f"m{index}", "metadata": {}, "source": "# x"})
    metadata = {"language_info": {"name": "python", "version": "3.11.7"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def build(root: Path, files: int, notebooks: int) -> None:
    """Make a tree: notebooks, as many small modules, the rest data."""
    chance = random.Random(20261121)
    for number in range(notebooks):
        path = root / f"part{number % 20}" / f"{number}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook(chance, number), encoding="utf-8")
    for number in range(notebooks):
        path = root / f"part{number % 20}" / f"module_{number}.py"
        module = chance.choice(FOREIGN)
        path.write_text(
            f"import {module}\n\n\ndef f(x):\n    return {module}, x\n", encoding="utf-8"
        )
    (root / "data").mkdir(exist_ok=True)
    for number in range(files - 2 * notebooks):
        path = root / "data" / f"d{number % 100}" / f"f{number}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"a,b\n{chance.random()},{chance.random()}\n", encoding="utf-8")


def timed(command: list[str]) -> tuple[float, str]:
    """Return the seconds that a whole process takes, and its stdout."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {done.stderr[-2000:]}")
    return seconds, done.stdout


def main() -> None:
    """Measure in turns and print medians and their ratio."""
    wanted = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wanted.add_argument("--rounds", type=int, default=5)
    wanted.add_argument("--files", type=int, default=10_000)
    wanted.add_argument("--notebooks", type=int, default=200)
    chosen = wanted.parse_args()
    pipreqs = Path(sys.executable).parent / "pipreqs"
    if not pipreqs.exists():
        raise SystemExit("pipreqs is not installed: install the extra `bench`")
    root = Path(tempfile.mkdtemp(prefix="bench-scan-"))
    try:
        build(root, chosen.files, chosen.notebooks)
        ours = [sys.executable, "-c", SCAN, str(root)]
        theirs = [str(pipreqs), "--scan-notebooks", "--use-local", "--print", str(root)]
        seconds: dict[str, list[float]] = {"recrate": [], "pipreqs": []}
        for _ in range(chosen.rounds):
            took, requirements = timed(theirs)
            seconds["pipreqs"].append(took)
            took, inventory = timed(ours)
            seconds["recrate"].append(took)
        verify(json.loads(inventory), requirements, chosen)
    finally:
        shutil.rmtree(root)
    report(seconds)


def verify(inventory: dict, requirements: str, chosen: argparse.Namespace) -> None:
    """Stop when either side missed an import, or we missed a file."""
    units = [*inventory["notebooks"], *inventory["scripts"]]
    found = {one["name"] for unit in units for one in unit["uses"]["imports"] if not one["local"]}
    if found != set(FOREIGN):
        raise SystemExit(f"the scan found other imports: {sorted(found ^ set(FOREIGN))}")
    named = {line.split("==")[0].lower() for line in requirements.splitlines() if "==" in line}
    if named != set(FOREIGN):
        raise SystemExit(f"pipreqs found other imports: {sorted(named ^ set(FOREIGN))}")
    if len(inventory["files"]) != chosen.files or len(inventory["notebooks"]) != chosen.notebooks:
        raise SystemExit("the scan missed files")


def report(seconds: dict[str, list[float]]) -> None:
    """Print medians and the ratio."""
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    for name, each in seconds.items():
        print(f"{name:8} median {medians[name]:6.2f} s   all {', '.join(f'{s:.2f}' for s in each)}")
    print(f"ratio    {medians['pipreqs'] / medians['recrate']:6.2f} ×   (at least 5 promised)")


if __name__ == "__main__":
    main()
