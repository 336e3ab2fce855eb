"""Where a campaign stands, summed up by the database."""

import sqlite3

from recrate.model.campaign import CampaignCounts

_OF_VERDICT = (
    "CASE WHEN verdict <> '' THEN verdict WHEN state IN ('broken', 'given up') THEN state END"
)


def count(base: sqlite3.Connection) -> CampaignCounts:
    """Return the sums over all tasks; a task without a verdict counts by how it ended."""
    done = "state IN ('judged', 'known', 'broken', 'given up')"
    attempts = base.execute(
        "SELECT count(*), coalesce(sum(core_seconds), 0) FROM attempts"
    ).fetchone()
    seconds = base.execute(
        "SELECT coalesce(sum(json_extract(result, '$.seconds')), 0) FROM tasks "
        "WHERE state = 'judged'"
    ).fetchone()
    return CampaignCounts(
        total=base.execute("SELECT count(*) FROM tasks").fetchone()[0],
        states=_one(base, "state", "1"),
        verdicts=_one(base, _OF_VERDICT, done),
        causes=_one(base, "cause", f"{done} AND cause <> ''"),
        by_python=_two(base, "python", f"{done} AND python <> ''"),
        by_year=_two(base, "CAST(year AS TEXT)", f"{done} AND year IS NOT NULL"),
        by_group=_two(base, "kin", f"{done} AND kin <> ''"),
        attempts=attempts[0],
        core_seconds=float(attempts[1]),
        seconds=float(seconds[0]),
    )


def _one(base: sqlite3.Connection, what: str, where: str) -> dict[str, int]:
    told = (
        f"SELECT {what} AS word, count(*) FROM tasks WHERE {where} "  # noqa: S608 - our own words
        "GROUP BY word ORDER BY word"
    )
    return {str(word): number for word, number in base.execute(told)}


def _two(base: sqlite3.Connection, what: str, where: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    told = (
        f"SELECT {what} AS word, {_OF_VERDICT} AS verdict, count(*) "  # noqa: S608 - our own words
        f"FROM tasks WHERE {where} "
        "GROUP BY word, verdict ORDER BY word, verdict"
    )
    for word, verdict, number in base.execute(told):
        found.setdefault(str(word), {})[str(verdict)] = number
    return found
