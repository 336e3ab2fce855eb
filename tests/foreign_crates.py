"""Crates as other programs make them: no checksums, no environment."""

import json
import zipfile
from pathlib import Path
from typing import Any

from making import notebook_of

METADATA = "ro-crate-metadata.json"


def crate_called(name: str, file: Path, **more: Any) -> Path:
    """Write a crate; another title or more about it leave its identity as it is."""
    notebook = "levels.ipynb"
    graph: list[dict[str, Any]] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": name,
            "description": "Levels of a lake, measured each morning.",
            "datePublished": "2026-01-02",
            "license": {"@id": "https://spdx.org/licenses/MIT"},
            "author": {"@id": "#yamada"},
            "hasPart": [{"@id": notebook}],
            **more,
        },
        {"@id": "#yamada", "@type": "Person", "name": "Yamada, Hanako"},
        {"@id": notebook, "@type": "File", "name": notebook},
    ]
    document = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(METADATA, json.dumps(document))
        archive.writestr(notebook, notebook_of("print(42)"))
    return file
