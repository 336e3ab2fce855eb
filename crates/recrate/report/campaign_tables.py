"""A campaign's tasks for other programs: spreadsheets, scripts, CI systems, repositories.

All of it is given in pieces, and takes a stranger's text as text: no cell is a formula, no control
character breaks a line or a document.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from html import escape
from math import isfinite
from typing import Any

from recrate.model.campaign import ENDS, CampaignStatus, TaskResult, TaskRow
from recrate.model.wire import to_plain
from recrate.report.account import Language
from recrate.report.campaign_page import MARKS, done, mark_of, report_of
from recrate.report.campaign_words import campaign_word
from recrate.report.characters import visible

CSV_COLUMNS = (
    "number", "state", "where", "title", "year", "group", "verdict", "cause", "reason", "notebooks",
    "outputs", "compared", "restored", "python", "packages", "environment", "seconds",
    "environment_seconds", "core_seconds", "peak_memory_bytes", "runner", "host", "system",
    "attempts", "started", "ended", "identity", "folder", "report", "same_as", "message", "hint",
    "policy", "instead",
)  # fmt: skip
LINKBACK_COLUMNS = (
    "number", "crate", "doi", "identity", "verdict", "outputs", "compared", "folder", "command",
)  # fmt: skip

_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
"""How a cell begins that a spreadsheet might reckon with.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""
_DOI = re.compile(
    r"(?:doi:|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[^\s\"<>]{1,200})", re.IGNORECASE
)
_WEB = re.compile(r"https?://[^\s\"<>]{1,2000}", re.IGNORECASE)
_NOT_XML = re.compile("[\ufffe\uffff]")
_BREAKS_LINES = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PUBLISHABLE = frozenset(MARKS) - {"broken", "given up"}
_SAFE_ARGUMENT = re.compile(r"[A-Za-z0-9_./-]+")


def csv_lines(rows: Iterable[TaskRow]) -> Iterator[str]:
    """Give `campaign.csv`, a line at a time, each with its end; to be written as UTF-8.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    Source: https://www.rfc-editor.org/rfc/rfc4180
    """
    yield _line(CSV_COLUMNS)
    for row in rows:
        result = row.result
        told = _told(row, result) | (_measured(result) if result is not None else {})
        yield _line([told.get(name, "") for name in CSV_COLUMNS])


def json_lines(rows: Iterable[TaskRow]) -> Iterator[str]:
    """Give `campaign.jsonl`, a task a line with all that the journal knows of it; UTF-8."""
    for row in rows:
        text = json.dumps(_finite(to_plain(row)), ensure_ascii=False, separators=(",", ":"))
        yield _BREAKS_LINES.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def linkback_lines(rows: Iterable[TaskRow], *, place: str = "PLACE") -> Iterator[str]:
    """Give `linkbacks.csv`: the verdicts that could be told to where their crates are published.

    place: where the run crates would be published, as `recrate publish --list` names it
    A task is in it when it has a verdict, a folder of its replay, and a DOI or web address.
    """
    yield _line(LINKBACK_COLUMNS)
    target = place if _SAFE_ARGUMENT.fullmatch(place) else "PLACE"
    for row in rows:
        found, result = published_at(row.entry.where), row.result
        if found is None or result is None or not report_of(row):
            continue
        if mark_of(row) not in _PUBLISHABLE:
            continue
        address, doi = found
        command = f"recrate publish {row.folder} --to {target}"
        yield _line(
            [
                row.number, address, doi, row.identity, result.verdict, result.outputs,
                result.compared, row.folder, command,
            ]
        )  # fmt: skip


def published_at(where: str) -> tuple[str, str] | None:
    """Return the web address and the DOI (or nothing) that a line of the list names; else None."""
    told = where.strip()
    doi = _DOI.fullmatch(told)
    if doi is not None:
        return f"https://doi.org/{doi[1]}", doi[1]
    return (told, "") if _WEB.fullmatch(told) else None


def junit_pieces(status: CampaignStatus, rows: Iterable[TaskRow]) -> Iterator[str]:
    """Give `junit.xml`: a test suite for each group, a test case for each task; UTF-8.

    Failed and different are failures; not restored, broken and given up are errors; what has not
    ended is skipped. A suite says first how much is in it, so cases are kept, as text, until the
    last row is read: about 400 bytes for each.
    Source: https://github.com/testmoapp/junitxml
    """
    suites: dict[str, _Suite] = {}
    for row in rows:
        suites.setdefault(row.entry.group, _Suite()).add(row)
    whole = _Suite()
    for suite in suites.values():
        whole.count(suite)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<testsuites {_attributes(name='recrate campaign', **whole.counts())}>\n"
    for group, suite in suites.items():
        head = _attributes(
            name=group or status.head.list or "campaign",
            timestamp=status.head.started[:19],
            **suite.counts(),
        )
        yield f"<testsuite {head}>\n"
        yield from suite.cases
        yield "</testsuite>\n"
    yield "</testsuites>\n"


class _Suite:
    """Cases of one group, and how many of them are of which kind."""

    def __init__(self) -> None:
        self.cases: list[str] = []
        self.kinds = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
        self.seconds = 0.0

    def add(self, row: TaskRow) -> None:
        """Add a task's case."""
        result = row.result or TaskResult(outcome="judged")
        seconds = result.seconds if isfinite(result.seconds) else 0.0
        kind, inside = _inside(row, result)
        head = _attributes(
            classname=row.entry.group or "campaign",
            name=_case_name(row),
            time=f"{seconds:.3f}",
        )
        report = report_of(row)
        if report:
            inside += f"<system-out>{_xml(report)}</system-out>"
        self.cases.append(f"<testcase {head}>{inside}</testcase>\n")
        self.kinds["tests"] += 1
        self.seconds += seconds
        if kind:
            self.kinds[kind] += 1

    def count(self, other: "_Suite") -> None:
        """Add another suite's sums to these."""
        self.seconds += other.seconds
        for kind, number in other.kinds.items():
            self.kinds[kind] += number

    def counts(self) -> dict[str, str]:
        """Return the sums as attributes."""
        return {**{kind: str(n) for kind, n in self.kinds.items()}, "time": f"{self.seconds:.3f}"}


