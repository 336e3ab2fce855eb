"""`replay --repair`: a patched copy is run and told apart; the plain verdict stays as it is."""

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conftest import CommandLine
from making import notebook_of, stream

pytestmark = pytest.mark.slow

SCHEMAS = Path(__file__).parents[3] / "docs" / "schemas"

NUMPY = (
    "%config InlineBackend.figure_format = 'png'\nimport numpy as np",
    "# np.float is a name of old\nprint(np.zeros(2, dtype=np.float).sum())",
    "print('np.float', np.array([1, 2], dtype=np.int).dtype.kind)",
)
PRINTED = {1: [stream("0.0\n")], 2: [stream("np.float i\n")]}


class Crates:
    """Makes crates of one notebook, and replays them."""

    def __init__(self, recrate: CommandLine, folder: Path) -> None:
        self.recrate = recrate
        self.folder = folder

    def crate(
        self,
        *cells: str,
        outputs: dict[int, list[dict[str, Any]]],
        requires: str = "",
        more: dict[str, str] | None = None,
    ) -> Path:
        study, crate = self.folder / "study", self.folder / "study.crate.zip"
        study.mkdir()
        (study / "a.ipynb").write_text(notebook_of(*cells, outputs=outputs), "utf-8")
        if requires:
            (study / "requirements.txt").write_text(requires, "utf-8")
        for path, text in (more or {}).items():
            (study / path).parent.mkdir(parents=True, exist_ok=True)
            (study / path).write_text(text, "utf-8")
        assert self.recrate("pack", study, "-o", crate).code in {0, 1}
        return crate


@pytest.fixture
def crates(recrate: CommandLine, tmp_path: Path) -> Crates:
    return Crates(recrate, tmp_path)


def verdict_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "verdict.json").read_text("utf-8"))
    return found


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_numpy_aliases_are_repaired_in_a_copy_and_the_verdict_stays_failed(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    crate = crates.crate(*NUMPY, outputs=PRINTED, requires="numpy==1.26.4\n")
    packed, run = crate.read_bytes(), tmp_path / "run"
    done = recrate("replay", crate, "-o", run, "--repair", "--json")
    assert done.code == 1, done.error
    document = done.document
    jsonschema.validate(document, json.loads((SCHEMAS / "replay.json").read_text("utf-8")))
    assert document["verdict"] == "failed"
    assert document["notebooks"][0]["error"]["cause"] == "API changed"
    assert "`--repair`" in document["notebooks"][0]["error"]["hint"]
    repair = document["repair"]
    assert repair["verdict"] == "identical"
    assert repair["sentence"].startswith("After repair: Identical")
    assert [(one["cell"], one["before"], one["after"]) for one in repair["patches"]] == [
        (1, "numpy.float", "float"),
        (2, "numpy.int", "int"),
    ]
    assert {one["version"] for one in repair["patches"]} == {"1.26.4"}
    assert repair["rounds"] == 1

    diff = Path(repair["diff"]).read_text("utf-8")
    assert "--- a.ipynb, cell 1 (as published)\n+++ a.ipynb, cell 1 (after repair)" in diff
    assert " # np.float is a name of old\n-print(np.zeros(2, dtype=np.float).sum())" in diff
    assert "https://numpy.org/doc/stable/release/1.24.0-notes.html" in diff
    assert "%config" not in diff

    assert crate.read_bytes() == packed
    inner = run / "after-repair"
    assert verdict_of(inner)["after_repair"]
    assert not verdict_of(run)["after_repair"]
    assert json.loads((inner / "observations/0/observation.json").read_text())["after_repair"]
    assert not (inner / "badge.svg").exists()
    _assert_report_tells_it_apart(run)
    _assert_run_crates_are_apart(recrate, run)


def _assert_report_tells_it_apart(run: Path) -> None:
    page = (run / "report.html").read_text("utf-8")
    assert "After repair: " in page
    assert "修正後" in page
    assert "-print(np.zeros(2, dtype=np.float).sum())" in page
    assert page.index('id="verdict-word"') < page.index('id="repair-heading"')
    own = (run / "after-repair" / "report.html").read_text("utf-8")
    assert "It is no verdict of the crate." in own
    badge = (run / "badge.svg").read_text("utf-8")
    assert "repair" not in badge.lower()


def _assert_run_crates_are_apart(recrate: CommandLine, run: Path) -> None:
    graphs = {
        name: {one["@id"]: one for one in json.loads(file.read_text("utf-8"))["@graph"]}
        for name, file in (
            ("plain", run / "ro-crate-metadata.json"),
            ("inner", run / "after-repair" / "ro-crate-metadata.json"),
        )
    }
    assert graphs["plain"]["#verdict-value"]["value"] == "failed"
    assert "no part of this run" in graphs["plain"]["after-repair/repair.diff"]["description"]
    assert "#verdict-value" not in graphs["inner"]
    told = graphs["inner"]["#verdict-value-after-repair"]
    assert (told["propertyID"], told["value"]) == ("recrate-verdict-after-repair", "identical")
    assert "patch" in graphs["inner"]["repair.diff"]["description"]
    assert "patched copy" in graphs["inner"]["./"]["name"]
    assert recrate("check", run).code == 0
    assert recrate("check", run / "after-repair").code == 0


def test_judging_again_judges_both_and_keeps_them_apart(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    crate = crates.crate(
        "import time", "print(time.clock() >= 0)", outputs={1: [stream("False\n")]}
    )
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run, "--repair")
    assert done.code == 1
    assert "After repair (a patched copy, not the verdict): Different: 1 of 1" in done.error
    accepted = {"path": "a.ipynb", "cell": 1, "output": 0, "reason": "it is as it is"}
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"name": "mine", "waivers": [accepted]}))
    again = recrate("judge", run, "--policy", policy, "--json")
    assert again.code == 1
    jsonschema.validate(again.document, json.loads((SCHEMAS / "judge.json").read_text("utf-8")))
    assert again.document["verdict"] == "failed"
    assert again.document["repair"]["verdict"] != "different"
    assert verdict_of(run / "after-repair")["policy"]["name"] == "mine"
    before = digests(run)
    assert recrate("judge", run, "--policy", policy).code == 1
    assert digests(run) == before


