"""What a person may write."""

from pathlib import Path

import pytest

from recrate.locate.written import Address, doi_url, name_in, read_where, safe_name, without_keys
from recrate.model.errors import BadInput

DOI = "10.5281/zenodo.4711"


@pytest.mark.parametrize(
    "written",
    [
        DOI,
        f"doi:{DOI}",
        f"DOI: {DOI}",
        f" https://doi.org/{DOI} ",
        f"http://dx.doi.org/{DOI}",
        "https://doi.org/10.5281%2Fzenodo.4711",
        f"info:doi/{DOI}",
    ],
)
def test_a_doi_is_one_however_it_is_written(written):
    assert read_where(written) == Address(doi=DOI)


def test_two_spellings_of_a_doi_are_remembered_as_one():
    one, other = read_where("10.5072/ABC"), read_where("https://doi.org/10.5072/abc")
    assert isinstance(one, Address)
    assert isinstance(other, Address)
    assert one.key == other.key == "https://doi.org/10.5072/abc"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://example.org/x.crate.zip", "https://example.org/x.crate.zip"),
        ("HTTPS://example.org/x#top", "https://example.org/x"),
        (
            "crate+https://rdm.nii.ac.jp/ab3cd/files/osfstorage/x.crate.zip",
            "https://rdm.nii.ac.jp/ab3cd/files/osfstorage/x.crate.zip",
        ),
    ],
)
def test_an_address_is_one_with_the_scheme_of_governed_runs_too(written, url):
    assert read_where(written) == Address(url=url)


@pytest.mark.parametrize("written", ["x.crate.zip", "./folder", "C:\\x", "a b", "doi", "10.x/abc"])
def test_anything_else_is_a_path(written):
    assert read_where(written) == Path(written)


def test_a_folder_that_is_called_like_a_doi_is_opened_as_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_where("10.5072/abc") == Address(doi="10.5072/abc")
    (tmp_path / "10.5072" / "abc").mkdir(parents=True)
    assert read_where("10.5072/abc") == Path("10.5072/abc")
    assert read_where("doi:10.5072/abc") == Address(doi="10.5072/abc")


@pytest.mark.parametrize(
    "written",
    [
        "ftp://example.org/x.zip",
        "file:///etc/passwd",
        "crate+file:///x",
        "https://",
        "https://exa mple.org/",
        "http://[::1",
        "https://example.org/\x00",
        "doi:not-one",
        "https://example.org:0/x",
        "https://example.org:99999/x",
    ],
)
def test_what_is_neither_is_refused_with_a_hint(written):
    with pytest.raises(BadInput) as refused:
        read_where(written)
    assert refused.value.hint


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(BadInput) as refused:
        read_where("https://me:hunter2@example.org/x.zip")
    assert "hunter2" not in str(refused.value) + refused.value.hint


def test_an_address_is_published_without_the_key_in_its_query():
    plain = "https://example.org/get?id=3"
    assert without_keys(plain) == plain
    for name in ("token", "X-Amz-Signature", "access_token", "sig", "apikey"):
        assert without_keys(f"https://example.org/get?id=3&{name}=abc") == "https://example.org/get"


def test_a_doi_is_cited_by_an_address_that_leads_to_it():
    assert doi_url("10.5072/a b<c>#d") == "https://doi.org/10.5072/a%20b%3Cc%3E%23d"


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../x.zip",
        "a/../../x",
        "/etc/passwd",
        "x\x00.zip",
        "\u202ezip.x",
        ".hidden",
        "-rf",
        "",
    ],
)
def test_a_name_from_the_web_stays_one_plain_name(name):
    kept = safe_name(name, otherwise="crate.zip")
    assert "/" not in kept
    assert kept not in {"..", ".", ""}
    assert kept.isprintable()
    assert not kept.startswith((".", "-"))


def test_the_name_of_a_file_is_the_last_part_of_its_address_unquoted_once():
    assert name_in("https://h/record/1/files/code%252Fa.ipynb") == "code%2Fa.ipynb"
    assert name_in("https://h/api/records/1/files/x.crate.zip/content") == "x.crate.zip"
    assert name_in("https://h/") == ""
