"""Campaigns for the tests of pages and exports: tasks that ended in every way there is."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files

from recrate.model.campaign import (
    ENDS,
    CampaignCounts,
    CampaignHead,
    CampaignOptions,
    CampaignStatus,
    Entry,
    TaskResult,
    TaskRow,
    TaskState,
)
from recrate.report.assets import CHART_LIBRARY, SCRIPTS
from recrate.report.campaign_page import mark_of

STARTED = datetime.fromisoformat("2026-03-02T09:00:00+09:00")
HEAD = CampaignHead(
    id="c-1",
    list="zenodo community: tides",
    runners=("kyoto",),
    options=CampaignOptions(),
    agent="recrate 0.1.0",
    started=STARTED.isoformat(),
)
HOSTILE = (
    "</script><script>window.__owned = 1</script>",
    '<img src=x onerror="window.__owned = 1">',
    "line\u2028separator\u2029paragraph",
    "right\u202eto left \x00\x1b[31m\x07 \ud83d",
    "`${window.__owned = 1}` {count} \\u003c \\",
    '=HYPERLINK("https://evil.invalid/","x")',
    "<!--<script>",
    "javascript:window.__owned=1",
    "]]> & ' \"",
)
_WAYS = (
    ("identical", ""), ("identical", ""), ("identical", ""), ("equivalent", ""), ("equivalent", ""),
    ("ran", ""), ("different", "nondeterminism"), ("different", "data changed"),
    ("failed", "API changed"), ("failed", "missing file"), ("failed", "missing package"),
    ("failed", "author's code"), ("not restored", "no build for this platform"),
)  # fmt: skip
_GROUPS = ("Journal of Tides", "Hydrology Letters", "海洋学会誌", "")
_PYTHONS = ("3.7.17", "3.8.19", "3.9.19", "3.10.14", "3.11.9", "3.12.4")


def script() -> str:
    """The page's script, joined as the page wants it."""
    folder = files("recrate.report.assets")
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)


def chart_library() -> str:
    """Chart.js as it was built; empty where it was not."""
    file = files("recrate.report.assets") / CHART_LIBRARY
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def judged(number: int, verdict: str, *, cause: str = "", **changes: object) -> TaskRow:
    """A task that came to a verdict."""
    ended = STARTED + timedelta(seconds=60 * (number + 1))
    result = TaskResult(
        outcome="judged",
        verdict=verdict,
        cause=cause,
        reason=f"the output of cell {number % 7} is not what was recorded" if cause else "",
        outputs=38,
        compared=31,
        restored=verdict != "not restored",
        python=_PYTHONS[number % len(_PYTHONS)],
        seconds=20.0 + number % 900,
        core_seconds=35.0 + number % 1300,
        host=f"node{number % 4}",
        ended=ended.isoformat(),
    )
    row = TaskRow(
        number=number,
        entry=Entry(
            where=f"https://doi.org/10.5281/zenodo.{100000 + number}",
            title=f"Study {number} of tides and currents",
            year=2016 + number % 10,
            group=_GROUPS[number % len(_GROUPS)],
        ),
        state="judged",
        identity=f"{number:064x}",
        name=f"study-{number}",
        attempts=1,
        runner="kyoto",
        folder=f"runs/{number}",
        result=result,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def unjudged(number: int, state: TaskState, *, message: str = "", hint: str = "") -> TaskRow:
    """A task without a verdict: not there yet, broken, or given up."""
    row = judged(number, "identical")
    return replace(row, state=state, folder="", result=None, message=message, hint=hint)


def campaign(size: int, *, finished: int | None = None) -> list[TaskRow]:
    """So many tasks, the first `finished` of them ended in every way; the same every time."""
    chance = random.Random(7)
    rows: list[TaskRow] = []
    for number in range(size):
        if finished is not None and number >= finished:
            rows.append(unjudged(number, "running" if number < finished + 3 else "waiting"))
        elif number % 41 == 40:
            rows.append(
                unjudged(number, "broken", message="the crate is empty", hint="get it anew")
            )
        elif number % 53 == 52:
            rows.append(unjudged(number, "given up", message="its node was lost three times"))
        else:
            verdict, cause = chance.choice(_WAYS)
            rows.append(judged(number, verdict, cause=cause))
    return rows


def hostile() -> list[TaskRow]:
    """Tasks whose every text is made to break out of where it stands."""
    rows = []
    for number, text in enumerate(HOSTILE):
        row = judged(number, "failed", cause=text)
        result = replace(row.result, reason=text, python=text, host=text)  # type: ignore[type-var]
        entry = Entry(where=text, title=text, year=2020, group=text)
        rows.append(replace(row, entry=entry, result=result, runner=text, name=text))
        other = unjudged(100 + number, "broken", message=text, hint=text)
        rows.append(replace(other, entry=entry, folder=text))
    return rows


def status_of(
    rows: Sequence[TaskRow], *, running: bool = False, at: str = "", notes: Iterable[str] = ()
) -> CampaignStatus:
    """Where a campaign of these tasks stands."""
    ended = [row for row in rows if row.state in ENDS]
    core = sum(row.result.core_seconds for row in ended if row.result)
    return CampaignStatus(
        head=HEAD,
        counts=CampaignCounts(
            total=len(rows),
            states=dict(Counter(row.state for row in rows)),
            verdicts=dict(Counter(mark_of(row) for row in ended)),
            causes=dict(Counter(row.result.cause for row in ended if row.result)),
            by_python={},
            by_year={},
            by_group={},
            attempts=len(ended) + 2,
            core_seconds=core,
            seconds=core / 2,
        ),
        at=at or (STARTED + timedelta(hours=3)).isoformat(),
        running=running,
        elapsed_seconds=3 * 3600.0,
        per_hour=61.3,
        left_seconds=5400.0 if running else None,
        workers=8 if running else 0,
        machines=("node0", "node1", "node2", "node3") if running else (),
        queued=2 if running else 0,
        notes=tuple(notes),
    )
