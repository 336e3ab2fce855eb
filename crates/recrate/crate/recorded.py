"""The outputs that a notebook holds, as one digest: what a replay is expected to give."""

import hashlib
import json
from typing import Any


def outputs_digest(content: bytes) -> str | None:
    """Return a SHA-256 of the recorded outputs of a notebook, or None when it cannot be read.

    It is taken over the JSON text of the list of all cells' output lists, in order, without
    execution counts, with sorted keys, no spaces and no escapes beyond what JSON needs; so it
    changes when an output does, and not when a cell's source or the notebook's metadata do.
    """
    try:
        notebook = json.loads(content)
        cells = notebook.get("cells")
        if cells is None:
            cells = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
        outputs = [[_plain(output) for output in cell.get("outputs") or []] for cell in cells]
        text = json.dumps(outputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _plain(output: dict[str, Any]) -> dict[str, Any]:
    counted = ("execution_count", "prompt_number")
    return {key: value for key, value in output.items() if key not in counted}
