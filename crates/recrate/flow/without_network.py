"""Replays without the network: which cells lack it, which lack what those would have made.

A run goes on behind such cells, so that the others can be judged. What depends on them is found by
its names and files, in the code as written. Where that is in doubt a cell that ran is not judged;
an error that does not come from them ends the run, as anywhere.
"""

import re
from collections.abc import Iterable

from recrate.compare.causes import cause_of, tells_of_no_network
from recrate.model.observation import Asked, HeldUp, RunError
from recrate.model.study import Notebook
from recrate.model.verdict import Cause
from recrate.replay.asking import host_of, plain_addresses
from recrate.replay.onward import Ended
from recrate.scan.touching import Touched, touched_by

_MOST = 500
"""Cells that may be held up in one notebook; one with more is ended there."""
_OWN = frozenset(
    {
        Cause.MISSING_PACKAGE,
        Cause.LOCAL_MODULE_MISSING,
        Cause.SYSTEM_PROGRAM_MISSING,
        Cause.MEMORY,
        Cause.SANDBOX,
        Cause.HARDWARE_OR_THREADS,
    }
)
"""Causes that have nothing to do with what a cell above did not make."""
_PLOTTING = frozenset({"plt", "sns", "mpl", "matplotlib", "seaborn", "pylab"})
"""Usual names of libraries that draw by the same settings."""
_URL = re.compile(r"(?:https?|ftp)://[^\s'\"<>|)\\]{1,300}")
_NAME = re.compile(r"name '(\w{1,200})' is not defined")
_WORD = re.compile(r"[^\W\d]\w{0,100}")
_MODULE = re.compile(r"No module named '(\w{1,200})")
_FILE = re.compile(r"(?:^|[/\\])([^/\\\s]{1,200}\.[A-Za-z0-9_]{1,10})$")
"""The last part of a path or URL that names a file."""
_POOL = re.compile(r"HTTP(S?)ConnectionPool\(host='([^']{1,253})'.{0,200}?with url: (/\S{0,300})")
_QUOTED = re.compile(r"'([^'\n]{1,300})'|\"([^\"\n]{1,300})\"")
_UNPACKS = re.compile(
    r"extractall|unpack_archive|\bunzip\b|\btar\s+-?\w*x|\bgit\s+clone\b|snapshot_download"
    r"|\bkaggle\b|\bgdown\b|ZipFile"
)


