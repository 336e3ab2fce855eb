"""Deposits in GakuNin RDM: what lies in the project afterwards."""

import json
from pathlib import Path

import pytest

from doubles.grdm import READ, TOKEN, Shelf, Store
from doubles.grdm_parcels import FILES, UNPACKED, ZIP, deposit, depositor, parcel, service
from recrate.model.deposit import DepositStatus
from recrate.model.errors import BadCrate, BadInput, Conflict, NotFound, Refused
from recrate.model.finding import Severity
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordLink
from recrate.publish.journal import Journal

S3 = "s3compatinstitutions"


def test_a_study_lies_in_its_project_as_one_zip(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path)
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files() == {ZIP: of.file.read_bytes()}
    assert receipt.status is DepositStatus.PUBLISHED
    assert receipt.doi is None
    assert receipt.file_url is None
    assert receipt.record.startswith("ab3cd/osfstorage/")
    assert receipt.record_url == f"http://127.0.0.1:{port}/ab3cd/files{receipt.record[5:]}"
    assert any("only the contributors" in one for one in receipt.notes)


def test_the_same_crate_again_is_not_sent_again(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path)
    with service(store) as port:
        first = deposit(depositor(port), of, Journal(tmp_path / "j1"))
        again = deposit(depositor(port), of, Journal(tmp_path / "j2"))
    assert again.record == first.record
    assert len(store.shelves["osfstorage"].files[ZIP]) == 1
    assert [one.method for one in store.asked].count("PUT") == 2, "a folder and a file"


def test_a_finished_deposit_says_its_receipt_again_without_asking(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path)
    with service(store) as port:
        first = deposit(depositor(port), of, Journal(tmp_path / "j"))
        asked = len(store.asked)
        assert deposit(depositor(port), of, Journal(tmp_path / "j")) == first
    assert len(store.asked) == asked


def test_a_crate_with_a_new_address_takes_the_place_of_itself(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path / "a")
    other = parcel(tmp_path / "b", files={**FILES, "ro-crate-metadata.json": b'{"@id": "new"}'})
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j1"))
        assert depositor(port).preflight(other) == ()
        deposit(depositor(port), other, Journal(tmp_path / "j2"))
    held = store.shelves["osfstorage"].files
    assert held == {ZIP: [of.file.read_bytes(), other.file.read_bytes()]}


def test_a_foreign_file_of_the_same_name_is_a_conflict_and_stays(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path)
    store.shelves["osfstorage"].add(ZIP, b"somebody's own")
    with service(store) as port:
        (found,) = depositor(port).preflight(of)
        assert (found.code, found.severity) == ("grdm-name-taken", Severity.ERROR)
        assert "new version" in found.hint
        with pytest.raises(Conflict):
            deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files() == {ZIP: b"somebody's own"}


def test_a_large_deposit_that_was_cut_off_can_be_gone_on_with(tmp_path: Path) -> None:
    """Nobody fetches it to see that it is ours: the journal says so when it is gone on with."""
    store = Store()
    files = {**FILES, "big.bin": bytes(65 << 20)}
    of = parcel(tmp_path, files=files, answers={"unpacked": "yes"})
    other = parcel(tmp_path / "other", files={**files, "ro-crate-metadata.json": b"{}"})
    journal = Journal(tmp_path / "j")
    with service(store) as port:
        depositor(port).reserve(of, journal, silent)
        store.quota_bytes = of.size_bytes + 10
        with pytest.raises(Refused, match="quota"):
            depositor(port).deposit(of, journal, silent)
        store.quota_bytes = None
        (found,) = depositor(port).preflight(other)
        assert (found.code, found.severity) == ("grdm-name-taken", Severity.WARNING)
        with pytest.raises(Conflict, match="too large"):
            depositor(port).reserve(other, Journal(tmp_path / "k"), silent)
        depositor(port).deposit(of, journal, silent)
    assert len(store.files(UNPACKED)) == 4
    assert len(store.shelves["osfstorage"].files[ZIP]) == 1


def test_a_foreign_folder_of_the_crates_name_is_a_conflict(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, answers={"unpacked": "yes"})
    store.shelves["osfstorage"].add(f"{UNPACKED}mine.txt", b"mine")
    with service(store) as port:
        assert [one.code for one in depositor(port).preflight(of)] == ["grdm-name-taken"]
        with pytest.raises(Conflict):
            deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files() == {f"{UNPACKED}mine.txt": b"mine"}


