"""Judge single changes of every kind and write what came out into docs/single-changes.md.

usage: python tools/single_changes.py [--per-kind N] [--drawn N] [--seed N] [--write FILE]
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from single_changes.everything import ALL, DRAWN, IMPERFECT  # noqa: E402  lies among the tests
from single_changes.judging import Row, precision_and_recall, run  # noqa: E402
from single_changes.kinds import KINDS  # noqa: E402
from single_changes.table import page  # noqa: E402

LIBRARIES = ("matplotlib", "pandas", "numpy", "plotly", "altair", "bokeh", "ipywidgets", "sympy")


def of_kind(label: str, count: int, seed: int) -> tuple[str, int, list[str]]:
    """Judge the changes of one kind; a kind itself cannot be sent to another process."""
    row = run([KINDS[label]], count, seed)[0]
    return label, row.count, row.wrong


def main() -> int:
    """Run all kinds, write or print the page; return 1 where the judge is not good enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-kind", type=int, default=6)
    parser.add_argument("--drawn", type=int, default=4, help="changes of a kind that is drawn")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    with ProcessPoolExecutor(max_workers=2) as pool:
        tasks = [
            pool.submit(
                of_kind,
                kind.label,
                asked.drawn if kind.family in DRAWN else asked.per_kind,
                asked.seed,
            )
            for kind in ALL
        ]
        done = [task.result() for task in tasks]
    rows = [Row(kind=KINDS[label], count=count, wrong=wrong) for label, count, wrong in done]
    limits = "\n".join(f"- {name}: {why}" for name, why in IMPERFECT.items())
    text = page(
        rows,
        day=datetime.now(UTC).date().isoformat(),
        seed=asked.seed,
        libraries=", ".join(f"{name} {version(name)}" for name in LIBRARIES),
        limits=f"Known to be imperfect:\n{limits}" if limits else "",
    )
    if asked.write is not None:
        asked.write.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    precision, recall = precision_and_recall(rows)
    sys.stderr.write(f"precision {precision}\nrecall {recall}\n")
    return 0 if min(precision.value, recall.value) >= 0.99 else 1


if __name__ == "__main__":
    sys.exit(main())
