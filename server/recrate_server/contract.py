"""The contract between the two halves, read from `openapi.yaml`: routes, rights and shapes.

The document that is served is the one that decides: actions and shapes stand nowhere else.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from jsonschema import (  # type: ignore[import-untyped]  # ships no types
    Draft202012Validator,
    ValidationError,
    validators,
)

Schema = dict[str, Any]
Action = Literal["read", "write", "execute"]
PLACE = Path(__file__).parent / "openapi.yaml"
METHODS = ("get", "post", "put", "delete")


def _whole_match(
    _validator: Any, pattern: str, instance: object, _schema: Schema
) -> Iterator[ValidationError]:
    """Hold a text to a pattern as ECMAScript means it: `$` is the very end, `\\d` an ASCII digit.

    Source: https://json-schema.org/draft/2020-12/json-schema-core#section-6.4
    """
    if isinstance(instance, str):
        exact = pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern
        if re.search(exact, instance, re.ASCII) is None:
            yield ValidationError(f"does not have the form {pattern}")


Validator: Any = validators.extend(Draft202012Validator, {"pattern": _whole_match})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A named part of an address. `place` is `path` or `query`."""

    name: str
    place: str
    required: bool
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that can be asked.

    body:   schema of the request's body, None where it takes none
    status: what is answered when it went well
    any_text: the body may hold text that no file can hold, as outputs of a notebook do
    """

    name: str
    method: str
    path: str
    action: Action
    parameters: tuple[Parameter, ...]
    body: Schema | None
    status: int
    any_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The whole document, and its operations by name."""

    text: str
    document: dict[str, Any]
    operations: Mapping[str, Operation]

    def resolve(self, schema: Schema) -> Schema:
        """Return what `schema` refers to, or `schema` itself."""
        while "$ref" in schema:
            found: Any = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema

    def narrowed(self, schema: Schema, instance: object) -> tuple[Schema, str | None]:
        """Return the one alternative that `instance` says it is of, and what decides it.

        Without a discriminator, the schema itself and None; with a value that names no alternative,
        a schema that lists the possible ones.
        """
        schema = self.resolve(schema)
        if "discriminator" not in schema:
            return schema, None
        name, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
        chosen = instance.get(name) if isinstance(instance, dict) else None
        if isinstance(chosen, str) and chosen in mapping:
            return self.resolve({"$ref": mapping[chosen]}), name
        choices = {name: {"type": "string", "enum": list(mapping)}}
        return {"type": "object", "required": [name], "properties": choices}, name

    def complaints(self, schema: Schema, instance: object) -> Iterator[ValidationError]:
        """Yield what is wrong with `instance`, lazily."""
        rooted = {**schema, "components": self.document["components"]}
        checker = Draft202012Validator.FORMAT_CHECKER
        found: Iterator[ValidationError] = Validator(rooted, format_checker=checker).iter_errors(
            instance
        )
        return found

    def schema(self, name: str) -> Schema:
        """Return one of the named schemas."""
        return self.resolve({"$ref": f"#/components/schemas/{name}"})


@functools.cache
def contract() -> Contract:
    """Return the contract, read once."""
    text = PLACE.read_text("utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=_loader())  # noqa: S506 - a safe loader, and our own file
    empty = Contract(text=text, document=document, operations={})
    operations = {one.name: one for path in document["paths"] for one in _operations(empty, path)}
    return Contract(text=text, document=document, operations=operations)


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _operations(contract: Contract, path: str) -> Iterator[Operation]:
    item = contract.document["paths"][path]
    for method in METHODS:
        if method not in item:
            continue
        told = item[method]
        content = told.get("requestBody", {}).get("content", {})
        yield Operation(
            name=told["operationId"],
            method=method,
            path=path,
            action=told["x-action"],
            parameters=tuple(
                _parameter(contract, one)
                for one in (*item.get("parameters", ()), *told.get("parameters", ()))
            ),
            body=content["application/json"]["schema"] if content else None,
            status=next(int(code) for code in told["responses"] if code.isdigit()),
            any_text=told.get("x-any-text", False),
        )


def _parameter(contract: Contract, told: Schema) -> Parameter:
    told = contract.resolve(told)
    return Parameter(
        name=told["name"],
        place=told["in"],
        required=told.get("required", False),
        schema=contract.resolve(told["schema"]),
    )
