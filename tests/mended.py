"""A study in a folder that tests scan and mend."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from making import notebook_of
from recrate.flow.mending import apply, propose, undo
from recrate.flow.undeclared import undeclared_packages
from recrate.mending.settings import MendingSettings
from recrate.metadata.describe import describe
from recrate.model.finding import Finding
from recrate.model.fix import Applied, Fix, FixKind
from recrate.model.study import Inventory
from recrate.model.wire import from_json, to_json
from recrate.scan.inventory import take_inventory
from recrate.scan.options import ScanOptions


@dataclass
class Mended:
    """A study that tests mend; every fix passes through JSON on its way."""

    root: Path
    settings: MendingSettings = field(default_factory=MendingSettings)
    options: ScanOptions = field(default_factory=ScanOptions)

    def write(self, **files: object) -> "Mended":
        for name, content in files.items():
            self.put(name, content)
        return self

    def put(self, name: str, content: object) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, list):
            path.write_text(notebook_of(*content), encoding="utf-8")
        else:
            text = json.dumps(content) if isinstance(content, dict) else str(content)
            path.write_text(text, encoding="utf-8")
        return path

    def findings(self) -> tuple[Finding, ...]:
        inventory = take_inventory(self.root, options=self.options)
        return self._found(inventory)

    def _found(self, inventory: Inventory) -> tuple[Finding, ...]:
        said = describe(self.root, inventory)
        undeclared = undeclared_packages(self.root, inventory)
        return (*inventory.findings, *undeclared, *said.findings)

    def proposals(self) -> tuple[tuple[Finding, tuple[Fix, ...]], ...]:
        inventory = take_inventory(self.root, options=self.options)
        found = self._found(inventory)
        offered = propose(self.root, inventory, found, settings=self.settings)
        assert tuple(finding for finding, _ in offered) == found
        return tuple(
            (finding, tuple(from_json(to_json(fix), Fix) for fix in fixes))
            for finding, fixes in offered
        )

    def fixes(self, code: str, kind: FixKind | None = None) -> list[Fix]:
        return [
            fix
            for finding, fixes in self.proposals()
            for fix in fixes
            if finding.code == code and kind in {None, fix.kind}
        ]

    def mend(self, fix: Fix, choice: str | None = None) -> Applied:
        """Apply a fix and hold it to its promises."""
        before = self.findings()
        done = apply(self.root, fix, choice=choice, settings=self.settings)
        after = self.findings()
        same = (fix.code, fix.path, fix.cell, fix.subject)
        assert same not in {(one.code, one.path, one.cell, one.subject) for one in after}
        errors = {
            (one.code, one.path, one.cell, one.subject) for one in before if one.severity == "error"
        }
        assert {
            (one.code, one.path, one.cell, one.subject) for one in after if one.severity == "error"
        } <= errors
        return from_json(to_json(done), Applied)

    def take_back(self, done: Applied) -> None:
        undo(self.root, done)

    def bytes_of(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def everything(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }

    def source(self, name: str, cell: int) -> str:
        source = json.loads(self.bytes_of(name))["cells"][cell]["source"]
        return "".join(source)
