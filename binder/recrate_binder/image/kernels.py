"""The last step of a build: each kernel of the session is started once, as its user will."""

import os
import sys
import time
from pathlib import Path

from jupyter_client.manager import KernelManager

_SECONDS = 120


def start_once(name: str) -> str:
    """Start a kernel and end it; return why it does not answer, empty when it does."""
    manager = KernelManager(kernel_name=name)
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=_SECONDS)
    except RuntimeError as error:
        return str(error)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return ""


def main() -> int:
    """Try the session's kernels; one that does not start fails the build."""
    kernels = Path(os.environ["RECRATE_SESSION"]) / "share" / "kernels"
    for name in sorted(one.name for one in kernels.iterdir()):
        began = time.monotonic()
        complaint = start_once(name)
        if complaint:
            sys.stderr.write(f"recrate: the kernel {name} does not start: {complaint}\n")
            return 1
        sys.stdout.write(f"recrate: kernel {name} answers after {time.monotonic() - began:.1f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
