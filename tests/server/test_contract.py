"""The document that is served is true of the routes, and the routes are all in it."""

import json

import pytest
from openapi_spec_validator import validate

from recrate_server.contract import METHODS, contract
from recrate_server.handlers.base import Handler
from recrate_server.handlers.routes import HANDLERS

STUDY_PATHS = {"RestrictedFile"}
"""Whose `path` is relative to the study, not to Jupyter's root."""


@pytest.fixture
def jp_server_config() -> dict[str, object]:
    return {"ServerApp": {"jpserver_extensions": {"recrate_server": True}}}


def test_the_contract_is_an_openapi_document():
    validate(contract().document)


def test_every_operation_has_a_handler_and_every_handler_an_operation():
    served = set()
    for handler in HANDLERS:
        for method in METHODS:
            told = getattr(getattr(handler, method, None), "operation", None)
            told = told or (getattr(handler, "operation", None) if method == "get" else None)
            if told is not None:
                assert (told.path, told.method) == (handler.route, method)
                served.add(told.name)
    assert served == set(contract().operations)


def test_no_handler_has_a_method_that_the_contract_does_not_know():
    for handler in HANDLERS:
        for method in (*METHODS, "patch"):
            own = method in vars(handler)
            assert own == ((handler.route, method) in asked_for()), (handler, method)


def asked_for() -> set[tuple[str, str]]:
    return {(one.path, one.method) for one in contract().operations.values()}


def test_every_operation_says_who_may_and_what_runs_code_is_execute():
    actions = {name: one.action for name, one in contract().operations.items()}
    assert set(actions.values()) == {"read", "write", "execute"}
    running = {"startJob", "cancelJob", "resumeJob", "waiveOutput", "checkDeposit"}
    comparing = {"judgeCell", "showBeside"}
    assert {name for name, action in actions.items() if action == "execute"} == running | comparing
    for one in contract().operations.values():
        assert (one.method == "get") == (one.action == "read"), one.name


def test_every_path_in_a_request_is_marked_as_one():
    for name, schema in contract().document["components"]["schemas"].items():
        if not name.endswith("Order") or "properties" not in schema:
            continue
        for field in ("path", "destination"):
            if field in schema["properties"]:
                assert "ContentsPath" in json.dumps(schema["properties"][field]), (name, field)


def test_our_answers_are_rest_handlers_with_one_resource():
    for handler in HANDLERS:
        assert handler.auth_resource == "recrate"
    assert sum(issubclass(handler, Handler) for handler in HANDLERS) == len(HANDLERS) - 1


async def test_the_contract_is_served_as_it_lies_here(jp_fetch):
    answer = await jp_fetch("recrate", "api", "openapi.yaml")
    assert answer.headers["Content-Type"] == "application/yaml"
    assert answer.body.decode() == contract().text