def test_somebody_who_came_in_between_is_not_written_over(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path)
    with service(store) as port:
        journal = Journal(tmp_path / "j")
        depositor(port).reserve(of, journal, silent)
        store.shelves["osfstorage"].add(ZIP, b"quicker")
        with pytest.raises(Conflict):
            depositor(port).deposit(of, journal, silent)
    assert store.files() == {ZIP: b"quicker"}


@pytest.mark.parametrize("by_address", [False, True])
def test_a_new_version_keeps_the_earlier_one_in_the_same_file(
    tmp_path: Path, by_address: bool
) -> None:
    store, of = Store(), parcel(tmp_path / "a")
    with service(store) as port:
        first = deposit(depositor(port), of, Journal(tmp_path / "j1"))
        earlier = first.record_url if by_address else first.record
        later = parcel(
            tmp_path / "b",
            files={**FILES, "more.txt": b"more"},
            name="Tides, second edition",
            new_version_of=earlier,
        )
        assert depositor(port).preflight(later) == ()
        second = deposit(depositor(port), later, Journal(tmp_path / "j2"))
    assert second.record == first.record
    assert (first.version, second.version) == ("1", "2")
    held = store.shelves["osfstorage"].files
    assert held == {ZIP: [of.file.read_bytes(), later.file.read_bytes()]}


def test_a_new_version_of_what_is_gone_says_so(tmp_path: Path) -> None:
    of = parcel(tmp_path, new_version_of="ab3cd/osfstorage/0123456789ab")
    elsewhere = parcel(tmp_path, new_version_of="zz9zz/osfstorage/0123456789ab")
    with service(Store()) as port:
        assert [one.code for one in depositor(port).preflight(of)] == ["grdm-no-place"]
        with pytest.raises(NotFound):
            deposit(depositor(port), of, Journal(tmp_path / "j1"))
        with pytest.raises(BadInput, match="not of this project"):
            deposit(depositor(port), elsewhere, Journal(tmp_path / "j2"))


def test_without_osfstorage_the_institutions_storage_is_the_default(tmp_path: Path) -> None:
    store = Store(shelves={"dropbox": Shelf(), S3: Shelf(by_name=True)}, page_size=1)
    of = parcel(tmp_path)
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files(provider=S3) == {ZIP: of.file.read_bytes()}
    assert receipt.record == f"ab3cd/{S3}{ZIP}"
    assert receipt.version is None


def test_a_storage_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    of = parcel(tmp_path, answers={"storage": "figshare"})
    with service(Store(shelves={"osfstorage": Shelf(), S3: Shelf()})) as port:
        (found,) = depositor(port).preflight(of)
    assert found.code == "grdm-no-place"
    assert S3 in found.hint


def test_the_folder_and_the_project_may_be_said_in_other_ways(tmp_path: Path) -> None:
    store = Store()
    with service(store) as port:
        answers = {"project": f"http://127.0.0.1:{port}/AB3CD/", "folder": "共有/結果"}
        of = parcel(tmp_path, answers=answers, name="潮汐: 干満/2026")
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert list(store.files()) == ["/共有/結果/潮汐-干満-2026.crate.zip"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"project": ""}, "no project"),
        ({"project": "https://evil.example/ab3cd/"}, "another site"),
        ({"project": "../nodes"}, "no project"),
        ({"folder": "/recrate/../../"}, "leads out"),
        ({"folder": "a\nb"}, "control character"),
    ],
)
def test_answers_that_lead_elsewhere_are_refused(
    tmp_path: Path, answers: dict[str, str], said: str
) -> None:
    store, of = Store(), parcel(tmp_path, answers=answers)
    with service(store) as port:
        (found,) = depositor(port).preflight(of)
        with pytest.raises((BadInput, Refused)):
            deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert found.severity is Severity.ERROR
    assert said in found.message
    assert store.asked == []


