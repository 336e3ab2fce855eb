"""What code touches: imports, files, URLs, variables, magics, programs, in its own words."""

import pytest


@pytest.fixture
def uses(scan):
    """What one notebook with these cells touches, in a study with these other files."""

    def look(*cells, **files):
        renamed = {
            name.replace("__", "/").replace("_dot_", "."): one for name, one in files.items()
        }
        return scan({"a.ipynb": list(cells), **renamed}).notebooks[0].uses

    return look


def names(found):
    return [one.name for one in found.imports]


def read(found):
    return [one.path for one in found.reads]


def written(found):
    return [one.path for one in found.writes]


def test_imports_are_found_with_their_cell_and_line(uses):
    found = uses("x = 1", "%matplotlib inline\n\nimport numpy as np\nfrom scipy.stats import t")
    assert [(one.name, one.cell, one.line) for one in found.imports] == [
        ("numpy", 1, 3),
        ("scipy.stats", 1, 4),
    ]


def test_an_import_that_may_fail_is_optional(uses):
    found = uses(
        "try:\n    import numba\nexcept ImportError:\n    numba = None\nimport numpy",
        "import importlib\nlib = importlib.import_module('yaml')",
        "if False:\n    import never",
    )
    assert [(one.name, one.optional) for one in found.imports] == [
        ("numba", True),
        ("numpy", False),
        ("importlib", False),
        ("yaml", False),
    ]


def test_modules_of_the_study_are_local_wherever_python_finds_them(scan):
    found = scan(
        {
            "notebooks/a.ipynb": [
                "import beside, attop, insrc, pack.sub, added, elsewhere, numpy, json",
                "import sys\nsys.path.append('../tools')",
            ],
            "notebooks/beside.py": "",
            "attop.py": "",
            "src/insrc.py": "",
            "pack/__init__.py": "",
            "pack/sub.py": "",
            "tools/added.py": "",
            "deep/er/elsewhere.py": "",
            "tests/numpy.py": "",
            "json.py": "",
        }
    )
    local = {one.name: one.local for one in found.notebooks[0].uses.imports}
    assert local == {
        "beside": True,
        "attop": True,
        "insrc": True,
        "pack.sub": True,
        "added": True,
        "elsewhere": True,
        "numpy": False,
        "json": False,
        "sys": False,
    }


def test_magics_and_shell_lines_are_understood(uses):
    found = uses(
        "%load_ext rpy2.ipython\n%load_ext autoreload\n%matplotlib widget\n%watermark -v",
        "%pip install -q numpy==1.26 'pandas>=2' -r extra.txt\n!pip install --upgrade scipy\n"
        "!{sys.executable} -m pip install tqdm\n%conda install -c conda-forge xarray=2023.1 -y",
        "%%bash\ndot -Tpng graph.dot > graph.png\ncurl -o data.csv https://example.org/d.csv",
        "files = !ls *.csv\n!wget https://example.org/a/b.txt\n!ffmpeg -i x.avi && nvidia-smi",
        "%env TOKEN_NAME\nimport subprocess\nsubprocess.run(['latexmk', 'x.tex'])",
        extra_dot_txt="six",
    )
    assert names(found) == ["rpy2.ipython", "subprocess"]
    assert {"matplotlib widget", "watermark"} <= set(found.magics)
    assert list(found.installs) == [
        "numpy==1.26",
        "pandas>=2",
        "scipy",
        "tqdm",
        "xarray==2023.1.*",
    ]
    assert list(found.programs) == ["dot", "curl", "wget", "ffmpeg", "nvidia-smi", "latexmk"]
    assert "extra.txt" in read(found)
    assert written(found) == ["graph.png", "data.csv", "b.txt"]
    assert {one.url for one in found.web if one.fetched} == {
        "https://example.org/d.csv",
        "https://example.org/a/b.txt",
    }
    assert found.environment_variables == ("TOKEN_NAME",)


