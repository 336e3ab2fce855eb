"""What is not published is found under all its names, and kept out."""

import hashlib
import os
import sys

import pytest

from making import notebook_of
from recrate.metadata.describe import describe
from recrate.metadata.keeping import keep_description
from recrate.metadata.withheld import normal_path
from recrate.model.study import AccessRight, Description, RestrictedFile
from recrate.scan.inventory import take_inventory

SECRET = "name,age\nA,1\n"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "study"
    (folder / "data" / "private").mkdir(parents=True)
    (folder / "a.ipynb").write_text(notebook_of("open('data/x.csv').read()"))
    (folder / "data" / "x.csv").write_text(SECRET)
    (folder / "data" / "private" / "one.txt").write_text("1\n")
    (folder / "data" / "private" / "two.txt").write_text("22\n")
    (folder / "open.txt").write_text("open\n")
    return folder


def told(root, *paths, **terms):
    restricted = tuple(RestrictedFile(path=path, **terms) for path in paths)
    keep_description(root, Description(title="t", description="d", restricted=restricted))
    return describe(root, take_inventory(root))


def withheld(description):
    return [one.path for one in description.references]


def codes(description):
    return {one.code for one in description.findings} - {"no-author", "no-licence"}


def test_a_file_becomes_a_reference_without_an_address(root):
    said = told(root, "data/x.csv", conditions="ask", contact="me", landing_page="https://e.org/")
    (one,) = said.references
    assert (one.path, one.url, one.size_bytes) == ("data/x.csv", "", len(SECRET))
    assert one.sha256 == hashlib.sha256(SECRET.encode()).hexdigest()
    assert (one.access, one.conditions, one.contact, one.landing_page) == (
        AccessRight.SHARED, "ask", "me", "https://e.org/",
    )  # fmt: skip
    assert codes(said) == set()


@pytest.mark.parametrize("path", ["data/private", "data/private/", "./data//private"])
def test_a_folder_is_withheld_with_all_in_it(root, path):
    assert withheld(told(root, path)) == ["data/private/one.txt", "data/private/two.txt"]


@pytest.mark.parametrize("path", ["data/X.csv", "x.csv", "data/y", "gone/"])
def test_a_name_that_fits_nothing_is_an_error_for_it_would_let_a_file_through(root, path):
    assert codes(told(root, path)) == {"restricted-missing"}


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", ".", "data\\x.csv", "ro-crate-metadata.json"]
)
def test_what_is_no_path_of_the_study_is_an_error(path):
    assert normal_path(path) is None


def test_a_copy_is_kept_out_as_well(root):
    (root / "backup.csv").write_text(SECRET)
    said = told(root, "data/x.csv")
    assert withheld(said) == ["backup.csv", "data/x.csv"]
    assert codes(said) == {"restricted-copy"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_to_it_is_kept_out_as_well(root):
    (root / "link.csv").symlink_to(root / "data" / "x.csv")
    (root / "folder").symlink_to(root / "data" / "private", target_is_directory=True)
    os.link(root / "data" / "x.csv", root / "hard.csv")
    found = withheld(told(root, "data/x.csv", "data/private"))
    inventory = {file.path for file in take_inventory(root).files}
    assert {"link.csv", "hard.csv", "data/x.csv"} <= set(found)
    assert inventory - set(found) == {"a.ipynb", "open.txt"}


def test_a_notebook_cannot_be_kept_back_and_is_not_published_either(root):
    said = told(root, "a.ipynb")
    assert codes(said) == {"restricted-notebook"}
    assert withheld(said) == ["a.ipynb"]


def test_a_file_that_an_ignore_file_leaves_out_may_be_named(root):
    (root / ".recrateignore").write_text("data/x.csv\n")
    assert withheld(told(root, "data/x.csv")) == ["data/x.csv"]


def test_a_name_in_another_form_of_unicode_is_the_same_name(root):
    (root / "data" / "が.csv").write_text("ga\n")
    assert withheld(told(root, "data/が.csv")) == ["data/が.csv"]


def test_files_that_merely_are_empty_are_no_copies(root):
    (root / "data" / "private" / "__init__.py").write_text("")
    (root / "__init__.py").write_text("")
    assert "__init__.py" not in withheld(told(root, "data/private"))
