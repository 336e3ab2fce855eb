"""Versions that a notebook's own outputs tell."""

import pytest

from recrate.model.study import Import
from recrate.scan.told_versions import told_versions

ALL = "import numpy as np\nimport pandas as pd\nimport sklearn\nimport tensorflow as tf"
USED = ("numpy", "pandas", "sklearn", "tensorflow", "matplotlib.pyplot")


def cell(source, text, *, how="stream"):
    data = {"output_type": "stream", "name": "stdout", "text": text}
    if how != "stream":
        data = {"output_type": how, "data": {"text/plain": text}, "metadata": {}}
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [data]}


def told(*cells):
    imports = [Import(name=name, local=False) for name in USED]
    opening = {"cell_type": "code", "source": ALL, "metadata": {}, "outputs": []}
    return told_versions({"cells": [opening, *cells], "metadata": {}}, imports)


BOTH = {"numpy": "1.21.2", "pandas": "1.3.3"}
FROZEN = "absl-py==0.9.0\nnumpy==1.19.5\nscikit-learn==0.24.2\n"


@pytest.mark.parametrize(
    ("source", "text", "versions"),
    [
        ("np.__version__", "'1.21.2'", {"numpy": "1.21.2"}),
        ("print(np.__version__, pd.__version__)", "1.21.2 1.3.3\n", BOTH),
        ("print('NumPy:', np.__version__)", "NumPy: 1.21.2\n", {"numpy": "1.21.2"}),
        ("print(f'tensorflow {tf.__version__}')", "tensorflow 2.4.1\n", {"tensorflow": "2.4.1"}),
        (
            "%load_ext watermark\n%watermark -iv",
            "numpy     : 1.21.2\npandas    : 1.3.3\nsys 3.8.10\n",
            BOTH,
        ),
        ("!pip freeze", FROZEN, {"numpy": "1.19.5", "sklearn": "0.24.2"}),
        ("!pip list", "Package    Version\n---- ----\nnumpy    1.19.5\n", {"numpy": "1.19.5"}),
        ("!conda list", "numpy    1.19.5   py38h18fd61f_2  conda-forge\n", {"numpy": "1.19.5"}),
        ("pd.show_versions()", "pandas    : 1.3.3\nnumpy     : 1.21.2\n", BOTH),
        ("from importlib.metadata import *\nversion('pandas')", "'1.3.3'", {"pandas": "1.3.3"}),
        ("for m in both: print(m.__name__, m.__version__)", "numpy 1.21.2\npandas 1.3.3\n", BOTH),
        # nothing is concluded
        ("a = 3", "numpy 1.21.2\n", {}),
        ("np.__version__", "no version", {}),
        ("print(np.__version__, x, y)", "1.21.2 0.5 3.25", {}),
        ("scipy.__version__", "'1.7.1'", {}),
        ("tf.__version__", "'2.4.1-rc2+cpu'", {}),
    ],
)  # fmt: skip
def test_what_an_output_tells_of_versions(source, text, versions):
    assert dict(told(cell(source, text))) == versions
    assert dict(told(cell(source, [text], how="execute_result"))) == versions


def test_two_versions_of_one_module_tell_nothing():
    assert told(cell("np.__version__", "'1.21.2'"), cell("np.__version__", "'1.22.0'")) == ()


def test_what_went_to_stderr_tells_nothing():
    warned = cell("np.__version__", "1.21.2")
    warned["outputs"][0]["name"] = "stderr"
    assert told(warned) == ()