def test_magic_cells_with_python_in_them_are_read_with_right_lines(uses):
    found = uses(
        "%%time\n\nimport numpy", "%%capture out\n!echo\nimport scipy", "%%cython\ncimport x"
    )
    assert [(one.name, one.line) for one in found.imports] == [("numpy", 3), ("scipy", 3)]
    assert "cython" in found.magics


def test_text_that_looks_like_magic_inside_strings_and_brackets_is_no_magic(uses):
    found = uses(
        's = """\n%pip install evil\n!rm x\n"""\n%matplotlib inline\ny = (3\n  % 2)\n!make'
    )
    assert found.installs == ()
    assert found.programs == ("make",)


def test_a_cell_magic_that_nobody_knows_is_python_when_it_parses(uses):
    found = uses("%%my_timer\nimport numpy", "%%my_language\nlet x := 3 in")
    assert names(found) == ["numpy"]


def test_files_read_and_written_are_found(uses):
    found = uses(
        "import pandas as pd, numpy as np, matplotlib.pyplot as plt, json",
        "from pathlib import Path",
        "df = pd.read_csv('a.csv'); pd.read_excel(io='b.xlsx'); df.to_parquet('c.parquet')",
        "np.load('d.npy'); np.save('e', df); np.savez('f.npz', df); np.loadtxt('g.txt')",
        "plt.savefig('h'); plt.imread('i.png')",
        "with open('j.json') as f:\n    json.load(f)\nwith open('k.json', 'w') as f:\n    pass",
        "Path('l.txt').read_text(); Path('m.txt').write_text('x'); (Path('n') / 'o.txt').open('w')",
        "import h5py, sqlite3\nh5py.File('p.h5', 'r'); h5py.File('q.h5', mode='w')\n"
        "sqlite3.connect('r.db')",
        "import xarray as xr\nfrom PIL import Image\nxr.open_dataset('s.nc'); Image.open('t.jpg')"
        ".save('u.png')",
        "import joblib\njoblib.dump(df, 'v.pkl'); joblib.load('w.pkl')",
    )
    assert read(found) == [
        "a.csv", "b.xlsx", "d.npy", "g.txt", "i.png", "j.json", "l.txt", "p.h5", "r.db", "s.nc",
        "t.jpg", "w.pkl",
    ]  # fmt: skip
    assert written(found) == [
        "c.parquet", "e.npy", "f.npz", "h.png", "k.json", "m.txt", "n/o.txt", "q.h5", "r.db",
        "u.png", "v.pkl",
    ]  # fmt: skip


def test_paths_made_of_constants_are_put_together(uses):
    found = uses(
        "import os\nfrom pathlib import Path\nimport pandas as pd\nDATA = Path('data')\nname = 'x'",
        "pd.read_csv(DATA / 'a.csv')",
        "pd.read_csv(os.path.join('data', f'{name}.csv'))",
        "for year in (2019, 2020):\n    pd.read_csv(f'data/{year}.csv')",
        "for n in range(1, 3):\n    pd.read_csv('data/' + 'n{}.csv'.format(n))",
        "base = 'data'\nbase += '/sub'\npd.read_csv(base + '/b.csv')",
        "name = input()\npd.read_csv(f'data/{name}.csv')",
        "def load(name):\n    return pd.read_csv(name)\nload('handed.csv')",
    )
    assert read(found) == [
        "data/a.csv", "data/x.csv", "data/2019.csv", "data/2020.csv", "data/n1.csv", "data/n2.csv",
        "data/sub/b.csv", "handed.csv",
    ]  # fmt: skip


def test_targets_are_meant_from_the_notebooks_folder_first_then_the_root(scan):
    found = scan(
        {
            "nb/a.ipynb": [
                "import pandas as pd\npd.read_csv('near.csv'); pd.read_csv('top.csv')\n"
                "pd.read_csv('../top.csv'); pd.read_csv('../../out.csv'); pd.read_csv('gone.csv')"
            ],
            "nb/near.csv": "",
            "top.csv": "",
        }
    )
    told = [(one.path, one.target, one.exists) for one in found.notebooks[0].uses.reads]
    assert told == [
        ("near.csv", "nb/near.csv", True),
        ("top.csv", "top.csv", True),
        ("../top.csv", "top.csv", True),
        ("../../out.csv", None, False),
        ("gone.csv", "nb/gone.csv", False),
    ]


