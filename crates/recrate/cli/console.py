"""What a person sees on stderr: progress that is drawn where it can be, and messages."""

import json
import sys
import time
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from recrate.model.errors import RecrateError
from recrate.model.finding import Finding, Severity

SIGNS = {Severity.ERROR: "✗ error", Severity.WARNING: "! warning", Severity.NOTE: "· note"}
SECONDS_BETWEEN_LINES = 2.0


class Display:
    """Progress on stderr: a live line on a terminal, plain lines elsewhere, nothing when quiet."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
        self._quiet = quiet
        self._live: Progress | None = None
        self._last = ("", 0.0)

    def __enter__(self) -> Self:
        if self.console.is_terminal and not self._quiet:
            self._live = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[note]}"),
                TimeElapsedColumn(),
                console=self.console,
                transient=True,
            )
            self._live.start()
            self._task = self._live.add_task("", total=None, note="")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def progress(self, stage: str, done: int, total: int, message: str) -> None:
        """Show one step; on something that is no terminal at most a line every two seconds."""
        if self._quiet:
            return
        note = printable(message)[:100]
        if self._live is not None:
            self._live.update(
                self._task,
                description=escape(stage),
                completed=done,
                total=total or None,
                note=escape(note),
            )
            return
        now = time.monotonic()
        if stage != self._last[0] or now - self._last[1] >= SECONDS_BETWEEN_LINES:
            count = f" {done}/{total}" if total else ""
            print(f"{stage}{count}: {note}", file=sys.stderr, flush=True)
            self._last = (stage, now)

    def say(self, text: str) -> None:
        """Print a line for the person."""
        self.console.print(escape(printable(text)))


def show_findings(display: Display, findings: tuple[Finding, ...]) -> None:
    """List findings, heaviest first, each with its place and hint."""
    order = list(SIGNS)
    for finding in sorted(findings, key=lambda finding: order.index(finding.severity)):
        display.say(
            f"{SIGNS[finding.severity]}: {finding.where}: {finding.message} [{finding.code}]"
        )
        if finding.hint:
            display.say(f"    hint: {finding.hint}")


def complain(error: RecrateError) -> None:
    """Print an error as one sentence, and its hint on a line of its own."""
    print(f"recrate: {printable(str(error))}", file=sys.stderr)
    if error.hint:
        print(f"hint: {printable(error.hint)}", file=sys.stderr)


def printable(text: str) -> str:
    """Make control characters, bidi overrides and lone surrogates visible: names may be hostile."""
    return "".join(
        character
        if character == "\n" or character.isprintable() or character in "\u3000\u00a0"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def print_json(document: Any) -> None:
    """Print the one JSON document that `--json` promises on stdout."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + "\n")
