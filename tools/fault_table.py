"""Print what a fault campaign came to: the table of all stages, and each depositor's sums.

usage: python tools/fault_table.py FILE, which the tests of depositors wrote
"""

import sys
from pathlib import Path

HEAD = "| depositor | broken at | deposits attempted | records made | duplicates | orphans |"


def table(text: str) -> str:
    """Return the whole table; `text` has a row for each campaign and stage, in any order."""
    rows = sorted(line.strip("| \n").split(" | ") for line in text.splitlines() if line.strip())
    lines = [HEAD, "| --- | --- | --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    for name in sorted({row[0] for row in rows}):
        sums = [sum(int(row[at]) for row in rows if row[0] == name) for at in (2, 3, 4, 5)]
        lines.append(f"| **{name}** | **all** | {' | '.join(f'**{one}**' for one in sums)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table(Path(sys.argv[1]).read_text(encoding="utf-8")))