class WithoutNetwork:
    """Follows one notebook that is run without a network; see `replay.onward`."""

    def __init__(self, recorded: Notebook) -> None:
        self.sources = [_source(cell) for cell in _cells(recorded)]
        # The notebook that is run gets its outputs anew: what was recorded must not be read there.
        self.recorded: Notebook = {
            "cells": [{"cell_type": "code", "source": source} for source in self.sources]
        }
        self.modules: set[str] = set()
        self.behind: dict[str, frozenset[str]] = {}
        """Function → names that it reads once it is called."""
        self.lost: dict[str, int] = {}
        """Name → the cell that wants the network, and would have led to its value."""
        self.doubtful: dict[str, int] = {}
        """The same of cells that asked for the network in vain, and yet ended well."""
        self.quiet: dict[int, None] = {}
        """Those cells."""
        self.told: list[Asked] = []
        self._held: dict[int, HeldUp] = {}

    @property
    def held_up(self) -> tuple[HeldUp, ...]:
        """The cells that were held up, in their order."""
        return tuple(self._held[cell] for cell in sorted(self._held))

    @property
    def asked(self) -> tuple[Asked, ...]:
        """Addresses that stand in cells or errors which tell of a missing network."""
        return tuple(self.told)

    def goes_on(self, ended: Ended) -> bool:
        """Take in the end of a cell; say whether the run goes on if it raised something."""
        if not 0 <= ended.cell < len(self.sources) or len(self._held) >= _MOST:
            return False
        touched = touched_by(self.sources[ended.cell])
        self.modules |= {name for name in touched.defines if name not in touched.later}
        wants = self._wants(ended, touched)
        if wants is not None:
            self._hold(ended, wants)
            self._lose(ended, touched, wants)
        elif ended.error is None and not touched.unknown:
            self._settle(ended, touched)
        self.behind |= touched.later
        return wants is not None

    def _wants(self, ended: Ended, touched: Touched) -> int | None:
        """Return the cell that wants the network and holds this one up: itself, or one above."""
        lost = self._first(ended.cell, touched, self.lost)
        if ended.error is None:
            if ended.asked or tells_of_no_network(ended.said):
                self._note(ended, ended.said)
                self.quiet[ended.cell] = None
            return ended.cell if lost is not None and ended.cell in self.quiet else lost
        in_vain = bool(ended.asked) or tells_of_no_network(ended.said)
        cause = cause_of(ended.error, self.recorded, asked=in_vain)
        if cause is Cause.NETWORK_REFUSED:
            self._note(ended, ended.error.message)
            return ended.cell
        found = self._of_name(ended.error)
        if found is None:
            found = self._of_file(ended, ended.error, cause)
        if found is None and cause not in _OWN:
            nothing = "NoneType" in ended.error.message
            found = (
                self._first(ended.cell, touched, self.doubtful)
                if lost is None and nothing
                else lost
            )
        return found

    def _first(self, cell: int, touched: Touched, lost: dict[str, int]) -> int | None:
        """Return the first cell whose results a cell reads, be it in functions that it calls.

        Of code in another language every word counts as a name.
        """
        words = frozenset(_WORD.findall(self.sources[cell]))
        seen = set(words if touched.unknown else touched.uses)
        waiting = list(seen)
        while waiting:
            inner = self.behind.get(waiting.pop(), frozenset()) - seen
            seen |= inner
            waiting.extend(inner)
        return min((lost[name] for name in seen if name in lost), default=None)

    def _of_name(self, error: RunError) -> int | None:
        match = _NAME.search(error.message) if error.name == "NameError" else None
        return {**self.doubtful, **self.lost}.get(match[1]) if match else None

    def _of_file(self, ended: Ended, error: RunError, cause: Cause) -> int | None:
        """Return the cell that was to fetch the file or module which the error is about."""
        module = _MODULE.search(error.message)
        if module:
            made = re.compile(rf"/{module[1]}(?:\.git)?\b|\b{module[1]}\.py\b")
            wanting = [cell for cell in self._wanting() if "install" not in self.sources[cell]]
            return next((cell for cell in wanting if made.search(self.sources[cell])), None)
        if cause in _OWN:
            return None
        # wget and its like leave an empty file behind: reading it fails in words of its own.
        texts = self.sources[ended.cell]
        if cause is Cause.MISSING_FILE:
            texts = f"{texts}\n{error.message}"
        quoted = [one for pair in _QUOTED.findall(texts) for one in pair if one]
        names = {match[1] for one in quoted if (match := _FILE.search(one.rstrip("/")))}
        for cell in [*self._wanting(), *self._held]:
            if any(_names(self.sources[cell], name) for name in names):
                return self._held[cell].wants if cell in self._held else cell
        if cause is not Cause.MISSING_FILE:
            return None
        unpacking = (cell for cell in self._wanting() if _UNPACKS.search(self.sources[cell]))
        return next(unpacking, None)

    def _wanting(self) -> list[int]:
        """Return the cells that want the network themselves."""
        return sorted({*self.quiet, *(one.wants for one in self._held.values())})

    def _hold(self, ended: Ended, wants: int) -> None:
        if wants not in self._held and wants != ended.cell:
            self._held[wants] = HeldUp(cell=wants, wants=wants)
        self._held[ended.cell] = HeldUp(cell=ended.cell, wants=wants, error=ended.error)
        self.lost |= {name: cell for name, cell in self.doubtful.items() if cell == wants}

    def _lose(self, ended: Ended, touched: Touched, wants: int) -> None:
        """Count as lost what the cell did not come to bind, and what it made of what was lost."""
        reached = ended.line or 1
        rest = touched_by(self.sources[ended.cell], reached)
        left = touched if wants != ended.cell else rest
        lost = left.binds | (left.changes - self.modules)
        if ended.error is not None:
            lost |= rest.defines | _kin(rest.settings & self.modules)
        self.lost |= dict.fromkeys(lost, wants)

    def _settle(self, ended: Ended, touched: Touched) -> None:
        """Forget of names that were lost which the cell bound anew."""
        for name in touched.binds | touched.defines:
            self.lost.pop(name, None)
            self.doubtful.pop(name, None)
        above = self._first(ended.cell, touched, self.doubtful)
        source = ended.cell if ended.cell in self.quiet else above
        if source is not None:
            self.doubtful |= dict.fromkeys(touched.binds, source)

    def _note(self, ended: Ended, said: str) -> None:
        """Keep the addresses that the kernel's notes lack: of other programs, and whole URLs."""
        known = {host_of(one) for one in ended.asked}
        written = plain_addresses(_URL.findall(self.sources[ended.cell]))
        pool = _POOL.search(said)
        whole = [f"http{pool[1].lower()}://{pool[2]}{pool[3]}"] if pool else []
        kept: Iterable[str] = written
        if known:
            kept = [one for one in (*whole, *written) if host_of(one) in known]
        elif whole:
            kept = whole
        self.told += [Asked(cell=ended.cell, address=one) for one in plain_addresses(kept)]


def _kin(names: frozenset[str]) -> frozenset[str]:
    """Return the names with those of the libraries for which a setting holds as well."""
    return names | _PLOTTING if names & _PLOTTING else names


def _names(source: str, file: str) -> bool:
    return bool(file) and bool(re.search(rf"(?<![\w.-]){re.escape(file)}(?!\w)", source))


def _cells(notebook: Notebook) -> list[object]:
    cells = notebook.get("cells")
    return cells if isinstance(cells, list) else []


def _source(cell: object) -> str:
    source = cell.get("source") if isinstance(cell, dict) else ""
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    is_code = isinstance(cell, dict) and cell.get("cell_type") == "code"
    return source if is_code and isinstance(source, str) else ""
