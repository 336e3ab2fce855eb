"""What is not published: found in the study, kept out of its crate, and named there by its hash."""

import posixpath
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from recrate.model.crate import METADATA_NAME, PREVIEW_NAME
from recrate.model.finding import Finding, Severity, find
from recrate.model.study import DataReference, Inventory, RestrictedFile
from recrate.outside.disk import disk_errors, media_type_of, sha256_of


def normal_path(written: str) -> str | None:
    """Return a study path in its one form: relative, `/`, NFC, neither `./` nor `/` at the end.

    None for what is no file or folder of the study: absolute, outside, the study itself, or the
    file that says all this.
    """
    plain = unicodedata.normalize("NFC", written.strip())
    if plain.startswith("/") or "\\" in plain or "\0" in plain or not plain.strip("/. "):
        return None
    inside = posixpath.normpath(plain)
    if inside in {".", "..", METADATA_NAME, PREVIEW_NAME} or inside.startswith("../"):
        return None
    return inside


def withhold(
    root: Path,
    inventory: Inventory,
    restricted: tuple[RestrictedFile, ...],
    references: tuple[DataReference, ...],
) -> tuple[tuple[DataReference, ...], list[Finding]]:
    """Return the references of a crate: those given, and each file that is not published.

    Links to such a file and copies of it are kept out as well, for they would publish it. What
    cannot be found is an error: a wrong name must not let a file through.
    """
    search = _Search(root=root, inventory=inventory, known={one.path: one for one in references})
    for one in restricted:
        search.look_for(one)
    search.look_for_copies()
    made = {**search.known, **search.withheld}
    return tuple(sorted(made.values(), key=lambda one: one.path)), search.findings


@dataclass(slots=True, kw_only=True)
class _Search:
    root: Path
    inventory: Inventory
    known: dict[str, DataReference]
    withheld: dict[str, DataReference] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def look_for(self, one: RestrictedFile) -> None:
        """Withhold what one entry names."""
        path = normal_path(one.path)
        if path is None:
            self._tell("restricted-path", "is no file or folder of the study", one.path)
            return
        found = sorted({*self._in_inventory(path), *self._on_disk(path), *self._known(path)})
        if not found and not (self.root / path).is_dir():
            self._tell("restricted-missing", "is to be kept back, and is not in the study", path)
        notebooks = {notebook.path for notebook in self.inventory.notebooks}
        for place in found:
            self._withhold(place, one)
            if place in notebooks or place.lower().endswith(".ipynb"):
                self._tell(
                    "restricted-notebook", "a notebook that is kept back has no crate", place
                )

    def _tell(self, code: str, message: str, path: str) -> None:
        hints = {
            "restricted-path": "write its path from the study's root on, with /",
            "restricted-missing": "correct its name: under another one it would be published",
            "restricted-notebook": "keep back the data that it reads, or leave the notebook out "
            "with a line in .recrateignore",
        }
        self.findings.append(find(Severity.ERROR, code, message, hint=hints[code], path=path))

    def _in_inventory(self, path: str) -> Iterator[str]:
        """Yield files of that name or in that folder, and links within the study to them."""
        real = (self.root / path).resolve()
        for file in self.inventory.files:
            plain = unicodedata.normalize("NFC", file.path)
            target = (self.root / file.path).resolve()
            if plain == path or plain.startswith(path + "/") or target.is_relative_to(real):
                yield file.path

    def _on_disk(self, path: str) -> Iterator[str]:
        """Yield the one file that an ignore file leaves out; it may be named all the same."""
        file = self.root / path
        if file.is_file() and file.resolve().is_relative_to(self.root.resolve()):
            yield path

    def _known(self, path: str) -> Iterator[str]:
        """Yield what is not at hand, but was already named by its hash in a crate."""
        for place in self.known:
            if place == path or place.startswith(path + "/"):
                yield place

    def _withhold(self, place: str, one: RestrictedFile) -> None:
        file = self.root / place
        earlier = self.known.get(place)
        if earlier is None or (not earlier.url and file.is_file()):
            with disk_errors(file):
                earlier = DataReference(
                    path=place,
                    url="",
                    sha256=sha256_of(file),
                    size_bytes=file.stat().st_size,
                    media_type=media_type_of(place),
                )
        self.withheld[place] = replace(
            earlier,
            access=one.access,
            conditions=one.conditions or earlier.conditions,
            landing_page=one.landing_page or earlier.landing_page,
            contact=one.contact or earlier.contact,
        )

    def look_for_copies(self) -> None:
        """Withhold files that hold the very bytes of one that is withheld."""
        originals = {one.sha256: one for one in self.withheld.values() if one.size_bytes}
        sizes = {one.size_bytes for one in originals.values()}
        spared = {
            *(one.path for one in self.inventory.notebooks),
            *(one.path for one in self.inventory.declarations),
            *self.inventory.descriptions,
            *self.withheld,
            *self.known,
        }
        for file in self.inventory.files:
            if file.size_bytes not in sizes or file.path in spared:
                continue
            with disk_errors(self.root / file.path):
                original = originals.get(sha256_of(self.root / file.path))
            if original is None:
                continue
            self.withheld[file.path] = replace(original, path=file.path, url="")
            self.findings.append(
                find(
                    Severity.WARNING,
                    "restricted-copy",
                    f"holds the same as {original.path}, which is not published: kept out as well",
                    hint="name it among the files that are not published, or remove it",
                    path=file.path,
                )
            )
