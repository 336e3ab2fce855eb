"""Print what campaigns came to that were broken on a cluster, for docs/campaign-faults.md.

usage: python tools/campaign_table.py FILE, which tests/binder/cluster/test_slurm_campaign.py wrote
"""

import json
import sys
from pathlib import Path

COLUMNS = ("tasks", "started", "verdicts", "lost", "doubled")


def table(text: str) -> str:
    """Return the table; `text` has one JSON object a line, the last of a fault counts."""
    rows = {one["fault"]: one for one in map(json.loads, filter(None, text.splitlines()))}
    lines = [
        "| fault | tasks | attempts begun | verdicts | lost | doubled |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for fault, row in rows.items():
        lines.append(f"| {fault} | {' | '.join(str(row[name]) for name in COLUMNS)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1]).read_text(encoding="utf-8")))
