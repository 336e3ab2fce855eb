"""The journal: what it keeps, in which order it gives work, and what a kill leaves of it."""

import contextlib
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from killing import moments
from recrate.campaign.journal import Journal
from recrate.model.campaign import AttemptRow, Entry, TaskLimits, TaskResult, TaskRow
from recrate.model.errors import BadInput, DiskFull, OutsideFailed


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


def test_what_is_done_together_is_one_transaction_also_in_blocks_within(tmp_path: Path) -> None:
    place = tmp_path / "journal.sqlite"
    with Journal(place) as mine, Journal(place, readonly=True) as other:
        mine.add(entries(3))
        with mine.together():
            mine.put(waiting(mine.row(0)))
            with mine.together():
                mine.put(waiting(mine.row(1)))
            mine.note("a", "b")
            assert [row.state for row in other.rows()] == ["listed"] * 3
        assert [row.state for row in other.rows()] == ["waiting", "waiting", "listed"]
        with contextlib.suppress(KeyboardInterrupt), mine.together():
            with contextlib.suppress(ZeroDivisionError), mine.together():
                mine.put(replace(mine.row(2), state="broken"))
                raise ZeroDivisionError
            assert mine.row(2).state == "listed"
            mine.put(replace(mine.row(1), state="broken"))
            raise KeyboardInterrupt
        assert [row.state for row in other.rows()] == ["waiting", "waiting", "listed"]
        assert mine.noted("a") == "b"


def test_what_cannot_be_committed_is_taken_back_and_the_next_is_written(tmp_path: Path) -> None:
    place = tmp_path / "journal.sqlite"
    with Journal(place) as mine:
        mine.add(entries(2))
        mine._base.execute("PRAGMA busy_timeout = 50")
        reader = sqlite3.connect(place, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM tasks").fetchone()
        with pytest.raises(OutsideFailed, match="locked"):
            mine.put(waiting(mine.row(0)))
        reader.close()
        mine.put(waiting(mine.row(1)))
        assert [row.state for row in mine.rows()] == ["listed", "waiting"]


@pytest.mark.parametrize("environments", [1, 3, 40])
def test_the_next_tasks_are_the_same_however_many_environments_there_are(
    journal: Journal, environments: int
) -> None:
    journal.add(entries(120))
    for row in journal.listed(999):
        number = row.number
        expected = None if number % 3 else float(number * 7 % 11)
        task = waiting(row, f"e{number % environments}", expected_seconds=expected)
        if number % 10 == 9:
            task = replace(task, same_as=number - 9)
        journal.put(task, not_before=1e9 if number % 7 == 6 else 0.0)
    everything = journal.next(999, now=1e6)
    assert len(everything) == sum(1 for one in range(120) if one % 10 != 9 and one % 7 != 6)
    for without in (["e0"], ["e1", "e2"], ["no such"], [f"e{one}" for one in range(40)]):
        wanted = [row for row in everything if row.environment not in without]
        for limit in (1, 5, 999):
            assert list(journal.next(limit, now=1e6, without=without)) == wanted[:limit]


def test_asking_while_the_only_environment_is_made_does_not_go_through_all_tasks(
    journal: Journal,
) -> None:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    def asked() -> int:
        nonlocal steps
        steps = 0
        journal._base.set_progress_handler(step, 1)
        assert journal.next(1, now=1e12, without=["e"]) == ()
        journal._base.set_progress_handler(None, 1)
        return steps

    counts = []
    for _ in range(2):
        journal.add(entries(1000))
        with journal.together():
            for row in journal.listed(9999):
                journal.put(waiting(row))
        counts.append(asked())
    assert counts[1] < counts[0] + 20


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
