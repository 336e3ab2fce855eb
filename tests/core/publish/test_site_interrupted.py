"""A site while it is being written: killed at any step, it shows old pages or new ones, whole."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from doubles.faults import WHOLE, Row, Table, keep
from recrate.model.progress import silent
from recrate.publish.journal import Journal
from recrate.publish.site import Site
from site_parcels import parcel, place, surroundings

URL = "https://crates.example.ac.jp/"
KILLED = 9
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
    pytest.mark.timeout(900),
]
"""The child only writes files and dies; no lock of another thread is waited for."""
STRIDE = 1 if WHOLE else 3
"""Every change of the disk in a whole campaign, else every third: steps begin at 0."""
CHANGES = frozenset({"os.rename", "os.mkdir", "os.remove", "os.rmdir", "tempfile.mkstemp"})


def work(folder: Path, mark: str, **more: Any) -> str:
    """Deposit as a new process does."""
    site = Site(place(folder=str(folder / "site"), url=URL), surroundings())
    sent = parcel(folder, mark, **more)
    return site.deposit(sent, Journal(folder / "journals" / mark), silent).record


def killed_at(step: int, do: Callable[[], object]) -> bool:
    """Do it in a process of its own that dies at that change of the disk; say whether it did.

    Every change that Python makes is told beforehand: https://peps.python.org/pep-0578/
    """
    child = os.fork()
    if child == 0:
        left = step

        def watch(event: str, _told: tuple[Any, ...]) -> None:
            nonlocal left
            if event in CHANGES:
                if left == 0:
                    os._exit(KILLED)
                left -= 1

        status = 1
        try:
            sys.addaudithook(watch)
            do()
            status = 0
        finally:
            os._exit(status)
    _, ended = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(ended)
    assert code in (0, KILLED), f"step {step} failed"
    return code == KILLED


def broken(root: Path) -> Iterator[str]:
    """Yield what a visitor would find half made: pages cut short, links that lead nowhere."""
    for page in root.rglob("*.html"):
        if ".recrate" in page.parts:
            continue
        text = page.read_text()
        if not text.rstrip().endswith("</html>"):
            yield f"{page} is cut short"
        for address in re.findall(r'href="([^"#:]+)"', text):
            target = page.parent / address
            known = target / "index.html" if address.endswith("/") else target
            if not known.is_file():
                yield f"{page} leads to {address}"
    for version in root.glob("*/v[0-9]*"):
        if not (version / "entry.json").is_file() or not list(version.glob("*.zip")):
            yield f"{version} is not whole"


def told(deposits: int) -> None:
    """Put into the campaign's table what the assertions above have counted."""
    row = Row("folder", "killed at a change of the disk", deposits, deposits, 0, 0)
    keep(Table((row,)))


@pytest.mark.slow
@pytest.mark.parametrize("draft", [False, True], ids=["published", "draft"])
def test_a_deposit_killed_at_any_step_shows_nothing_half_and_goes_on(
    tmp_path: Path, draft: bool
) -> None:
    step, went_on = 0, True
    while went_on:
        folder = tmp_path / str(step)
        first = work(folder, "m1")
        more = {"version_of": first, "text": "new\n", "draft": draft}
        parcel(folder, "m2", **more)
        went_on = killed_at(step, partial(work, folder, "m2", **more))
        root = folder / "site"
        assert list(broken(root)) == [], f"killed at step {step}"
        record = work(folder, "m2", **more)
        assert list(broken(root)) == []
        assert not list((root / ".recrate").glob("making-*"))
        versions = sorted(one.parent.name for one in root.glob("*/v*/entry.json"))
        drafts = len(list(root.glob("drafts/*/entry.json")))
        assert (versions, drafts) == ((["v1"], 1) if draft else (["v1", "v2"], 0))
        assert record == f"{first.removesuffix('/v1')}/v2"
        step += STRIDE
    assert step > 25, "a deposit has more steps than that"
    told(len(range(0, step, STRIDE)))


@pytest.mark.slow
def test_the_first_deposit_of_a_site_killed_at_any_step_shows_nothing_half(tmp_path: Path) -> None:
    step, went_on = 0, True
    while went_on:
        folder = tmp_path / str(step)
        went_on = killed_at(step, partial(work, folder, "m1"))
        if (folder / "site" / "index.html").exists():  # before that, nobody knows of the site
            assert list(broken(folder / "site")) == [], f"killed at step {step}"
        assert work(folder, "m1").endswith("/v1")
        assert list(broken(folder / "site")) == []
        assert len(list((folder / "site").glob("*/v*/entry.json"))) == 1
        step += STRIDE
    told(len(range(0, step, STRIDE)))


@pytest.mark.slow
def test_a_draft_killed_on_its_way_to_publication_is_never_lost(tmp_path: Path) -> None:
    step, went_on = 0, True
    while went_on:
        folder = tmp_path / str(step)
        work(folder, "m1", draft=True)
        went_on = killed_at(step, partial(work, folder, "m1"))
        root = folder / "site"
        assert list(broken(root)) == [], f"killed at step {step}"
        there = [*root.glob("*/v*/*.zip"), *root.glob("drafts/*/*.zip")]
        assert there, f"killed at step {step}: neither the draft nor the record is there"
        work(folder, "m1")
        assert len(list(root.glob("*/v*/entry.json"))) == 1
        assert not list(root.glob("drafts/*"))
        assert not list((root / ".recrate" / "claims").iterdir())
        step += STRIDE
