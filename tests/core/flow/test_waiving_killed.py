"""What a crash in the middle of a waiver leaves behind: the old state or the new one."""

import threading
from pathlib import Path

from killing import moments
from recrate.flow.reviewing import list_outputs
from recrate.flow.waiving import unwaive, waive
from recrate.flow.work import ReplayFolder
from replayed_folders import entities, waiver

NOW = "2026-01-02T09:00:00+09:00"
JUDGED = ("policy.json", "verdict.json", "report.html", "ro-crate-metadata.json")


def state_of(run: Path) -> tuple[bytes | None, ...]:
    ReplayFolder(root=run).settle()
    return tuple((run / name).read_bytes() if (run / name).exists() else None for name in JUDGED)


def waiver_count(run: Path) -> int:
    return list_outputs(run).counts.get("waived", 0)


def test_a_change_cut_off_after_it_was_decided_is_brought_to_its_end(run):
    old = state_of(run)
    waive(run, waiver(), person=None, now=NOW)
    new = state_of(run)
    decided = run / ".recrate-decided"
    for cut in range(len(JUDGED)):
        decided.mkdir()
        for place, name in enumerate(JUDGED):
            (run / name).unlink(missing_ok=True)
            if place < cut:  # moved already
                (run / name).write_bytes(new[place])
                continue
            (decided / name).write_bytes(new[place])
            if old[place] is not None:
                (run / name).write_bytes(old[place])
        assert list_outputs(run).counts["waived"] == 1
        assert state_of(run) == new
        assert not decided.exists()


def test_a_waiver_killed_at_any_moment_leaves_the_old_or_the_new_state(run):
    old, seen = None, set()

    def give_back():
        nonlocal old
        if waiver_count(run):
            unwaive(run, "a.ipynb", 0, 0)
            old = None
        old = old or state_of(run)

    for _ in moments(lambda: waive(run, waiver(), person=None, now=NOW), give_back, 60):
        state, waived = state_of(run), waiver_count(run)
        assert (state == old) == (waived == 0)
        seen.add(waived)
        if waived:
            assert entities(run)["#waiver-0"]["description"] == "another seed"
    waive(run, waiver(), person=None, now=NOW)
    assert not list(run.glob(".recrate-*"))
    assert seen == {0, 1}


def test_two_people_at_once_lose_no_waiver(run):
    places = [waiver(), waiver(cell=1), waiver(path="b.ipynb")]
    threads = [
        threading.Thread(target=waive, args=(run, one), kwargs={"person": "A", "now": NOW})
        for one in places
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    policy = ReplayFolder(root=run).read_policy()
    assert {(one.path, one.cell) for one in policy.waivers} == {
        ("a.ipynb", 0),
        ("a.ipynb", 1),
        ("b.ipynb", 0),
    }
