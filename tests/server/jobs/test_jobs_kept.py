"""The database and the folders: what they hold through age, damage and a full disk."""

import asyncio
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import time
import uuid
from dataclasses import replace

import pytest

from recrate.model.errors import BadInput, Conflict, RecrateError
from recrate.model.verdict import Coverage
from recrate_server.jobs.events import EventReader, EventWriter
from recrate_server.jobs.folder import JobFolder
from recrate_server.jobs.model import Job, Kind, Problem, Progress, Status, Summary
from recrate_server.jobs.orders import ScanOrder, VerifyOrder, order_document, read_order
from recrate_server.jobs.problems import problem_of
from recrate_server.jobs.store import Query, Store
from server.jobs.desks import done, opened, reaches, runs

SCAN = ScanOrder(path="study")
TITLES = ("潮汐の調和解析", "Tides of Nagoya", "ｶﾀｶﾅの題", "気温と降水量 2025")


def job_of(number: int, **over: object) -> Job:
    made = Job(
        id=uuid.UUID(int=number + 1).hex,
        kind=Kind.VERIFY,
        status=Status.DONE,
        subject=f"studies/number-{number % 500}",
        title=f"{TITLES[number % 4]} {number}",
        created=f"2026-01-01T00:00:{number % 60:02}Z",
        order=order_document(VerifyOrder(path=f"studies/number-{number % 500}")),
        user=f"user-{number % 7}",
        started="2026-01-01T00:00:00Z",
        ended="2026-01-01T00:10:00Z",
        progress=Progress(stage="replay", done=100, total=100, message="a.ipynb"),
        summary=Summary(
            verdict=("identical", "different")[number % 2],
            sentence="31 of 38 outputs compared",
            coverage=Coverage(outputs=38, compared=31, identical=31, skipped=7),
            identity=f"{number % 1000:064x}",
        ),
    )
    return replace(made, **over)


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """10,000 runs of a thousand crates."""
    store = Store(tmp_path_factory.mktemp("history") / "jobs.sqlite")
    store._connection.execute("PRAGMA synchronous = OFF")
    for number in range(10_000):
        store.add(job_of(number))
    yield store
    store.close()


@pytest.mark.parametrize(
    ("query", "total"),
    [
        (Query(), 10_000),
        (Query(words="潮汐"), 2500),
        (Query(words="解析 different"), 0),
        (Query(words="nagoya DIFFERENT"), 2500),
        (Query(words="カタカナ"), 2500),
        (Query(words="nothing like that"), 0),
        (Query(verdict="different"), 5000),
        (Query(kind=Kind.VERIFY, status=Status.DONE), 10_000),
        (Query(subject="studies/number-7"), 20),
        (Query(identity=f"{7:064x}"), 10),
    ],
)
def test_a_page_of_ten_thousand_runs_opens_without_a_visible_wait(history, query, total):
    """In 20 ms of this thread's own time: what else the machine does is not counted."""
    best = min(timed(lambda: history.page(query)) for _ in range(7))
    page = history.page(query)
    assert page.total == total
    assert len(page.jobs) == min(total, 50)
    assert best < 0.02, f"{best * 1000:.1f} ms"


def timed(work):
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def test_pages_lead_through_all_runs_newest_first_and_nothing_twice(history):
    seen, after = [], None
    while True:
        page = history.page(Query(words="気温", after=after, limit=200))
        seen += [job.id for job in page.jobs]
        after = page.next
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 2500
    assert seen == sorted(seen, reverse=True)
    assert history.read(seen[0]) == job_of(int(seen[0], 16) - 1)
    with pytest.raises(BadInput):
        history.page(Query(after="1 OR 1"))


def test_a_new_run_does_not_move_the_pages_of_who_is_reading(tmp_path):
    store = Store(tmp_path / "jobs.sqlite")
    for number in range(6):
        store.add(job_of(number))
    first = store.page(Query(limit=3))
    store.add(job_of(6))
    second = store.page(Query(limit=3, after=first.next))
    assert [int(job.id, 16) for job in (*first.jobs, *second.jobs)] == [6, 5, 4, 3, 2, 1]
    store.close()


