"""Data references: a file of the study that is fetched from an address instead of being packed.

They live in the study's own `ro-crate-metadata.json`: the file keeps its relative `@id`, and
`contentUrl`, `sha256` and `contentSize` say where it comes from and what must come.
"""

import json
import posixpath
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from recrate.metadata.own_crate import entities_of, root_id
from recrate.metadata.reading import UnreadableFileError, read_json, table
from recrate.model.crate import METADATA_NAME
from recrate.model.errors import BadInput
from recrate.model.study import DataReference
from recrate.outside.disk import disk_errors, media_type_of, sha256_of, write_text

_CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_MEND = "mend it, or move it out of the study"


def refer(root: Path, path: str, url: str) -> DataReference:
    """Write down that the study's file `path` is fetched from `url`, and return the reference.

    path: relative to the study's root, with `/`
    url:  http, https or a DOI in any form; a DOI becomes `https://doi.org/…`
    Checksum and size come from the local file. Everything else in `ro-crate-metadata.json` stays as
    it is; the file is made when it is missing, and written whole or not at all.
    Raises BadInput for a path that is no file of the study, an address that is none, or a metadata
    file that cannot be read; OutsideFailed when the disk lets us down.
    """
    if not root.is_dir():
        raise BadInput("is not a folder", where=str(root), hint="name the folder of a study")
    inside = _study_path(root, path)
    address = normalise(url)
    file = root / inside
    with disk_errors(file):
        size = file.stat().st_size
        digest = sha256_of(file)
    reference = DataReference(
        path=inside,
        url=address,
        sha256=digest,
        size_bytes=size,
        media_type=media_type_of(inside),
    )
    target = root / METADATA_NAME
    document = own_document(target)
    _put(document, reference)
    write_text(target, json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    return reference


def normalise(written: str) -> str:
    """Return an address as http(s) URL; a DOI, however written, as `https://doi.org/10.…`.

    Raises BadInput for anything else.
    """
    text = written.strip()
    bare = re.sub(r"^(doi:\s*|(https?://)?(dx\.)?doi\.org/)", "", text, flags=re.IGNORECASE)
    import idutils  # noqa: PLC0415 - half a second, only where an address is given

    if re.match(r"10\.\d{4,9}/\S+$", bare, re.ASCII) and idutils.is_doi(bare):
        return f"https://doi.org/{bare}"
    try:
        parts = urlsplit(text)
        named = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        named = False
    if not named or re.search(r"[\s<>\"{}|\\^`\x00-\x1f]", text):
        raise BadInput(
            "is neither an http(s) URL nor a DOI", where=written[:200], hint="e.g. 10.5281/zenodo.1"
        )
    if parts.username or parts.password:
        raise BadInput(
            "holds a user name or password, which a crate would publish",
            where=f"{parts.scheme}://…@{parts.hostname}",
            hint="use an address that everybody can open",
        )
    return text


def _study_path(root: Path, path: str) -> str:
    inside = posixpath.normpath(path.replace("\\", "/") if "/" not in path else path)
    if path.startswith("/") or Path(path).is_absolute():
        try:
            inside = Path(path).resolve().relative_to(root.resolve()).as_posix()
        except ValueError:
            inside = ".."
    if inside in {".", ".."} or inside.startswith("../") or "\0" in inside:
        raise BadInput("lies outside the study", where=path, hint="name a file of the study")
    if inside == METADATA_NAME:
        raise BadInput("is the study's own metadata", where=path, hint="name a data file")
    file = root / inside
    with disk_errors(file):
        if not file.is_file():
            raise BadInput(
                "no such file in the study", where=path, hint="paths are relative to its root"
            )
        if not file.resolve().is_relative_to(root.resolve()):
            raise BadInput(
                "is a link that points out of the study",
                where=path,
                hint="put the file itself there",
            )
    try:
        inside.encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            "has a name that is not UTF-8", where=ascii(path), hint="rename the file"
        ) from error
    return inside


def own_document(target: Path) -> dict[str, Any]:
    """Return the study's own metadata document, or a new one that says nothing yet.

    Raises BadInput for a file that is no RO-Crate: it is never overwritten.
    """
    if not target.exists() and not target.is_symlink():
        return _minimal()
    try:
        document = table(read_json(target))
    except UnreadableFileError as error:
        raise BadInput(str(error), where=METADATA_NAME, hint=_MEND) from error
    if not isinstance(document.get("@graph"), list):
        raise BadInput("has no @graph, so it is no RO-Crate", where=METADATA_NAME, hint=_MEND)
    return document


def own_root(document: dict[str, Any]) -> dict[str, Any]:
    """Return the root data set of the study's own document; raises BadInput when it has none."""
    entities = entities_of(document)
    root = entities.get(root_id(entities))
    if root is None:
        raise BadInput("has no root data set", where=METADATA_NAME, hint=_MEND)
    return root


def _minimal() -> dict[str, Any]:
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "@id": METADATA_NAME,
                "@type": "CreativeWork",
                "conformsTo": {"@id": _PROFILE},
                "about": {"@id": "./"},
            },
            {"@id": "./", "@type": "Dataset", "hasPart": []},
        ],
    }


def _put(document: dict[str, Any], reference: DataReference) -> None:
    """Put the reference into the document, in the place of an earlier one for the same path."""
    entities = entities_of(document)
    name = name_of(reference.path, entities)
    entity = entities.get(name)
    if entity is None:
        entity = {"@id": name, "@type": "File", "name": posixpath.basename(reference.path)}
        document["@graph"].append(entity)
    entity.update(
        contentUrl=reference.url,
        sha256=reference.sha256,
        contentSize=str(reference.size_bytes),
        encodingFormat=reference.media_type,
    )
    add_part(own_root(document), name)


def name_of(path: str, entities: Collection[str]) -> str:
    """Return the `@id` of a study path: the one that it has already, else the encoded path."""
    written = quote(path, safe="/:@!$&'()*+,;=-._~")
    known = (written, path, f"./{path}", f"./{written}")
    folders = (f"{one}/" for one in known)
    return next((one for one in (*known, *folders) if one in entities), written)


def add_part(root: dict[str, Any], identifier: str) -> None:
    """Make an entity a part of the root data set, once."""
    parts = root.get("hasPart", [])
    parts = parts if isinstance(parts, list) else [parts]
    if {"@id": identifier} not in parts:
        root["hasPart"] = [*parts, {"@id": identifier}]
