"""What NII's Binder finds in a project: marked files, `paths.yaml`, the environment."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from doubles.grdm import Shelf, Store
from doubles.grdm_parcels import UNPACKED, deposit, depositor, lock_of, parcel, service
from recrate.model.progress import silent
from recrate.model.study import DataReference
from recrate.publish.grdm_binder import (
    Mount,
    data_mount,
    environment_files,
    marked,
    paths_file,
    was_edited,
)
from recrate.publish.journal import Journal

S3 = "s3compatinstitutions"
UNPACK = {"unpacked": "yes"}


def reference(path: str, url: str) -> DataReference:
    """Return a data reference."""
    return DataReference(path=path, url=url, sha256="0" * 64, size_bytes=3)


def paths_of(store: Store, provider: str = "osfstorage") -> Any:
    """Return what `paths.yaml` of a project says."""
    return yaml.safe_load(store.files("/.binder/", provider)["/.binder/paths.yaml"])


def test_the_mark_is_the_one_that_the_launcher_writes() -> None:
    """nii.md 1.2 step 2; the value is that of the front end's own tests."""
    launchers = (
        b"# rdm-binderhub:hash:7c5b3a3d0a63ffd19147fd8c5e52d9a0\nFROM jupyter/scipy-notebook\n"
    )
    assert marked("FROM jupyter/scipy-notebook\n") == launchers
    assert was_edited(launchers) is False
    body = "numpy==1.26.4\n"
    digest = hashlib.md5(body.strip().encode()).hexdigest()
    assert marked(body).splitlines()[0] == f"# rdm-binderhub:hash:{digest}".encode()


@given(st.text())
def test_what_we_mark_was_never_edited_and_a_changed_body_was(body: str) -> None:
    body = body.encode("utf-8", "replace").decode()
    assert was_edited(marked(body)) is False
    assert was_edited(marked(body) + b"more") is True


@pytest.mark.parametrize(
    ("content", "edited"),
    [
        (b"", False),
        (b" \n\n", False),
        (b"numpy\n", True),
        (b"# rdm-binderhub:hash:xyz\nnumpy\n", True),
        (b"\n# rdm-binderhub:hash:d41d8cd98f00b204e9800998ecf8427e\n", True),
        (b"# rdm-binderhub:hash:d41d8cd98f00b204e9800998ecf8427e\n", False),
        (b"# rdm-binderhub:hash:d41d8cd98f00b204e9800998ecf8427e\r\n", True),
        (b"\xff\xfe\x00", True),
    ],
)
def test_a_file_without_a_mark_that_fits_is_a_persons(content: bytes, edited: bool) -> None:
    assert was_edited(content) is edited


def test_paths_yaml_is_what_the_image_builder_reads() -> None:
    """nii.md 1.3: `override`, `paths` of `type`, `source`, `target`; target `.` or `./…`."""
    mounts = (
        Mount(kind="copy", source="$default_storage_path/recrate/a", target="."),
        Mount(kind="link", source="/googledrive/subdir: {x}", target="./external/# 潮汐.csv"),
    )
    content = paths_file(mounts)
    assert was_edited(content) is False
    assert yaml.safe_load(content) == {
        "override": True,
        "paths": [
            {"type": "copy", "source": "$default_storage_path/recrate/a", "target": "."},
            {
                "type": "link",
                "source": "/googledrive/subdir: {x}",
                "target": "./external/# 潮汐.csv",
            },
        ],
    }


@pytest.mark.parametrize("path", ["../up.csv", "/etc/passwd", "a/../../b", "a\nb", ".", "a/", ""])
def test_a_target_that_leads_out_of_the_home_folder_is_left_out(path: str) -> None:
    assert data_mount(reference(path, "https://x.example/"), "s3", "/a.csv") is None
    assert data_mount(reference("a.csv", "https://x.example/"), "s3", f"/{path}/x/../..") is None


def test_a_source_that_the_builder_would_rewrite_is_left_out() -> None:
    assert data_mount(reference("a", ""), "s3", "/x/$default_storage_path") is None


def test_the_environment_is_the_locks() -> None:
    files = environment_files(lock_of(system=("git", "libgeos-dev")))
    assert {name: content.decode().splitlines()[-2:] for name, content in files.items()} == {
        "requirements.txt": ["numpy==1.26.4", "pandas==2.2.0"],
        "runtime.txt": ["python-3.11"],
        "apt.txt": ["git", "libgeos-dev"],
    }
    assert not was_edited(files["requirements.txt"])
    assert not was_edited(files["apt.txt"])
    assert environment_files(lock_of(language="r")) == {}
    assert environment_files(None) == {}