def test_each_round_shows_the_next_gone_name_also_in_the_studys_own_modules(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    tools = "# time.clock\nimport time\n\n\ndef tick():\n    return time.clock() >= 0\n"
    crate = crates.crate(
        "from collections import Mapping, OrderedDict\nfrom lib.tools import tick",
        "print(isinstance({}, Mapping), tick())",
        outputs={1: [stream("True True\n")]},
        more={"lib/__init__.py": "", "lib/tools.py": tools},
    )
    run = tmp_path / "run"
    repair = recrate("replay", crate, "-o", run, "--repair", "--json").document["repair"]
    assert repair["verdict"] == "identical"
    assert repair["rounds"] == 2
    assert [(one["path"], one["cell"], one["round"]) for one in repair["patches"]] == [
        ("a.ipynb", 0, 1),
        ("lib/tools.py", None, 2),
    ]
    recorded = json.loads((run / "after-repair/recorded/a.ipynb").read_text("utf-8"))
    assert "from collections import Mapping" in recorded["cells"][0]["source"]


def test_a_patch_that_does_not_help_is_told_with_its_outcome(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    crate = crates.crate(
        "import time\nt = time.clock()", "import os\nos.getcwdu()", outputs={1: [stream("a\n")]}
    )
    run = tmp_path / "run"
    repair = recrate("replay", crate, "-o", run, "--repair", "--json").document["repair"]
    assert repair["verdict"] == "failed"
    assert [one["before"] for one in repair["patches"]] == ["time.clock"]
    assert repair["left"] == ["a.ipynb: no rule is known for `os.getcwdu`"]
    page = (run / "report.html").read_text("utf-8")
    assert "The patch does not help" in page
    assert "no rule is known for `os.getcwdu`" in page


def test_where_no_rule_fits_nothing_is_run_and_that_is_told(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    crate = crates.crate("import os\nos.getcwdu()", outputs={})
    run = tmp_path / "run"
    done = recrate("replay", crate, "-o", run, "--repair")
    assert "After repair: no known rename fitted, nothing was patched." in done.error
    assert not (run / "after-repair" / "observations").exists()
    assert recrate("judge", run, "--json").document["repair"]["verdict"] is None


def test_nothing_is_repaired_where_nothing_failed_for_it(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    crate = crates.crate("print(1)", outputs={0: [stream("2\n")]})
    run = tmp_path / "run"
    document = recrate("replay", crate, "-o", run, "--repair", "--json").document
    assert document["verdict"] == "different"
    assert "repair" not in document
    assert not (run / "after-repair").exists()


def test_a_repaired_run_is_neither_signed_nor_published(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    crate = crates.crate("import time\nt = time.clock()\nprint(1)", outputs={0: [stream("1\n")]})
    run = tmp_path / "run"
    assert recrate("replay", crate, "-o", run, "--repair").code == 1
    inner = run / "after-repair"
    for arguments in (
        ("badge", inner, "-o", tmp_path / "badge.svg"),
        ("publish", inner, "--to", "site", "--set", "folder", tmp_path / "site", "--check"),
    ):
        done = recrate(*arguments)
        assert done.code == 2, done.error
        assert "patched copy" in done.error
    assert not (tmp_path / "badge.svg").exists()
    assert recrate("badge", run, "-o", tmp_path / "badge.svg").code == 0


def test_elsewhere_it_is_refused(crates: Crates, recrate: CommandLine, tmp_path: Path) -> None:
    crate = crates.crate("import time\ntime.clock()", outputs={})
    done = recrate("replay", crate, "-o", tmp_path / "run", "--repair", "--on", "local,local")
    assert done.code == 2
    assert "on this machine only" in done.error
    assert "hint" in done.error
    assert not (tmp_path / "run").exists()


def test_hostile_code_in_a_patch_stays_text(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    nasty = "import time\nx = '<script>alert(1)</script>\u202e'; t = time.clock()"
    crate = crates.crate(nasty, "x = " + "1 +" * 400 + " 1", "a = '\\0", outputs={})
    run = tmp_path / "run"
    assert recrate("replay", crate, "-o", run, "--repair").code == 1
    page = (run / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;⟦U+202E⟧" in page


def test_links_and_junk_in_a_strangers_run_are_not_followed(
    crates: Crates, recrate: CommandLine, tmp_path: Path
) -> None:
    crate = crates.crate("import time\nt = time.clock()", outputs={})
    run, other = tmp_path / "run", tmp_path / "other"
    assert recrate("replay", crate, "-o", run, "--repair").code == 1
    (run / "after-repair").rename(other)
    (run / "after-repair").symlink_to(other)
    before = digests(other)
    assert "repair" not in recrate("judge", run, "--json").document
    assert digests(other) == before
    (run / "after-repair").unlink()
    (run / "after-repair").mkdir()
    (run / "after-repair" / "repair.json").write_text('{"patches": 3}')
    done = recrate("judge", run)
    assert done.code == 2
    assert "Repair" in done.error
