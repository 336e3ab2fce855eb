"""`recrate watch`: replay deposited crates on a schedule, and say what changed, since when, why."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from rich.markup import escape
from rich.table import Table

from recrate.cli.console import Display, print_json, printable
from recrate.cli.options import PLACE, config_option, json_option, language_option
from recrate.configuration import default_language, read_settings
from recrate.flow.settings import Settings
from recrate.flow.watching import (
    RunOrder,
    WatchedRun,
    WatchSettings,
    add_watched,
    feed_of,
    remove_watched,
    run_due,
    watched_folder,
    watched_folders,
)
from recrate.flow.watching_documents import (
    changes_of,
    entry_document,
    entry_lines,
    event_document,
    listed_document,
)
from recrate.flow.watching_state import HistoryEntry, Watched
from recrate.flow.watching_webhook import SECRET_NAME
from recrate.model.wire import to_plain
from recrate.outside.disk import write_text
from recrate.report.account import Language
from recrate.report.watching import verdict_in
from recrate.report.words_watching import told as words

if TYPE_CHECKING:
    from recrate.report.feed import FeedLanguage

_UNITS = {"m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 7 * 86_400.0}
CHANGED, OUTSIDE_FAILED = 1, 3


class Interval(click.ParamType[float]):
    """A length of time: `30d`, `12h`, `2w`, `90m`."""

    name = "interval"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the length in seconds."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)\s*([mhdw])", str(value).strip().lower())
        if found is None or not float(found[1]):
            self.fail(f"{value!r} is not an interval such as 30d, 12h or 2w", param, ctx)
        return float(found[1]) * _UNITS[found[2]]


@click.group
def watch() -> None:
    """Replay deposited crates again and again, and say since when and why a verdict changed.

    Nothing stays in the background: let cron or a systemd timer call `recrate watch run`.
    """


@watch.command
@click.argument("crates", nargs=-1, required=True, metavar="CRATE…")
@click.option("--every", type=Interval(), help="How often: 30d, 12h, 2w.  [default: 30d]")
@click.option("--to", type=PLACE, help="Keep its replays in this folder.")
@click.option(
    "--environment",
    type=click.Choice(["lock", "current"]),
    default="lock",
    show_default=True,
    help="Restore the crate's lock, or take this machine's kernel as it is.",
)
@click.option("--today", is_flag=True, help="Each time also with the packages of that day.")
@json_option
@config_option
def add(
    *,
    crates: tuple[str, ...],
    every: float | None,
    to: Path | None,
    environment: str,
    today: bool,
    as_json: bool,
    config_file: Path | None,
) -> int:
    """Watch each CRATE from now on: a file, a folder, an https address or a DOI."""
    settings = read_settings(config_file)
    interval = every or watch_settings(settings).every_seconds
    added = [
        add_watched(
            one,
            every_seconds=interval,
            settings=settings,
            to=to,
            current=environment == "current",
            today=today,
        )
        for one in crates
    ]
    if as_json:
        print_json({"added": to_plain(added)})
        return 0
    display = Display()
    for one in added:
        display.say(f"watched as {one.id}: {one.where}")
    display.say("`recrate watch run` replays what is due; let cron or a timer call it")
    return 0


@watch.command(name="list")
@language_option
@json_option
@config_option
def list_watched(*, language: Language | None, as_json: bool, config_file: Path | None) -> int:
    """List what is watched: its verdict, since when, and when it is due next."""
    settings = read_settings(config_file)
    now = settings.clock()
    found = [listed_document(one, now=now) for one in watched_folders(settings)]
    if as_json:
        print_json({"watched": found})
        return 0
    display = Display()
    if not found:
        display.say("nothing is watched; `recrate watch add CRATE` begins")
        return 0
    table = Table(box=None, pad_edge=False)
    for name in ("Id", "Verdict", "Since", "Next", "Crate", "Trouble"):
        table.add_column(name, overflow="fold")
    for one in found:
        cells = _cells(one, language or default_language())
        table.add_row(*(escape(printable(cell)) for cell in cells))
    display.console.print(table)
    return 0


def _cells(one: dict[str, Any], language: Language) -> tuple[str, ...]:
    state = [part for part in one["state"] if part["verdict"] is not None]
    verdicts = " / ".join(verdict_in(part["verdict"], language) for part in state)
    since = " / ".join((part["since"] or "")[:10] for part in state)
    trouble = "; ".join(
        f"{part['message'][:120]} ({part['since'][:10]})" for part in one["trouble"]
    )
    return (
        one["id"], verdicts or "—", since or "—", one["next_due"][:16].replace("T", " "),
        f"{one['title']} {one['where']}" if one["title"] != one["where"] else one["where"],
        trouble or "—",
    )  # fmt: skip


@watch.command
@click.argument("which", metavar="ID")
@json_option
@config_option
def remove(*, which: str, as_json: bool, config_file: Path | None) -> int:
    """Watch a crate no longer; its history goes with it. ID may also be where the crate is."""
    removed = remove_watched(which, settings=read_settings(config_file))
    if as_json:
        print_json({"removed": to_plain(removed)})
        return 0
    display = Display()
    display.say(f"no longer watched: {removed.where}")
    if removed.to:
        display.say(f"its replays stay in {Path(removed.to) / removed.id}")
    return 0


@watch.command
@click.option("--all", "everything", is_flag=True, help="Every crate, due or not.")
@click.option("--now", is_flag=True, help="Also what is not due; with --only, just that.")
@click.option("--only", multiple=True, metavar="ID", help="Only this one; repeatable.")
@click.option("--today", is_flag=True, help="Also with the packages of today, for all of them.")
@click.option(
    "--confirm/--no-confirm",
    default=True,
    help="Call a verdict changed only when a second replay says the same.  [default: confirm]",
)
@click.option("--webhook", metavar="URL", help="Tell this address of changes.")
@click.option("--unsandboxed", is_flag=True, help="Run without walls: only what you trust.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what changed or went wrong.")
@language_option
@json_option
@config_option
def run(**given: Any) -> int:
    """Replay what is due, one after the other; made to be called by cron or a timer.

    Exit code 1: a verdict changed, or a crate could not be read or was refused; 3: something
    outside failed for a crate, which is tried again at the next run; 4: another run is at work.
    """
    settings = read_settings(given["config_file"], unsandboxed=given["unsandboxed"])
    language = given["language"] or default_language()
    quiet = given["quiet"] or given["as_json"]
    order = RunOrder(
        only=given["only"] if not given["everything"] else (),
        now=given["now"] or given["everything"],
        today=given["today"],
        confirm=given["confirm"],
    )

    def told(watched: Watched, entry: HistoryEntry) -> None:
        if not given["as_json"] and (not given["quiet"] or not _is_calm(entry)):
            display.say("\n".join([watched.where, *entry_lines(watched, entry, language)]))

    with Display(quiet=quiet) as display:
        done = run_due(
            order,
            settings=settings,
            watch=watch_settings(settings, given["webhook"]),
            progress=display.progress,
            told=told,
        )
    if given["as_json"]:
        print_json(_run_document(done))
    else:
        _show_deliveries(display, done, quiet=given["quiet"])
    return _exit_code(done)


def _show_deliveries(display: Display, done: WatchedRun, *, quiet: bool) -> None:
    for one in done.deliveries:
        if one.state != "taken":
            display.say(f"webhook: {one.state} after {one.tries} tries: {one.message}")
    if not quiet and done.not_due:
        display.say(f"not due: {done.not_due}")


def _run_document(done: WatchedRun) -> dict[str, Any]:
    return {
        "runs": [entry_document(watched, entry) for watched, entry in done.entries],
        "webhook": to_plain(done.deliveries),
        "not_due": done.not_due,
    }


def _is_calm(entry: HistoryEntry) -> bool:
    return all(one.outcome == "judged" and one.change is None for one in entry.seen)


def _exit_code(done: WatchedRun) -> int:
    seen = [one for _, entry in done.entries for one in entry.seen]
    if any(one.change or one.outcome in {"broken", "refused"} for one in seen):
        return CHANGED
    return OUTSIDE_FAILED if any(one.outcome == "unlucky" for one in seen) else 0


@watch.command
@click.argument("which", metavar="ID")
@language_option
@json_option
@config_option
def show(*, which: str, language: Language | None, as_json: bool, config_file: Path | None) -> int:
    """Show the history of a watched crate: each run, and what changed since when and why."""
    settings = read_settings(config_file)
    folder = watched_folder(which, settings=settings)
    watched, history = folder.read(), folder.history()
    if as_json:
        changes = [event_document(watched, *change) for change in changes_of(folder)]
        print_json(
            {
                **listed_document(folder, now=settings.clock()),
                "history": [entry_document(watched, entry) for entry in history],
                "changes": changes,
            }
        )
        return 0
    display = Display()
    display.say(f"{watched.id}  {watched.where}")
    if not history:
        display.say(words("not yet", language or default_language()))
    for entry in history:
        display.say(entry.date[:16].replace("T", " "))
        for text in entry_lines(watched, entry, language or default_language()):
            display.say(f"  {text}")
    return 0


@watch.command
@click.option("-o", "--output", type=PLACE, required=True, help="File of the feed.")
@click.option(
    "--language", type=click.Choice(["en", "ja", "both"]), default="en", show_default=True
)
@click.option("--link", default="", metavar="URL", help="Where the feed will be served.")
@json_option
@config_option
def feed(*, output: Path, language: str, link: str, as_json: bool, config_file: Path | None) -> int:
    """Write what changed as an Atom feed, for any feed reader."""
    settings = read_settings(config_file)
    text = feed_of(
        settings,
        watch=watch_settings(settings),
        language=cast("FeedLanguage", language),
        link=link,
    )
    write_text(output, text)
    if as_json:
        print_json({"feed": str(output)})
    else:
        Display().say(f"feed: {output}")
    return 0


def watch_settings(settings: Settings, webhook: str | None = None) -> WatchSettings:
    """Return how to watch, with what was said on the command line laid over it."""
    found = replace(settings.watch, secret=settings.publish.token(SECRET_NAME))
    if webhook:
        found = replace(found, webhook=webhook)
    return found