def test_a_project_is_ready_to_be_launched(tmp_path: Path) -> None:
    store = Store(shelves={"osfstorage": Shelf(), S3: Shelf(by_name=True)})
    store.shelves["osfstorage"].add("/raw/big.nc", b"abc")
    store.shelves[S3].add("/shared/sea level.csv", b"abc")
    with service(store) as port:
        web, files = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port}/v1/resources"
        identifier = hashlib.sha256(b"/raw/big.nc").hexdigest()[:24]
        references = (
            reference("data/big.nc", f"{web}/ab3cd/files/osfstorage/{identifier}"),
            reference("in/sea.csv", f"{files}/ab3cd/providers/{S3}/shared/sea%20level.csv"),
            reference("gone.csv", f"{web}/ab3cd/files/{S3}/gone.csv"),
            reference("other.csv", f"{web}/zz9zz/files/osfstorage/{identifier}"),
            reference("far.csv", "https://zenodo.org/records/1/files/far.csv"),
            reference("../evil.csv", f"{web}/ab3cd/files/osfstorage/{identifier}"),
        )
        of = parcel(tmp_path, answers=UNPACK, lock=lock_of(), references=references)
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert paths_of(store) == {
        "override": True,
        "paths": [
            {"type": "copy", "source": f"$default_storage_path{UNPACKED[:-1]}", "target": "."},
            {"type": "link", "source": "/osfstorage/raw/big.nc", "target": "./data/big.nc"},
            {"type": "link", "source": f"/{S3}/shared/sea level.csv", "target": "./in/sea.csv"},
        ],
    }
    assert any("gone.csv, other.csv, far.csv, ../evil.csv" in one for one in receipt.notes)
    assert store.files("/.binder/")["/.binder/runtime.txt"] == b"python-3.11\n"


def test_another_storage_is_named_and_binders_files_lie_in_the_default_one(tmp_path: Path) -> None:
    store = Store(shelves={"osfstorage": Shelf(), S3: Shelf(by_name=True)})
    of = parcel(tmp_path, answers={**UNPACK, "storage": S3}, lock=lock_of())
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert {one.split("/")[1] for one in store.files()} == {".binder"}
    assert {one.split("/")[1] for one in store.files(provider=S3)} == {"recrate"}
    assert paths_of(store)["paths"][0]["source"] == f"/{S3}{UNPACKED[:-1]}"


def test_what_a_person_edited_stays_and_is_told(tmp_path: Path) -> None:
    store = Store()
    shelf = store.shelves["osfstorage"]
    shelf.add("/.binder/requirements.txt", marked("numpy\n") + b"scipy\n")
    shelf.add("/.binder/runtime.txt", b"python-3.9\n")
    shelf.add("/.binder/paths.yaml", b"paths: []\n")
    shelf.add("/.binder/apt.txt", marked("curl\n"))
    before = store.files("/.binder/")
    of = parcel(tmp_path, answers=UNPACK, lock=lock_of(system=("git",)))
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    after = store.files("/.binder/")
    changed = {one for one in after if after[one] != before[one]}
    assert changed == {"/.binder/apt.txt"}, "the launcher wrote it, and nobody edited it"
    assert after["/.binder/apt.txt"] == marked("git\n")
    told = [one for one in receipt.notes if "a person" in one]
    assert [one.split()[0] for one in told] == [".binder/requirements.txt", ".binder/paths.yaml"]


def test_a_version_of_python_that_a_person_chose_alone_stays(tmp_path: Path) -> None:
    store = Store()
    store.shelves["osfstorage"].add("/.binder/runtime.txt", b"python-3.9\n")
    of = parcel(tmp_path, answers=UNPACK, lock=lock_of())
    journal = Journal(tmp_path / "j")
    with service(store) as port:
        made = depositor(port)
        made.reserve(of, journal, silent)
        receipt = made.deposit(of, journal, silent)
        assert "/.binder/requirements.txt" in store.files()
        journal.note(grdm_receipt=None)
        assert depositor(port).deposit(of, journal, silent) == receipt
    assert store.files()["/.binder/runtime.txt"] == b"python-3.9\n"
    assert any(one.startswith(".binder/runtime.txt") for one in receipt.notes)


def test_a_later_crate_takes_over_what_an_earlier_one_wrote(tmp_path: Path) -> None:
    store = Store()
    newer = replace(lock_of(), python="3.12.1", requirements="numpy==2.1.0\n")
    with service(store) as port:
        for name, lock in (("first", lock_of()), ("second", newer)):
            of = parcel(tmp_path / name, answers=UNPACK, lock=lock, name=name)
            deposit(depositor(port), of, Journal(tmp_path / f"j-{name}"))
    assert store.files("/.binder/")["/.binder/runtime.txt"] == b"python-3.12\n"
    assert store.files("/.binder/")["/.binder/requirements.txt"] == marked("numpy==2.1.0\n")
    assert paths_of(store)["paths"][0]["source"] == "$default_storage_path/recrate/second"


@pytest.mark.parametrize("path", ["/.binder/Dockerfile", "/.binder/environment.yml", "/binder/x"])
def test_what_binder_obeys_instead_is_told_before_and_after(tmp_path: Path, path: str) -> None:
    store = Store()
    store.shelves["osfstorage"].add(path, marked("FROM jupyter/scipy-notebook\n"))
    of = parcel(tmp_path, answers=UNPACK, lock=lock_of())
    with service(store) as port:
        found = depositor(port).preflight(of)
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert [one.code for one in found] == ["grdm-other-environment"]
    assert found[0].message in receipt.notes


def test_a_study_that_is_not_unpacked_leaves_binders_files_alone(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, lock=lock_of())
    with service(store) as port:
        deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert store.files("/.binder/") == {}


def test_a_study_in_r_gets_its_folder_and_is_told_what_is_missing(tmp_path: Path) -> None:
    store, of = Store(), parcel(tmp_path, answers=UNPACK, lock=lock_of(language="r"))
    with service(store) as port:
        receipt = deposit(depositor(port), of, Journal(tmp_path / "j"))
    assert list(store.files("/.binder/")) == ["/.binder/paths.yaml"]
    assert any("not of Python" in one for one in receipt.notes)
