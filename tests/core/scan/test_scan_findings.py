"""Each finding where it belongs, and none where an author would call it a false alarm."""

import json
from pathlib import Path

import pytest

from making import notebook_of
from recrate.scan.codes import CODES
from recrate.scan.inventory import take_inventory

READ = "import pandas as pd\npd.read_csv('x.csv')"


def test_a_finding_names_its_place_and_a_hint(scan):
    found = scan({"n/a.ipynb": ["1", "\n" + READ]}).findings
    assert [(one.code, one.where) for one in found] == [
        ("missing-file", "n/a.ipynb, cell 1, line 3")
    ]
    assert found[0].hint
    assert "x.csv" in found[0].message


def test_every_code_has_a_meaning_and_a_hint():
    assert all(code.meaning and code.hint for code in CODES.values())


@pytest.mark.parametrize(
    "cells",
    [
        ["import numpy as np\nnp.savetxt('x.csv', [1])", READ],
        ["with open('x.csv', 'w') as f:\n    f.write('1')", READ],
        ["%%writefile x.csv\na,b", READ],
        ["!wget https://example.org/x.csv", READ],
        ["!curl https://example.org/q?a=1 -o x.csv", READ],
        ["!unzip all.zip", READ],
        ["!echo a > x.csv", READ],
        ["import os\nif os.path.exists('x.csv'):\n    " + READ.replace("\n", "; ")],
        ["try:\n    open('x.csv')\nexcept FileNotFoundError:\n    pass"],
        ["simulate(out='x.csv')", READ],
        ["import urllib.request as u\nu.urlretrieve('https://example.org/x.csv', 'x.csv')", READ],
        ["folder = input()\n%cd $folder", READ],
        ["import pandas as pd\npd.read_csv('*.csv'); open('/dev/null'); open(0)"],
        ["import sqlite3\nsqlite3.connect('new.db'); sqlite3.connect(':memory:')"],
        ["import pandas as pd\npd.read_json('{\"a\": 1}'); pd.read_html('<table></table>')"],
    ],
    ids=lambda cells: cells[0][:40],
)
def test_a_file_that_is_made_or_looked_for_is_not_missing(codes, cells):
    assert "missing-file" not in {code for code, _ in codes({"a.ipynb": cells})}


def test_a_file_that_an_earlier_notebook_writes_is_not_missing(codes):
    write_it = "open('out/x.csv', 'w')"
    read_it = "open('../out/x.csv')"
    assert codes({"10.ipynb": [write_it], "nb/2.ipynb": [read_it]}) == []


def test_a_file_that_is_written_only_after_it_is_read_is_missing(codes):
    assert codes({"a.ipynb": ["open('x.csv')", "open('x.csv', 'w')"]}) == [("missing-file", 0)]


def test_a_file_that_an_ignore_file_leaves_out_is_named_as_such(codes):
    assert codes({"a.ipynb": [READ], "x.csv": "1", ".gitignore": "*.csv"}) == [("file-left-out", 0)]


def test_paths_of_the_authors_machine_are_found(scan):
    found = scan(
        {
            "a.ipynb": [
                "open('/home/me/x.csv')",
                "p = 'C:\\\\Users\\\\me\\\\x.csv'",
                "import sys\nsys.path.append('/Users/me/lib')",
                "open('~/x.csv', 'w')",
                "open('/tmp/scratch.txt', 'w'); open('/tmp/scratch.txt')",
                "open('/etc/os-release'); label = 'km/h'; url = '/api/home'",
            ]
        }
    ).findings
    told = [(one.cell, str(one.severity)) for one in found if one.code == "absolute-path"]
    assert sorted(told) == [(0, "error"), (1, "warning"), (2, "warning"), (3, "warning")]


def test_a_path_that_only_windows_understands_is_found(codes):
    files = {"a.ipynb": ["open('data\\\\x.csv')", "open('data/x.csv')"], "data/x.csv": ""}
    assert codes(files) == [("windows-path", 0)]


def test_a_fetch_is_found_when_its_address_is_not_constant_or_a_session_asks(codes):
    cells = [
        "import requests\nq = input()\nrequests.get(f'https://example.org/{q}')",
        "session = requests.Session()\nsession.get('https://example.org/api')",
        "{}.get('key'), requests.get",
    ]
    assert sorted(codes({"a.ipynb": cells})) == [("network-use", 0), ("network-use", 1)]


def test_a_path_out_of_the_study_is_found(codes):
    assert codes({"a.ipynb": ["open('../x.csv')"]}) == [("outside-study", 0)]


