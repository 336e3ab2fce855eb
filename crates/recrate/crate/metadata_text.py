"""How a metadata file is written down."""

import json
from typing import Any

INDENTED_ENTITIES = 2_000


def to_bytes(document: dict[str, Any]) -> bytes:
    """Return the metadata file's content: UTF-8, indented; of a large crate, one entity a line.

    Indenting 20,000 entities takes Python's slow encoder most of a second.
    """
    graph = document["@graph"]
    if len(graph) <= INDENTED_ENTITIES:
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    context = json.dumps(document["@context"], ensure_ascii=False)
    lines = ",\n".join(json.dumps(entity, ensure_ascii=False) for entity in graph)
    return f'{{"@context": {context},\n"@graph": [\n{lines}\n]}}\n'.encode()
