"""The heading of a README: what a study is called where nothing else says so."""

import re
from pathlib import Path

from recrate.metadata.reading import UnreadableFileError, read_text
from recrate.model.study import Inventory


def heading(root: Path, inventory: Inventory) -> tuple[str, str]:
    """Return the first heading of the README at the root without its markup, and the file's name.

    Both are empty where there is none.
    """
    names = sorted(
        file.path
        for file in inventory.files
        if re.fullmatch(r"readme(\.(md|rst|txt|markdown))?", file.path, re.IGNORECASE)
    )
    for path in names:
        try:
            lines = read_text(root / path).splitlines()[:200]
        except UnreadableFileError:
            continue
        for line, below in zip(lines, [*lines[1:], ""], strict=True):
            match = re.fullmatch(r"#\s+(.+?)\s*#*", line.strip())
            underlined = re.fullmatch(r"[=\-~*^]{3,}", below.strip()) and line.strip()
            found = _plain(match[1] if match else line.strip() if underlined else "")
            if re.search(r"\w", found):
                return found[:300], path
    return "", ""


def _plain(markdown: str) -> str:
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|<[^>]+>", "", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*`]+", "", text).strip()
