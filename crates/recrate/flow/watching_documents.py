"""What is told of watched crates: a change as JSON and in words, lists, histories, the feed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recrate.flow.watching_state import (
    SETTLED,
    Change,
    HistoryEntry,
    Seen,
    Watched,
    WatchedFolder,
    next_due_seconds,
)
from recrate.locate.written import doi_in, doi_url, read_where
from recrate.model.disagreement import Explanation
from recrate.model.errors import BadInput
from recrate.model.wire import to_plain
from recrate.report.account import LANGUAGES, Language
from recrate.report.disagreement import explanation_sentence
from recrate.report.feed import FeedEntry, identifier
from recrate.report.watching import (
    causes_sentence,
    change_title,
    line,
    notebooks_sentence,
    verdict_in,
)
from recrate.report.words_watching import told


def link_of(where: str) -> str:
    """Return the address of a crate that has one, empty for a path of this machine."""
    try:
        address = read_where(where)
    except BadInput:
        return ""
    doi, url = getattr(address, "doi", None), getattr(address, "url", None)
    return doi_url(doi) if doi and doi_in(doi) else url or ""


def shown_place(where: str) -> str:
    """Return where a crate is as others may read it: of a path, its last part alone."""
    return link_of(where) or Path(where).name


def event_document(
    watched: Watched, entry: HistoryEntry, seen: Seen, change: Change
) -> dict[str, Any]:
    """Return the JSON document of a change, as a webhook is told of it and `show` lists it."""
    sentences = {
        language: "\n".join(change_lines(watched, entry, seen, change, language))
        for language in LANGUAGES
    }
    return {
        "schema": 1,
        "event": "verdict-changed",
        "id": identifier(watched.id, entry.date, seen.track),
        "date": entry.ended,
        "watched": {
            "id": watched.id,
            "where": shown_place(watched.where),
            "title": entry.crate_name,
        },
        "crate": seen.crate,
        "environment": seen.track,
        "verdict": {"before": change.before, "after": change.after},
        "since": {"last_seen": change.last_seen, "first_seen": change.first_seen},
        "because": causes_document(change.causes),
        "notebooks": [
            {"path": path, "before": before, "after": after}
            for path, before, after in change.notebooks
        ],
        "sentence": sentences,
        "agent": entry.agent,
    }


def causes_document(causes: Sequence[Explanation]) -> list[dict[str, Any]]:
    """Return explanations as JSON, each with a sentence in both languages."""
    return [
        {**to_plain(one), "sentence": {lang: explanation_sentence(one, lang) for lang in LANGUAGES}}
        for one in causes
    ]


def change_lines(
    watched: Watched, entry: HistoryEntry, seen: Seen, change: Change, language: Language
) -> list[str]:
    """Return a change in words: what and since when, because of what, and where."""
    title = change_title(
        name_of(watched, entry),
        before=change.before,
        after=change.after,
        last_seen=change.last_seen,
        first_seen=change.first_seen,
        today=seen.track == "today",
        language=language,
    )
    rest = [
        causes_sentence(change.causes, language),
        notebooks_sentence(change.notebooks, language),
    ]
    return [title, *(one for one in rest if one)]


def name_of(watched: Watched, entry: HistoryEntry | None) -> str:
    """Return how a crate is called: by its title, else by where it is."""
    return line(entry.crate_name if entry and entry.crate_name else shown_place(watched.where))


def changes_of(folder: WatchedFolder) -> list[tuple[HistoryEntry, Seen, Change]]:
    """Return all changes of a watched crate, the oldest first."""
    return [
        (entry, seen, seen.change)
        for entry in folder.history()
        for seen in entry.seen
        if seen.change is not None
    ]


def feed_entries(folders: Sequence[WatchedFolder]) -> list[FeedEntry]:
    """Return an entry for each change of these crates."""
    found = []
    for folder in folders:
        watched = folder.read()
        for entry, seen, change in changes_of(folder):
            lines = {
                language: change_lines(watched, entry, seen, change, language)
                for language in LANGUAGES
            }
            where = {
                language: told("feed.where", language, where=line(shown_place(watched.where)))
                for language in LANGUAGES
            }
            found.append(
                FeedEntry(
                    id=identifier(watched.id, entry.date, seen.track),
                    updated=entry.ended,
                    titles={language: text[0] for language, text in lines.items()},
                    texts={
                        language: "\n".join([*text, where[language]])
                        for language, text in lines.items()
                    },
                    link=link_of(watched.where),
                )
            )
    return found


def listed_document(folder: WatchedFolder, *, now: datetime) -> dict[str, Any]:
    """Return one line of `watch list`: what is watched, its verdict and since when, when next."""
    watched, history = folder.read(), folder.history()
    last = history[-1] if history else None
    due = next_due_seconds(watched, history, now.timestamp())
    waiting = [one for one in (last.seen if last else ()) if one.outcome not in SETTLED]
    return {
        "id": watched.id,
        "where": watched.where,
        "title": name_of(watched, last),
        "every_seconds": watched.every_seconds,
        "environment": "current" if watched.current else "lock",
        "today": watched.today,
        "to": watched.to,
        "added": watched.added,
        "runs": len(history),
        "last_run": last.date if last else None,
        "next_due": _iso(now + timedelta(seconds=max(due, 0.0))),
        "under_way": (folder.under_way() or (None,))[0],
        "state": [_state(folder, history, track) for track in ("published", "today")
                  if any(one.of(track) for one in history)],
        "trouble": [
            {"outcome": one.outcome, "message": one.message, "hint": one.hint,
             "since": _trouble_since(history, one)}
            for one in waiting
        ],
    }  # fmt: skip


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat("T", "seconds")


def _state(folder: WatchedFolder, history: Sequence[HistoryEntry], track: Any) -> dict[str, Any]:
    """Return the verdict that holds, since when it was seen, and where its report lies."""
    since, verdict, report, differs = None, None, None, None
    for entry in history:
        seen = entry.of(track)
        if seen is None or seen.outcome not in SETTLED:
            continue
        if verdict != seen.verdict:
            since, verdict = entry.date, seen.verdict
        place = folder.run(seen)
        report = str(place / "report.html") if place else None
        differs = causes_document(seen.differs)
    document = {"environment": track, "verdict": verdict, "since": since, "report": report}
    return {**document, "differs": differs} if track == "today" else document


def _trouble_since(history: Sequence[HistoryEntry], seen: Seen) -> str:
    """Return the date of the first of the runs in a row that were not settled."""
    since = history[-1].date
    for entry in reversed(history):
        one = entry.of(seen.track)
        if one is None or one.outcome in SETTLED:
            break
        since = entry.date
    return since


def entry_document(watched: Watched, entry: HistoryEntry) -> dict[str, Any]:
    """Return one run as `watch run --json` and `watch show --json` print it."""
    document: dict[str, Any] = to_plain(entry)
    document["watched"] = {"id": watched.id, "where": watched.where}
    for plain, seen in zip(document["seen"], entry.seen, strict=True):
        plain["change"] = event_document(watched, entry, seen, seen.change) if seen.change else None
        plain["differs"] = causes_document(seen.differs)
    return document


def entry_lines(watched: Watched, entry: HistoryEntry, language: Language) -> list[str]:
    """Return one run in words: a line for each environment, and what changed."""
    lines = []
    for seen in entry.seen:
        head = told(f"track.{seen.track}", language)
        if seen.outcome == "judged":
            verdict = verdict_in(seen.verdict, language)
            where = {"python": seen.python, "packages": f"{seen.packages:,}"}
            lines.append(
                f"{head}: {verdict}" + (told("where", language, **where) if seen.python else "")
            )
        else:
            lines.append(
                f"{head}: {told(f'outcome.{seen.outcome}', language)}: {line(seen.message)}"
            )
            if seen.hint:
                lines.append(f"    hint: {line(seen.hint)}")
        if seen.change is not None:
            lines += [
                f"  * {one}" for one in change_lines(watched, entry, seen, seen.change, language)
            ]
        elif seen.differs:
            lines.append(f"  {causes_sentence(seen.differs, language)}")
    return [*lines, *(f"  {line(note)}" for note in entry.notes)]
