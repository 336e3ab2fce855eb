"""Files that the study's own `ro-crate-metadata.json` names by URL: they need not lie here.

Only what a scan must know is read: which paths. What a reference is, says `metadata.references`.
"""

import json
from pathlib import Path
from urllib.parse import unquote

_NAME = "ro-crate-metadata.json"
_LIMIT_BYTES = 5_000_000


def referred_paths(root: Path) -> frozenset[str]:
    """Return the study paths of the data references; none when the file is missing or broken."""
    file = root / _NAME
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _LIMIT_BYTES:
            return frozenset()
        document = json.loads(file.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    graph = document.get("@graph") if isinstance(document, dict) else None
    entities = graph if isinstance(graph, list) else []
    return frozenset(path for entity in entities if (path := _referred(entity)))


def _referred(entity: object) -> str | None:
    """Return the path of an entity that says where its bytes come from and what they must be."""
    if not isinstance(entity, dict):
        return None
    name, url, digest = (entity.get(key) for key in ("@id", "contentUrl", "sha256"))
    if not all(isinstance(one, str) for one in (name, url, digest)) or "://" in str(name):
        return None
    if not str(url).startswith(("http://", "https://")) or len(str(digest)) != 64:
        return None
    return unquote(str(name).removeprefix("./"))
