"""What a passed test leaves on the disk goes at once where it is large: a run shall need little.

What is small stays: tools/find_tokens.py looks through it when all tests have run.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LEFT_OUT = frozenset(
    {"node_modules", "site-packages", "environments", "pythons", "downloads", "doubles"}
)
"""Folders of other people's files, and copies of the doubles: not looked at for tokens."""
LARGEST_BYTES = 64 << 20
"""Larger files are not looked at either."""

GROUPS = {
    "binder/container/": "containers",
    "binder/image/": "containers",
    "binder/cluster/": "cluster",
    "binder/hub/": "hub",
    "core/runners/": "ssh",
}
"""Folder of tests → what they share: images, a cluster, a hub. One process runs a group, so that
none waits for what another makes."""
_AFTER: dict[str, list[Callable[[], object]]] = {}

_PASSED = pytest.StashKey[bool]()


def group_of(nodeid: str) -> str:
    """Return the group of a test, empty for one that shares nothing."""
    folder = nodeid.removeprefix("tests/")
    return next((name for start, name in GROUPS.items() if folder.startswith(start)), "")


def after_group(group: str, todo: Callable[[], object]) -> None:
    """Do something behind the last test of a group: its images and environments are large."""
    _AFTER.setdefault(group, []).append(todo)


def leave(item: pytest.Item, following: pytest.Item | None) -> None:
    """Do what is to be done where a test is the last of its group, and needs no second try."""
    group = group_of(item.nodeid) if item.stash.get(_PASSED, False) else ""
    if group and (following is None or group_of(following.nodeid) != group):
        for todo in _AFTER.pop(group, ()):
            todo()


def remember(item: pytest.Item, report: pytest.TestReport) -> None:
    """Keep in mind whether a test passed at this try; what failed keeps all its files."""
    before = report.when == "setup" or item.stash.get(_PASSED, False)
    item.stash[_PASSED] = before and not report.failed


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
