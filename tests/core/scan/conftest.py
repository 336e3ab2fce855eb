"""A study made of a dict, and what a scan finds in it."""

import json

import pytest

from making import notebook_of
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions


@pytest.fixture
def write(tmp_path):
    """Write files into a study's folder: text, bytes, or a list of cell sources for a notebook."""
    root = tmp_path / "study"
    root.mkdir()

    def put(files):
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif isinstance(content, list):
                path.write_text(notebook_of(*content), encoding="utf-8")
            elif isinstance(content, dict):
                path.write_text(json.dumps(content), encoding="utf-8")
            else:
                path.write_text(content, encoding="utf-8")
        return root

    return put


@pytest.fixture
def scan(write):
    """Write files and take the inventory."""

    def look(files, **options):
        return take_inventory(write(files), options=ScanOptions(**options))

    return look


@pytest.fixture
def codes(scan):
    """Write files and return the findings as (code, cell) pairs, notes left out."""

    def look(files, **options):
        found = scan(files, **options).findings
        return [(one.code, one.cell) for one in found if one.severity != "note"]

    return look