def test_cells_never_run_and_run_out_of_order_are_found(write):
    document = json.loads(notebook_of("a = 1", "b = 2", "c = 3", "# only words", "d = 4"))
    for cell, count in zip(document["cells"], [3, None, 2, None, 4], strict=True):
        cell["execution_count"] = count
    found = take_inventory(write({"a.ipynb": document})).findings
    assert [(one.code, one.cell) for one in found] == [("never-run", 1), ("run-out-of-order", 2)]


def test_a_notebook_that_was_never_run_gets_one_finding(write):
    document = json.loads(notebook_of("a = 1", "b = 2"))
    for cell in document["cells"]:
        cell["execution_count"] = None
    found = take_inventory(write({"a.ipynb": document})).findings
    assert [(one.code, one.cell) for one in found] == [("never-run", None)]


def test_a_stored_error_is_found_and_one_that_is_meant_is_only_noted(write):
    error = {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": []}
    document = json.loads(notebook_of("f()", "g()", outputs={0: [error], 1: [error]}))
    document["cells"][1]["metadata"]["tags"] = ["raises-exception"]
    found = take_inventory(write({"a.ipynb": document})).findings
    told = [(one.code, one.cell, str(one.severity)) for one in found]
    assert ("stored-error", 0, "warning") in told
    assert ("stored-error", 1, "note") in told
    assert ("undefined-name", 0, "error") in told
    assert ("undefined-name", 1, "error") not in told


def test_a_name_that_only_a_deleted_cell_defined_is_found(codes):
    cells = ["import numpy as np\nx = 1", "print(x + lost)", "def f():\n    return gone"]
    assert codes({"a.ipynb": cells}) == [("undefined-name", 1), ("undefined-name", 2)]


def test_a_name_that_is_defined_further_down_is_found(codes):
    assert codes({"a.ipynb": ["print(x)", "x = 1"]}) == [("used-before-definition", 0)]


@pytest.mark.parametrize(
    "cells",
    [
        ["def f():\n    return later()", "def later():\n    return 1", "f()"],
        ["from math import *", "sin(1)"],
        ["%run other.py", "anything"],
        ["%pylab inline", "plot(x)"],
        ["exec('x = 1')", "x"],
        ["globals()['x'] = 1", "x"],
        ["%%R -o frame\nframe <- 1", "frame"],
        ["%%capture out\nprint(1)", "out.show()"],
        ["files = !ls", "files, _, __, _3, In, Out, get_ipython, display(1), __name__, exit"],
        ["[y for y in range(3)], {k: v for k, v in ()}, (lambda a, *b, **c: (a, b, c))"],
        ["class A:\n    z = 1\n    w = z\n    def m(self):\n        return __class__"],
        ["for i in range(3):\n    pass\nwith open('a.ipynb') as f, f as (g, h):\n    i, f, g, h"],
        ["try:\n    unicode\nexcept NameError:\n    unicode = str"],
        ["try:\n    lost\nexcept:\n    pass"],
        ["import os.path as p, sys\ndel p\nsys, (q := 3), q"],
        ["x: int = 3\nx"],
        ["def f():\n    global made\n    made = 1", "f(); made"],
        ["import numpy", "print 'python 2'", "anything_there"],
        ["match 3:\n    case [a, *b]:\n        a, b\n    case {'k': c, **d}:\n        c, d"],
        ["%store -r kept", "kept"],
        ["from x import (\n  *\n)", "whatever"],
        ["%time y = 3", "y", "%timeit -n 3 y", "z = %time 4", "z"],
        ["ls", "pwd", "print?", "who"],
        [
            "await thing()\nasync def g():\n    async for i in j(): pass",
            "def thing(): pass\ndef j(): 1",
        ],
    ],
    ids=lambda cells: cells[0][:40],
)
def test_names_that_are_bound_somehow_are_not_called_undefined(codes, cells):
    found = codes({"a.ipynb": cells, "other.py": ""})
    assert [code for code, _ in found if code == "undefined-name"] == []


def test_network_use_gpus_installs_and_variables_are_found(scan):
    found = scan(
        {
            "a.ipynb": [
                "import requests\nrequests.get('https://example.org/x')",
                "import nltk\nnltk.download('punkt')",
                "import torch\nmodel = torch.nn.Linear(1, 1).cuda()",
                "%pip install six",
                "import os\nos.environ['MY_SETTING'], os.environ['HOME']",
                "from sklearn.datasets import fetch_openml\nfetch_openml('x')",
            ]
        }
    ).findings
    told = [(one.code, one.cell) for one in found]
    assert sorted(told) == [
        ("environment-variable", 4),
        ("needs-gpu", 2),
        ("network-use", 0),
        ("network-use", 1),
        ("network-use", 5),
        ("pip-in-cell", 3),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "import torch as t\nd = 'cuda' if t.cuda.is_available() else 'cpu'\nx = t.zeros(1).to(d)",
        "from sklearn.datasets import load_iris\nload_iris()",
        "home = 'https://example.org'",
        "from IPython.display import Image\nImage(url='https://example.org/x.png')",
        "try:\n    import cupy as xp\nexcept ImportError:\n    import numpy as xp",
    ],
)
def test_what_only_mentions_network_or_gpu_is_no_finding(scan, cell):
    assert scan({"a.ipynb": [cell]}).findings == ()


