"""An InvenioRDM that is none, or lies: whatever it answers, what comes of it is said in words."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from doubles.inveniordm_parcels import depositor, parcel
from doubles.serving import served
from recrate.model.errors import RecrateError
from recrate.model.progress import silent
from recrate.model.record import LinkRelation, RecordLink
from recrate.publish.journal import Journal

LINK = RecordLink(target="https://example.org/run", relation=LinkRelation.REVIEWS)
DEEP: Any = {"id": {"id": []}, "links": [], "metadata": [], "pids": [], "parent": 3}
STRANGE: list[Any] = [
    None,
    [],
    [[]],
    {},
    "text",
    7,
    DEEP,
    {"id": 5, "metadata": None, "pids": {"doi": "10.1/x"}, "errors": "no"},
    {"id": "../../etc\n", "metadata": {"identifiers": [3], "related_identifiers": {"a": 1}}},
    {"id": "a", "pids": {"doi": {"identifier": "no doi\x1b[31m"}}, "parent": {"pids": None}},
    {"id": "a", "entries": [{"key": 3}, None, {"key": "k", "links": {"parts": [{}, None]}}]},
    {"id": "a", "hits": {"hits": [None, {}, {"id": {}}]}, "status": [], "receiver": 3},
    {"hits": []},
    {"hits": None, "id": "a", "access": "public", "is_open": "x", "receiver": {"community": {}}},
    {"id": "a", "metadata": {"version": []}, "access": [], "entries": {"a": 1}, "errors": [{}]},
]


class Liar:
    """Answers everything alike."""

    def __init__(self) -> None:
        self.answer: Any = None
        self.status = 200
        self.asked: list[str] = []
        self.port = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        await request.body()
        self.asked.append(request.url.path)
        reply: Response = JSONResponse(self.answer, self.status)
        await reply(scope, receive, send)


@pytest.fixture(scope="module")
def liar() -> Iterator[Liar]:
    """A liar and its port."""
    made = Liar()
    with served(made) as made.port:
        yield made


@pytest.mark.parametrize("answer", STRANGE, ids=lambda one: json.dumps(one)[:30])
@pytest.mark.parametrize("status", [200, 201, 404])
def test_no_answer_leads_to_anything_but_a_value_or_an_error_of_ours(
    liar: Liar, tmp_path: Path, answer: Any, status: int
) -> None:
    liar.answer, liar.status, liar.asked = answer, status, []
    for draft, earlier in ((False, None), (True, None), (False, "a")):
        of = parcel(tmp_path, draft=draft, new_version_of=earlier, answers={"community": "tides"})
        made = depositor(liar.port, pieces_from_bytes=1)
        journal = Journal(tmp_path / str(draft))
        made.preflight(of)
        with contextlib.suppress(RecrateError):
            reserved = made.reserve(of, journal, silent)
            assert reserved.doi is None or reserved.doi.startswith("10.")
        journal.note(record="a")
        for step in (made.reserve, made.deposit):
            with contextlib.suppress(RecrateError):
                step(of, journal, silent)
        with contextlib.suppress(RecrateError):
            made.discard(journal)
        for record in ("10.5072/a", "a"):
            with contextlib.suppress(RecrateError):
                assert isinstance(made.relate(record, LINK), bool)
    assert liar.asked
