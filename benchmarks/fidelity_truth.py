"""What a person found of the corpus, beside what recrate said: which verdicts and causes are right.

A row is what one replay said of one notebook in one environment (`told` in fidelity.py). The truth
is benchmarks/truth.toml: entries `package`, `notebook` (its beginning), `environments` (all when
left out), `verdict`, `cause` and `why`; the first one that fits a row counts.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
Entry = dict[str, Any]

ENVIRONMENTS = {
    "recrate": "what `recrate pack` makes of it: what is declared, what is imported, the Python "
    "that the notebooks record, as of the day the package came out; replayed twice",
    "newest": "what is imported and nothing else, in today's newest versions and Python",
    "declared": "the version that is declared, all else and Python the newest of today",
    "dated": "what is declared and imported as of the day the package came out; the Python that "
    "was usual then, not the recorded one",
}
HOLDS = {"identical", "equivalent"}


def entry_of(row: Row, truth: Sequence[Entry]) -> Entry | None:
    """Return what a person found of this row."""
    for entry in truth:
        if (
            entry["package"] == row["package"]
            and row["notebook"].startswith(entry["notebook"])
            and row["environment"] in entry.get("environments", ENVIRONMENTS)
            and row["study"].endswith(entry.get("folder", ""))
        ):
            return entry
    return None


def right_verdict(row: Row, entry: Entry) -> bool:
    """Say whether the verdict is the expected one; `holds` stands for identical or equivalent."""
    expected = entry["verdict"]
    return row["verdict"] in (HOLDS if expected == "holds" else {expected})


def causes_of(row: Row) -> Counter[str]:
    """Count the causes that recrate names: of the failure, else of each output."""
    if row["error"]:
        return Counter([row["error"]["cause"]])
    return Counter(one["cause"] or "none named" for one in row["differences"])


def right_cause(row: Row, entry: Entry) -> bool:
    """Say whether the cause named most often is the one that a person found."""
    named = causes_of(row).most_common(1)
    return bool(named) and named[0][0] == entry["cause"]


def by_chance(row: Row, cell: int, truth: Sequence[Entry]) -> str:
    """Return why this cell's outputs are others each time, as a person found; else nothing."""
    entry = entry_of({**row, "environment": "recrate"}, truth)
    found: dict[str, str] = (entry or {}).get("chance", {})
    return found.get(str(cell), found.get("all", ""))
