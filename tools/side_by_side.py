"""Run commands side by side, and print what each said when it is over.

usage: python tools/side_by_side.py AT_ONCE NAME COMMAND… [--- NAME COMMAND…]…

A word `VARIABLE=VALUE` before a command's program is set in its environment. Ends with 0 when all
did, with 1 when one did not; Ctrl-C ends all of them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """A command that is over. `seconds`: wall time."""

    name: str
    code: int
    said: str
    seconds: float


def parts(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield the words between each two `---`."""
    found: list[str] = []
    for word in [*words, "---"]:
        if word != "---":
            found.append(word)
        elif found:
            yield found
            found = []


def run(name: str, words: Sequence[str]) -> Done:
    """Run a command to its end, with its output and its errors in one text."""
    count = next(at for at, word in enumerate(words) if "=" not in word)
    variables = dict(word.split("=", 1) for word in words[:count])
    began = time.monotonic()
    done = subprocess.run(
        words[count:],
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    said = done.stdout.decode("utf-8", "replace")
    return Done(name, done.returncode, said, time.monotonic() - began)


def main(words: Sequence[str]) -> int:
    """Run all, so many at once, and say in the end which failed."""
    asked = [(one[0], one[1:]) for one in parts(words[1:])]
    failed = []
    with ThreadPoolExecutor(int(words[0])) as threads:
        for future in as_completed([threads.submit(run, *one) for one in asked]):
            done = future.result()
            how = "ended" if done.code == 0 else f"FAILED with {done.code}"
            sys.stdout.write(f"{done.said}\n== {done.name} {how} after {done.seconds:.0f} s\n")
            sys.stdout.flush()
            failed += [done.name] if done.code else []
    if failed:
        sys.stdout.write(f"== failed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
