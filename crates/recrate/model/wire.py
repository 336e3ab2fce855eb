"""JSON in and out of every value, the only place that knows how.

Unknown keys in our own records are refused, with the path of the bad field in the complaint.
"""

import json
from enum import Enum, StrEnum
from typing import Any, TypeVar

import cattrs
from cattrs.preconf.json import make_converter
from cattrs.v import transform_error

from recrate.model.errors import BadInput

Value = TypeVar("Value")


def _converter() -> cattrs.Converter:
    converter = make_converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(Enum, lambda member: member.value)
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _exactly)
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(StrEnum, lambda document, kind: kind(document))
    return converter


def _exactly(document: object, kind: type[Value]) -> Value:
    """Take a JSON value only as what it is: 3 is no text, and true is no number."""
    if type(document) is not kind:
        raise TypeError(f"expected {kind.__name__}, found {type(document).__name__}")
    return document


def _number(document: object, _kind: type[float]) -> float:
    if isinstance(document, bool) or not isinstance(document, int | float):
        raise TypeError(f"expected a number, found {type(document).__name__}")
    return float(document)


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
    except (cattrs.BaseValidationError, AttributeError, ValueError, TypeError) as error:
        complaints = "; ".join(_complaints(error)[:3])
        raise BadInput(
            f"not a valid {kind.__name__}: {complaints}",
            where=where,
            hint="the file may be of another version of recrate, or was edited by hand",
        ) from error


def _complaints(error: Exception) -> list[str]:
    if isinstance(error, cattrs.BaseValidationError):
        return transform_error(error)
    return [f"{type(error).__name__}: {error}"]


def from_json(text: str | bytes, kind: type[Value], *, where: str = "") -> Value:
    """Build a `kind` from JSON text; raises BadInput as `from_plain` does."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}", where=where) from error
    return from_plain(document, kind, where=where)
