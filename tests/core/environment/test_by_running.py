"""What error messages say is missing: words of real libraries, and words that say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrate.environment.by_running import missing_package, missing_program

SAID = [
    ("ModuleNotFoundError", "No module named 'tabulate'", "tabulate"),
    ("ModuleNotFoundError", "No module named 'sklearn'", "scikit-learn"),
    ("ModuleNotFoundError", "No module named 'mpl_toolkits.basemap'", "basemap"),
    (
        "ImportError",
        "Missing optional dependency 'openpyxl'.  Use pip or conda to install openpyxl.",
        "openpyxl",
    ),
    ("ImportError", "Missing optional dependency 'Jinja2'. It requires jinja2.", "jinja2"),
    ("ImportError", "Install xlrd >= 1.0.0 for Excel support", "xlrd"),
    ("ImportError", "lxml not found, please install it", "lxml"),
    (
        "ImportError",
        "Unable to find a usable engine; tried using: 'pyarrow', 'fastparquet'.\nA suitable version"
        " of pyarrow or fastparquet is required for parquet support.",
        "pyarrow",
    ),
    (
        "ImportError",
        "You must install graphviz (see instructions at https://graphviz.gitlab.io/download/)"
        " for plot_model to work. pip install pydot",
        "pydot",
    ),
    ("ImportError", "tqdm requires ipywidgets", "ipywidgets"),
    (
        "ValueError",
        "Mime type rendering requires nbformat>=4.2.0 but it is not installed",
        "nbformat",
    ),
    (
        "ImportError",
        'The "kaleido" package is required to export images: pip install -U kaleido',
        "kaleido",
    ),
    ("ImportError", "dask.dataframe requires pyarrow to be installed", "pyarrow"),
    ("UsageError", "Line magic function `%lprun` not found.", "line-profiler"),
    ("UsageError", "Cell magic `%%cython` not found.", "cython"),
    ("UsageError", "Line magic function `%R` not found.", "rpy2"),
    (
        "ValueError",
        "did not find a match in any of xarray's currently installed IO engines ['scipy']."
        " Consider explicitly selecting one of the installed engines",
        "netcdf4",
    ),
    (
        "FeatureNotFound",
        "Couldn't find a tree builder with the features you requested: lxml. Do you need to"
        " install a parser library?",
        "lxml",
    ),
    ("ImportError", "IProgress not found. Please update jupyter and ipywidgets.", "ipywidgets"),
    ("AssertionError", "nlopt not installed", "nlopt"),
    ("ModuleNotFoundError", "No module named 'distutils'", "setuptools"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "message", "package"), SAID)
def test_the_package_is_read_from_the_message(name, message, package):
    assert missing_package(name, message, have=(), local=()) == (package,)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ModuleNotFoundError", "No module named 'helpers_of_mine'"),
        ("ModuleNotFoundError", "No module named 'json.decoders'"),
        ("ModuleNotFoundError", "No module named 'pandas.plotting.gone'"),
        ("ModuleNotFoundError", "No module named 'model'"),
        ("KeyError", "'tabulate'"),
        ("ValueError", "could not convert string to float: 'seaborn'"),
        ("ImportError", "cannot import name 'gone' from 'pandas'"),
        ("ImportError", "pip install i-was-never-heard-of"),
        ("UsageError", "Line magic function `%mine` not found."),
        ("ValueError", "data/tables.csv not found"),
        ("OSError", "seaborn not found"),
        ("ValueError", "datasets not found"),
        ("RuntimeError", "control is required here"),
        ("FileNotFoundError", "No such file or directory: 'seaborn.csv' not found"),
    ],
)
def test_nothing_is_made_of_other_words(name, message):
    assert missing_package(name, message, have={"pandas"}, local={"model"}) == ()


def test_a_module_of_the_study_is_never_looked_for_elsewhere():
    told = ("ModuleNotFoundError", "No module named 'tabulate'")
    assert missing_package(*told, have=(), local={"tabulate"}) == ()
    assert missing_package(*told, have={"tabulate"}, local=()) == ()


@given(st.sampled_from(["ImportError", "UsageError", "ValueError"]), st.text(max_size=300))
def test_no_message_leads_to_a_name_that_the_tables_do_not_know(name, message):
    from recrate.environment.table import known_distribution  # noqa: PLC0415

    told = f"pip install {message} No module named '{message}'"
    for one in missing_package(name, told, have=(), local=()):
        assert known_distribution(one.partition("[")[0])


@pytest.mark.parametrize(
    ("name", "message", "package"),
    [
        (
            "ExecutableNotFound",
            "failed to execute PosixPath('dot'), make sure the Graphviz executables are on your"
            " systems' PATH",
            "graphviz",
        ),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'ffmpeg'", "ffmpeg"),
        ("CalledProcessError", "/bin/sh: 1: samtools: not found", "samtools"),
        ("RuntimeError", "Requested MovieWriter (ffmpeg) not available", "ffmpeg"),
        ("KeyError", "'ffmpeg'", "ffmpeg"),
        (
            "RuntimeError",
            "Failed to process string with tex because latex could not be found",
            "texlive-latex-extra",
        ),
        (
            "TesseractNotFoundError",
            "tesseract is not installed or it's not in your PATH.",
            "tesseract-ocr",
        ),
        (
            "PDFInfoNotInstalledError",
            "Unable to get page count. Is poppler installed and in PATH?",
            "poppler-utils",
        ),
        ("InvocationException", "GraphViz's executables not found", "graphviz"),
        (
            "ImportError",
            "libGL.so.1: cannot open shared object file: No such file or directory",
            "libgl1",
        ),
        ("OSError", "libsndfile.so: cannot open shared object file: No such file", "libsndfile1"),
        (
            "Exception",
            "Java gateway process exited before sending its port number",
            "default-jre-headless",
        ),
    ],
)
def test_the_debian_package_of_a_program_is_named(name, message, package):
    found = missing_program(name, message)
    assert found is not None
    assert found[1] == package


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'data.csv'"),
        ("KeyError", "'dot'"),
        ("ValueError", "shapes (3,) and (4,) not aligned"),
        ("ImportError", "libmine.so.3: cannot open shared object file"),
    ],
)
def test_other_errors_name_no_program(name, message):
    assert missing_program(name, message) is None
