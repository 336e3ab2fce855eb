"""Whatever a notebook holds, each fix that is offered keeps its promises and can be taken back."""

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from making import notebook_of, stream
from mended import Mended
from recrate.mending.settings import MendingSettings
from recrate.model.errors import RecrateError
from recrate.model.fix import Answer
from recrate.model.wire import to_json
from recrate.scan.options import ScanOptions

SECRETS = ["AKIA" + "QWERTYUIOPASDFGH", "hunter2-Very", "ghp_" + "a1B2" * 9]
PIECES = [
    f"password = '{SECRETS[1]}'", f'key = r"{SECRETS[0]}"', f"x = ['{SECRETS[2]}', '{SECRETS[0]}']",
    f"f(password='{SECRETS[1]}', é='é')", f"print(f'{{x}} {SECRETS[0]}')", f"# {SECRETS[0]}",
    f"'{SECRETS[0]}'", f"url = 'postgresql://me:{SECRETS[1]}@db.example.net/x'",
    f"def f(password='{SECRETS[1]}'): pass", f"os.x = '{SECRETS[0]}'", "import os", "os = 3",
    "from os import *", "import os.path as os", "%%time", "%matplotlib inline", "!ls", "%cd data",
    "open('ROOT/data/x.csv')", "p = 'ROOT'\nopen(p + '/data/x.csv')", "open('OUT/y.csv')",
    "q = 'ROOT/data/'\nopen(f'{q}gone.csv')", "open('/home/me/x.csv')", "open('../out/y.csv')",
    "open('C:\\\\Users\\\\x.csv')", "open(r'C:\\Users\\x.csv')", "'''", "if 1:\n    pass", "x = (",
    '"\\d"', "x = 1; y = 'ROOT/data'", "match x:\n    case 'ROOT/data': pass", "\r", "\f",
    "import sklearn", "open('data/x.csv', 'w')", "-" * 200 + "1", "\u2028x = 1", "lambda: (yield)",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=4).map("\n".join)
SHOWN = st.sampled_from([*SECRETS, "taro.yamada@u-tokyo.ac.jp", "fine", "é"])
OUTPUTS = st.lists(
    SHOWN.map(stream)
    | st.just({"output_type": "error", "ename": "E", "evalue": "v", "traceback": []}),
    max_size=2,
)
CELLS = st.lists(st.tuples(TEXTS, OUTPUTS, st.none() | st.integers(0, 9)), min_size=1, max_size=4)
ANSWERS = {
    Answer.LICENCE: "MIT", Answer.ADDRESS: "10.5281/zenodo.1234", Answer.FILE: None,
    Answer.DESTINATION: None, Answer.VARIABLE: None,
}  # fmt: skip


def made(folder, cells, style):
    """Return a study with one notebook of these cells, data inside, and a file beside it."""
    root = folder / "study"
    root.mkdir()
    (folder / "out").mkdir()
    (folder / "out" / "y.csv").write_text("1")
    study = Mended(
        root,
        MendingSettings(copy_from=(folder / "out",)),
        ScanOptions(file_size_limit_bytes=20_000),
    )
    places = {"ROOT": str(root), "OUT": str(folder / "out")}
    sources = [source for source, _, _ in cells]
    for name, path in places.items():
        sources = [source.replace(name, path) for source in sources]
    outputs = {index: shown for index, (_, shown, _) in enumerate(cells)}
    document = json.loads(notebook_of(*sources, outputs=outputs))
    for cell, (_, _, count) in zip(document["cells"], cells, strict=True):
        cell["execution_count"] = count
    study.put("a.ipynb", json.dumps(document, **style))
    study.put("data/x.csv", "1")
    study.put("big.bin", "x" * 30_000)
    study.put("requirements.txt", "numpy\n")
    return study


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cells=CELLS,
    style=st.sampled_from([{"indent": 1}, {"indent": 2, "ensure_ascii": True}, {}]),
)
def test_every_fix_that_is_offered_keeps_its_promises_and_can_be_taken_back(cells, style):
    with tempfile.TemporaryDirectory() as folder:
        study = made(Path(folder), cells, style)
        before = study.everything()
        for finding, fixes in study.proposals():
            for fix in fixes:
                assert not any(secret in to_json(fix) for secret in SECRETS)
                assert fix.preview
                answer = ANSWERS[fix.asks] if fix.asks else None
                if fix.needs_choice and answer is None:
                    answer = fix.choices[0]
                done = study.mend(fix, answer)
                assert {one.path for one in fix.preview} >= set(done.changed), finding
                study.take_back(done)
                assert study.everything() == before


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=CELLS)
def test_mending_again_and_again_comes_to_an_end_without_an_error_more(cells):
    with tempfile.TemporaryDirectory() as folder:
        study = made(Path(folder), cells, {})
        for _ in range(40):
            fixes = [fix for _, several in study.proposals() for fix in several]
            if not fixes:
                return
            fix = fixes[0]
            answer = ANSWERS[fix.asks] if fix.asks else None
            try:
                study.mend(fix, answer or (fix.choices[0] if fix.needs_choice else None))
            except RecrateError as error:
                raise AssertionError(fix) from error
        raise AssertionError("the fixes never end")
