"""The store of the small InvenioRDM, who may do what in it, and how it says no."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from doubles.inveniordm_rules import Json

TODAY = "2026-11-21"
OWNER_TOKEN, OTHER_TOKEN, READING_TOKEN = "owner-t0ken", "other-t0ken", "reading-t0ken"
PEOPLE = {OWNER_TOKEN: "anna", OTHER_TOKEN: "ben", READING_TOKEN: "anna"}


@dataclass
class Store:
    """All that the service holds, and how it is set up.

    drafts, records: by identifier; files and draft_files: the same, then by key
    index_lag: that many searches do not see a new draft yet
    pieces:    `none`, `local` (through the service), `s3` (addresses elsewhere)
    """

    drafts: dict[str, Json] = field(default_factory=dict)
    records: dict[str, Json] = field(default_factory=dict)
    files: dict[str, dict[str, Json]] = field(default_factory=dict)
    draft_files: dict[str, dict[str, Json]] = field(default_factory=dict)
    seen: list[tuple[str, str, str]] = field(default_factory=list)
    communities: dict[str, Json] = field(default_factory=dict)
    index_lag: int = 1
    pieces: str = "none"
    dois: bool = True
    restricted_records: bool = True
    quota_bytes: int = 10**10
    max_files: int = 100
    review_new_versions: bool = False
    made: int = 0

    def number(self) -> str:
        """Return an identifier that was never used."""
        self.made += 1
        return f"{self.made:05d}-abcde"


class Refusal(Exception):  # noqa: N818  an answer, as Trouble is, no failure of ours
    """An answer that says no."""

    def __init__(self, status: int, message: str, errors: list[Json] | None = None) -> None:
        super().__init__(message)
        said: Json = {"status": status, "message": message}
        self.answer = JSONResponse(said | ({"errors": errors} if errors else {}), status)


def store_of(request: Request) -> Store:
    found: Store = request.app.state.store
    kind = request.headers.get("authorization", "")
    found.seen.append((request.method, request.url.path, kind))
    return found


def user_of(request: Request, *, writes: bool = False) -> str:
    """invenio-oauth2server: a token that is none gives 401; without one, or its scope, 403."""
    said = request.headers.get("authorization", "")
    token = said.removeprefix("Bearer ")
    if said and token not in PEOPLE:
        raise Refusal(401, "The server could not verify that you are authorized.")
    # docs: «All requests to the draft-related REST API endpoints require authentication.»
    if not said or (writes and token == READING_TOKEN):
        raise Refusal(403, "Permission denied.")
    return PEOPLE[token]


def draft_of(request: Request, *, writes: bool = False) -> tuple[Store, Json]:
    store = store_of(request)
    user = user_of(request, writes=writes)
    draft = store.drafts.get(request.path_params["id"])
    # drafts-resources, services/records/service.py: DraftNotCreatedError
    if draft is None:
        raise Refusal(404, "The persistent identifier does not exist.")
    # rdm-records, services/permissions.py: can_preview, can_review
    if draft["owner"] != user:
        raise Refusal(403, "Permission denied.")
    return store, draft


def shown(request: Request, held: Json, errors: list[Json] | None = None) -> Json:
    base = str(request.base_url)
    found = {name: deepcopy(value) for name, value in held.items() if name not in _HIDDEN}
    page = "records" if held["is_published"] else "uploads"
    found["links"] = {"self_html": f"{base}{page}/{held['id']}"}
    return found | ({"errors": errors} if errors else {})


_HIDDEN = ("owner", "unseen", "review")


async def json_of(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        # records-resources, resources/errors.py: JSONDecodeError
        raise Refusal(400, "Unable to decode JSON data in request body.") from error
