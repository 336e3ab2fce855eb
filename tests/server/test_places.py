"""A contents path names a file below Jupyter's root, and nothing a browser sends names another."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jupyter_server.services.contents.filemanager import FileContentsManager
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
    LargeFileManager,
)

from recrate.model.errors import BadInput, NotFound, RecrateError, Refused
from recrate_server.places import Places, places_of

HOSTILE = st.sampled_from(
    (
        *("..", ".", "", "/", "\\", "..\\..", "\\\\server", "C:", "a:b", "~", "%2e%2e", "．．"),
        *("out", "ring", "inside", "study", "a.ipynb", ".secret", "passwd", "研究"),
        *("\x00", "\ud800", "\n"),
    )
)
PATHS = st.one_of(
    st.lists(st.one_of(HOSTILE, st.text(max_size=6)), max_size=8).map("/".join),
    st.text(max_size=60),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with a study, links that lead out, in and round, and a neighbour nobody may name."""
    house = tmp_path_factory.mktemp("house")
    (house / "root" / "study" / "deep").mkdir(parents=True)
    (house / "root" / "study" / "a.ipynb").write_text("{}")
    (house / "root" / ".secret").mkdir()
    (house / "root" / ".secret" / "key").write_text("k")
    (house / "outside").mkdir()
    (house / "outside" / "passwd").write_text("p")
    (house / "root" / "out").symlink_to(house / "outside")
    (house / "root" / "study" / "deep" / "out").symlink_to("../../../outside")
    (house / "root" / "inside").symlink_to("study")
    (house / "root" / "annexed.zip").symlink_to(".secret/key")
    (house / "root" / "ring").symlink_to("ring")
    (house / "root" / "dangling").symlink_to(house / "outside" / "new.crate.zip")
    return house


@pytest.fixture(scope="module")
def places(house: Path) -> Places:
    return Places(root=house / "root")


@settings(max_examples=600, deadline=None)
@given(path=PATHS, existing=st.booleans())
@example(path="out/passwd", existing=True)
@example(path="out/not-there-yet.crate.zip", existing=False)
@example(path="dangling", existing=False)
@example(path="study/deep/out/../../x", existing=False)
@example(path="a" * 300, existing=True)
@example(path="/".join(["a"] * 3000), existing=False)
def test_no_path_ever_leads_out_of_the_root_nor_tells_where_it_lies(
    places: Places, house: Path, path: str, existing: bool
):
    try:
        place = places.find(path) if existing else places.plan(path)
    except RecrateError as error:
        told = f"{error.message}{error.where}{error.hint}"
        assert str(house) not in told
        told.encode("utf-8")
        return
    assert place.real.is_relative_to((house / "root").resolve())
    assert Path(os.path.realpath(place.real)) == place.real


@pytest.mark.parametrize(
    "path",
    [
        *("..", "../outside", "study/../../outside", "/etc/passwd"),
        *("C:/x", "c:\\x", "\\\\server\\x"),
        *("study//a.ipynb", "./study", "study/", "a\x00b", "\udcff", "a" * 5000),
    ],
)
def test_what_is_no_contents_path_is_bad_input(places: Places, path: str):
    with pytest.raises(BadInput) as complaint:
        places.plan(path)
    assert not isinstance(complaint.value, NotFound)
    assert complaint.value.hint


@pytest.mark.parametrize(
    "path", ["out", "out/passwd", "out/new.zip", "dangling", "study/deep/out/a/b/c"]
)
def test_a_link_that_leads_out_is_refused_for_what_is_and_for_what_shall_be(
    places: Places, path: str
):
    with pytest.raises(Refused) as complaint:
        places.plan(path)
    assert complaint.value.where == path


def test_a_link_within_the_root_is_followed(places: Places, house: Path):
    assert places.find("inside/a.ipynb").real == (house / "root/study/a.ipynb").resolve()
    assert places.find("annexed.zip").real.read_text() == "k"


def test_a_ring_of_links_and_nothing_at_all_are_not_found(places: Places):
    for path in ("ring", "ring/x", "nothing", "study/a.ipynb/x"):
        with pytest.raises(NotFound):
            places.find(path)


def test_hidden_names_are_there_only_where_jupyter_shows_them(places: Places, house: Path):
    with pytest.raises(NotFound):
        places.find(".secret/key")
    with pytest.raises(NotFound):
        places.plan("study/.new/x.crate.zip")
    shown = Places(root=house / "root", hidden=True)
    assert shown.find(".secret/key").real.read_text() == "k"


def test_the_root_is_the_empty_path_and_a_file_is_no_folder(places: Places, house: Path):
    assert places.folder("").real == (house / "root").resolve()
    with pytest.raises(BadInput):
        places.folder("study/a.ipynb")


def test_a_place_on_disk_is_told_by_its_contents_path(places: Places, house: Path):
    assert places.contents_path(house / "root" / "study" / "a.ipynb") == "study/a.ipynb"
    assert places.contents_path(house / "root") == ""
    assert places.contents_path(house / "outside") is None


@pytest.mark.parametrize("kind", [FileContentsManager, LargeFileManager, AsyncLargeFileManager])
def test_every_contents_manager_with_files_on_disk_will_do(kind: type, house: Path):
    manager = kind(root_dir=str(house / "root"), allow_hidden=True)
    assert places_of(manager) == Places(root=house / "root", hidden=True)


def test_a_contents_manager_whose_files_lie_elsewhere_is_told_of():
    with pytest.raises(Refused) as complaint:
        places_of(SimpleNamespace(root_dir="s3://bucket"))
    assert "contents_manager_class" in complaint.value.hint


def test_a_root_that_is_reached_by_a_link_is_a_root(house: Path, tmp_path: Path):
    (tmp_path / "home").symlink_to(house / "root")
    places = Places(root=tmp_path / "home")
    assert places.find("study/a.ipynb").real == (house / "root/study/a.ipynb").resolve()
    hidden = "".join(places.concealed)
    assert str(tmp_path / "home") in hidden
    assert str((house / "root").resolve()) in hidden