@pytest.mark.parametrize("damage", ["no database", "cut", "scribbled", "empty header"])
async def test_a_broken_list_is_set_aside_and_written_anew_from_the_folders(
    settings, study, damage
):
    async with opened(settings) as desk:
        kept = await done(desk, await desk.accept(SCAN, user="me", title="潮", source=study))
        result = await desk.result(kept.id)
    path = settings.folder / "jobs.sqlite"
    content = path.read_bytes()
    broken = {
        "no database": b"this was a database once" * 100,
        "cut": content[: len(content) // 2],
        "scribbled": content[:100] + os.urandom(len(content) - 100),
        "empty header": b"\0" * 100 + content[100:],
    }[damage]
    path.write_bytes(broken)
    async with opened(settings) as desk:
        assert (await desk.page(Query(words="潮"))).total == 1
        again = await desk.read(kept.id)
        assert (again.status, again.summary, again.order) == (
            kept.status,
            kept.summary,
            kept.order,
        )
        assert await desk.result(kept.id) == result
    aside = [one for one in settings.folder.iterdir() if ".broken-" in one.name]
    assert broken in [one.read_bytes() for one in aside]


async def test_a_list_of_a_newer_recrate_is_left_alone_and_said_so(settings):
    async with opened(settings):
        pass
    path = settings.folder / "jobs.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(BadInput, match="newer recrate"):
        async with opened(settings):
            pass
    assert path.read_bytes() == before
    assert [one.name for one in settings.folder.iterdir() if "broken" in one.name] == []


def test_a_line_that_was_cut_off_is_not_read_and_not_glued_to_the_next(tmp_path):
    path = tmp_path / "events.jsonl"
    with EventWriter.open(path) as writer:
        writer.status(Status.QUEUED)
        writer.note("読めます")
    whole = path.read_bytes()
    with path.open("ab") as stream:
        stream.write(b'{"number": 2, "at": "2026-01-01", "type": "sta')
    reader = EventReader(path=path)
    assert [event.number for event in reader.read()] == [0, 1]
    assert reader.read() == ()
    with EventWriter.open(path) as writer:
        writer.status(Status.INTERRUPTED, error=Problem(message="x", reason="internal"))
    assert path.read_bytes().startswith(whole)
    assert [(event.number, event.status) for event in reader.read()] == [(2, Status.INTERRUPTED)]
    assert reader.last_status is Status.INTERRUPTED


def test_a_line_that_is_no_event_does_not_hide_the_others(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"number": 0, "at": "x", "type": "note"}\nnoise\n[1]\n{"number":')
    assert [event.number for event in EventReader(path=path).read()] == [0]


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 400 KB."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(place)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


async def test_a_job_on_a_full_disk_fails_with_words_and_is_not_lost(settings, study, small_disk):
    async with opened(settings, folder=small_disk / "data") as desk:
        job = await desk.accept(SCAN, user="me", title="x", source=study)
        await reaches(desk, job.id, runs)
        fill(small_disk)
        job = await done(desk, job)
        assert job.status is Status.FAILED, job
        assert job.error.reason == "outside-failed", job.error
        assert "disk" in f"{job.error.message} {job.error.hint}"
        assert (await desk.page(Query())).jobs[0].status is Status.FAILED
        with pytest.raises(RecrateError):
            await desk.accept(SCAN, user="me", title="x", source=study)
        (small_disk / "filling").unlink()
        await desk.resume(job.id)
        assert (await done(desk, job)).status is Status.DONE
    async with opened(settings, folder=small_disk / "data") as desk:
        assert (await desk.read(job.id)).status is Status.DONE


def fill(place):
    with (place / "filling").open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while stream.write(b"x" * 512):
            pass


async def test_a_folder_without_a_row_is_found_again(settings, study):
    async with opened(settings, light_at_once=0) as desk:
        kept = await desk.accept(SCAN, user="me", title="x", source=study)
        lost = await desk.accept(SCAN, user="me", title="y", source=study)
    connection = sqlite3.connect(settings.folder / "jobs.sqlite")
    connection.execute("DELETE FROM jobs WHERE id = ?", (lost.id,))
    connection.commit()
    connection.close()
    os.utime(settings.folder / "jobs" / lost.id, (0, 0))
    async with opened(settings) as desk:
        found = await desk.read(lost.id)
        assert found.status is Status.INTERRUPTED
        assert found.title == "y"
        assert (await done(desk, kept)).status is Status.DONE
        await desk.resume(lost.id)
        assert (await done(desk, lost)).status is Status.DONE


def test_orders_go_to_json_and_back_and_unknown_fields_are_refused():
    order = VerifyOrder(path="a", notebooks=("b.ipynb",), cell_timeout_seconds=3.5)
    assert read_order(json.loads(json.dumps(order_document(order)))) == order
    with pytest.raises(BadInput):
        read_order({"kind": "scan", "path": "x", "source": "/etc"})
    with pytest.raises(BadInput):
        read_order({"kind": "publish", "path": "x"})


def test_a_problem_tells_no_secret_and_no_folder_of_the_machine(tmp_path):
    error = Conflict(f"{tmp_path}/study/a.ipynb is not there", where=f"{tmp_path}/study-2/b")
    told = problem_of(error, places={f"{tmp_path}/study": "courses/study"})
    assert told.message == "courses/study/a.ipynb is not there"
    assert told.where == f"{tmp_path}/study-2/b", "only whole names are called otherwise"
    told = problem_of(
        ValueError("GET https://me:hunter2@example.org?token=abc123 password: geheim")
    )
    assert told.reason == "internal"
    for secret in ("hunter2", "abc123", "geheim"):
        assert secret not in f"{told.message} {told.details}"
    full = problem_of(OSError(28, "No space left on device", "/somewhere"))
    assert full.reason == "outside-failed"
    assert "full" in full.hint


async def test_what_a_killed_deletion_left_is_removed(settings):
    left = settings.folder / "jobs" / f".discarded-{'0' * 32}"
    left.mkdir(parents=True)
    (left / "errand.json").write_text("{}")
    async with opened(settings):
        await asyncio.sleep(0)
    assert not left.exists()
    assert not JobFolder(root=left).root.exists()
