"""Secrets and personal data in cells, outputs, scripts and configuration files.

Images and other encoded payloads are skipped: in them every finder sees ghosts. What is found is
never written out; a finding shows a masked form.
"""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from recrate.model.finding import Finding
from recrate.model.study import Notebook, StudyFile
from recrate.scan.codes import finding
from recrate.scan.personal import personal_data
from recrate.scan.reading import joined
from recrate.scan.secrets import secrets_in

_TEXT_LIMIT_BYTES = 1_000_000
_OUTPUT_LIMIT_CHARACTERS = 5_000_000
_TEXT_SUFFIXES = frozenset(
    {
        ".py", ".r", ".jl", ".sh", ".bash", ".rmd", ".qmd", ".env", ".cfg", ".ini", ".toml",
        ".yaml", ".yml", ".conf", ".config", ".properties", ".pem", ".key", ".ps1", ".bat", ".sql",
    }
)  # fmt: skip
_TEXT_NAMES = frozenset(
    {".env", ".netrc", "_netrc", ".pypirc", ".pgpass", ".Renviron", ".Rprofile", "id_rsa",
     "id_ed25519", "id_ecdsa", "id_dsa", "credentials", "kaggle.json", "secrets.json",
     "credentials.json", "config.json", "postBuild", "Dockerfile", "token.json", "auth.json"}
)  # fmt: skip
_PAYLOAD = re.compile(
    r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+|<(script|style)\b.*?</\1\s*>", re.DOTALL
)
_TEXT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "application/json")


def notebook_secrets(path: str, notebook: Notebook) -> Iterator[Finding]:
    """Yield the secrets in cells and outputs, and the personal data in outputs."""
    seen: set[tuple[int, str]] = set()
    for index, cell in enumerate(notebook["cells"]):
        for line, kind, masked, secret in secrets_in(cell["source"]):
            if (index, secret) not in seen:
                seen.add((index, secret))
                message = f"looks like {kind}: {masked}"
                yield finding("secret", message, path=path, cell=index, line=line, subject=kind)
        for number, output in enumerate(cell.get("outputs", ())):
            text = output_text(output)
            if not text:
                continue
            for _, kind, masked, secret in secrets_in(text):
                if (index, secret) not in seen:
                    seen.add((index, secret))
                    message = f"output {number} holds what looks like {kind}: {masked}"
                    yield finding("secret", message, path=path, cell=index, subject=kind)
            for kind, what in personal_data(text):
                message = f"output {number} holds {what}"
                if (index, what) not in seen:
                    seen.add((index, what))
                    yield finding("personal-data", message, path=path, cell=index, subject=kind)


def output_text(output: dict[str, Any]) -> str:
    """Return the text that an output shows, without pictures, scripts and encoded payloads."""
    kind = output.get("output_type")
    if kind == "stream":
        parts = [joined(output.get("text"))]
    elif kind == "error":
        parts = [joined(output.get("evalue")), joined(output.get("traceback"))]
    else:
        data = output.get("data")
        parts = [_data_text(data, name) for name in _TEXT_TYPES] if isinstance(data, dict) else []
    text = "\n".join(part for part in parts if part)[:_OUTPUT_LIMIT_CHARACTERS]
    if "<" in text or "data:" in text:
        text = _PAYLOAD.sub(" ", text)
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text) if "\x1b" in text else text


def _data_text(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name)
    if name == "application/json" and isinstance(value, dict):
        try:
            return json.dumps(value, ensure_ascii=False, indent=0)
        except (ValueError, RecursionError):
            return None
    return joined(value)


def text_secrets(root: Path, files: Iterable[StudyFile]) -> Iterator[Finding]:
    """Yield the secrets in scripts and configuration files."""
    for file in files:
        name = file.path.rpartition("/")[2]
        suffix = posixpath.splitext(name)[1].lower()
        if not _is_text(name, suffix) or file.size_bytes > _TEXT_LIMIT_BYTES:
            continue
        try:
            text = (root / file.path).read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        loose = suffix in {".env", ".ini", ".cfg", ".conf", ".properties", ".toml"}
        for line, kind, masked, _ in secrets_in(text, unquoted=loose or ".env" in name):
            message = f"looks like {kind}: {masked}"
            yield finding("secret", message, path=file.path, line=line, subject=kind)


def _is_text(name: str, suffix: str) -> bool:
    return suffix in _TEXT_SUFFIXES or name in _TEXT_NAMES or name.startswith(".env")
