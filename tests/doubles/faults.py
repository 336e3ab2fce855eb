"""A fault campaign: the same deposit, broken at every request in every way, then gone on with.

One clean run learns which requests a deposit makes and how long each is. Then, for each of them
and each fault, there is a fresh double, a fresh proxy and a fresh journal; the deposit is tried
until it is done, by a new depositor each time, as a new process would. What came of it is counted
in the double's own store, never in the journal.

    table = run_campaign("zenodo", open_double, attempt, tmp_path)
    assert table.clean, str(table)

A depositor waits through its attribute `sleep` (seconds), which its constructor takes as an
optional keyword and hands to its `Service`: `attempt` passes on the one that it is given.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from doubles.measuring import MeasuringProxy
from doubles.serving import App, Cut, served
from recrate.model.errors import RecrateError
from recrate.publish.journal import Journal

TRIES = 4
RETRY_AFTER_SECONDS = 7.0


@dataclass(frozen=True)
class Counted:
    """What lies in a double's store after one deposit.

    records: published, handed in, or drafts where a draft was wanted; whole, with all their files
    orphans: what else was made and nobody will come back for
    """

    records: int
    orphans: int


@dataclass(frozen=True)
class Double:
    """A fresh service: its app, and a look into its store."""

    app: App
    count: Callable[[], Counted]


class Attempt(Protocol):
    """One process that deposits: makes its depositor, calls `reserve` and `deposit`."""

    def __call__(self, port: int, journal: Journal, sleep: Callable[[float], None]) -> Any:
        """Deposit by the service at `port` of 127.0.0.1; raise RecrateError where that fails."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong with request `at`, counted from 0.

    kind:   `request` and `answer` break the connection after that `share` of the bytes;
            `refused` answers `status` before the service saw the request,
            `hidden` answers `status` although the service did all that was asked
    lasts:  the network stays away until the process has given up
    """

    at: int
    kind: Literal["request", "answer", "refused", "hidden"]
    share: float = 0.0
    status: int = 0
    retry_after: float | None = None
    lasts: bool = False

    def __str__(self) -> str:
        what = f"{self.status}" if self.status else f"cut at {self.share:.0%}"
        return f"#{self.at} {self.kind} {what}{' and away' if self.lasts else ''}"


@dataclass(frozen=True)
class Row:
    """What came of all deposits that were broken at one stage."""

    depositor: str
    stage: str
    deposits: int
    records: int
    duplicates: int
    orphans: int
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """All rows of a campaign."""

    rows: tuple[Row, ...]
    waits: tuple[float, ...] = ()
    """Seconds that depositors waited where a fault said how long."""

    @property
    def clean(self) -> bool:
        """Whether each deposit came to exactly one record and left nothing else."""
        return bool(self.rows) and all(
            row.deposits == row.records and not (row.duplicates or row.orphans or row.unfinished)
            for row in self.rows
        )

    def __str__(self) -> str:
        lines = [
            "| depositor | broken at | deposits attempted | records made | duplicates | orphans |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for row in self.rows:
            numbers = (row.deposits, row.records, row.duplicates, row.orphans)
            lines.append(f"| {row.depositor} | {row.stage} | {' | '.join(map(str, numbers))} |")
            lines += [f"    {one}" for one in row.unfinished]
        return "\n".join(lines)


def cuts_of(requests: int) -> list[Fault]:
    """Return every cut of every request: five places, each passing and lasting."""
    places: tuple[tuple[Literal["request", "answer"], float], ...] = (
        ("request", 0.0), ("request", 0.5), ("request", 1.0), ("answer", 0.0), ("answer", 0.5)
    )  # fmt: skip
    return [
        Fault(at=at, kind=kind, share=share, lasts=lasts)
        for at in range(requests)
        for kind, share in places
        for lasts in (False, True)
    ]


def troubles_of(requests: int) -> list[Fault]:
    """Return, for every request, a 500 and a 503 unseen by the service, a 504 although it was
    done, and a 429 that names its wait.
    """
    return [
        fault
        for at in range(requests)
        for fault in (
            Fault(at=at, kind="refused", status=500),
            Fault(at=at, kind="refused", status=503, lasts=True),
            Fault(at=at, kind="hidden", status=504),
            Fault(at=at, kind="hidden", status=502, lasts=True),
            Fault(at=at, kind="refused", status=429, retry_after=RETRY_AFTER_SECONDS),
        )
    ]


def few_of(requests: int) -> list[Fault]:
    """Return three cuts for every request, and a 504 although it was done: a quick campaign."""
    return [
        fault
        for at in range(requests)
        for fault in (
            Fault(at=at, kind="request", share=0.5, lasts=True),
            Fault(at=at, kind="answer", lasts=True),
            Fault(at=at, kind="answer", share=0.5),
            Fault(at=at, kind="hidden", status=504),
        )
    ]


WHOLE = bool(os.environ.get("RECRATE_FAULT_TABLE"))
"""Whether every fault is tried, as `make faults` does; the tests try a third of them."""


def usual_of(requests: int) -> list[Fault]:
    """Return every fault of every request in a whole campaign, else the quick ones and a 429."""
    if WHOLE:
        return [*cuts_of(requests), *troubles_of(requests)]
    limits = [one for one in troubles_of(requests) if one.status == 429]
    return [*few_of(requests), *limits]


def run_campaign(
    depositor: str,
    open_double: Callable[[], Double],
    attempt: Attempt,
    folder: Path,
    *,
    faults: Callable[[int], Iterable[Fault]] = usual_of,
    stage: Callable[[str, str], str] | None = None,
) -> Table:
    """Break a deposit at each of its requests, and count what the service then holds.

    open_double: makes a fresh service with an empty store
    folder:      where the journals go; each deposit has its own
    faults:      which faults, for that many requests
    stage:       words for (method, path) of a request; by default with identifiers as `…`
    """
    named = stage or _stage
    with served(hall := _Hall()) as port:
        clean = _Run(hall, port, open_double(), attempt, folder / "clean")
        problem = clean.go(None, {})
        assert problem is None, f"the deposit does not even work undisturbed: {problem}"
        assert (came := clean.double.count()) == Counted(1, 0), f"undisturbed: {came}"
        sums: dict[str, Counter[str]] = {}
        unfinished: dict[str, list[str]] = {}
        waits: list[float] = []
        for number, fault in enumerate(faults(len(clean.requests))):
            run = _Run(hall, port, open_double(), attempt, folder / str(number))
            problem = run.go(fault, clean.lengths)
            counted = run.double.count()
            where = named(*clean.requests[fault.at])
            sums.setdefault(where, Counter())[""] += 1
            sums[where]["records"] += counted.records
            sums[where]["duplicates"] += max(0, counted.records - 1)
            sums[where]["orphans"] += counted.orphans
            waits += [one for one in run.slept if one == fault.retry_after]
            if problem is not None or counted != Counted(1, 0):
                unfinished.setdefault(where, []).append(f"{fault}: {problem or counted}")
    rows = (
        Row(
            depositor, where, n[""], n["records"], n["duplicates"], n["orphans"],
            tuple(unfinished.get(where, ())),
        )
        for where, n in sums.items()
    )  # fmt: skip
    table = Table(tuple(rows), tuple(waits))
    keep(table)
    return table


def keep(table: Table) -> None:
    """Append a table to the file that RECRATE_FAULT_TABLE names, for `make faults`."""
    file = os.environ.get("RECRATE_FAULT_TABLE")
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.writelines(
                f"| {row.depositor} | {row.stage} | {row.deposits} | {row.records} "
                f"| {row.duplicates} | {row.orphans} |\n"
                for row in table.rows
            )


def _stage(method: str, path: str) -> str:
    parts = [
        "…" if re.search(r"\d", part) and not re.fullmatch(r"v\d", part) else part
        for part in path.split("/")
    ]
    return f"{method} {'/'.join(parts)}"


@dataclass
class _Run:
    """One deposit from its first process to its last."""

    hall: "_Hall"
    port: int
    double: Double
    attempt: Attempt
    folder: Path
    slept: list[float] = field(default_factory=list)
    requests: Sequence[tuple[str, str]] = ()
    lengths: dict[int, tuple[int, int]] = field(default_factory=dict)

    def go(self, fault: Fault | None, lengths: dict[int, tuple[int, int]]) -> str | None:
        """Deposit, going on after failures; return why it never came to an end, or None."""
        self.hall.receives(self.double.app, fault)
        proxy = MeasuringProxy(self.port, _cuts(fault, lengths))
        try:
            return self._until_done(proxy)
        finally:
            proxy.close()
            self.requests = tuple(self.hall.seen)
            self.lengths = proxy.measured(len(self.requests)) if fault is None else {}

    def _until_done(self, proxy: "MeasuringProxy") -> str | None:
        problem = None
        for _ in range(TRIES):
            try:
                self.attempt(proxy.port, Journal(self.folder), self.slept.append)
            except RecrateError as error:
                problem = f"{type(error).__name__}: {error}"
                proxy.cuts.clear()
                self.hall.fault = None
            else:
                return None
        return problem


def _cuts(fault: Fault | None, lengths: dict[int, tuple[int, int]]) -> list[Cut]:
    if fault is None or fault.kind not in ("request", "answer"):
        return []
    there, back = lengths[fault.at]
    whole = there if fault.kind == "request" else back
    most = whole - 1
    cut = Cut(at=fault.at, where=fault.kind, bytes=min(most, int(whole * fault.share)))
    away = range(fault.at + 1, fault.at + 500) if fault.lasts else ()
    return [cut, *(Cut(at=at, where="request") for at in away)]


class _Hall:
    """One server for all doubles of a campaign, that knows which request is the how-manieth."""

    def __init__(self) -> None:
        self.app: App | None = None
        self.fault: Fault | None = None
        self.seen: list[tuple[str, str]] = []

    def receives(self, app: App, fault: Fault | None) -> None:
        """Serve another double from now on."""
        self.app, self.fault, self.seen = app, fault, []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert self.app is not None
        number = len(self.seen)
        self.seen.append((scope["method"], scope["path"]))
        fault = self.fault
        struck = fault is not None and (fault.at == number or (fault.lasts and number > fault.at))
        if fault is None or not struck or not fault.status:
            await self.app(scope, receive, send)
            return
        if fault.kind == "hidden" and number == fault.at:
            await self.app(scope, receive, _unheard)
        else:
            while (await receive()).get("more_body"):
                pass
        headers = [(b"content-type", b"application/json")]
        if fault.retry_after is not None:
            headers.append((b"retry-after", str(int(fault.retry_after)).encode()))
        await send({"type": "http.response.start", "status": fault.status, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"message": "trouble was planned"}'})


async def _unheard(_message: Any) -> None:
    """Take an answer and tell nobody."""
