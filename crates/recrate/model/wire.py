"""JSON in and out of every value, the only place that knows how.

Unknown keys in our own records are refused, with the path of the bad field in the complaint.
"""

import json
from enum import Enum
from typing import Any, TypeVar

import cattrs
from cattrs.errors import ClassValidationError
from cattrs.preconf.json import make_converter
from cattrs.v import transform_error

from recrate.model.errors import BadInput

Value = TypeVar("Value")


def _converter() -> cattrs.Converter:
    converter = make_converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(Enum, lambda member: member.value)
    return converter


_CONVERTER = _converter()


def to_plain(value: object) -> Any:
    """Return `value` as dicts, lists, strings, numbers, booleans and None."""
    return _CONVERTER.unstructure(value)


def to_json(value: object, *, indent: int | None = 2) -> str:
    """Return `value` as JSON text: keys in field order, non-ASCII kept, a newline at the end."""
    return json.dumps(to_plain(value), ensure_ascii=False, indent=indent) + "\n"


def from_plain(document: object, kind: type[Value], *, where: str = "") -> Value:
    """Build a `kind` from plain JSON values.

    Raises BadInput naming the bad field when a key is unknown, missing or of the wrong type.
    """
    try:
        return _CONVERTER.structure(document, kind)
    except (ClassValidationError, cattrs.BaseValidationError, ValueError, TypeError) as error:
        complaints = "; ".join(transform_error(error)[:3])
        raise BadInput(
            f"not a valid {kind.__name__}: {complaints}",
            where=where,
            hint="the file may be of another version of recrate, or was edited by hand",
        ) from error


def from_json(text: str | bytes, kind: type[Value], *, where: str = "") -> Value:
    """Build a `kind` from JSON text; raises BadInput as `from_plain` does."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}", where=where) from error
    return from_plain(document, kind, where=where)
