# ruff: noqa: E501 -- a source is read in one piece
"""The kept table of renames: every rule does what its example says, and nothing else."""

import ast
import builtins
import importlib
import importlib.util
import platform
import subprocess
import sys
from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name
from packaging.version import Version

from core.mending.renamed import EXAMPLES
from recrate.flow.mending_source import parse
from recrate.mending.gone import Gone
from recrate.mending.patching import Stopped, Unit, mend
from recrate.mending.renames import Rename, renames
from recrate.mending.scopes import Scope


def gone_for(rename: Rename) -> Gone:
    """Return what the error says that this rename answers."""
    if rename.kind == "module":
        return Gone(kind="name", name=rename.before)
    if rename.kind == "method" and rename.when.startswith("keyword "):
        return Gone(kind="keyword", name=rename.when.removeprefix("keyword "))
    if rename.kind == "keyword":
        return Gone(kind="keyword", name=rename.before.partition("=")[0])
    if rename.kind == "value":
        return Gone(kind="value", name=rename.before.strip("'") if "'" in rename.before else "None")
    owner = min(rename.classes, default="") if rename.kind == "method" else ""
    return Gone(kind=rename.kind, name=rename.before, owner=owner)


def mended(rule: str, source: str, *, version: str | None = None) -> list[str]:
    """Return what each row of a rule makes of a source that stopped in its one cell."""
    found = []
    for rename in renames():
        if rename.rule != rule:
            continue
        done = mend(
            [[Unit(path="a.ipynb", cell=0, source=source)]],
            gone_for(rename),
            stopped=Stopped(cell=0, traceback=""),
            versions={rename.package: version or rename.gone},
            parse=parse,
        )
        found.append(done.sources.get(("a.ipynb", 0), source))
    return found


@pytest.mark.parametrize(("rule", "before", "after"), EXAMPLES)
def test_a_rule_turns_its_example_into_what_stands_for_it(rule, before, after):
    assert after in mended(rule, before)
    assert parse(after) is not None


def test_every_rule_has_an_example_and_a_source():
    told = {rule for rule, _, _ in EXAMPLES}
    assert told == {one.rule for one in renames()}
    for one in renames():
        assert one.source.startswith("https://"), one.rule
        assert one.package == canonicalize_name(one.package)
        assert Version(one.gone)
        assert one.why
        assert not one.why.endswith(".")


@pytest.mark.parametrize(("rule", "before", "after"), EXAMPLES)
def test_strings_and_comments_and_other_lines_stay_as_they_are(rule, before, after):
    around = (
        f"'''{before}'''\n# {before.splitlines()[-1]}\n%matplotlib inline\n!ls -la *.csv > 'a b'\n"
    )
    found = mended(rule, around + before)
    assert around + after in found
    for one in found:
        assert one.startswith(around)


@pytest.mark.parametrize(("rule", "before", "after"), EXAMPLES)
def test_what_is_there_in_the_restored_version_is_left(rule, before, after):
    assert set(mended(rule, before, version="0.0.1")) == {before}


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("numpy-builtin-aliases", "class np: float = int\nnp.float(1)"),
        ("numpy-builtin-aliases", "import numpy as np\ndef f(np):\n    return np.float"),
        ("numpy-builtin-aliases", "import mine as np\nnp.float(1)"),
        ("numpy-builtin-aliases", "import numpy as np\nfloat = 3\nnp.float(1)"),
        ("numpy-builtin-aliases", "import numpy as np\nnp.float = float"),
        ("python-time-clock", "from time import time\nimport time\ntime.clock()"),
        ("python-collections-abc", "try:\n    from collections import Mapping\nexcept ImportError:\n    pass"),
        ("python-collections-abc", "from .collections import Mapping"),
        ("python-collections-abc", "from collections import *"),
        ("python-imp-reload", "import imp\nimp.load_source('a', 'b')"),
        ("pandas-append", "import numpy as np\nnp.append(a, b)"),
        ("pandas-ix", "df.ix[0]\ndf.ix[i, 'a']\ndf.ix[2:5]\ndf.ix[['a', 1]]"),
        ("pandas-as-matrix", "df.as_matrix(columns=['a'])"),
        ("pandas-read-csv-bad-lines", "import pandas as pd\npd.read_csv('a', error_bad_lines=x)"),
        ("scipy-misc-imread", "from scipy.misc import imread\nimread('a', mode='L')"),
        ("scipy-integrate-simpson", "from scipy.integrate import simps\nf = simps"),
        ("sklearn-cross-validation", "from sklearn.cross_validation import KFold"),
        ("sklearn-cross-validation", "from sklearn import cross_validation as c\nc.KFold(9)\nc.train_test_split(x)"),
        ("sklearn-onehot-sparse", "def OneHotEncoder(sparse): pass\nOneHotEncoder(sparse=False)"),
        ("matplotlib-gca-projection", "fig.gca()"),
    ],
)  # fmt: skip
def test_what_is_not_sure_to_be_the_same_is_left(rule, source):
    assert set(mended(rule, source)) == {source}


def test_a_name_that_came_back_is_left():
    source = "import numpy as np\nnp.bool(1)"
    assert mended("numpy-builtin-bool", source, version="1.26") != [source]
    assert mended("numpy-builtin-bool", source, version="2.1") == [source]


def test_a_cell_whose_lines_are_magics_keeps_them_byte_for_byte():
    source = "%%time\n%load_ext x\nimport numpy as np\n!echo np.float\nx = np.float(1)\ny = !ls\n日本 = np.int(2)"
    assert mended("numpy-builtin-aliases", source)[0] == (
        "%%time\n%load_ext x\nimport numpy as np\n!echo np.float\nx = float(1)\ny = !ls\n日本 = int(2)"
    )