def test_a_change_of_folder_is_followed(scan):
    found = scan(
        {
            "nb/a.ipynb": [
                "%cd ../data\nopen('x.csv')",
                "import os\nos.chdir(where())\nopen('y.csv')",
            ],
            "data/x.csv": "",
        }
    )
    told = [(one.target, one.exists) for one in found.notebooks[0].uses.reads]
    assert told == [("data/x.csv", True), (None, False)]


def test_urls_and_dois_are_named_and_known_to_be_fetched(uses):
    found = uses(
        "import pandas as pd, requests\nURL = 'https://example.org/x.csv'\npd.read_csv(URL)",
        "requests.get('https://example.org/api')  # https://in.a.comment/",
        "cite = 'see https://example.org/paper and doi:10.1234/abc.5'",
    )
    assert {one.url: one.fetched for one in found.web} == {
        "https://example.org/x.csv": True,
        "https://example.org/api": True,
        "https://example.org/paper": False,
        "https://doi.org/10.1234/abc.5": False,
    }


def test_a_doi_alone_is_named_as_its_address(uses):
    found = uses("source = '10.5281/zenodo.1234567'")
    assert [one.url for one in found.web] == ["https://doi.org/10.5281/zenodo.1234567"]


def test_environment_variables_that_are_read_are_named(uses):
    found = uses(
        "import os\nos.environ['A']; os.getenv('B'); os.environ.get('C')\nos.environ['D']=''"
    )
    assert found.environment_variables == ("A", "B", "C")


def test_python_2_is_read_line_by_line(uses):
    found = uses(
        "import urllib2, numpy as np\nprint 'x'\nf = open('old.txt')\ng = open('new.txt', 'w')"
    )
    assert names(found) == ["urllib2", "numpy"]
    assert read(found) == ["old.txt"]
    assert written(found) == ["new.txt"]


def test_r_and_julia_are_read(scan):
    def notebook(language, source):
        cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
        metadata = {"language_info": {"name": language}}
        return {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": [cell]}

    r_code = (
        "library(dplyr)\nrequire('ggplot2')\nx <- readr::read_csv(\"a.csv\")\n"
        "# library(comment)\nwrite.csv(x, file = 'b.csv')\nsaveRDS(x, 'c.rds')\n"
        "install.packages(c('car', \"lme4\"))\ndownload.file('https://example.org/d', 'd')\n"
        "Sys.getenv('KEY')"
    )
    julia_code = 'using CSV, DataFrames\nimport Plots: plot\nd = CSV.read("a.csv", DataFrame)'
    found = scan({"r.ipynb": notebook("R", r_code), "j.ipynb": notebook("julia", julia_code)})
    julia, r = (one.uses for one in found.notebooks)
    assert names(r) == ["dplyr", "ggplot2", "readr"]
    assert read(r) == ["a.csv"]
    assert written(r) == ["b.csv", "c.rds"]
    assert r.installs == ("car", "lme4")
    assert [one.url for one in r.web if one.fetched] == ["https://example.org/d"]
    assert r.environment_variables == ("KEY",)
    assert names(julia) == ["CSV", "DataFrames", "Plots"]
    assert read(julia) == ["a.csv"]


def test_scripts_are_read_too(scan):
    found = scan(
        {"a.ipynb": ["1"], "make.py": "import numpy\nopen('x.txt', 'w')", "run.sh": "dot x"}
    )
    told = {one.path: one for one in found.scripts}
    assert names(told["make.py"].uses) == ["numpy"]
    assert written(told["make.py"].uses) == ["x.txt"]
    assert told["run.sh"].uses.programs == ("dot",)
