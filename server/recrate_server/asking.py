"""Requests, held to the contract: what is not in it is refused with its place and a hint."""

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from jsonschema import ValidationError  # type: ignore[import-untyped]  # ships no types

from recrate.model.errors import BadInput
from recrate_server.contract import Contract, Operation, Parameter, Schema

JUPYTERS_OWN = frozenset({"token", "_xsrf", "no_track_activity"})
"""Names in a query that belong to Jupyter Server: a token, the XSRF guard, polling."""

LOOKED_AT = 50
"""Complaints looked at to find the one that is told."""

_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_UNUSUAL = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that the contract allows; what it left out stands there as its default."""

    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any


def read_request(
    contract: Contract,
    operation: Operation,
    *,
    path: Mapping[str, str],
    query: Mapping[str, Sequence[bytes]],
    content: bytes,
) -> Asked:
    """Return what is asked; raises BadInput for what the contract does not allow."""
    named = {one.name: one for one in operation.parameters if one.place == "path"}
    for name, value in path.items():
        _refuse_unusual(value, name)
        _hold(contract, named[name].schema, value, where=name)
    return Asked(
        path=path,
        query=_read_query(contract, operation, query),
        body=_read_body(contract, operation, content),
    )


def _read_query(
    contract: Contract, operation: Operation, query: Mapping[str, Sequence[bytes]]
) -> dict[str, Any]:
    known = {one.name: one for one in operation.parameters if one.place == "query"}
    for name, values in query.items():
        # JupyterLab adds the time in milliseconds as a name, so that nothing answers from a cache.
        stamp = name.isdigit() and list(values) == [b""]
        if name not in known and name not in JUPYTERS_OWN and not stamp:
            raise BadInput(
                f"no parameter of this name: {_short(name)}",
                where="query",
                hint="known here: " + (", ".join(known) or "none"),
            )
    asked: dict[str, Any] = {}
    for name, parameter in known.items():
        if name in query:
            asked[name] = _read_parameter(parameter, query[name])
            _refuse_unusual(asked[name], name)
            _hold(contract, parameter.schema, asked[name], where=name)
        elif parameter.required:
            raise BadInput("is missing", where=name, hint=f"add {name}= to the query")
        elif "default" in parameter.schema:
            asked[name] = deepcopy(parameter.schema["default"])
    return asked


def _read_parameter(parameter: Parameter, values: Sequence[bytes]) -> Any:
    """Return a parameter's value: text, a whole number, or a list of texts where it may repeat."""
    try:
        texts = [value.decode("utf-8") for value in values]
    except UnicodeDecodeError as error:
        raise BadInput("is not UTF-8", where=parameter.name, hint="send text as UTF-8") from error
    if parameter.schema.get("type") == "array":
        return texts
    if len(texts) != 1:
        raise BadInput("stands there more than once", where=parameter.name, hint="give it once")
    if parameter.schema.get("type") == "integer":
        if _INTEGER.fullmatch(texts[0]) is None:
            raise BadInput(
                "is not a whole number", where=parameter.name, hint="write it in digits 0 to 9"
            )
        return int(texts[0])
    return texts[0]


def _read_body(contract: Contract, operation: Operation, content: bytes) -> Any:
    if operation.body is None:
        if content.strip() not in (b"", b"{}"):
            raise BadInput("takes no body", where="body", hint="send this request without one")
        return None
    document = parse_json(content)
    schema, decided_by = contract.narrowed(operation.body, document)
    if not operation.any_text:
        _refuse_unusual(document, "body")
    _hold(contract, schema, document, where="body", kind=decided_by)
    for name, told in schema.get("properties", {}).items():
        default = contract.resolve(told)
        if name not in document and "default" in default:
            document[name] = deepcopy(default["default"])
    return document


def parse_json(content: bytes) -> Any:
    """Return the JSON in `content`; whole numbers written as 1.0 are whole numbers.

    Raises BadInput for what is not JSON in UTF-8, for NaN and infinities, and for a name that
    stands twice in one object.
    """
    try:
        return json.loads(
            content.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_float=_number,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"is not JSON: {_short(str(error))}", where="body", hint="send a JSON object in UTF-8"
        ) from error


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _number(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError(f"{text[:20]} is too large")
    return int(value) if value.is_integer() else value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _hold(
    contract: Contract, schema: Schema, value: object, *, where: str, kind: str | None = None
) -> None:
    """Raise BadInput for the first thing in `value` that `schema` does not allow."""
    found = list(itertools.islice(contract.complaints(schema, value), LOOKED_AT))
    if not found:
        return
    worst = min(found, key=lambda one: (len(one.absolute_path), str(one.message)))
    inside = ".".join(_short(str(step)) for step in worst.absolute_path)
    raise BadInput(
        _said(worst),
        where=inside or where,
        hint=_advice(worst, kind),
    )


def _refuse_unusual(value: object, where: str) -> None:
    """Refuse NUL and lone surrogates: no file name and no UTF-8 file can hold them."""
    waiting: list[tuple[object, str]] = [(value, where)]
    while waiting:
        one, place = waiting.pop()
        if isinstance(one, str) and _UNUSUAL.search(one):
            raise BadInput(
                "holds a character that no file can hold",
                where=place or "body",
                hint="leave out NUL and half surrogate pairs",
            )
        if isinstance(one, dict):
            for name, inner in one.items():
                waiting.append((name, place))
                inside = str(name) if place == "body" else f"{place}.{name}"
                waiting.append((inner, inside))
        elif isinstance(one, list):
            waiting.extend((inner, f"{place}.{at}") for at, inner in enumerate(one))


_SENTENCES = {
    "enum": "is none of the possible values",
    "const": "is not the possible value",
    "maxLength": "is longer than {} characters",
    "minLength": "is empty",
    "maxItems": "has more than {} entries",
    "maxProperties": "has more than {} entries",
    "minimum": "is less than {}",
    "exclusiveMinimum": "is not more than {}",
    "maximum": "is more than {}",
    "type": "is not of type {}",
    "anyOf": "has none of the possible forms",
    "oneOf": "has none of the possible forms",
    "format": "is not a valid {}",
}


def _said(error: ValidationError) -> str:
    """Return one sentence without the whole value in it."""
    expected = error.validator_value
    if error.validator in _SENTENCES:
        told = " or ".join(map(str, expected)) if isinstance(expected, list) else str(expected)
        return _SENTENCES[error.validator].format(told)
    return _short(error.message)


def _advice(error: ValidationError, kind: str | None) -> str:
    expected: Any = error.validator_value
    if error.validator in ("enum", "const"):
        values = expected if isinstance(expected, list) else [expected]
        return "possible: " + ", ".join(str(value) for value in values)
    if error.validator == "additionalProperties":
        return "known here: " + ", ".join(dict(error.schema).get("properties", {}))
    if error.validator == "required":
        told = f" (told by {kind})" if kind else ""
        return f"required{told}: " + ", ".join(expected)
    return "recrate/api/openapi.yaml tells what each field may hold"


def _short(text: str) -> str:
    shown = text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
    return shown if len(shown) <= 200 else shown[:199] + "…"
