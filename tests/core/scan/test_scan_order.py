"""The run order: who writes what another reads, then names as people count."""

from recrate.scan.order import natural_key


def order(inventory):
    return [notebook.path for notebook in inventory.notebooks]


def test_names_are_counted_as_people_do(scan):
    names = ["10.ipynb", "2.ipynb", "1-b.ipynb", "1-a.ipynb", "sub/1.ipynb"]
    files = {name: ["1"] for name in names}
    assert order(scan(files)) == ["1-a.ipynb", "1-b.ipynb", "2.ipynb", "10.ipynb", "sub/1.ipynb"]


def test_odd_digits_sort_without_harm():
    assert min(["²", "٣", "1", "a1"], key=natural_key) == "1"


def test_a_writer_runs_before_its_reader_whatever_their_names(scan):
    found = scan(
        {
            "a.ipynb": ["open('results/x.csv')"],
            "b.ipynb": ["open('y.csv')\nopen('results/x.csv', 'w')"],
            "c.ipynb": ["open('y.csv', 'w')"],
        }
    )
    assert order(found) == ["c.ipynb", "b.ipynb", "a.ipynb"]
    assert [one for one in found.findings if one.severity == "error"] == []


def test_a_folder_or_pattern_that_is_read_waits_for_its_writers(scan):
    found = scan(
        {
            "a.ipynb": ["import glob\nglob.glob('out/*.csv')"],
            "b.ipynb": ["import os\nos.listdir('out')"],
            "z.ipynb": ["open('out/1.csv', 'w')"],
        }
    )
    assert order(found) == ["z.ipynb", "a.ipynb", "b.ipynb"]


def test_a_circle_falls_back_to_names_with_a_finding(scan):
    found = scan(
        {
            "b.ipynb": ["open('x')\nopen('y', 'w')"],
            "a.ipynb": ["open('y')\nopen('x', 'w')"],
            "x": "",
            "y": "",
        }
    )
    assert order(found) == ["a.ipynb", "b.ipynb"]
    assert [one.code for one in found.findings] == ["order-cycle"]


def test_a_script_that_a_notebook_runs_counts_as_its_own(scan):
    found = scan(
        {
            "nb/a.ipynb": ["open('made.csv')"],
            "nb/z.ipynb": ["%run ../make.py"],
            "make.py": "import yaml\nopen('made.csv', 'w')\nopen('needed.csv')",
        }
    )
    assert order(found) == ["nb/z.ipynb", "nb/a.ipynb"]
    assert [one.name for one in found.notebooks[0].uses.imports] == ["yaml"]
    assert [(one.code, one.path, one.cell) for one in found.findings] == [
        ("missing-file", "nb/z.ipynb", 0)
    ]


def test_scripts_that_run_each_other_end(scan):
    files = {"a.ipynb": ["%run b.py"], "b.py": "import os\nos.system('python c.py')"}
    found = scan({**files, "c.py": "import os, yaml\nos.system('python b.py')"})
    assert "yaml" in {one.name for one in found.notebooks[0].uses.imports}


def test_what_a_notebook_writes_before_it_reads_it_makes_no_need(scan):
    found = scan(
        {
            "a.ipynb": ["open('t.csv', 'w')", "open('t.csv')"],
            "b.ipynb": ["open('t.csv', 'w')", "open('t.csv')"],
        }
    )
    assert order(found) == ["a.ipynb", "b.ipynb"]
    assert found.findings == ()
