"""What is installed is all that is needed, and nothing else: the lists of both distributions."""

import json
import re
import zipfile

import pytest

from recrate import __version__

pytestmark = pytest.mark.slow

SHARED = f"recrate-{__version__}.data/data"
LAB = f"{SHARED}/share/jupyter/labextensions/recrate"
CATALOGUES = "server/recrate_server/locale/ja_JP/LC_MESSAGES/recrate"
CHARTS = "report/assets/chart.umd.js"
LABEXTENSION = "server/recrate_server/labextension"

BUILT_EXTENSION = {
    "package.json",
    "schemas/recrate/package.json.orig",
    "static/CHUNK.js",
    "static/remoteEntry.HASH.js",
    "static/style.js",
    "static/third-party-licenses.json",
}
"""Beside the settings schemas. HASH changes with the sources, CHUNK is one or more files."""

TOP_OF_SDIST = {
    ".gitignore",
    ".npmrc",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE",
    "PKG-INFO",
    "README.ja.md",
    "README.md",
    "STYLE.md",
    "hatch_build.py",
    "install.json",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "tsconfig.json",
}


def plain(name: str) -> str:
    """Return a name without the hashes that a build puts into it."""
    name = re.sub(r"/static/\d+\.[0-9a-f]{16}\.js$", "/static/CHUNK.js", name)
    return re.sub(r"remoteEntry\.[0-9a-f]{16}\.js$", "remoteEntry.HASH.js", name)


def below(folder: str, names: set[str]) -> set[str]:
    return {f"{folder}/{name}" for name in names}


def extension(built) -> set[str]:
    """Return what the built labextension holds, relative to its folder."""
    schemas = {name.rsplit("/", 1)[1] for name in built.files("extension/schema")}
    return BUILT_EXTENSION | below("schemas/recrate", schemas)


def test_the_wheel_holds_the_packages_the_study_and_what_jupyter_reads_and_nothing_else(built):
    packages = {
        name.split("/", 1)[1]
        for name in built.files("crates/recrate", "server/recrate_server", "binder/recrate_binder")
    }
    catalogues = {f"{CATALOGUES.split('/', 1)[1]}.{kind}" for kind in ("json", "mo")}
    study = {f"recrate/{name}" for name in built.files("examples")}
    about = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    jupyter = below(LAB, {"install.json", *extension(built)}) | {
        f"{SHARED}/etc/jupyter/jupyter_server_config.d/recrate_server.json"
    }
    expected = packages | catalogues | study | jupyter | {f"recrate/{CHARTS}"}
    expected |= below(f"recrate-{__version__}.dist-info", about)
    assert {plain(name) for name in built.names_in_wheel()} == expected


def test_the_sdist_holds_the_sources_and_the_extension_as_it_was_built(built):
    folders = (
        "binder",
        "crates",
        "server",
        "extension",
        "jupyter-config",
        "examples",
        "docs",
        "tests",
    )
    catalogues = {f"{CATALOGUES}.{kind}" for kind in ("json", "mo")}
    expected = built.files(*folders) | TOP_OF_SDIST | catalogues | {f"crates/recrate/{CHARTS}"}
    expected |= below(LABEXTENSION, extension(built))
    assert {plain(name) for name in built.names_in_sdist()} == expected


def test_no_distribution_holds_what_a_machine_leaves_behind(built):
    left = re.compile(
        r"node_modules|__pycache__|\.ipynb_checkpoints|test-results|tsbuildinfo|extension/lib|\.map$"
    )
    names = built.names_in_wheel() | built.names_in_sdist()
    assert [name for name in names if left.search(name)] == []


def test_the_extension_in_the_wheel_has_the_version_of_the_wheel_and_all_its_files(built):
    with zipfile.ZipFile(built.wheel) as archive:
        package = json.loads(archive.read(f"{LAB}/package.json"))
    assert package["version"] == __version__
    entry = package["jupyterlab"]["_build"]["load"]
    assert f"{LAB}/{entry}" in built.names_in_wheel()
