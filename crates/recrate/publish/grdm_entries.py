"""What lies in a storage of GakuNin RDM, as WaterButler tells of it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recrate.model.errors import OutsideFailed
from recrate.outside.answers import Answer, shown

_MD5 = re.compile(r"[0-9a-f]{32}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file or folder of a storage. A folder's paths end with `/`.

    path:         WaterButler's own, of identifiers in some storages
    materialized: of names
    md5, sha256:  in hex, empty where the storage does not tell
    etag:         another one when the content is another
    version:      counted from 1, where the storage keeps versions
    """

    name: str
    path: str
    materialized: str
    is_folder: bool
    size_bytes: int | None = None
    sha256: str = ""
    md5: str = ""
    etag: str = ""
    version: int | None = None


ROOT = Entry(name="", path="/", materialized="/", is_folder=True)


def same_name(one: str, other: str) -> bool:
    """Say whether two names are one to WaterButler, which writes names in NFC."""
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def entry_of(said: Mapping[str, Any]) -> Entry | None:
    """Return an entry, None for what is not of an entry's shape.

    Source: https://github.com/RCOSDP/RDM-waterbutler, waterbutler/core/metadata.py
    """
    facts = said.get("attributes")
    if not isinstance(facts, dict):
        return None
    name, path = facts.get("name"), facts.get("path")
    if not isinstance(name, str) or not isinstance(path, str) or not path.startswith("/"):
        return None
    extra = _dict(facts.get("extra"))
    told = _dict(extra.get("hashes"))
    is_folder = facts.get("kind") == "folder"
    materialized = facts.get("materialized")
    return Entry(
        name=name.rstrip("/"),
        path=path.rstrip("/") + "/" if is_folder else path,
        materialized=materialized if isinstance(materialized, str) else path,
        is_folder=is_folder,
        size_bytes=_number(facts.get("sizeInt", facts.get("size"))),
        sha256=_hash(_SHA256, told.get("sha256")),
        md5=_hash(_MD5, told.get("md5") or extra.get("md5")),
        etag=str(facts.get("etag") or ""),
        version=_number(extra.get("version")),
    )


def _dict(said: Any) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _number(said: Any) -> int | None:
    """Return a count: storages write it as a number, or as text."""
    return int(said) if re.fullmatch(r"[0-9]{1,18}", str(said)) else None


def _hash(pattern: re.Pattern[str], said: Any) -> str:
    """Return a hash in hex; storages that cut uploads in pieces give something else as `md5`."""
    return said.lower() if isinstance(said, str) and pattern.fullmatch(said.lower()) else ""


def object_of(document: Any, name: str) -> Mapping[str, Any]:
    """Return the object of that name in an answer; raises OutsideFailed where there is none."""
    found = document.get(name) if isinstance(document, dict) else None
    if not isinstance(found, dict):
        raise OutsideFailed(
            f"the answer has no {name}",
            hint="are the addresses of GakuNin RDM right?",
        )
    return found


def objects_of(document: Any, answer: Answer) -> list[Mapping[str, Any]]:
    """Return the objects that a listing holds; raises OutsideFailed for what is no listing."""
    found = document.get("data") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise OutsideFailed(
            "the answer is no listing", where=shown(answer.url), hint="is the address of a folder?"
        )
    return [one for one in found if isinstance(one, dict)]
