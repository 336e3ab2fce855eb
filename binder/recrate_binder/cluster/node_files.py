"""What a node keeps of its own, in its scratch, where it does not see the campaign's files.

    TMPDIR/recrate-UID/contents/ab/ab12…   crates and data by address, bounded
                      /attempts/…          of attempts that run now
                      /pilots/…            keys and logs of pilots that run now

A folder of an attempt or a pilot goes when its process ends; what a kill or a power cut left is
taken away by the next one.
"""

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from recrate.model.errors import Refused
from recrate.outside.disk import disk_errors, remove_tree
from recrate.runners.agent_spool import spool_at

_HELD = "held"


def node_spool() -> Path:
    """Return this person's folder in the node's scratch, made for them alone.

    Raises Refused for one that is a link, somebody else's, or open to others' writing: in /tmp
    anybody may have been there first.
    """
    place = Path(tempfile.gettempdir()).absolute() / f"recrate-{os.getuid()}"
    with disk_errors(place):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        info = place.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_mode & 0o022:
        raise Refused(
            "the folder for contents is a link, or others may write into it",
            where=str(place),
            hint="remove it on the node, or name another `scratch` for this site",
        )
    spool_at(str(place))
    if info.st_mode & 0o077:
        place.chmod(0o700)
    return place


@contextlib.contextmanager
def own_folder(parent: Path) -> Iterator[Path]:
    """Give a private folder in `parent` for as long as the block runs.

    Before that those are removed whose processes are dead: the lock of a living one is held by the
    kernel, and by nobody once it ended, however it did.
    """
    with disk_errors(parent):
        parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (parent / "lock").open("a+b") as door:
            fcntl.flock(door, fcntl.LOCK_EX)  # nobody sweeps a folder that is just being made
            for one in parent.iterdir():
                if one.is_dir() and not _is_held(one):
                    remove_tree(one)
            place = Path(tempfile.mkdtemp(prefix="p", dir=parent))
            held = (place / _HELD).open("wb")
            fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield place
    finally:
        remove_tree(place)
        held.close()


def _is_held(folder: Path) -> bool:
    """Say whether the process lives that made a folder."""
    with contextlib.suppress(FileNotFoundError), (folder / _HELD).open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