def test_a_names_dots_and_slashes_never_leave_the_folder(tmp_path: Path) -> None:
    for number, name in enumerate(
        ("../../etc/passwd", "..", "/", "a\\..\\b", "\u202ename", "x" * 900)
    ):
        store, of = Store(), parcel(tmp_path, name=name)
        with service(store) as port:
            deposit(depositor(port), of, Journal(tmp_path / str(number)))
        (path,) = store.files()
        folder, _, file = path.rpartition("/")
        assert folder == "/recrate"
        assert file.endswith(".crate.zip")
        assert ".." not in file
        assert len(file.encode()) < 200


def test_the_crates_files_lie_beside_it_as_a_folder(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, answers={"unpacked": "yes"})
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files(UNPACKED) == {UNPACKED + path: content for path, content in FILES.items()}


@pytest.mark.parametrize("path", ["../escape.txt", "/etc/escape.txt", "a/../../escape.txt"])
def test_a_hostile_path_in_a_crate_escapes_nowhere(tmp_path: Path, path: str) -> None:
    store = Store()
    of = parcel(tmp_path, files={**FILES, path: b"x"}, answers={"unpacked": "yes"})
    with service(store) as port:
        assert "grdm-unsafe-name" in {one.code for one in depositor(port).preflight(of)}
        with pytest.raises(Refused):
            deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert not [one for one in store.files() if "escape" in one]


def test_a_file_that_is_not_the_crates_is_never_unpacked(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, answers={"unpacked": "yes"})
    lies = parcel(tmp_path / "other", files={**FILES, "analysis.ipynb": b"evil"}).crate
    wrong = type(of)(
        crate=lies, file=of.file, size_bytes=of.size_bytes, sha256=of.sha256, record=of.record,
        order=of.order,
    )  # fmt: skip
    with service(store) as port, pytest.raises(BadCrate, match="not the file"):
        deposit(depositor(port), wrong, Journal(tmp_path / "j"))


def test_an_unfinished_deposit_is_taken_back_but_nobody_elses_files(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, answers={"unpacked": "yes"})
    store.shelves["osfstorage"].add("/recrate/mine.txt", b"mine")
    journal = Journal(tmp_path / "j")
    with service(store) as port:
        made = depositor(port)
        made.reserve(of, journal, silent)
        store.quota_bytes = of.size_bytes + 4 + len(FILES["analysis.ipynb"])
        with pytest.raises(Refused, match="quota"):
            made.deposit(of, journal, silent)
        assert ZIP in store.files()
        edited = f"{UNPACKED}analysis.ipynb"
        assert edited in store.files()
        store.shelves["osfstorage"].put(edited, b"a person's")
        assert depositor(port).discard(Journal(tmp_path / "j")) is True
        assert depositor(port).discard(Journal(tmp_path / "j")) is False
    assert store.files() == {"/recrate/mine.txt": b"mine", edited: b"a person's"}


def test_a_finished_deposit_is_never_taken_back(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path)
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
        assert depositor(port).discard(Journal(tmp_path / "j")) is False
        assert depositor(port).discard(Journal(tmp_path / "never")) is False
    assert ZIP in store.files()


def test_no_relation_is_written_into_a_project(tmp_path: Path) -> None:
    link = RecordLink(target="https://doi.org/10.5072/x", relation=LinkRelation.IS_REVIEWED_BY)
    with service(Store()) as port:
        assert depositor(port).relate("ab3cd/osfstorage/x", link) is False
    assert depositor(1).about.capabilities.relations is False


def test_a_token_that_may_only_read_is_refused_with_the_scopes_it_lacks(tmp_path: Path) -> None:
    store, of = Store(tokens={TOKEN: frozenset({READ})}), parcel(tmp_path)
    with service(store) as port, pytest.raises(Refused, match="does not allow"):
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files() == {}


def test_the_token_is_in_no_journal_receipt_or_message(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, answers={"unpacked": "yes", "metadata": "yes"})
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
        store.tokens = {}
        with pytest.raises(Refused) as refused:
            deposit(depositor(port), parcel(tmp_path / "b", mark="2"), Journal(tmp_path / "k"))
    said = [repr(receipt), str(refused.value), refused.value.hint, repr(depositor(1).__dict__)]
    said += [file.read_text() for file in tmp_path.rglob("journal.jsonl")]
    assert not [one for one in said if TOKEN in one]
    lines = (tmp_path / "j/journal.jsonl").read_text().splitlines()
    assert all(json.loads(line) for line in lines)
