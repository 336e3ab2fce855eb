"""What is run on a node that does not see the campaign's files: contents come in, results go out.

All that a node is told comes as arguments, and all that it has to say is what it returns.
"""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from recrate.model.errors import NotFound, RecrateError
from recrate.model.wire import from_json
from recrate.runners.agent_packing import pack_attempt
from recrate.runners.agent_spool import Folder, Submission, checked_id
from recrate.runners.agent_store import Store
from recrate.runners.runner import MODULE
from recrate.runners.staging import words_of
from recrate_binder.cluster.node_files import node_spool, own_folder
from recrate_binder.cluster.onnode import Told, run_attempt

CARRIED_BYTES = 100 * 1024**2
"""What goes with an attempt, or comes back, at most: it lies in the memory of the campaign's
machine and of the node, in several copies. Parsl itself complains from 128 MB on."""
STORE_BYTES = 2 * 1024**3
"""What a node keeps of contents; scratch is often small, or memory."""
PUSHED = (
    "nodes do not see the files of this machine: crates, data and results go through Parsl, at"
    f" most {CARRIED_BYTES // 1024**2} MiB for a replay"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a node returns.

    missing: contents that it lacks: then nothing was run
    packed:  a zip of what the attempt left, empty where there is none
    """

    told: Told
    missing: tuple[str, ...] = ()
    packed: bytes = b""


def run_pushed(python: str, submission: str, sent: Mapping[str, bytes]) -> Brought:
    """Lay an attempt out from contents, run it, and return what it left; nothing else stays.

    submission: a `Submission` as JSON; sent: the bytes of some of its contents, by SHA-256
    """
    node = os.environ.get("SLURMD_NODENAME") or platform.node()
    try:
        what = from_json(submission.encode(), Submission)
        spool = node_spool()
        store = Store(folder=spool / "contents", limit_bytes=STORE_BYTES)
        with own_folder(spool / "attempts") as place:
            missing = _hold(what, sent, store, place / "contents")
            if missing:
                return Brought(told=(None, "", node, ""), missing=missing)
            folder = Folder(place / checked_id(what.id))
            folder.take(what, store)
            command = (python, "-m", MODULE, str(folder.attempt))
            told = run_attempt(
                command, str(folder.attempt), str(place), what.id, what.seconds, away=str(place)
            )
            return _packed(folder, told)
    except RecrateError as error:
        return Brought(told=(None, "lost", node, words_of(error)))
    except Exception as error:  # noqa: BLE001 -- its type may not be known where this is told
        return Brought(told=(None, "lost", node, f"{type(error).__name__}: {error}"))


def _hold(
    what: Submission, sent: Mapping[str, bytes], store: Store, folder: Path
) -> tuple[str, ...]:
    """Keep what came, and hold on to all that is needed; return what is not here.

    What is held has a second name, and is not what gives way when somebody else needs room.
    """
    missing = []
    for address in dict.fromkeys(one.sha256 for one in what.contents):
        content = sent.get(address)
        if content is not None and store.missing([address]):
            store.take(address, len(content), BytesIO(content))
        try:
            store.lend(address, folder / address)
        except NotFound:
            missing.append(address)
    return tuple(missing)


def _packed(folder: Folder, told: Told) -> Brought:
    """Return what an attempt left as bytes, unless there are too many."""
    packed = pack_attempt(folder)
    if packed.size_bytes <= CARRIED_BYTES:
        return Brought(told=told, packed=packed.path.read_bytes())
    note = (
        f"what the replay left has {packed.size_bytes:,} bytes, packed; no more than"
        f" {CARRIED_BYTES:,} come back from nodes without shared files (replay it on a site with"
        " `shared` files, or of kind `ssh`)"
    )
    return Brought(told=(None, "refused", told[2], note))
