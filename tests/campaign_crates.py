"""Small crates for campaigns: one is packed, the others are made of it by changing its notebook."""

import hashlib
import json
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from making import notebook_of, stream
from recrate.crate.read import read_crate

NOTEBOOK = "count.ipynb"


def study_of(folder: Path, source: str, output: str) -> Path:
    """Make a study of one notebook whose one cell prints `output`."""
    folder.mkdir(parents=True)
    text = notebook_of(source, outputs={0: [stream(output)]})
    (folder / NOTEBOOK).write_text(text, encoding="utf-8")
    (folder / "requirements.txt").write_text("", encoding="utf-8")
    return folder


def with_files(
    crate: Path,
    copy: Path,
    files: Mapping[str, bytes],
    *,
    title: str = "",
    without: Collection[str] = (),
) -> Path:
    """Write a copy of a crate with other contents of some of its files, and their checksums.

    without: files that are left out, and whatever the metadata say of them
    """
    with zipfile.ZipFile(crate) as source:
        content = {one: source.read(one) for one in source.namelist() if one not in without}
    content.update(files)
    metadata = json.loads(content["ro-crate-metadata.json"])
    gone = {one["@id"] for one in metadata["@graph"] if unquote(one["@id"]) in without}
    metadata["@graph"] = _without(metadata["@graph"], gone)
    for entity in metadata["@graph"]:
        if entity["@id"] in files:
            entity["sha256"] = hashlib.sha256(files[entity["@id"]]).hexdigest()
            entity["contentSize"] = str(len(files[entity["@id"]]))
        if entity["@id"] == "./" and title:
            entity["name"] = title
    content["ro-crate-metadata.json"] = json.dumps(metadata).encode()
    with zipfile.ZipFile(copy, "w") as made:
        for path, data in content.items():
            made.writestr(path, data)
    return copy


def crate_like(crate: Path, copy: Path, source: str, output: str, *, title: str = "") -> Path:
    """Write a crate whose notebook has this one cell, and this recorded output of it."""
    text = notebook_of(source, outputs={0: [stream(output)]})
    return with_files(crate, copy, {NOTEBOOK: text.encode()}, title=title)


def counting_crates(crate: Path, folder: Path, count: int) -> list[Path]:
    """Write `count` crates: every fifth recorded another number than its notebook prints."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(count):
        said = number if number % 5 else -1
        place = folder / f"count-{number:04}.crate.zip"
        title = f"Counting to {number}"
        made.append(crate_like(crate, place, f"print({number})", f"{said}\n", title=title))
    return made


def single_notebooks(crate: Path, folder: Path, name: str) -> list[Path]:
    """Write a crate for each notebook of a crate, with the same data and environment.

    One that is no JSON is left out: it would come to no verdict anywhere.
    """
    notebooks = read_crate(crate).notebooks
    made = []
    for number, kept in enumerate(notebooks):
        if not _is_json(crate, kept):
            continue
        place = folder / f"{name}-{number:02}.crate.zip"
        without = {one for one in notebooks if one != kept}
        made.append(with_files(crate, place, {}, title=f"{name}: {kept}", without=without))
    return made


def _is_json(crate: Path, path: str) -> bool:
    with zipfile.ZipFile(crate) as source:
        try:
            json.loads(source.read(path))
        except ValueError:
            return False
    return True


def _without(value: Any, gone: Collection[str]) -> Any:
    """Return JSON-LD without entities and the references to them."""
    if isinstance(value, list):
        return [
            _without(one, gone)
            for one in value
            if not (isinstance(one, dict) and one.get("@id") in gone)
        ]
    if isinstance(value, dict):
        return {
            key: _without(one, gone)
            for key, one in value.items()
            if not (isinstance(one, dict) and one.get("@id") in gone)
        }
    return value
