"""Known verdicts: kept for whoever asks next, a help and never a hindrance."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from killing import moments
from recrate.campaign.known import Known, KnownVerdicts
from recrate.model.campaign import TaskResult
from recrate.model.errors import OutsideFailed


def known(folder: Path, *, seconds: float = 1.0, date: str = "2026-01-01") -> Known:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "verdict.json").touch()
    result = TaskResult(
        outcome="judged", verdict="identical", seconds=seconds, core_seconds=2 * seconds
    )
    return Known(folder=folder, result=result, date=date)


@pytest.fixture
def verdicts(tmp_path: Path) -> Iterator[KnownVerdicts]:
    with KnownVerdicts(tmp_path / "data" / "known.sqlite") as made:
        yield made


def test_nothing_is_known_and_nothing_made_before_the_first_verdict(
    verdicts: KnownVerdicts, tmp_path: Path
) -> None:
    assert verdicts.find("k") is None
    assert verdicts.seconds_of("i") is None
    assert not (tmp_path / "data").exists()


def test_a_verdict_is_known_as_long_as_its_folder_is_there(
    verdicts: KnownVerdicts, tmp_path: Path
) -> None:
    kept = known(tmp_path / "run")
    verdicts.keep("k", "i", kept)
    assert verdicts.find("k") == kept
    (tmp_path / "run" / "verdict.json").unlink()
    assert verdicts.find("k") is None


def test_the_last_replay_of_a_crate_tells_how_long_it_takes(
    verdicts: KnownVerdicts, tmp_path: Path
) -> None:
    verdicts.keep("new", "i", known(tmp_path / "b", seconds=5.0, date="2026-02-01"))
    verdicts.keep("old", "i", known(tmp_path / "a", seconds=3.0))
    assert (verdicts.seconds_of("i"), verdicts.core_seconds_of("i")) == (5.0, 10.0)


def test_what_is_kept_together_is_there_for_others_at_its_end_also_where_that_raises(
    verdicts: KnownVerdicts, tmp_path: Path
) -> None:
    with KnownVerdicts(tmp_path / "data" / "known.sqlite") as other:
        verdicts.keep("first", "i", known(tmp_path / "a"))
        with contextlib.suppress(KeyboardInterrupt), verdicts.together():
            verdicts.keep("second", "i", known(tmp_path / "b"))
            assert other.find("second") is None
            assert verdicts.find("second") is not None
            raise KeyboardInterrupt
        assert other.find("second") is not None
        other.keep("third", "i", known(tmp_path / "c"))
        assert verdicts.find("third") is not None


def test_a_file_that_somebody_took_away_is_made_again(
    verdicts: KnownVerdicts, tmp_path: Path
) -> None:
    verdicts.keep("k", "i", known(tmp_path / "a"))
    (tmp_path / "data" / "known.sqlite").unlink()
    assert verdicts.find("k") is None
    verdicts.keep("other", "i", known(tmp_path / "a"))
    assert verdicts.find("other") is not None


def test_a_file_that_is_no_list_of_verdicts_knows_nothing_and_says_so_when_it_is_written(
    verdicts: KnownVerdicts, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "known.sqlite").write_bytes(b"no database at all" * 99)
    assert verdicts.find("k") is None
    with pytest.raises(OutsideFailed, match="known verdicts"):
        verdicts.keep("k", "i", known(tmp_path / "a"))


def test_a_kill_at_any_moment_leaves_a_list_that_can_be_read_and_written(tmp_path: Path) -> None:
    place = tmp_path / "known.sqlite"
    kept = known(tmp_path / "a")

    def work() -> None:
        with KnownVerdicts(place) as mine:
            for turn in range(20):
                with mine.together():
                    for one in range(5):
                        mine.keep(f"{turn}-{one}", "i", kept)

    for _ in moments(work, lambda: place.unlink(missing_ok=True), 8):
        with KnownVerdicts(place) as found:
            found.keep("after", "i", kept)
            assert found.find("after") == kept
        base = sqlite3.connect(place)
        turns = base.execute("SELECT count(*) FROM known WHERE key LIKE '%-%'").fetchone()[0]
        base.close()
        assert turns % 5 == 0
