"""The kept table of names that packages gave up, and what stands for them: renames.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from packaging.version import InvalidVersion, Version

from recrate.mending.gone import Gone
from recrate.mending.paths import module_of

Kind = Literal["name", "module", "method", "keyword", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """One name that went, and what stands for it.

    before, after: dotted for names and modules; else method, argument, or literal as it is written
    package, gone: the distribution, and its first version without the name
    only:      of a module: the names that are the same in the new one; empty means all
    classes:   of a method: the objects that had it
    functions: of an argument or literal: what it is passed to, by last name or dotted
    when:      how it must be used for `after` to mean the same; see `mending.uses`
    then:      what is put behind the call
    arguments: names by which the new function takes what was given in order; "" as it was
    """

    kind: Kind
    rule: str
    before: str
    after: str
    package: str
    gone: str
    why: str
    source: str
    only: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    when: str = ""
    then: str = ""
    arguments: tuple[str, ...] = ()
    owner: str = ""
    """Of a name: the module that `after` is taken from."""
    back: str = ""
    """The version in which the name came back, maybe as something else; empty where it did not."""

    def is_due(self, versions: Mapping[str, str]) -> bool:
        """Say whether the restored version of its package is one without the name."""
        try:
            version = Version(versions[self.package])
            came_back = bool(self.back) and version >= Version(self.back)
            return version >= Version(self.gone) and not came_back
        except (KeyError, InvalidVersion):
            return False

    def answers(self, gone: Gone) -> bool:
        """Say whether this is the name that an error missed."""
        if self.kind in ("name", "module"):
            fits = self.before == gone.name or self.before.startswith(f"{gone.name}.")
            inside = self.kind == "module" and gone.name.startswith(f"{self.before}.")
            return gone.kind == "name" and (fits or inside)
        if self.kind == "method":
            owner = not self.classes or gone.owner in self.classes
            named = gone.kind == "method" and gone.name == self.before and owner
            return named or (gone.kind == "keyword" and self.when == f"keyword {gone.name}")
        if self.kind == "keyword":
            return gone.kind == "keyword" and gone.name == self.before.partition("=")[0]
        return gone.kind == "value" and gone.name in (self.before.strip("'"), self.after)


@cache
def renames() -> tuple[Rename, ...]:
    """Return the table, one row a name."""
    text = resources.files("recrate.mending").joinpath("renames.toml").read_text("utf-8")
    return tuple(one for row in tomllib.loads(text)["rename"] for one in _rows(row))


_KINDS: Mapping[str, Kind] = {
    "names": "name",
    "modules": "module",
    "methods": "method",
    "keywords": "keyword",
    "values": "value",
}


def _rows(row: dict[str, Any]) -> Iterator[Rename]:
    shared: dict[str, Any] = {key: row[key] for key in ("rule", "package", "gone", "why", "source")}
    more = {key: row[key] for key in ("when", "then", "back") if key in row}
    for key, kind in _KINDS.items():
        for before, after in row.get(key, {}).items():
            yield Rename(
                kind=kind,
                before=before,
                after=after.replace(":", "."),
                owner=after.partition(":")[0] if ":" in after else module_of(after),
                arguments=tuple(row.get("arguments", ())),
                **shared,
                **more,
                only=frozenset(row.get("only", ())),
                classes=frozenset(row.get("classes", ())),
                functions=frozenset(row.get("functions", ())),
            )