def campaign_text(status: CampaignStatus, *, language: Language = "en") -> str:
    """Return where a campaign stands in one paragraph of plain text, without colours."""
    counts = status.counts
    told = [
        campaign_word(
            "summary.part",
            language,
            count=f"{counts.verdicts[mark]:,}",
            word=_mark_word(mark, language),
        )
        for mark in MARKS
        if counts.verdicts.get(mark)
    ]
    comma = ", " if language == "en" else "、"
    parts = campaign_word("summary.parts", language, parts=comma.join(told)) if told else ""
    hours = _safe(counts.core_seconds) / 3600
    core = f"{hours:,.{3 if hours < 1 else 1}f}"
    if status.running:
        pace = campaign_word(
            "summary.running",
            language,
            per_hour=f"{_safe(status.per_hour):,.0f}",
            left=_left(status.left_seconds, language),
            core=core,
            workers=f"{status.workers:,}",
        )
    else:
        elapsed = _left(status.elapsed_seconds, language)
        attempts = f"{counts.attempts:,}"
        pace = campaign_word(
            "summary.ended", language, elapsed=elapsed, core=core, attempts=attempts
        )
    return campaign_word(
        "summary",
        language,
        done=f"{done(status):,}",
        total=f"{counts.total:,}",
        parts=parts,
        pace=pace,
    )


def _mark_word(mark: str, language: Language) -> str:
    group = "state" if mark in {"broken", "given up"} else "judgement"
    word = campaign_word(f"{group}.{mark}", language)
    return word.lower() if language == "en" else word


def _left(seconds: float | None, language: Language) -> str:
    if seconds is None:
        return campaign_word("unknown", language)
    minutes, rest = divmod(round(max(_safe(seconds), 0)), 60)
    if minutes < 60:
        return campaign_word("minutes", language, minutes=minutes, seconds=rest)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return campaign_word("hours", language, hours=hours, minutes=minutes)
    days, hours = divmod(hours, 24)
    return campaign_word("days", language, days=f"{days:,}", hours=hours)


def _safe(value: float) -> float:
    return value if isfinite(value) else 0.0


def _told(row: TaskRow, result: TaskResult | None) -> dict[str, Any]:
    """Return what a row itself says, by column."""
    mark = mark_of(row)
    return {
        "number": row.number,
        "state": row.state,
        "where": row.entry.where,
        "title": row.entry.title or row.name,
        "year": "" if row.entry.year is None else row.entry.year,
        "group": row.entry.group,
        "verdict": "" if mark == row.state else mark,
        "environment": row.environment,
        "runner": row.runner,
        "attempts": row.attempts,
        "identity": row.identity,
        "folder": row.folder,
        "report": report_of(row),
        "same_as": "" if row.same_as is None else row.same_as,
        "message": row.message or (result.message if result else ""),
        "hint": row.hint or (result.hint if result else ""),
    }


def _measured(result: TaskResult) -> dict[str, Any]:
    """Return what a task's result says, by column."""
    names = (
        "cause", "reason", "notebooks", "outputs", "compared", "python", "packages", "seconds",
        "environment_seconds", "core_seconds", "peak_memory_bytes", "host", "system", "started",
        "ended", "policy", "instead",
    )  # fmt: skip
    told = {name: getattr(result, name) for name in names}
    return told | {"restored": "yes" if result.restored else "no"}


class _Line:
    """What a CSV writer writes to: it gives each line back."""

    def write(self, text: str) -> str:
        return text


_WRITER = csv.writer(_Line(), lineterminator="\r\n")


def _line(values: Iterable[object]) -> str:
    return str(_WRITER.writerow([_cell(value) for value in values]))


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = visible(value.replace("\r\n", "\n"))
    return f"'{text}" if _FORMULA.match(text) else text


def _finite(value: Any) -> Any:
    """Return plain values without numbers that JSON cannot hold."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list) else value


def _case_name(row: TaskRow) -> str:
    """Return a name that stays the same from one campaign to the next, and is nobody else's."""
    title = row.entry.title or row.name
    return f"{title} [{row.entry.where}]" if title else row.entry.where


def _inside(row: TaskRow, result: TaskResult) -> tuple[str, str]:
    """Return which sum a task counts in, and what its case says of that."""
    mark = mark_of(row)
    if row.state not in ENDS:
        return "skipped", f"<skipped {_attributes(message=row.state)}/>"
    if mark in {"failed", "different"}:
        return "failures", _trouble("failure", mark, result.cause, result.reason)
    if mark == "not restored":
        return "errors", _trouble("error", mark, result.cause, result.reason)
    if mark in {"broken", "given up"}:
        message = row.message or result.message
        return "errors", _trouble("error", mark, message, row.hint or result.hint)
    return "", ""


def _trouble(element: str, kind: str, message: str, more: str) -> str:
    told = f"{kind}: {message}" if message else kind
    return f"<{element} {_attributes(type=kind, message=told)}>{_xml(more)}</{element}>"


def _attributes(**values: str) -> str:
    return " ".join(f'{name}="{_xml(" ".join(value.split()))}"' for name, value in values.items())


def _xml(text: str) -> str:
    """Return text that XML 1.0 can hold, control characters made visible."""
    return escape(_NOT_XML.sub("\ufffd", visible(text)), quote=True)