def test_a_module_of_the_study_that_is_gone_is_found_only_when_that_is_certain(codes):
    cells = [
        "import helpers",
        "from .near import f",
        "from package.gone import g",
        "import numpy, some_distribution, package, package.there",
        "try:\n    import utils\nexcept ImportError:\n    pass",
    ]
    files = {"a.ipynb": cells, "package/__init__.py": "", "package/there.py": ""}
    assert codes(files) == [("local-module-missing", index) for index in (0, 1, 2)]


def test_a_broken_cell_and_an_old_one_are_told_apart(scan):
    found = scan({"a.ipynb": ["x = = 1"], "b.ipynb": ["print 'x'", "print 'y'"]}).findings
    assert [(one.path, one.code, one.cell) for one in found] == [
        ("a.ipynb", "syntax-error", 0),
        ("b.ipynb", "old-python", 0),
    ]


def test_links_and_large_files_have_codes_of_the_table(scan):
    found = scan({"a.ipynb": ["open('gone')"], "big": "xx"}, file_size_limit_bytes=1)
    assert {one.code for one in found.findings} <= set(CODES)


def test_the_table_in_the_documents_is_the_one_in_the_code():
    page = (Path(__file__).parents[3] / "docs" / "findings.md").read_text(encoding="utf-8")
    for name, code in CODES.items():
        assert f"| `{name}` | {code.severity} | {code.meaning} | {code.hint} |" in page


@pytest.mark.parametrize(
    "source",
    [
        "import pandas as pd\npd.read_csv('https://example.org/x.csv')",
        "import requests\nrequests.get('https://example.org/x')",
        "!curl -sO https://example.org/x.csv",
        "import subprocess\nsubprocess.run(['wget', 'https://example.org/x.csv'])",
        "from sklearn.datasets import fetch_openml\nfetch_openml('iris')",
        "import seaborn as sns\nsns.load_dataset('iris')",
        "import nltk\nnltk.download('punkt')",
        "!python -m nltk.downloader punkt",
        "!python -m spacy download en_core_web_sm",
        "from statsmodels.datasets import get_rdataset\nget_rdataset('mtcars')",
        "import tensorflow as tf\ntf.keras.datasets.mnist.load_data()",
        "from keras.datasets import cifar10\ncifar10.load_data()",
        "from tensorflow.keras.applications import VGG16\nVGG16(weights='imagenet')",
        "from transformers import pipeline\npipeline('summarization')",
        "from Bio import Entrez\nEntrez.efetch(db='nucleotide', id='1')",
        "import torchvision\ntorchvision.models.resnet18(pretrained=True)",
    ],
    ids=lambda source: source.rpartition("\n")[2][:40],
)
def test_what_wants_the_network_is_named_with_its_cell(scan, source):
    found = scan({"a.ipynb": ["1", source]}).findings
    told = [one for one in found if one.code == "network-use"]
    assert [one.cell for one in told] == [1]
    assert "example.org" in told[0].message or "example.org" not in source
    assert "recrate refer" in told[0].hint


@pytest.mark.parametrize(
    "source",
    [
        "from sklearn.datasets import load_iris\nload_iris()",
        "from tensorflow.keras.applications import VGG16\nVGG16(weights=None)",
        "from tensorflow.keras.applications.vgg16 import preprocess_input\npreprocess_input([1])",
        "import plotly.express as px\npx.data.iris()",
        "import subprocess\nsubprocess.run(['echo', 'done'])",
        "source = 'see https://example.org'\nprint(source)",
    ],
    ids=lambda source: source.rpartition("\n")[2][:40],
)
def test_what_a_library_brings_along_wants_no_network(codes, source):
    assert "network-use" not in {code for code, _ in codes({"a.ipynb": [source]})}
