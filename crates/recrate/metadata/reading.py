"""Small text files read safely: limited in size, JSON, YAML and TOML without surprises."""

import json
import tomllib
from pathlib import Path
from typing import Any

import yaml

SIZE_LIMIT_BYTES = 5_000_000


class UnreadableFileError(Exception):
    """Why a metadata file cannot be read; becomes a finding, or BadInput for a file of choice."""


def read_text(file: Path) -> str:
    """Return the text of a file of at most 5 MB; raises UnreadableFileError."""
    try:
        if not file.is_file():
            raise UnreadableFileError("is not a file")
        if file.stat().st_size > SIZE_LIMIT_BYTES:
            raise UnreadableFileError("is larger than 5 MB")
        return file.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise UnreadableFileError(f"cannot be read: {error.strerror or error}") from error


def read_json(file: Path) -> Any:
    """Return the JSON document in a file."""
    try:
        return json.loads(read_text(file))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"is not JSON: {_first_line(error)}") from error


def read_yaml(file: Path) -> Any:
    """Return the YAML document in a file; no tag makes an object, no alias makes a bomb."""
    text = read_text(file)
    try:
        if sum(1 for token in yaml.scan(text) if isinstance(token, yaml.AliasToken)) > 100:
            raise UnreadableFileError("has too many aliases")
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableFileError(f"is not YAML: {_first_line(error)}") from error


def read_toml(file: Path) -> dict[str, Any]:
    """Return the TOML document in a file."""
    try:
        return tomllib.loads(read_text(file))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableFileError(f"is not TOML: {_first_line(error)}") from error


def table(document: object) -> dict[str, Any]:
    """Return a document that must be one table; raises UnreadableFileError."""
    if not isinstance(document, dict):
        raise UnreadableFileError("does not hold what its name promises")
    return document


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
