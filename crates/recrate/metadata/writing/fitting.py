"""A record made fit for every writer: no text in it that a document cannot hold, none endless."""

from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from recrate.metadata.writing.text import storable

Value = TypeVar("Value")


def fit(value: Value) -> Value:
    """Return a value of `model` with `storable` texts throughout; itself where all of them are."""
    return cast("Value", _fitted(value))


def _fitted(value: object) -> object:
    if type(value) is str:
        return storable(value)
    if isinstance(value, tuple):
        parts = [_fitted(one) for one in value]
        same = all(one is other for one, other in zip(parts, value, strict=True))
        return value if same else tuple(parts)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: new
            for field in fields(value)
            if (new := _fitted(old := getattr(value, field.name))) is not old
        }
        return replace(value, **changed) if changed else value
    return value
