"""A campaign as a folder that opens in any browser: a page, and the data it reads again and again.

The page is the same for every campaign; what a stranger wrote is in `data.js` alone, and the
page's script puts it on the page as text and never as HTML.
"""

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from recrate.model.campaign import ENDS, CampaignStatus, TaskResult, TaskRow
from recrate.report.account import Language
from recrate.report.campaign_words import say_campaign, words_of_page
from recrate.report.characters import visible
from recrate.report.marks import SHAPES, tones
from recrate.report.page import own_text, templates

COLUMNS = (
    "number", "state", "title", "where", "year", "group", "verdict", "cause", "reason",
    "outputs", "compared", "python", "seconds", "core", "host", "runner", "attempts",
    "ended", "report", "same", "message", "hint",
)  # fmt: skip
"""What a row of `data.js` holds, in this order; what is empty or None there nobody knows.

seconds, core: of the replay, and of the processors at it; ended: seconds since the campaign began
report: address of its page, relative to the campaign's folder
same:   number of the task whose verdict it shares
"""
_ROWS_IN_A_PIECE = 250
_MOST_MACHINES = 40
_SAFE_FOLDER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")

_LINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
_STATE_SHAPES = {
    "broken": f'<path d="M3 2h6v4l3 2-3 2v4H3Z" stroke-linejoin="round" {_LINE}/>',
    "given up": f'<circle cx="8" cy="8" r="6" {_LINE}/><path d="m4 12 8-8" {_LINE}/>',
    "running": f'<circle cx="8" cy="8" r="6" {_LINE}/><path d="M6.6 5.2v5.6L11 8Z" '
    'fill="currentColor"/>',
    "waiting": f'<circle cx="8" cy="8" r="6" {_LINE}/><path d="M8 4.6V8l2.4 1.6" {_LINE}/>',
    "listed": '<circle cx="8" cy="8" r="2.5" fill="currentColor"/>',
}
MARKS = (
    "identical", "equivalent", "ran", "different", "failed", "not restored", "broken", "given up",
)  # fmt: skip
"""How a task can end: by its verdict, and where it has none by its state; best first."""

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect x="1" y="2" width="14" '
    'height="3.2" rx="1" fill="#0c6b58"/><rect x="1" y="6.4" width="9" height="3.2" rx="1" '
    'fill="#1d5fa8"/><rect x="1" y="10.8" width="5" height="3.2" rx="1" fill="#b3142e"/></svg>'
)


def render_campaign_page(*, language: Language | None, script: str, chart_library: str) -> str:
    """Return `index.html` of a campaign's folder; `data.js` beside it is all that it ever loads.

    language: which one it opens in; None lets the reader's browser choose
    script:   the files that `recrate.report.assets.SCRIPTS` names, joined in that order
    chart_library: Chart.js as one text; empty shows every chart as a table with bars
    Pure, and the same for every campaign: it holds nothing of the studies.
    """
    sheet = own_text("campaign.css").replace("/* light tones */", tones(dark=False))
    style = own_text("report.css") + sheet
    library = _inline(chart_library)
    own = _inline(script)
    nonce = hashlib.sha256((own + style).encode("utf-8")).hexdigest()[:32]
    return (
        templates()
        .get_template("campaign.html")
        .render(
            language=language or "en",
            choose=language is None,
            say=say_campaign,
            policy=_policy(style, [one for one in (library, own) if one], nonce),
            nonce=nonce,
            icon=Markup(  # noqa: S704 - our own drawing
                "data:image/svg+xml;base64," + base64.b64encode(_ICON.encode()).decode()
            ),
            style=style,
            library=library,
            script=own,
            words=_block(words_of_page()),
            marks=_block(MARKS),
            shapes={
                name: Markup(shape)  # noqa: S704 - our own drawings
                for name, shape in {
                    **{one: SHAPES[one] for one in MARKS if one in SHAPES},
                    **_STATE_SHAPES,
                }.items()
            },
        )
    )


def campaign_data(status: CampaignStatus, rows: Iterable[TaskRow]) -> Iterator[str]:
    """Give `data.js` in pieces of some hundred rows: calls of the page's own functions.

    All of it is ASCII, and no text of a stranger can end a string, a script or a line in it. What
    is long is cut: the whole of it is in `campaign.jsonl`. Its last line says how many rows there
    were, so that a page knows a whole file from half a one.
    """
    yield f'"use strict";\nrecrateCampaign.begin({_script(_status(status))});\n'
    piece: list[str] = []
    count = 0
    began = _moment(status.head.started)
    for row in rows:
        piece.append(_script(_row(row, began)))
        count += 1
        if len(piece) == _ROWS_IN_A_PIECE:
            yield _piece(piece)
            piece = []
    if piece:
        yield _piece(piece)
    yield f"recrateCampaign.end({count});\n"


def done(status: CampaignStatus) -> int:
    """Return how many tasks came to an end, with a verdict or without."""
    return sum(status.counts.states.get(state, 0) for state in ENDS)


