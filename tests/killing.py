"""Kill a call at moments spread over its whole length, on a machine of any speed."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from typing import Any

FORKED = multiprocessing.get_context("fork")


def moments(call: Callable[[], Any], again: Callable[[], Any], count: int) -> Iterator[None]:
    """Do `call` in a process of its own `count` times, and stop there each time.

    The first is let be, and its length is the scale; the second is killed at once; the others are
    killed at moments from the start to twice the length. `again` makes the state anew before each.
    """
    again()
    began = time.monotonic()
    child = FORKED.Process(target=call)
    child.start()
    child.join()
    whole = time.monotonic() - began
    assert child.exitcode == 0
    yield
    for step in range(count - 1):
        again()
        child = FORKED.Process(target=call)
        child.start()
        time.sleep(2 * whole * step / count)
        child.kill()
        child.join()
        yield
