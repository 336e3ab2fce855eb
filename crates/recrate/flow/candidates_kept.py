"""What a replay's folder holds of the environments that were tried, and which of them was chosen.

`candidates.json` lists them; `candidates/NAME/` has each one's lock and what was seen in it. What
the verdict is of always lies where a replay's observation lies: where another one than the crate's
lock is chosen, the two change places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from recrate.flow.adding import ADDED
from recrate.flow.file_keeping import RECORDED_FILES
from recrate.flow.work import ReplayFolder
from recrate.model.candidate import Candidate, CandidateOutcome
from recrate.model.environment import Lock
from recrate.model.errors import BadInput
from recrate.model.observation import EnvironmentSeen
from recrate.model.wire import from_json, to_json
from recrate.outside.disk import disk_errors, write_text

TRIED = "candidates.json"
CANDIDATES = "candidates"
FIRST = "lock"
"""Name of the crate's own lock among the candidates."""
_LOCK = "lock.json"
_NAME = re.compile(r"lock|declared|inferred|today|python-3\.[0-9]{1,2}")
_MOVED = ("observations", ADDED, RECORDED_FILES)
"""What changes places with the crate's lock where another candidate is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The candidates in the order they were tried; `chosen` is a name, empty while that is open."""

    candidates: tuple[Candidate, ...] = ()
    chosen: str = ""
    schema: int = 1


def folder_of(folder: ReplayFolder, name: str) -> ReplayFolder:
    """Return the folder in which a candidate is observed, laid out as a replay's own."""
    return ReplayFolder(root=folder.root / CANDIDATES / name)


def read_tried(folder: ReplayFolder) -> Tried:
    """Return what was tried so far; nothing in a folder where only the crate's lock was.

    Raises BadInput for a file that is not ours: its names are names of folders.
    """
    place = folder.root / TRIED
    if not place.is_file():
        return Tried()
    tried = from_json(place.read_bytes(), Tried, where=str(place))
    names = {one.name for one in tried.candidates}
    if not all(_NAME.fullmatch(one) for one in names) or tried.chosen not in {"", *names}:
        raise BadInput(
            "names environments that no replay tries",
            where=str(place),
            hint="replay the crate into another folder with -o",
        )
    return tried


def write_tried(folder: ReplayFolder, tried: Tried) -> None:
    """Keep what was tried, whole."""
    write_text(folder.root / TRIED, to_json(tried))


def read_lock(folder: ReplayFolder, name: str) -> Lock | None:
    """Return a candidate's lock, None where it was not resolved yet."""
    place = folder_of(folder, name).root / _LOCK
    return from_json(place.read_bytes(), Lock, where=str(place)) if place.is_file() else None


def write_lock(folder: ReplayFolder, name: str, lock: Lock) -> None:
    """Keep a candidate's lock, so that who resumes need not ask an index again."""
    write_text(folder_of(folder, name).root / _LOCK, to_json(lock))


def chosen_lock(folder: ReplayFolder) -> Lock | None:
    """Return the lock that was chosen instead of the crate's, and see that it is in its place.

    None where none was, or where the choice is still open.
    """
    chosen = read_tried(folder).chosen
    if chosen in ("", FIRST):
        return None
    _change_places(folder, chosen)
    return read_lock(folder, chosen)


def _change_places(folder: ReplayFolder, chosen: str) -> None:
    """Move what was seen in the chosen one to the replay's own place; goes on after a cut.

    The crate's lock leaves first: once its folder has its name, all of it is there.
    """
    own, draft = folder_of(folder, FIRST).root, folder_of(folder, f".{FIRST}").root
    with disk_errors(folder.root):
        if not own.exists():
            draft.mkdir(parents=True, exist_ok=True)
            for name in _MOVED:
                if (folder.root / name).exists():
                    (folder.root / name).rename(draft / name)
            draft.rename(own)
        for name in _MOVED:
            place = folder_of(folder, chosen).root / name
            if place.exists():
                place.rename(folder.root / name)


def tell_tried(folder: ReplayFolder, lock: Lock | None) -> None:
    """Write into what was observed which environments were tried, for whoever judges it.

    lock: the crate's, which an environment that is not of it did not restore
    """
    tried = read_tried(folder)
    if not tried.candidates:
        return
    told = tuple(replace(one, chosen=one.name == tried.chosen) for one in tried.candidates)
    for seen in folder.observations():
        environment = seen.environment
        if environment is not None and lock is not None and tried.chosen not in ("", FIRST):
            lines = tuple(_not_as_locked(lock, environment))
            environment = replace(environment, restored=False, differences=lines)
        folder.write_observation(replace(seen, candidates=told, environment=environment))


def _not_as_locked(lock: Lock, seen: EnvironmentSeen) -> Iterator[str]:
    """Yield what another environment has otherwise than the crate's lock says, a line for each."""
    yield "it was made of another lock than the crate’s"
    if lock.python.split(".")[:2] != seen.python.split(".")[:2]:
        yield f"Python is {seen.python}, the lock says {lock.python}"
    have = {one.name: one.version for one in seen.packages}
    wanted = {one.name: one.version for one in lock.packages}
    for name in sorted(have.keys() | wanted.keys()):
        if name not in have:
            yield f"{name} {wanted[name]} is missing"
        elif name not in wanted:
            yield f"{name} {have[name]} is not in the lock"
        elif have[name] != wanted[name]:
            yield f"{name} is {have[name]}, the lock says {wanted[name]}"


def open_again(tried: Tried) -> Tried:
    """Return what stands of an earlier go: what could not be tried then may be tried now."""
    kept = tuple(one for one in tried.candidates if one.outcome is not CandidateOutcome.NOT_TRIED)
    return replace(tried, candidates=kept, chosen="")
