"""Run records in a project's `.crates/`, in the layout that others read and write there too.

`.crates/<id>.json` is the metadata of a run crate, and `.crates/index.json` a list of what was run:
an object for each notebook with `notebook, id, created_at, updated_at, name, status, links`. The
list is everybody's: what others wrote into it stays, also what they write while we do.

Source: https://github.com/yacchin1205/governed-runner, src/governedrunner/job/crates.py
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from recrate.model.crate import Crate
from recrate.model.errors import Conflict, OutsideFailed
from recrate.model.record import Record
from recrate.outside.exchange import AnswerLost
from recrate.publish.depositor import Parcel
from recrate.publish.grdm_entries import Entry
from recrate.publish.grdm_keeping import Content, Keeping

FOLDER = ".crates"
INDEX = "index.json"
LIMIT_BYTES = 16 << 20
TRIES = 8
_FAILED = ("failed", "not restored")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:[0-9.]+(Z|[+-]\d{2}:\d{2})?")
_MADE = "grdm-index"

Item = dict[str, Any]


class NotAList(Exception):  # noqa: N818  (never leaves this file: said as a note)
    """What lies in the index's place is something else, and stays as it is."""


def identifier_of(crate: Crate) -> str:
    """Return the `<id>` of a run crate: the same whenever and wherever it is deposited."""
    return crate.identity[:32]


def record_of(crate: Crate) -> bytes:
    """Return what `.crates/<id>.json` holds: the run crate's own metadata."""
    return json.dumps(crate.metadata, ensure_ascii=False, indent=1).encode() + b"\n"


def items_of(crate: Crate, record: Record, links: Mapping[str, str]) -> list[Item]:
    """Return the index's entries of a run crate, one for each notebook.

    links: relation → address; those that others follow are `download` and `web`
    """
    identifier = identifier_of(crate)
    when = _ended(crate) or record.issued
    notebooks = record.notebooks or crate.notebooks or ("",)
    return [
        {
            "notebook": notebook,
            "id": identifier if number == 0 else f"{identifier}-{number}",
            "created_at": when,
            "updated_at": when,
            "name": f"{identifier}.json",
            "status": "failed" if record.verdict in _FAILED else "completed",
            "links": [{"rel": rel, "href": address} for rel, address in links.items()],
            "verdict": record.verdict,
        }
        for number, notebook in enumerate(notebooks)
    ]


def merged(
    listed: Sequence[Any], lost: Sequence[Any], ours: Sequence[Item], names: set[str]
) -> list[Any]:
    """Return the list with `ours` in it once, in place of earlier ones of the same `names`.

    lost: what others wrote and somebody, perhaps we, wrote over; it comes back
    """
    kept = list(listed)
    if [one for one in kept if _is_of(one, names)] != list(ours):
        kept = [*(one for one in kept if not _is_of(one, names)), *ours]
    return kept + [one for one in lost if not _is_of(one, names) and one not in kept]


def keep_run(
    keeping: Keeping, parcel: Parcel, deposited: Entry, page: Callable[[Entry], str]
) -> tuple[str, ...]:
    """Write a run's record and its entries of the index; return what the person should know.

    deposited: the run crate in the same storage
    page:      gives the address of a file's page
    """
    crate = parcel.crate
    folder = keeping.folder(FOLDER)
    name = f"{identifier_of(crate)}.json"
    kept = keeping.put(folder, name, Content.of_bytes(record_of(crate)), replacing=True)
    links = {
        "download": keeping.shelf.address(kept.path),
        "web": page(kept),
        "crate": page(deposited),
    }
    keeping.journal.note(**{_MADE: [name]})
    try:
        _write_index(keeping, folder, items_of(crate, parcel.record, links), {name})
    except NotAList:
        return (
            f"{FOLDER}/{INDEX} of the project is no list of runs: it was left as it is, and the "
            f"run is recorded in {FOLDER}/{name} only",
        )
    return ()


def take_back_run(keeping: Keeping) -> bool:
    """Take this deposit's entries out of the index; say whether there were any."""
    names = set(keeping.journal.get(_MADE) or ())
    folder = keeping.seek((FOLDER,))
    if not names or folder is None:
        return False
    try:
        return _write_index(keeping, folder, [], names)
    except NotAList:
        return False


def _write_index(keeping: Keeping, folder: Entry, ours: list[Item], names: set[str]) -> bool:
    """Merge entries into the index until a look at it finds them; say whether it was changed.

    WaterButler has no conditional write: where the storage keeps versions, those that came
    between our look and our write are read, and what they added is written again.
    """
    lost: list[Any] = []
    seen: int | None = None
    changed = False
    for last in keeping.tries(folder, TRIES):
        keeping.forget(folder)
        present = keeping.find(folder, INDEX)
        listed = _read(keeping, present)
        if present is not None and present.version is not None:
            for version in range((seen or present.version) + 1, present.version):
                lost += _read(keeping, present, version)
            seen = present.version
        wanted = merged(listed, lost, ours, names)
        if wanted == listed:
            return changed
        body = json.dumps(wanted, ensure_ascii=False, indent=1).encode() + b"\n"
        try:
            if present is None:
                keeping.shelf.create(folder, INDEX, body)
                seen = 0
            elif wanted or ours:
                keeping.shelf.replace(present, body)
            else:
                keeping.shelf.remove(present)
        except (AnswerLost, Conflict, OutsideFailed):
            if last:
                raise
        changed = True
    raise Conflict(
        f"{FOLDER}/{INDEX} is being changed by others all the time",
        where=folder.materialized,
        hint="wait until their runs have ended, then go on with `--resume`",
    )


def _read(keeping: Keeping, present: Entry | None, version: int | None = None) -> list[Any]:
    if present is None:
        return []
    if (present.size_bytes or 0) > LIMIT_BYTES:
        raise NotAList
    content = keeping.shelf.read(present, limit_bytes=LIMIT_BYTES, version=version)
    try:
        listed = json.loads(content) if content.strip() else []
    except (ValueError, RecursionError) as error:
        raise NotAList from error
    if not isinstance(listed, list):
        raise NotAList
    return listed


def _is_of(item: Any, names: set[str]) -> bool:
    return isinstance(item, dict) and item.get("name") in names


def _ended(crate: Crate) -> str:
    """Return when the last run of a run crate ended, ISO 8601; empty where it does not say."""
    graph = crate.metadata.get("@graph")
    times = [
        entity["endTime"]
        for entity in (graph if isinstance(graph, list) else [])
        if isinstance(entity, dict) and isinstance(entity.get("endTime"), str)
    ]
    return max((one for one in times if _TIME.fullmatch(one)), default="")
