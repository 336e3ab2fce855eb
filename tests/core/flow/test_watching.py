"""Watched crates, replayed for real: what changed, since when, because of what."""

from dataclasses import replace
from pathlib import Path

import pytest

from recrate.flow.watching import remove_watched, watched_folder, watched_folders
from recrate.flow.watching_documents import listed_document
from recrate.flow.watching_state import WatchState
from recrate.model.errors import BadInput, Busy, Conflict, NotFound
from watched_worlds import (
    DAY,
    GOOD,
    OTHER,
    Wheels,
    World,
    crate_with_data,
    pack,
    server,
    steady,
    world_in,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_in(tmp_path)


def test_a_crate_is_replayed_when_it_is_due_and_not_before(recrate, tmp_path, world):
    world.add(pack(recrate, tmp_path, steady()))
    first = world.seen()
    assert (first.outcome, first.verdict, first.change) == ("judged", "identical", None)
    assert world.later(days=29).run().not_due == 1
    assert world.later(days=1, seconds=-40).seen().verdict == "identical", "timers are not exact"
    assert not world.later(hours=1).run().entries
    assert world.later(hours=1).run(now=True).entries
    days = [entry.date[:10] for entry in world.folder.history()]
    assert days == ["2026-01-01", "2026-01-31", "2026-01-31"]
    assert len(list(world.folder.runs().iterdir())) == 1, "the latest is kept, nothing else"


def test_data_behind_an_address_that_change_are_named_with_both_dates(recrate, tmp_path, world):
    with server() as served:
        world.add(crate_with_data(recrate, tmp_path, served))
        assert world.seen().verdict == "identical"
        served.answers = [(200, OTHER)]
        changed = world.later(days=30).seen()
        assert (changed.outcome, changed.verdict) == ("judged", "failed"), "a kept copy was taken"
        change = changed.change
        assert change is not None
        assert (change.before, change.after) == ("identical", "failed")
        assert (change.last_seen[:10], change.first_seen[:10]) == ("2026-01-01", "2026-01-31")
        assert (change.causes[0].kind, change.causes[0].name) == ("data", "data/levels.csv")
        served.answers = [(503, b"")]
        for _ in range(2):
            away = world.later(days=30).seen()
            assert (away.outcome, away.change) == ("unlucky", None), "an outage is no change"
            assert "503" in away.message
        listed = listed_document(world.folder, now=world.now)
        assert listed["trouble"][0]["since"][:10] == "2026-03-02"
        assert listed["state"][0]["verdict"] == "failed", "what was known stays known"
        served.answers = [(200, GOOD)]
        back = world.later(hours=1).seen()
        assert back.verdict == "identical", "what was not settled is due at once"
        assert back.change is not None
        assert back.change.last_seen[:10] == "2026-01-31"
    assert not (world.settings.cache / "watch" / world.folder.root.name).exists()
    assert len(list(world.folder.runs().iterdir())) == 1


def test_a_verdict_that_a_second_replay_does_not_repeat_has_not_changed(recrate, tmp_path, world):
    with server() as served:
        world.add(crate_with_data(recrate, tmp_path, served))
        assert world.seen().verdict == "identical"
        served.answers = [(200, OTHER), (200, GOOD)]
        doubtful = world.later(days=30).seen()
        assert (doubtful.outcome, doubtful.change) == ("not confirmed", None)
        assert "failed" in doubtful.message
        assert "identical" in doubtful.message
        served.answers = [(200, OTHER), (503, b"")]
        unlucky = world.later(hours=1).seen()
        assert (unlucky.outcome, unlucky.change) == ("unlucky", None)
        served.answers = [(200, OTHER), (200, GOOD)]
        hasty = world.later(hours=1).seen(confirm=False)
        assert (hasty.outcome, hasty.verdict) == ("judged", "failed")
        assert hasty.change is not None
        assert hasty.change.last_seen[:10] == "2026-01-01"


def test_packages_are_named_that_an_index_lost_or_that_are_others_today(recrate, tmp_path, world):
    wheels = Wheels(tmp_path / "wheels", world)
    wheels.make("1.0", "def level():\n    return 'one'\n")
    world.add(wheels.pack(recrate, tmp_path), current=False)
    entry = world.run(today=True).entries[0][1]
    assert [one.verdict for one in entry.seen] == ["identical", "identical"]
    assert all(one.restored for one in entry.seen)
    wheels.make("2.0", "def height():\n    return 'one'\n")
    entry = world.later(days=30).run(today=True).entries[0][1]
    published, today = entry.seen
    assert (published.verdict, published.change) == ("identical", None), "the lock still holds"
    assert (today.track, today.verdict) == ("today", "failed")
    assert today.change is not None
    cause = today.change.causes[0]
    assert (cause.kind, cause.name, cause.near) == ("package", "tidekit", "named")
    assert cause.values == (("2026-01-01", "1.0"), ("2026-01-31", "2.0"))
    assert today.differs[0].values == (("lock", "1.0"), ("today", "2.0"))
    wheels.lose("1.0")
    gone = world.later(days=30).seen()
    assert gone.verdict == "not restored", "an environment that was built before was taken"
    assert gone.change is not None
    cause = gone.change.causes[0]
    assert (cause.kind, cause.name) == ("package", "tidekit")
    assert cause.values == (("2026-01-31", "1.0"), ("2026-03-02", ""))


def test_a_crate_that_is_another_now_or_gone_is_a_change_of_the_crate(recrate, tmp_path, world):
    crate = pack(recrate, tmp_path, steady())
    world.add(crate)
    assert world.seen().verdict == "identical"
    pack(recrate, tmp_path, steady().replace("one\\\\n", "two\\\\n").replace("one\\n", "two\\n"))
    other = world.later(days=30).seen()
    assert other.verdict == "different"
    assert other.change is not None
    assert [cause.kind for cause in other.change.causes] == ["crate"]
    crate.unlink()
    gone = world.later(days=30).seen()
    assert (gone.outcome, gone.verdict) == ("broken", "")
    assert gone.change is not None
    assert (gone.change.before, gone.change.after) == ("different", "")
    still = world.later(days=30).seen()
    assert (still.outcome, still.change) == ("broken", None), "it is told once"


def test_an_address_that_we_do_not_fetch_from_is_said_and_no_change(recrate, tmp_path, world):
    world.add(pack(recrate, tmp_path, steady()))
    assert world.seen().verdict == "identical"
    limits = replace(world.settings.web, private_hosts=())
    with server() as served:
        world.add(crate_with_data(recrate, tmp_path / "other", served))
        world.settings = replace(world.settings, web=limits)
        done = world.later(days=1).run()
    refused = done.entries[0][1].seen[0]
    assert (refused.outcome, refused.change) == ("refused", None)
    assert "private_hosts" in refused.hint


def test_two_runs_never_overlap_and_the_second_says_so(recrate, tmp_path, world):
    world.add(pack(recrate, tmp_path, steady()))
    with WatchState.of(world.settings).running():
        with pytest.raises(Busy, match="at work"):
            world.run()
        with pytest.raises(Busy):
            remove_watched(world.folder.root.name, settings=world.settings)
    assert world.seen().verdict == "identical", "the right to run is given back"


def test_an_unreadable_line_of_the_history_loses_no_other(recrate, tmp_path, world):
    world.add(pack(recrate, tmp_path, steady()))
    world.seen()
    history = world.folder.root / "history.jsonl"
    history.write_text(history.read_text() + '{"date": "2026-')
    assert world.later(days=30).seen().change is None
    assert [entry.date[:10] for entry in world.folder.history()] == ["2026-01-01", "2026-01-31"]


def test_replays_may_lie_in_a_folder_of_ones_own_where_nothing_else_is_touched(
    recrate, tmp_path, world
):
    mine = tmp_path / "replays"
    crate = pack(recrate, tmp_path, steady())
    world.add(crate, to=mine)
    world.seen()
    runs = mine / world.folder.root.name
    (runs / "notes.txt").write_text("mine")
    (runs / "20260101-kept").mkdir()
    world.later(days=30).seen()
    names = sorted(place.name for place in runs.iterdir())
    assert names == ["20260101-kept", "20260131T030000Z-published", "notes.txt"]
    with pytest.raises(Conflict):
        world.add(crate, to=tmp_path / "elsewhere")
    remove_watched(str(crate), settings=world.settings)
    assert (runs / "20260131T030000Z-published" / "report.html").is_file()
    assert not watched_folders(world.settings)


def test_what_is_added_again_keeps_its_history(recrate, tmp_path, world):
    crate = pack(recrate, tmp_path, steady())
    world.add(crate)
    world.seen()
    world.later(days=1).add(crate, every_seconds=DAY)
    assert world.folder.read().added[:10] == "2026-01-01"
    assert len(world.folder.history()) == 1
    assert world.seen().verdict == "identical", "a day is over, and that is enough now"


def test_places_are_named_as_people_write_them(tmp_path, world):
    world.add("10.5072/ABC.1")
    world.add("https://example.org/x.crate.zip")
    for said in ("doi:10.5072/abc.1", "https://doi.org/10.5072/ABC.1"):
        found = watched_folder(said, settings=world.settings).read()
        assert found.where == "https://doi.org/10.5072/abc.1"
    with pytest.raises(NotFound):
        watched_folder("10.5072/none", settings=world.settings)
    with pytest.raises(NotFound):
        world.add(tmp_path / "nothing.zip")
    with pytest.raises(BadInput):
        world.add("ftp://example.org/x.zip")
    with pytest.raises(BadInput):
        world.add("10.5072/abc", every_seconds=1)
    assert len(watched_folders(world.settings)) == 2


def test_what_was_cut_off_comes_first_and_last_where_that_happens_again(tmp_path, world):
    for name in "abc":
        (tmp_path / name).mkdir()
        world.add(tmp_path / name)
        world.later(minutes=1)
    folders = {Path(one.read().where).name: one for one in watched_folders(world.settings)}
    folders["c"].begin(world.now.isoformat())
    folders["a"].begin(world.now.isoformat(), times=2)
    order = [Path(one.where).name for one, _ in world.run().entries]
    assert order == ["c", "b", "a"]
    assert all(one.under_way() is None for one in folders.values())


def test_a_run_that_was_cut_off_long_ago_begins_anew(recrate, tmp_path, world):
    world.add(pack(recrate, tmp_path, steady()))
    world.folder.begin(world.now.isoformat())
    left = world.folder.runs() / "20260101T030000Z-published"
    (left / "observations").mkdir(parents=True)
    world.later(days=3).seen()
    assert world.folder.history()[0].date[:10] == "2026-01-04"
    assert not left.exists()
