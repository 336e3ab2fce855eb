"""What is told of GakuNin RDM before a byte is sent."""

from dataclasses import replace
from pathlib import Path

from doubles.grdm import Store
from doubles.grdm_parcels import FILES, depositor, parcel, service
from recrate.model.finding import Severity
from recrate.publish.depositor import Parcel


def codes(of: Parcel, store: Store | None = None) -> list[str]:
    """Return the codes of what is found, and see that nothing was changed there."""
    store = store or Store()
    with service(store) as port:
        found = depositor(port).preflight(of)
    assert {one.method for one in store.asked} <= {"GET"}
    assert all(one.hint for one in found)
    return [one.code for one in found]


def test_preflight_says_who_may_not_and_keeps_quiet_offline(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    for token in (None, "wrong"):
        with service(Store()) as port:
            (found,) = depositor(port, token=token).preflight(of)
        assert (found.code, found.severity) == ("grdm-token", Severity.ERROR)
    assert "osf.full_write" in found.hint
    assert codes(of) == []
    assert codes(of, Store(guid="other")) == ["grdm-project"]
    assert codes(of, Store(permissions=("read",))) == ["grdm-read-only"]
    assert codes(of, Store(public=True)) == ["grdm-public"]
    (found,) = depositor(1).preflight(of)
    assert (found.code, found.severity) == ("grdm-unreachable", Severity.NOTE)


def test_sizes_are_told_where_a_limit_is_known_or_not_known(tmp_path: Path) -> None:
    of = parcel(tmp_path)
    assert codes(replace(of, size_bytes=200 << 20)) == ["grdm-limit-unknown"]
    assert codes(replace(of, size_bytes=2 << 30)) == ["grdm-export-limit", "grdm-limit-unknown"]


def test_a_folder_of_very_many_files_is_told_to_take_long(tmp_path: Path) -> None:
    files = {**FILES, **{f"out/{number}.txt": b"" for number in range(2001)}}
    assert codes(parcel(tmp_path, files=files)) == []
    assert codes(parcel(tmp_path, files=files, answers={"unpacked": "yes"})) == ["grdm-many-files"]


def test_a_form_without_answers_is_told(tmp_path: Path) -> None:
    of = parcel(tmp_path, answers={"metadata": "yes"})
    assert codes(of) == []
    assert codes(replace(of, documents={})) == ["grdm-no-metadata"]


def test_a_crate_that_is_a_folder_yet_is_asked_for_as_well(tmp_path: Path) -> None:
    of = replace(parcel(tmp_path), file=tmp_path, sha256="")
    assert codes(of) == []
    taken = Store()
    taken.shelves["osfstorage"].add("/recrate/Tides-of-the-Inland-Sea.crate.zip", b"other")
    assert codes(of, taken) == ["grdm-name-taken"]
    same = Store()
    zipped = (tmp_path / "parcel.crate.zip").read_bytes()
    same.shelves["osfstorage"].add("/recrate/Tides-of-the-Inland-Sea.crate.zip", zipped)
    assert codes(of, same) == []
