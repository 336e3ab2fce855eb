"""Every error of the tree has its answer, and what nobody expected keeps its details to itself."""

import pytest
from tornado.web import HTTPError

from recrate.model import errors
from recrate_server.answers import answer_for, is_expected
from recrate_server.contract import contract

HIDDEN = {"/home/hanako/files/": "", "/home/hanako/files": "Jupyter's folder"}


def answer(error: BaseException):
    given = answer_for(error, number="0a1b", hidden=HIDDEN)
    schema = contract().schema("Problem")
    assert not list(contract().complaints(schema, given.problem))
    return given


def tree() -> list[type[errors.RecrateError]]:
    found, waiting = [], [errors.RecrateError]
    while waiting:
        kind = waiting.pop()
        if kind.__module__ == errors.__name__:
            found.append(kind)
            waiting += kind.__subclasses__()
    return found


EXPECTED = {
    "RecrateError": (500, "internal"),
    "BadInput": (422, "bad-input"),
    "BadCrate": (422, "bad-crate"),
    "NotFound": (404, "not-found"),
    "Conflict": (409, "conflict"),
    "OutsideFailed": (502, "outside-failed"),
    "DiskFull": (502, "outside-failed"),
    "Refused": (403, "refused"),
    "Busy": (429, "busy"),
}


@pytest.mark.parametrize("kind", tree())
def test_every_error_of_the_tree_has_its_status(kind: type[errors.RecrateError]):
    given = answer(kind("no", where="a.ipynb", hint="do this"))
    assert (given.status, given.problem["reason"]) == EXPECTED[kind.__name__]
    assert given.problem["message"] == "no"
    assert given.problem["hint"] == "do this"
    assert is_expected(kind("no"))


def test_who_is_busy_says_when_to_come_back():
    error = errors.Busy("too many jobs")
    error.retry_after_seconds = 41.2  # type: ignore[attr-defined]
    given = answer(error)
    assert given.headers == {"Retry-After": "42"}
    assert given.problem["retry_after_seconds"] == 42
    assert int(answer(errors.Busy("again")).headers["Retry-After"]) > 0


def test_no_answer_tells_where_the_root_really_lies():
    given = answer(
        errors.NotFound(
            "no such file /home/hanako/files/a.zip", where="/home/hanako/files", hint="\udcff"
        )
    )
    assert given.problem["message"] == "no such file a.zip"
    assert given.problem["where"] == "Jupyter's folder"
    str(given.problem).encode("utf-8")


def test_what_nobody_expected_tells_its_number_and_nothing_of_itself():
    given = answer(KeyError("/home/hanako/files/secret"))
    assert given.status == 500
    assert "0a1b" in given.problem["details"]
    assert "secret" not in str(given.problem)
    assert not is_expected(KeyError("x"))


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        *((status, "bad-input") for status in (400, 405, 413, 415, 499)),
        *((status, "not-allowed") for status in (401, 403)),
        (404, "not-found"),
    ],
)
def test_what_jupyter_refuses_has_the_same_shape(status: int, reason: str):
    given = answer(HTTPError(status, "said so"))
    assert given.problem["reason"] == reason
    assert given.problem["message"]
