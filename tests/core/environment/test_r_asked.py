"""What a study asks of R, from declarations and code, and how the crate keeps it."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.environment.studies import notebook, settings_in, study
from recrate.environment import debian
from recrate.environment.locking import make_lock
from recrate.environment.r_asked import (
    Wanted,
    is_at_least,
    read_description,
    read_install,
    read_own,
    read_renv,
    read_wanted,
    same_version,
    write_renv,
)
from recrate.environment.r_restore import wanted_of
from recrate.model.environment import Lock
from recrate.model.study import Import
from recrate.model.wire import from_json, to_json

RENV = {
    "R": {"Version": "4.1.3", "Repositories": [{"Name": "CRAN", "URL": "https://x.invalid"}]},
    "Bioconductor": {"Version": "3.14"},
    "Packages": {
        "glue": {"Package": "glue", "Version": "1.6.0", "Source": "Repository"},
        "Biobase": {"Package": "Biobase", "Version": "2.54.0", "Source": "Bioconductor"},
        "own": {
            "Package": "own",
            "Version": "0.0.1",
            "Source": "GitHub",
            "RemoteUsername": "lab",
            "RemoteRepo": "own",
            "RemoteSha": "f00",
            "RemoteHost": "https://x.invalid",
        },
        "stats": {"Package": "stats", "Version": "4.1.3"},
    },
}


def in_r(*imports: str | Import, path: str = "a.ipynb", version: str | None = "4.2.2", **uses):
    return notebook(*imports, path=path, language="R", kernel="ir", python=version, **uses)


def test_a_renv_lock_says_versions_sources_and_r_and_its_addresses_are_left(tmp_path: Path):
    found = read_wanted(
        tmp_path / "s", study(tmp_path / "s", in_r("glue"), **{"renv.lock": json.dumps(RENV)})
    )
    assert (found.r, found.bioconductor) == ("4.1.3", "3.14")
    assert sorted(found.packages) == ["Biobase", "glue", "own"]  # `stats` comes with R
    assert found.packages["glue"].version == "1.6.0"
    assert found.packages["glue"].used
    assert found.packages["glue"].where == ("renv.lock", "a.ipynb")
    assert found.packages["Biobase"].source == "Bioconductor"
    assert not found.packages["Biobase"].used
    text = write_renv(found, {"glue": "r-cran-glue 1.6.2-1"})
    assert "x.invalid" not in text
    kept = json.loads(text)["Packages"]
    assert kept["glue"]["Debian"] == "r-cran-glue 1.6.2-1"
    assert kept["own"]["RemoteSha"] == "f00"
    again = read_own(text)
    assert again.packages == found.packages
    assert (again.r, again.bioconductor) == (found.r, found.bioconductor)


def test_a_description_asks_for_what_it_imports_and_suggests_only_versions():
    wanted = Wanted()
    text = (
        "Package: mine\nDepends: R (>= 3.5), methods\nImports:\n    dplyr (>= 1.0.0),\n"
        "    glue (== 1.6.2)\nSuggests: testthat (>= 3.0.0), ggplot2 (>= 3.3.0)\n"
    )
    suggested = read_description(text, "DESCRIPTION", wanted)
    assert {name: (one.version, one.least) for name, one in wanted.packages.items()} == {
        "dplyr": ("", "1.0.0"),
        "glue": ("1.6.2", ""),
    }
    assert [one.name for one in suggested] == ["testthat", "ggplot2"]


def test_what_is_only_suggested_counts_where_the_code_loads_it(tmp_path: Path):
    text = "Suggests: testthat (>= 3.0.0), ggplot2 (>= 3.3.0)\n"
    found = read_wanted(tmp_path / "s", study(tmp_path / "s", in_r("ggplot2"), DESCRIPTION=text))
    assert {name: one.least for name, one in found.packages.items()} == {"ggplot2": "3.3.0"}


def test_a_script_that_installs_says_names_versions_and_other_sources():
    wanted = Wanted()
    text = """
    install.packages(c("dplyr", 'data.table'), repos = "https://x.invalid")
    # install.packages("not.this")
    remotes::install_version("glue", version = "1.6.0")
    devtools::install_github("lab/tool@v2")
    BiocManager::install(c("limma"))
    """
    read_install(text, "install.R", wanted)
    found = {name: (one.version, one.source) for name, one in wanted.packages.items()}
    assert found == {
        "dplyr": ("", "Repository"),
        "data.table": ("", "Repository"),
        "glue": ("1.6.0", "Repository"),
        "tool": ("", "GitHub"),
        "limma": ("", "Bioconductor"),
    }
    assert dict(wanted.packages["tool"].remote)["RemoteRef"] == "v2"


def test_the_code_asks_unless_the_study_holds_it_or_does_without(tmp_path: Path):
    imports = (
        Import(name="ape", local=False, cell=0),
        Import(name="own", local=True, cell=0),
        Import(name="nice", local=False, cell=0, optional=True),
        Import(name="utils", local=False, cell=0),
    )
    inventory = study(tmp_path / "s", in_r(*imports, installs=("later",)))
    found = read_wanted(tmp_path / "s", inventory)
    assert {name: one.used for name, one in found.packages.items()} == {
        "ape": True,
        "later": False,
    }
    assert found.r == "4.2.2"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"Packages": 3}', '{"Packages": {"a b": {}}}', "[" * 9000]
)
def test_a_file_that_is_none_asks_for_nothing(text: str):
    wanted = Wanted()
    assert read_renv(text, "renv.lock", wanted) == []
    assert wanted.packages == {}


@given(st.text(max_size=200))
def test_no_name_or_version_of_a_stranger_gets_to_apt_unless_it_has_their_form(name: str):
    wanted = Wanted()
    read_renv(
        json.dumps({"Packages": {name: {"Version": name}, "glue": {"Version": name}}}), "x", wanted
    )
    for one in wanted.packages.values():
        for package in debian.debian_names(one.name, one.source):
            assert package.replace(".", "").replace("-", "").isalnum()
            assert package.isascii()
        assert not one.version or set(one.version) <= set("0123456789.-")


def test_versions_are_compared_as_r_does():
    assert same_version("1.4-5", "1.4.5")
    assert not same_version("", "")
    assert is_at_least("1.10.0", "1.9")
    assert not is_at_least("1.9", "1.10.0")


@pytest.mark.parametrize(
    ("version", "upstream"),
    [
        ("1.6.2-1", "1.6.2"),
        ("1:1.6-0+dfsg-1", "1.6-0"),
        ("3.99-0.13-1", "3.99-0.13"),
        ("1.1.3-1+b1", "1.1.3"),
        ("0.6.1~beta-2", "0.6.1"),
    ],
)
def test_the_authors_version_is_told_from_debians(version: str, upstream: str):
    assert debian.upstream(version) == upstream


def test_the_newest_is_picked_unless_debian_has_the_very_version():
    versions = ("3.4.1+dfsg-1", "3.4.0-2")
    assert debian.pick(versions, "3.4.0") == "3.4.0-2"
    assert debian.pick(versions, "3.3.0") == "3.4.1+dfsg-1"
    assert debian.pick(versions, "") == "3.4.1+dfsg-1"


def test_a_study_in_python_and_r_keeps_what_r_asks_for_as_well(tmp_path: Path):
    inventory = study(
        tmp_path / "s",
        notebook(path="a.ipynb", python=None),
        in_r("ape", path="b.ipynb"),
        **{"renv.lock": json.dumps(RENV)},
    )
    settings = settings_in(tmp_path, "--no-index")
    lock = make_lock(tmp_path / "s", inventory, kernel=None, as_of=None, settings=settings)
    assert lock.language == "python"
    assert sorted(read_own(lock.renv).packages) == ["Biobase", "ape", "glue", "own"]


def test_a_lock_of_an_earlier_recrate_is_read_and_says_the_same(tmp_path: Path):
    inventory = study(tmp_path / "s", in_r("ape"), **{"renv.lock": json.dumps(RENV)})
    lock = make_lock(
        tmp_path / "s", inventory, kernel=None, as_of=None, settings=settings_in(tmp_path)
    )
    document = json.loads(to_json(lock))
    del document["renv"]
    old = from_json(json.dumps(document), Lock)
    assert sorted(wanted_of(old).packages) == ["Biobase", "ape", "glue", "own"]
    assert wanted_of(old).packages["glue"].version == "1.6.0"
