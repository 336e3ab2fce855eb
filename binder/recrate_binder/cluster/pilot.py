"""A pilot on a node that does not see the campaign's files: Parsl's, with keys from its own script.

It is run as `python -m recrate_binder.cluster.pilot OPTIONS-OF-PARSL` and reads its keys, as
`keys_of` makes them, from stdin: a command line can be read by everybody on the node.
"""

import contextlib
import os
import runpy
import sys
import tempfile
from multiprocessing.util import get_temp_dir
from pathlib import Path

from recrate.outside.tether import Tether
from recrate_binder.cluster.node_files import node_spool, own_folder

_PARSL = "parsl.executors.high_throughput.process_worker_pool"
_SCRATCH_LETTERS = 70
_NONE = "0" * 40
"""In place of the other side's secret, which pilots do not have: Parsl wants to read one."""


def keys_of(certificates: Path) -> str:
    """Return what a pilot needs of Parsl's keys, as one word: its own pair, and the public one."""
    from zmq.auth import load_certificate  # noqa: PLC0415 -- comes with Parsl

    own, secret = load_certificate(certificates / "client.key_secret")
    other, _ = load_certificate(certificates / "server.key_secret")
    return b" ".join((own, secret or b"", other)).hex()


def write_keys(keys: str, folder: Path) -> Path:
    """Write keys as Parsl reads them into a private folder in `folder`, and return it."""
    own, secret, other = bytes.fromhex(keys).decode().split(" ")
    place = folder / "certificates"
    place.mkdir(mode=0o700)
    for name, public, private in (("client", own, secret), ("server", other, _NONE)):
        file = place / f"{name}.key_secret"
        file.touch(mode=0o600)
        file.write_text(
            f'curve\n    public-key = "{public}"\n    secret-key = "{private}"\n', encoding="utf-8"
        )
    return place


def _sockets() -> Path:
    """Return the folder for sockets of Parsl's workers: in /tmp where scratch has a long name.

    A socket's path ends at 107 letters. Source: unix(7).
    """
    if len(tempfile.gettempdir()) > _SCRATCH_LETTERS:
        tempfile.tempdir = "/tmp"  # noqa: S108 -- multiprocessing makes a folder of its own there
    try:
        return Path(get_temp_dir())  # from now on all of this program use it, and its workers
    finally:
        tempfile.tempdir = None


def main() -> None:
    """Be Parsl's pool of workers; its keys and logs lie in the node's scratch while it runs."""
    keys = sys.stdin.read().strip()
    if scratch := os.environ.get("TMPDIR"):  # a job's script makes it on the first of its nodes
        with contextlib.suppress(OSError):
            Path(scratch).mkdir(parents=True, exist_ok=True, mode=0o700)
    with own_folder(node_spool() / "pilots") as place, Tether() as tether:
        tether.hold_folder(place)
        tether.hold_folder(_sockets())
        certificates = write_keys(keys, place)
        os.chdir("/")
        sys.argv += [f"--cert_dir={certificates}", f"--logdir={place / 'logs'}"]
        # As the main module itself: its workers are started anew, and find their function there.
        runpy.run_module(_PARSL, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
