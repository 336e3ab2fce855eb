"""Imports become distributions by a kept table, or are reported; nothing is guessed."""

import json

from packaging.requirements import Requirement

from core.environment.studies import notebook, study
from recrate.environment.inferred import infer
from recrate.environment.standard_library import is_standard
from recrate.environment.table import distribution_of, table
from recrate.model.study import CodeUse, FoundScript, Import


def names(wishes):
    return {wish.name for wish in wishes.requirements}


def test_well_known_imports_get_their_distribution():
    known = {
        "sklearn.svm": "scikit-learn", "PIL.Image": "pillow", "yaml": "pyyaml",
        "cv2": "opencv-python-headless",
        "bs4": "beautifulsoup4", "skimage.io": "scikit-image", "dateutil": "python-dateutil",
        "Bio.SeqIO": "biopython", "mpl_toolkits.mplot3d": "matplotlib", "umap": "umap-learn",
        "igraph": "igraph", "ipympl": "ipympl", "google.protobuf": "protobuf", "osgeo": "gdal",
        "numpy.linalg": "numpy", "netCDF4": "netcdf4",
    }  # fmt: skip
    assert {module: distribution_of(module) for module in known} == known


def test_an_unknown_import_is_reported_and_not_asked_for(tmp_path):
    wishes = infer(tmp_path, study(tmp_path, notebook("zz_my_lab_code.tools", "numpy")))
    assert names(wishes) == {"numpy"}
    assert [finding.code for finding in wishes.findings] == ["unknown-import"]
    assert [entry.name for entry in wishes.unrestored] == ["zz_my_lab_code"]


def test_local_optional_and_standard_modules_are_not_asked_for(tmp_path):
    imports = (
        Import(name="numpy", local=True),
        Import(name="cupy", local=False, optional=True),
        "os.path", "imp", "distutils.core", "asyncore", "urllib2",
    )  # fmt: skip
    wishes = infer(tmp_path, study(tmp_path, notebook(*imports)))
    assert not wishes.requirements
    assert not wishes.findings


def test_magics_calls_and_companions_bring_what_they_need(tmp_path):
    code = "import pandas as pd\npd.read_excel('a.xlsx')\n"
    cells = [{"cell_type": "code", "source": code, "metadata": {}, "outputs": []}]
    found = notebook(
        "pandas", "plotly.express", magics=("matplotlib widget", "watermark", "load_ext")
    )
    inventory = study(tmp_path, found)
    (tmp_path / "analysis.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert names(infer(tmp_path, inventory)) >= {
        "pandas", "plotly", "nbformat", "ipympl", "watermark", "openpyxl",
    }  # fmt: skip


def test_a_system_program_becomes_a_debian_package(tmp_path):
    found = notebook("graphviz", "pydub", programs=("ffmpeg", "dot", "ls"))
    assert infer(tmp_path, study(tmp_path, found)).system_packages == ("ffmpeg", "graphviz")


def test_only_scripts_that_a_notebook_uses_count(tmp_path):
    inventory = study(tmp_path, notebook(Import(name="tools.plots", local=True)))
    scripts = tuple(
        FoundScript(
            path=path, language="python", uses=CodeUse(imports=(Import(name=name, local=False),))
        )
        for path, name in (("src/tools/plots.py", "seaborn"), ("setup.py", "sphinx"))
    )
    found = type(inventory)(name="x", files=(), notebooks=inventory.notebooks, scripts=scripts)
    assert names(infer(tmp_path, found)) == {"seaborn"}


def test_the_table_holds_no_standard_module_and_no_word_twice():
    same = table("same")
    assert len(set(same)) == len(same)
    assert not [name for name in (*same, *table("imports")) if is_standard(name)]


def test_what_a_library_uses_when_it_is_there_is_asked_for_too(tmp_path):
    code = "sampler.run_mcmc(p, 100, progress=True)\nx = 3 * u.m\nclusters.plot()\n"
    cells = [{"cell_type": "code", "source": code, "metadata": {}, "outputs": []}]
    inventory = study(tmp_path, notebook("emcee", "fluids.units", "hdbscan", "dynesty.plotting"))
    (tmp_path / "analysis.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    assert names(infer(tmp_path, inventory)) >= {"tqdm", "pint", "seaborn", "matplotlib"}


def test_every_name_in_the_table_is_one_that_an_index_can_be_asked_for():
    methods = [names for calls in table("methods").values() for names in calls.values()]
    for text in (*methods, *table("companions").values()):
        for name in text.split():
            assert Requirement(name)
