"""What a passed test leaves on the disk goes at once where it is large: a run shall need little.

What is small stays: tools/find_tokens.py looks through it when all tests have run.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

LEFT_OUT = frozenset(
    {"node_modules", "site-packages", "environments", "pythons", "downloads", "doubles"}
)
"""Folders of other people's files, and copies of the doubles: not looked at for tokens."""
LARGEST_BYTES = 64 << 20
"""Larger files are not looked at either."""

_PASSED = pytest.StashKey[bool]()


def remember(item: pytest.Item, report: pytest.TestReport) -> None:
    """Keep in mind whether a test passed; what failed keeps all its files."""
    item.stash[_PASSED] = item.stash.get(_PASSED, True) and not report.failed


def _unread(folder: Path) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        for one in waiting.pop().iterdir():
            if one.is_symlink():
                continue
            if one.is_dir():
                if one.name in LEFT_OUT:
                    yield one
                else:
                    waiting.append(one)
            elif one.is_file() and one.stat().st_size > LARGEST_BYTES:
                yield one


def sweep(item: pytest.Item) -> None:
    """Remove what is large from the folder of a test that passed."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    if folder is None or not folder.is_dir() or not item.stash.get(_PASSED, False):
        return
    for one in list(_unread(folder)):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
