"""What a check runs on a node: says what is there. Its text is sent along, as recrate may not be.

Only Python's own library is imported at its head, and nothing newer than 3.8 is written here.
Arguments: a folder, then a port and addresses of the machine that asks. Where that machine's
folders are not seen here, `@` and a word take the folder's place, and what is there is told to the
port, with that word.
"""

import json
import os
import platform
import shutil
import socket
import sys
import time


def look(addresses: "list[str]", port: int, alone: bool = False) -> "dict[str, object]":
    """Return what this node is, as a document. `alone`: it sees no files of who asks."""
    told = {
        "node": os.environ.get("SLURMD_NODENAME") or platform.node(),
        "time": time.time(),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "recrate": "",
        "parsl": "",
        "walls": "",
        "connects": reach(addresses, port),
        "error": "",
        "scratch": "",
        "free": 0,
    }
    try:
        import recrate  # noqa: PLC0415
        from recrate.outside.sandbox import availability  # noqa: PLC0415

        told["recrate"] = recrate.__version__
        found = availability()
        told["walls"] = "" if found.ok else found.reason
        import parsl.version  # noqa: PLC0415

        told["parsl"] = parsl.version.VERSION
        if alone:
            from recrate_binder.cluster.node_files import node_spool  # noqa: PLC0415

            scratch = node_spool()
            told["scratch"], told["free"] = str(scratch), shutil.disk_usage(str(scratch)).free
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is to be told
        told["error"] = "%s: %s" % (type(error).__name__, error)  # noqa: UP031
    return told


def reach(addresses: "list[str]", port: int) -> str:
    """Return the first address that can be connected to; empty when there is none."""
    for address in addresses:
        try:
            with socket.create_connection((address, port), timeout=5):
                return address
        except OSError:
            pass
    return ""


def tell(told: "dict[str, object]", address: str, port: int) -> None:
    """Send the document to who asks; raises OSError where nobody listens."""
    with socket.create_connection((address, port), timeout=5) as line:
        line.sendall(json.dumps(told).encode())


if __name__ == "__main__" and sys.argv[1].startswith("@"):
    found = look(sys.argv[3:], int(sys.argv[2]), alone=True)
    if not found["connects"]:
        sys.exit(74)
    try:
        tell(dict(found, word=sys.argv[1][1:]), str(found["connects"]), int(sys.argv[2]))
    except OSError:
        sys.exit(74)
elif __name__ == "__main__":
    with open(os.path.join(sys.argv[1], "told.part"), "w") as file:  # noqa: PTH118, PTH123
        json.dump(look(sys.argv[3:], int(sys.argv[2])), file)
    os.replace(  # noqa: PTH105
        os.path.join(sys.argv[1], "told.part"),  # noqa: PTH118
        os.path.join(sys.argv[1], "told.json"),  # noqa: PTH118
    )
