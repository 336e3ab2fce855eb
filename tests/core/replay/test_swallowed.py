"""A name that nobody defined, because an earlier cell caught the error of its own import."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import CommandLine
from making import notebook_of, stream
from recrate.replay.swallowed import suspect_of

MISSING = "name 'tool' is not defined"


def cells(*sources: str) -> list[SimpleNamespace]:
    return [SimpleNamespace(cell_type="code", source=one) for one in sources]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("try:\n    import tool\nexcept ImportError:\n    pass", "import tool"),
        (
            "%matplotlib inline\ntry:\n    !pip list\n    import a as b\n    from a.c import tool\n"
            "    x = 1\nexcept:\n    print('no')",
            "import a as b\nfrom a.c import tool",
        ),
        ("try:\n    from a import x as tool\nfinally:\n    pass", "from a import x as tool"),
        ("try:\n    import tool.part\nexcept: pass", "import tool.part"),
        ("try:\n    import tool as t\nexcept: pass", ""),
        ("try:\n    tool = 1\nexcept: pass", ""),
        ("import tool", ""),
        ("try:\n    import tool\nexcept", ""),
        ("def f():\n    try:\n        import tool\n    except: pass", ""),
    ],
)
def test_the_import_in_a_try_that_binds_the_name_is_found(source: str, code: str) -> None:
    found = suspect_of(cells(source, "tool.run()"), 1, MISSING)
    assert (found.code if found else "") == code
    assert found is None or found.cell == 0


def test_the_last_cell_before_the_failure_counts_and_none_behind_it() -> None:
    one = "try:\n    import tool\nexcept: pass"
    other = "try:\n    from a import tool\nexcept: pass"
    found = suspect_of(
        cells(one, other, "tool", "try:\n    import b as tool\nfinally: 0"), 2, MISSING
    )
    assert found is not None
    assert (found.cell, found.code) == (1, "from a import tool")
    assert suspect_of(cells(one, "tool"), 1, "division by zero") is None


@pytest.mark.slow
def test_the_cause_is_that_of_the_error_which_was_caught(
    recrate: CommandLine, cache_folder: Path, tmp_path: Path
) -> None:
    study = tmp_path / "study"
    study.mkdir()
    import_of = "try:\n    {}\nexcept BaseException:\n    print({!r})"
    for name, line, said in (
        ("gone", "from collections import Mapping as tool", "install it first"),
        ("left", "import helper as tool", "Unable to find the libtool library."),
        ("fine", "import json as tool", "never"),
    ):
        first = import_of.format(line, said)
        more = "\ndel tool" if name == "fine" else ""
        cell = notebook_of(first + more, "print(tool)", outputs={1: [stream("<module>\n")]})
        (study / f"{name}.ipynb").write_text(cell, "utf-8")
    (study / "helper.py").write_text("import sys\nsys.exit()\n", "utf-8")
    recrate("pack", study, "-o", tmp_path / "a.zip")
    # A Python that still has the name would be found: the lock alone shall be judged.
    alone = tmp_path / "config.py"
    alone.write_text(f"c.Recrate.cache = {str(cache_folder)!r}\nc.Environments.candidates = 1\n")
    words = ("replay", "--config", alone, tmp_path / "a.zip", "-o", tmp_path / "run", "--json")
    done = recrate(*words)
    errors = {one["path"]: one["error"] for one in done.document["notebooks"]}
    told = {path: (one["name"], one["cause"]) for path, one in errors.items()}
    assert told == {
        "gone.ipynb": ("NameError", "API changed"),
        "left.ipynb": ("NameError", "system program missing"),
        "fine.ipynb": ("NameError", "author's code"),
    }
    assert "cell 0 would define it" in errors["gone.ipynb"]["evidence"]
    assert "cannot import name 'Mapping'" in errors["gone.ipynb"]["evidence"]
    assert "libtool" in errors["left.ipynb"]["evidence"]
