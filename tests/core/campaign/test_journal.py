"""The journal: what it keeps, in which order it gives work, and what a kill leaves of it."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from killing import moments
from recrate.campaign.journal import Journal
from recrate.model.campaign import AttemptRow, Entry, TaskLimits, TaskResult, TaskRow
from recrate.model.errors import BadInput, DiskFull


def entries(count: int) -> list[Entry]:
    return [Entry(where=f"c{number}.crate.zip", year=2000 + number % 3) for number in range(count)]


def waiting(row: TaskRow, environment: str = "e", **more: object) -> TaskRow:
    return replace(row, state="waiting", environment=environment, **more)  # type: ignore[arg-type]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


def test_tasks_are_numbered_in_the_order_of_the_list(journal: Journal) -> None:
    assert journal.add(entries(1203)) == 1203
    numbers = [row.number for row in journal.rows()]
    assert numbers == list(range(1203))
    assert journal.row(7).entry == entries(8)[7]


def test_what_took_longest_before_comes_first_and_then_the_order_of_the_list(
    journal: Journal,
) -> None:
    journal.add(entries(4))
    for row in journal.listed(9):
        journal.put(waiting(row, expected_seconds={1: 5.0, 2: 50.0}.get(row.number)))
    assert [row.number for row in journal.next(9, now=1e12)] == [2, 1, 0, 3]


def test_a_task_of_an_environment_that_is_being_made_waits(journal: Journal) -> None:
    journal.add(entries(4))
    for row in journal.listed(9):
        journal.put(waiting(row, environment=f"e{row.number % 2}"))
    assert [one.number for one in journal.next(9, now=1e12, without=["e0"])] == [1, 3]


def test_a_task_that_is_to_wait_is_not_given_before_its_time(journal: Journal) -> None:
    journal.add(entries(1))
    journal.put(waiting(journal.row(0)), not_before=1000.0)
    assert journal.next(1, now=999.0) == ()
    assert journal.next_moment() == 1000.0
    assert len(journal.next(1, now=1000.0)) == 1


def test_the_same_crate_twice_in_a_list_shares_its_verdict(journal: Journal) -> None:
    journal.add(entries(2))
    first, second = journal.listed(9)
    journal.put(waiting(first, key="k"))
    assert journal.twin("k", second.number) == journal.row(0)
    journal.put(waiting(second, key="k", same_as=0))
    assert [one.number for one in journal.next(9, now=1e12)] == [0]
    result = TaskResult(outcome="judged", verdict="identical")
    journal.put(replace(journal.row(0), state="judged", result=result, folder="runs/0"))
    assert journal.row(1).state == "known"
    assert journal.row(1).result == result
    assert journal.is_done()


def test_what_is_written_is_read_back_whole(journal: Journal) -> None:
    journal.add([Entry(where="10.5281/zenodo.1", title="題 <b>", year=None, group="誌")])
    row = replace(
        journal.row(0),
        state="judged",
        crate="/c.zip",
        identity="ab",
        name="n\u2028",
        key="k",
        environment="e",
        size_bytes=5,
        expected_seconds=1.5,
        limits=TaskLimits(memory_bytes=7, seconds=8.0),
        attempts=2,
        runner="kyoto",
        folder="runs/0",
        result=TaskResult(outcome="judged", verdict="failed", cause="memory", core_seconds=2.5),
        message="m",
        hint="h",
    )
    journal.put(row)
    assert journal.row(0) == row


def test_counts_add_up_by_verdict_cause_year_and_python(journal: Journal) -> None:
    journal.add(entries(3))
    verdicts = ("identical", "failed", "identical")
    for row, verdict in zip(tuple(journal.rows()), verdicts, strict=True):
        cause = "memory" if verdict == "failed" else ""
        result = TaskResult(
            outcome="judged", verdict=verdict, cause=cause, python="3.11.7", seconds=2.0
        )
        journal.put(replace(row, state="judged", result=result))
    counts = journal.counts()
    assert counts.verdicts == {"identical": 2, "failed": 1}
    assert counts.causes == {"memory": 1}
    assert counts.by_python == {"3.11.7": {"failed": 1, "identical": 2}}
    assert sum(sum(of.values()) for of in counts.by_year.values()) == counts.total == 3
    assert counts.seconds == 6.0


def test_what_was_given_up_is_tried_again_when_it_is_asked_for(journal: Journal) -> None:
    journal.add(entries(2))
    journal.put(replace(journal.row(0), state="given up"), unlucky=3)
    journal.put(replace(journal.row(1), state="broken"))
    assert journal.reopen() == 1
    assert [row.state for row in journal.rows()] == ["listed", "broken"]
    assert journal.unlucky(0) == 0


def test_a_kill_at_any_moment_leaves_whole_transactions(tmp_path: Path) -> None:
    place = tmp_path / "journal.sqlite"

    def again() -> None:
        place.unlink(missing_ok=True)
        with Journal(place) as made:
            made.add(entries(40))

    def work() -> None:
        with Journal(place) as mine:
            for row in tuple(mine.listed(99)):
                task = replace(waiting(row), state="running", attempts=1)
                attempt = AttemptRow(task=row.number, number=1, runner="local", submitted="now")
                mine.begin(task, attempt)

    for _ in moments(work, again, 12):
        with Journal(place) as found:
            running = [row.number for row in found.rows("running")]
            assert [one.task for one in found.attempts()] == running


def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite").write_bytes(b"no database at all" * 99)
    with pytest.raises(BadInput, match=r"journal\.sqlite"):
        Journal(tmp_path / "journal.sqlite")


def test_a_full_disk_is_said_to_be_full(journal: Journal) -> None:
    base: sqlite3.Connection = journal._base
    pages = base.execute("PRAGMA page_count").fetchone()[0]
    base.execute(f"PRAGMA max_page_count = {pages + 8}")
    with pytest.raises(DiskFull):
        journal.add(entries(5000))
    assert journal.counts().total % 500 == 0
