"""Whatever lies in a folder, a scan gives an inventory or a RecrateError, and can be saved."""

import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recrate.model.errors import RecrateError
from recrate.model.study import Inventory
from recrate.model.wire import from_json, to_json
from recrate.scan.inventory import take_inventory
from recrate.scan.magics import plain_cell
from recrate.scan.personal import personal_data
from recrate.scan.secrets import secrets_in

RELAXED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
PIECES = st.sampled_from(
    [
        "import numpy as np", "from . import x", "%matplotlib inline", "%%bash", "!ls | wc > o.txt",
        "x = !cat", "?f", "f??", "%run a.py", "%cd ..", "%pip install a=1 -r", "open(", ")",
        "'''", '"""', "open('/home/me/x')", "pd.read_csv(f'{a}.csv')", "os.path.join('a', *b)",
        "for i in range(10**9):", "    pass", "def f(a, /, b=open('x')):", "print 'x'", "\\",
        "\x00", "\ud800", "\r", "\f", "match x:", "x = [*a, **b]", "class A(", "lambda: (yield)",
        "password = 'hunter2-A1'", "!{sys.executable} -m pip install", "%%writefile", "%load_ext",
        "Path('a') / 'b' / c", "sys.path.append(x, y)", "subprocess.run([])", "await f()",
        "é", "日本", "%", "%%", "!", "!!", "? ", "x = %", "x += 'a'", "''.format(**a)",
        "glob.glob()",
        "os.chdir()", "requests.get('http://[bad')", "del x", "global y", "nonlocal z", "return",
        "http://user:pw@host/", "10.1234/abc", "\t", "a" * 3000, "(" * 300, "1" * 5000,
        "-" * 900 + "1",
    ]
)  # fmt: skip
sources = st.lists(PIECES | st.text(max_size=12), max_size=8).map("\n".join)
multiline = sources | sources.map(lambda text: text.splitlines(keepends=True)) | anything
outputs = st.lists(
    anything
    | st.fixed_dictionaries(
        {"output_type": st.sampled_from(["stream", "error", "display_data", "odd"])},
        optional={
            "text": multiline,
            "data": anything
            | st.dictionaries(st.sampled_from(["text/plain", "text/html"]), multiline),
            "ename": anything,
            "evalue": multiline,
            "traceback": multiline,
        },
    ),
    max_size=3,
)
cells = st.lists(
    anything
    | st.fixed_dictionaries(
        {"cell_type": st.just("code"), "source": multiline},
        optional={"outputs": outputs | anything, "metadata": anything, "execution_count": anything},
    ),
    max_size=4,
)
notebooks = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([2, 3, 4, 4, 4, 4, 5])},
    optional={
        "cells": cells | anything,
        "worksheets": anything | st.lists(st.fixed_dictionaries({"cells": cells}), max_size=2),
        "metadata": anything
        | st.fixed_dictionaries({"language_info": st.fixed_dictionaries({"name": st.sampled_from(
            ["python", "R", "julia", "bash", ""])})}),
        "nbformat_minor": anything,
    },
)  # fmt: skip


def scanned(files: dict[str, bytes]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="scan-"))
    try:
        for name, content in files.items():
            (folder / name).write_bytes(content)
        try:
            found = take_inventory(folder)
        except RecrateError:
            return
        assert from_json(to_json(found).encode(), Inventory) == found
    finally:
        shutil.rmtree(folder)


@RELAXED
@given(document=notebooks)
def test_any_notebook_gives_an_inventory_or_an_error_of_ours(document):
    scanned({"a.ipynb": json.dumps(document).encode()})


@RELAXED
@given(content=st.binary(max_size=200), script=sources, ignored=st.text(max_size=40))
def test_any_bytes_give_an_inventory_or_an_error_of_ours(content, script, ignored):
    good = b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'
    written = script.encode("utf-8", "surrogatepass")
    scanned(
        {
            "a.ipynb": content,
            "good.ipynb": good,
            "s.py": written,
            "s.R": written,
            "s.jl": written,
            "s.sh": written,
            ".env": content,
            ".gitignore": ignored.encode("utf-8", "surrogatepass"),
            "pyproject.toml": content,
        }
    )


@RELAXED
@given(source=sources)
def test_a_plain_cell_keeps_its_lines(source):
    lines = source.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    plain = plain_cell(source)
    assert plain.text.count("\n") == lines
    assert all(1 <= command.line <= lines + 1 for command in plain.commands)


@RELAXED
@given(text=st.text(max_size=300) | sources)
def test_finders_of_secrets_and_persons_take_any_text(text):
    for line, _, masked, secret in secrets_in(text):
        assert 1 <= line <= text.count("\n") + 1
        assert secret not in masked
    list(personal_data(text))