@pytest.mark.parametrize(
    "source",
    [
        "x = np.float(" + "(" * 5_000,
        "import numpy as np\nnp.float(1)\0",
        "import numpy as np\r\nnp.float(1)",
        "import numpy as np\n" + "np.float(1)\n" * 60_000,
        "import numpy as np\nx = " + "-" * 50_000 + "np.float(1)",
        "import numpy as np\nprint np.float(1)",
        "\ud800 = np.float(1)",
        "",
    ],
)
def test_hostile_cells_stay_as_they_are(source):
    assert set(mended("numpy-builtin-aliases", source)) == {source}


SNIPPETS = st.lists(
    st.sampled_from(
        [line for _, before, _ in EXAMPLES for line in (before, before.splitlines()[-1])]
        + ["%time x = 1", "x = [np.float for np in []]", "'''", "def f():", "    y = 2", "🐍 = 1"]
    ),
    max_size=8,
).map("\n".join)


@given(SNIPPETS, st.sampled_from(renames()))
def test_whatever_is_written_is_python_where_it_was(source, rename):
    done = mend(
        [[Unit(path="a.ipynb", cell=0, source=source)]],
        gone_for(rename),
        stopped=Stopped(cell=0, traceback=""),
        versions={rename.package: rename.gone},
        parse=parse,
    )
    for written in done.sources.values():
        assert written != source
        assert parse(written) is not None
    assert bool(done.patches) == bool(done.sources)
    assert bool(done.left) != bool(done.patches)


def test_untouched_statements_are_the_same_tree():
    source = "import numpy as np\na = np.float(1)\nb = {'np.float': [1, 2]}\n"
    (after,) = set(mended("numpy-builtin-aliases", source))
    before, now = ast.parse(source).body, ast.parse(after).body
    assert ast.dump(before[2]) == ast.dump(now[2])
    assert ast.dump(before[1]) != ast.dump(now[1])


def test_only_the_receiver_that_failed_is_changed():
    """A list has an `append` of its own."""
    source = "rows = []\nrows.append(1)\ndf = df.append(rows)\ndf = df.append(2)"
    trace = "      2 rows.append(1)\n----> 3 df = df.append(rows)\n"
    done = mend(
        [[Unit(path="a.ipynb", cell=0, source=source)]],
        Gone(kind="method", name="append", owner="DataFrame"),
        stopped=Stopped(cell=0, traceback=trace),
        versions={"pandas": "2.1.0"},
        parse=parse,
    )
    assert done.sources["a.ipynb", 0] == (
        "rows = []\nrows.append(1)\ndf = df._append(rows)\ndf = df._append(2)"
    )


def test_nothing_is_changed_in_a_notebook_that_did_not_ask_for_it():
    cells = [[Unit(path="a.ipynb", cell=0, source="import numpy as np"),
              Unit(path="a.ipynb", cell=1, source="np.float(1)")]]  # fmt: skip
    elsewhere = Stopped(cell=0, traceback="---> 9 their_package.run()\n")
    gone = Gone(kind="name", name="numpy.float")
    done = mend(cells, gone, stopped=elsewhere, versions={"numpy": "1.26"}, parse=parse)
    assert not done.patches
    assert "package's own code" in done.left


def reached(dotted: str) -> bool:
    """Say whether a dotted name can be reached in what is installed here."""
    parts = dotted.removeprefix("-").split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        return all(
            (found := getattr(found, name, None)) is not None for name in parts[length:]
        ) or hasattr(builtins, dotted)
    return hasattr(builtins, dotted)


def installed(package: str) -> str | None:
    """Return the version of a package in the environment of these tests."""
    if package == "python":
        return platform.python_version()
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


HERE = {
    name: version for name in {one.package for one in renames()} if (version := installed(name))
}
DUE_HERE = [one for one in renames() if one.kind in ("name", "module") and one.is_due(HERE)]


def test_enough_of_the_table_can_be_tried_here():
    assert {"python", "numpy", "pandas", "matplotlib", "pillow"} <= {
        one.package for one in DUE_HERE
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("rename", DUE_HERE, ids=lambda one: one.before)
def test_what_is_installed_here_lacks_the_old_name_and_has_the_new_one(rename):
    assert not reached(rename.before)
    if (
        importlib.util.find_spec(rename.after.removeprefix("-").partition(".")[0])
        or "." not in rename.after
    ):
        for name in rename.only or {""}:
            assert reached(f"{rename.after}.{name}".strip("."))


@pytest.mark.parametrize(
    "rename",
    [one for one in renames() if one.package == "numpy" and one.kind == "name" and not one.back],
    ids=lambda one: one.before,
)
def test_ruffs_own_rules_for_numpy_put_the_same_in_its_place(rename):
    """NPY001 and NPY201 are kept by others; they differ in how they import alone."""
    source = f"import numpy as np\nx = np.{rename.before.removeprefix('numpy.')}\n"
    rules = ["--select", "NPY001,NPY201", "--fix", "--unsafe-fixes", "--quiet", "-"]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", *rules]
    theirs = subprocess.run(command, input=source, text=True, capture_output=True, check=False)
    (ours,) = {one for one in mended(rename.rule, source) if one != source}
    assert value_in(ours) == value_in(theirs.stdout) == rename.after


def value_in(source: str) -> str:
    """Return what is assigned last, dotted from its module on."""
    tree = ast.parse(source)
    bound = Scope([tree])
    (value,) = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    sign = "-" if isinstance(value, ast.UnaryOp) else ""
    value = value.operand if isinstance(value, ast.UnaryOp) else value
    return sign + (bound.dotted(value) or ast.unparse(value))
