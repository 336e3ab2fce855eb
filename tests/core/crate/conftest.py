"""A small study for the tests of the crate room: a notebook that reads and writes, and data."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from recrate.crate.plan import make_plan
from recrate.crate.profile import Contexts
from recrate.crate.write import write_crate
from recrate.model.crate import Crate, Plan
from recrate.model.environment import Card, Lock, Package
from recrate.model.study import Description, Inventory, Organisation, Person
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions

OFFICIAL = Path(__file__).resolve().parents[4] / "shared/data/ro-crate"

LOCK = Lock(
    language="python",
    python="3.11.7",
    packages=(Package(name="numpy", version="1.26.4"), Package(name="pandas", version="2.2.0")),
    pylock='lock-version = "1.0"\n',
    requirements="numpy==1.26.4\npandas==2.2.0\n",
    dockerfile="FROM python:3.11\n",
    source="declared",
    as_of="2024-02-03",
    card=Card(system="Linux", release="6.1", machine="x86_64"),
    system_packages=("libgomp1",),
)
DESCRIPTION = Description(
    title="Growth of peas 豌豆",
    description="How peas grow",
    creators=(
        Person(
            name="山田 花子",
            identifier="https://orcid.org/0000-0002-1825-0097",
            affiliation=Organisation(name="国立研究所", identifier="https://ror.org/04ksd4g47"),
        ),
        Person(name="No Orcid"),
    ),
    licence="CC-BY-4.0",
    keywords=("peas",),
)


def notebook(*sources: str, outputs: tuple[str, ...] = ()) -> str:
    """Return a notebook as JSON text: code cells, the first of which printed `outputs`."""
    streams = [{"output_type": "stream", "name": "stdout", "text": text} for text in outputs]
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "execution_count": number + 1,
            "metadata": {},
            "outputs": streams if number == 0 else [],
            "source": source,
        }
        for number, source in enumerate(sources)
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}}
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(document)


@dataclass
class Study:
    """A study's folder, and how it is packed."""

    root: Path
    description: Description = DESCRIPTION
    lock: Lock | None = LOCK
    contents: dict[str, bytes] = field(default_factory=dict)

    def put(self, path: str, content: bytes | str) -> None:
        data = content if isinstance(content, bytes) else content.encode()
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.contents[path] = data

    def inventory(self) -> Inventory:
        return take_inventory(self.root, options=ScanOptions())

    def plan(self, **changes: Any) -> Plan:
        description = replace(self.description, **changes)
        return make_plan(
            self.inventory(), description, self.lock, created="2024-02-03", agent="recrate 0.1.0"
        )

    def pack(self, destination: Path, **changes: Any) -> Crate:
        return write_crate(self.plan(**changes), self.root, destination)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = Study(root=tmp_path / "study")
    source = "open('data/in.csv').read(); open('out.txt', 'w').write('x')"
    made.put("one.ipynb", notebook(source, "1 + 1", outputs=("hello\n",)))
    made.put("data/in.csv", "a,b\n1,2\n" * 500)
    made.put("out.txt", "x")
    return made


@pytest.fixture
def contexts() -> Contexts:
    """The official JSON-LD contexts, which are not part of this repository."""
    if not OFFICIAL.is_dir():
        pytest.skip(f"the official RO-Crate contexts are not at {OFFICIAL}")
    return Contexts(folder=OFFICIAL)


@pytest.fixture
def zipped(study: Study, tmp_path: Path) -> Path:
    destination = tmp_path / "peas.crate.zip"
    study.pack(destination)
    return destination
