"""Print what campaigns on a cluster came to, as tables for the documentation.

usage: python tools/campaign_table.py FILE, which tests/binder/cluster/test_slurm_campaign.py wrote
The first table is for docs/campaign-faults.md, the second for docs/campaign-verdicts.md.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from recrate.model.verdict import Coverage

COLUMNS = ("tasks", "started", "verdicts", "lost", "doubled")


def faults(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the table of broken campaigns; the last of a fault counts."""
    lines = [
        "| fault | tasks | attempts begun | verdicts | lost | doubled |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for fault, row in {one["fault"]: one for one in rows}.items():
        lines.append(f"| {fault} | {' | '.join(str(row[name]) for name in COLUMNS)} |")
    return "\n".join(lines) + "\n"


def verdicts(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return the table of crates: verdict and compared outputs here and on the cluster."""
    lines = ["| crate | here | on the cluster | equal |", "| --- | --- | --- | --- |"]
    for crate, row in sorted({one["crate"]: one for one in rows}.items()):
        same = row["here"][0] == row["there"][0]
        equal = "yes" if row["here"] == row["there"] else "the verdict; not each output"
        equal = equal if same else "NO"
        lines.append(f"| {crate} | {told(row['here'])} | {told(row['there'])} | {equal} |")
    return "\n".join(lines) + "\n"


def told(verdict: list[Any]) -> str:
    """Return a verdict as `identical 3/3`; behind it stand the counts of `Coverage` by name."""
    names = sorted(field.name for field in fields(Coverage))
    counts = dict(zip(names, verdict[1:], strict=False))
    return f"{verdict[0]} {counts.get('compared', 0)}/{counts.get('outputs', 0)}"


if __name__ == "__main__":
    found = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    sys.stdout.write(faults(one for one in found if "fault" in one) + "\n")
    sys.stdout.write(verdicts(one for one in found if "crate" in one))
