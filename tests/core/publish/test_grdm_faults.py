"""GakuNin RDM put through the fault campaign: one file, one record, whatever breaks."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from doubles.faults import RETRY_AFTER_SECONDS, Counted, Double, Fault, cuts_of, run_campaign
from doubles.grdm import Shelf, Store, make_app
from doubles.grdm_parcels import FILES, RUN, UNPACKED, deposit, depositor, lock_of, parcel
from recrate.model.deposit import Receipt
from recrate.publish.depositor import Parcel
from recrate.publish.grdm_runs import identifier_of
from recrate.publish.journal import Journal

S3 = "s3compatinstitutions"


def attempt_of(of: Parcel) -> Callable[..., Receipt]:
    """Return what one process does."""

    def attempt(port: int, journal: Journal, sleep: Callable[[float], None]) -> Receipt:
        return deposit(depositor(port, sleep=sleep), of, journal)

    return attempt


def fresh(
    of: Parcel,
    beside: Callable[[dict[str, bytes]], dict[str, bytes]] = lambda _: {},
    provider: str = "osfstorage",
    **shelf: bool,
) -> Callable[[], Double]:
    """Return a maker of doubles that count whole crates, and whatever should not be there.

    beside: what lies beside a whole crate, of all that lies there
    """

    def open_double() -> Double:
        store = Store(shelves={provider: Shelf(**shelf)})

        def count() -> Counted:
            held = store.files(provider=provider)
            crate = of.file.read_bytes()
            records = [path for path, content in held.items() if content == crate]
            whole = {path: held[path] for path in records[:1]} | beside(held)
            versions = [len(one) for one in store.shelves[provider].files.values()]
            strays = [path for path in held if held[path] != whole.get(path)]
            missing = [path for path in whole if path not in held]
            return Counted(len(records), len(strays) + len(missing) + sum(versions) - len(versions))

        return Double(make_app(store), count)

    return open_double


@pytest.mark.slow
def test_a_deposit_broken_anywhere_becomes_exactly_one_file(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    table = run_campaign("grdm", fresh(of), attempt_of(of), tmp_path / "j")
    print(table)
    assert table.clean, str(table)
    assert set(table.waits) == {RETRY_AFTER_SECONDS}, "a named wait is waited, no shorter"


@pytest.mark.slow
@pytest.mark.parametrize("hashes", [True, False])
def test_a_storage_that_tells_no_hashes_gets_one_file_too(tmp_path: Path, hashes: bool) -> None:
    of = parcel(tmp_path)
    double = fresh(of, provider=S3, by_name=True, hashes=hashes)
    table = run_campaign("grdm on S3", double, attempt_of(of), tmp_path / "j", faults=cuts_of)
    assert table.clean, str(table)


def some(requests: int) -> list[Fault]:
    """Return the faults that leave the most in doubt, of every request."""
    return [
        fault
        for at in range(requests)
        for fault in (
            Fault(at=at, kind="answer", share=0.0),
            Fault(at=at, kind="answer", share=0.5, lasts=True),
            Fault(at=at, kind="hidden", status=504),
        )
    ]


@pytest.mark.slow
def test_a_folder_and_binders_files_broken_anywhere_are_whole_in_the_end(tmp_path: Path) -> None:
    of = parcel(tmp_path, answers={"unpacked": "yes"}, lock=lock_of(system=("git",)))

    def beside(held: dict[str, bytes]) -> dict[str, bytes]:
        names = ("requirements.txt", "runtime.txt", "apt.txt", "paths.yaml")
        binder = {f"/.binder/{one}": held.get(f"/.binder/{one}", b"-") for one in names}
        return {UNPACKED + path: content for path, content in FILES.items()} | binder

    double = fresh(of, beside)
    table = run_campaign("grdm", double, attempt_of(of), tmp_path / "j", faults=some)
    assert table.clean, str(table)


@pytest.mark.slow
def test_a_run_is_in_the_index_once_whatever_breaks(tmp_path: Path) -> None:
    of = parcel(tmp_path, replay=True)
    record = f"{identifier_of(of.crate)}.json"

    def beside(held: dict[str, bytes]) -> dict[str, bytes]:
        index = held.get("/.crates/index.json", b"[]")
        good = [one["name"] for one in json.loads(index)] == [record]
        return {
            f"/.crates/{record}": (json.dumps(RUN, indent=1) + "\n").encode(),
            "/.crates/index.json": index if good else b"-",
        }

    double = fresh(of, beside)
    table = run_campaign("grdm", double, attempt_of(of), tmp_path / "j", faults=some)
    assert table.clean, str(table)