def mark_of(row: TaskRow) -> str:
    """Return what a task shows itself as: its verdict, else its state."""
    result = row.result
    ended = row.state in {"judged", "known"}
    return result.verdict if ended and result is not None and result.verdict else row.state


def report_of(row: TaskRow) -> str:
    """Return the address of a task's report, relative to the campaign's folder; else empty."""
    if not row.folder or mark_of(row) == row.state or not _SAFE_FOLDER.fullmatch(row.folder):
        return ""
    return f"{row.folder}/report.html"


def _status(status: CampaignStatus) -> dict[str, Any]:
    head, counts = status.head, status.counts
    return {
        "columns": COLUMNS,
        "list": _clean(head.list, 300),
        "runners": [_clean(one, 60) for one in head.runners],
        "agent": _clean(head.agent, 60),
        "started": _stamp(head.started),
        "at": _stamp(status.at),
        "running": status.running,
        "total": counts.total,
        "done": done(status),
        "attempts": counts.attempts,
        "core": _number(counts.core_seconds),
        "elapsed": _number(status.elapsed_seconds),
        "perHour": _number(status.per_hour),
        "left": None if status.left_seconds is None else _number(status.left_seconds),
        "workers": status.workers,
        "machineCount": len(status.machines),
        "machines": [_clean(one, 80) for one in status.machines[:_MOST_MACHINES]],
        "queued": status.queued,
        "notes": [_clean(one, 500) for one in status.notes],
    }


def _row(row: TaskRow, began: datetime | None) -> list[object]:
    result = row.result or TaskResult(outcome="judged")
    entry = row.entry
    verdict = mark_of(row)
    return [
        row.number,
        row.state,
        _clean(entry.title or row.name, 200),
        _clean(entry.where, 300),
        entry.year,
        _clean(entry.group, 120),
        "" if verdict == row.state else _clean(verdict, 40),
        _clean(result.cause, 60),
        _clean(result.reason, 300),
        result.outputs,
        result.compared,
        _clean(result.python, 30),
        _number(result.seconds),
        _number(result.core_seconds),
        _clean(result.host, 60),
        _clean(row.runner, 60),
        row.attempts,
        _ended(row, result, began),
        report_of(row),
        row.same_as,
        _clean(row.message or result.message, 500),
        _clean(row.hint or result.hint, 500),
    ]


def _ended(row: TaskRow, result: TaskResult, began: datetime | None) -> int | None:
    """Return the seconds from the campaign's begin to a task's end, None where nobody knows.

    0 for what was known before, and for what was found broken when the list was looked through.
    """
    ended = _moment(result.ended)
    if row.state == "known" or (row.state == "broken" and ended is None):
        return 0
    if row.state not in ENDS or ended is None or began is None:
        return None
    return max(0, round((ended - began).total_seconds()))


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _stamp(text: str) -> float | None:
    """Return an ISO 8601 time as milliseconds since 1970, as browsers count."""
    found = _moment(text)
    return None if found is None else round(found.timestamp() * 1000)


def _number(value: float) -> float:
    """Return a number that JSON can hold, to a tenth."""
    return round(value, 1) if math.isfinite(value) else 0


def _clean(text: str, most: int) -> str:
    """Return a stranger's text as one line of `most` characters, all of them visible."""
    flat = " ".join(text[: most * 4].split())
    return visible(flat if len(flat) <= most else flat[: most - 1] + "…")


def _piece(rows: list[str]) -> str:
    return "recrateCampaign.rows([\n" + ",\n".join(rows) + "\n]);\n"


def _script(value: object) -> str:
    """Return JSON that is safe in a script and in a page: ASCII, without `<`, `>` and `&`."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _block(value: object) -> Markup:
    return Markup(_script(value))  # noqa: S704 - no sign of HTML is left in it


def _inline(script: str) -> Markup:
    r"""Return a script of our own as it stands within `<script>`: nothing in it may end that.

    Source: https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    """
    safe = re.sub(r"<(/script|script|!--)", r"\\x3c\1", script, flags=re.IGNORECASE)
    return Markup(safe.replace("\r\n", "\n").replace("\r", "\n"))  # noqa: S704 - our own script


def _policy(style: str, scripts: list[Markup], nonce: str) -> str:
    """Return the page's wall: these scripts by their hashes, and `data.js` by its nonce.

    A page that lies in a folder is of no origin, so `'self'` names nothing there, and `data.js`
    changes too often for a hash. The nonce is no secret: it tells the script's own requests from
    what anything else might put on the page, and the page holds no text of a stranger as HTML.
    Source: https://www.w3.org/TR/CSP3/#grammardef-nonce-source
    """
    hashes = " ".join(_hash(script) for script in scripts)
    return (
        "default-src 'none'; img-src data:; "
        f"style-src {_hash(style)}; script-src {hashes} 'nonce-{nonce}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
