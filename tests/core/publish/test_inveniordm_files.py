"""Files on their way to InvenioRDM: whole or in pieces, once, checked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from doubles.inveniordm_parcels import FILES, deposit, depositor, parcel, service
from doubles.inveniordm_store import OWNER_TOKEN, Store
from doubles.serving import Trouble, served
from recrate.model.errors import OutsideFailed, Refused
from recrate.model.progress import silent
from recrate.publish.inveniordm_files import crate_name, flat_name
from recrate.publish.journal import Journal

LARGE = {**FILES, "data/tides.csv": bytes(range(256)) * 4}


@pytest.fixture(params=["none", "local", "s3"])
def running(request: pytest.FixtureRequest) -> Iterator[tuple[Store, int]]:
    """A double that takes no pieces, takes them itself, or has them sent elsewhere."""
    store, app = service(pieces=request.param)
    with served(app) as port:
        yield store, port


def pieces_of(store: Store) -> list[str]:
    """Return which pieces were sent."""
    found = [
        path
        for method, path, _ in store.seen
        if method == "PUT" and (path.startswith("/s3/") or "/content/" in path)
    ]
    return [one.rsplit("/", 1)[1] for one in found]


def test_a_large_file_goes_in_pieces_where_they_are_taken(
    running: tuple[Store, int], tmp_path: Path
) -> None:
    store, port = running
    of = parcel(tmp_path, files=LARGE)
    deposit(depositor(port, pieces_from_bytes=1000), of, Journal(tmp_path / "j"))
    (identifier,) = store.records
    held = store.files[identifier]["tides-of-the-inland-sea.crate.zip"]
    assert held["content"] == of.file.read_bytes()
    count = -(-of.size_bytes // 300)
    assert count > 3
    assert pieces_of(store) == (
        [] if store.pieces == "none" else [str(one) for one in range(1, count + 1)]
    )


def test_the_token_never_goes_where_pieces_are_sent_elsewhere(tmp_path: Path) -> None:
    store, app = service(pieces="s3")
    with served(app) as port:
        of = parcel(tmp_path, files=LARGE)
        deposit(depositor(port, pieces_from_bytes=1000), of, Journal(tmp_path / "j"))
    told = {kind for _, path, kind in store.seen if path.startswith("/s3/")}
    assert told == {""}
    assert {kind for _, path, kind in store.seen if path.startswith("/api/")} == {
        f"Bearer {OWNER_TOKEN}"
    }


def test_pieces_that_arrived_are_not_sent_again(tmp_path: Path) -> None:
    store, app = service(pieces="local")
    trouble = Trouble(app, [("PUT", "/content/3", 500, {})] * 4)
    of = parcel(tmp_path, files=LARGE)
    with served(trouble) as port:
        with pytest.raises(OutsideFailed):
            deposit(depositor(port, pieces_from_bytes=1000), of, Journal(tmp_path / "j"))
        assert pieces_of(store) == ["1", "2"]
        deposit(depositor(port, pieces_from_bytes=1000), of, Journal(tmp_path / "j"))
    assert pieces_of(store)[:4] == ["1", "2", "3", "4"]
    (identifier,) = store.records
    held = store.files[identifier]["tides-of-the-inland-sea.crate.zip"]
    assert held["content"] == of.file.read_bytes()


def test_pieces_of_another_crate_are_not_mixed_in(tmp_path: Path) -> None:
    store, app = service(pieces="local")
    trouble = Trouble(app, [("PUT", "/content/3", 500, {})] * 4)
    with served(trouble) as port:
        of = parcel(tmp_path, files=LARGE)
        with pytest.raises(OutsideFailed):
            deposit(depositor(port, pieces_from_bytes=1000), of, Journal(tmp_path / "j"))
        changed = parcel(tmp_path, files={**LARGE, "data/tides.csv": b"\1" * 1024})
        deposit(depositor(port, pieces_from_bytes=1000), changed, Journal(tmp_path / "j"))
    (identifier,) = store.records
    held = store.files[identifier]["tides-of-the-inland-sea.crate.zip"]
    assert held["content"] == changed.file.read_bytes()


def test_what_is_damaged_on_the_way_is_never_published(tmp_path: Path) -> None:
    store, app = service()

    async def damaging(scope: dict[str, object], receive: object, send: object) -> None:
        await app(scope, receive, send)  # type: ignore[arg-type]
        if str(scope.get("path", "")).endswith("/content"):
            for held in store.draft_files.values():
                for one in held.values():
                    if one["status"] == "pending" and one["content"]:
                        one["content"] = b"\0" + one["content"][1:]

    with (
        served(damaging) as port,
        pytest.raises(OutsideFailed, match="does not arrive whole"),
    ):
        deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert not store.records


def test_a_full_quota_is_a_refusal_that_says_what_helps(tmp_path: Path) -> None:
    _, app = service(quota_bytes=10)
    with served(app) as port, pytest.raises(Refused, match="too large") as caught:
        deposit(depositor(port), parcel(tmp_path), Journal(tmp_path / "j"))
    assert "recrate refer" in caught.value.hint


def test_progress_counts_all_files_once(tmp_path: Path) -> None:
    _, app = service()
    told: list[tuple[str, int, int, str]] = []
    of, journal = parcel(tmp_path), Journal(tmp_path / "j")
    with served(app) as port:
        made = depositor(port)
        made.reserve(of, journal, silent)
        made.deposit(of, journal, lambda *said: told.append(said))
    uploads = [(done, total) for stage, done, total, _ in told if stage == "upload"]
    assert len({total for _, total in uploads}) == 1
    assert uploads == sorted(uploads)
    assert uploads[-1][0] == uploads[-1][1]


def test_names_are_plain_and_never_meet(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    names = {
        "Tides of the Inland Sea": "tides-of-the-inland-sea.crate.zip",
        "Étude nº 5/6": "etude-no-5-6.crate.zip",
        "潮汐": "study.crate.zip",
        "../../etc": "etc.crate.zip",
        "a" * 300: "a" * 60 + ".crate.zip",
    }
    for said, wanted in names.items():
        assert crate_name(replace(of, crate=replace(of.crate, name=said))) == wanted
    paths = ["a/b", "a%2Fb", "a%252Fb"]
    assert len({flat_name(one) for one in paths}) == 3
    assert not any("/" in flat_name(one) for one in paths)
