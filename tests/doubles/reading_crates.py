"""A crate to be found: folders, names that repositories change, and the ways it is deposited."""

import hashlib
import json
from pathlib import Path

from making import notebook_of, stream
from recrate.crate.plan import make_plan
from recrate.crate.write import write_crate
from recrate.model.study import Description, Person
from recrate.outside.archive import Archive, Member, write_zip
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions

FILES = {
    "code/analysis.ipynb": notebook_of("print(1)", outputs={0: [stream("1\n")]}),
    "code/tools.py": "X = 1\n",
    "解析.ipynb": notebook_of("print(2)", outputs={0: [stream("2\n")]}),
    "a b.txt": "blank\n",
    "data/in.csv": "a,b\n" * 40,
    "data/more/in.csv": "c,d\n" * 40,
}


def make_crate(folder: Path, **changed: str) -> Path:
    """Pack the study and return the `.crate.zip`. `changed`: other content by a file's stem."""
    root = folder / "study"
    for path, content in FILES.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(changed.get(target.stem, content))
    description = Description(
        title="Tides", description="Levels of the sea", creators=(Person(name="A"),), licence="MIT"
    )
    inventory = take_inventory(root, options=ScanOptions())
    plan = make_plan(inventory, description, None, created="2026-11-20", agent="recrate 0.1.0")
    destination = folder / "tides.crate.zip"
    write_crate(plan, root, destination)
    return destination


def contents(crate: Path) -> dict[str, bytes]:
    """Return path → bytes of what lies in a crate."""
    with Archive(crate) as archive:
        return {path: archive.read(path, limit_bytes=1 << 24) for path in archive.entries}


def bag(inside: dict[str, bytes], destination: Path, **tags: bytes) -> bytes:
    """Return a BagIt bag as a zip (RFC 8493), as `wk:saveAsIs` keeps it: nii.md 3.4, 3.5."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  data/{path}\n" for path, data in inside.items()]
    members = {
        "bagit.txt": b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
        "manifest-sha256.txt": "".join(lines).encode(),
        **{name.replace("_", "-") + ".txt": content for name, content in tags.items()},
        **{f"data/{path}": data for path, data in inside.items()},
    }
    write_zip([Member(path=path, source=data) for path, data in members.items()], destination)
    return destination.read_bytes()


def view_of(crate: Path) -> bytes:
    """Return a repository's own view of a crate's metadata, which is another document."""
    document = json.loads(contents(crate)["ro-crate-metadata.json"])
    for entity in document["@graph"]:
        entity.pop("sha256", None)
        entity["wk:index"] = ["1"]
    return json.dumps(document).encode()
