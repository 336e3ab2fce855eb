"""The answers of GakuNin RDM's metadata form, written to the deposited file by its v1 routes.

The routes belong to the pages of the service: whether they take a personal access token is not
promised. So they are tried, and where they do not answer well the answers lie beside the crate as a
file, from which a person can take them.

Source: https://github.com/RCOSDP/RDM-osf.io, addons/metadata/routes.py and models.py
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from recrate.model.errors import BadInput, OutsideFailed, RecrateError
from recrate.publish.grdm_client import Grdm
from recrate.publish.grdm_entries import Entry
from recrate.publish.grdm_keeping import Content, Keeping

FORM = "公的資金による研究データのメタデータ登録"
"""The registration schema of the common metadata items."""
OF_A_FILE = "grdm-file:"
"""How the names of the questions begin that are asked of one file."""

Answers = dict[str, dict[str, Any]]


def answers_of(document: bytes) -> Answers:
    """Return `{question: {"value": …}}` of the questions that are asked of a file.

    Raises BadInput for what is no such document.
    """
    try:
        found = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise _no_answers() from error
    if not isinstance(found, dict):
        raise _no_answers()
    answers = {
        name: answer
        for name, answer in found.items()
        if name.startswith(OF_A_FILE) and isinstance(answer, dict) and "value" in answer
    }
    if not answers:
        raise _no_answers()
    return answers


def register(
    grdm: Grdm,
    keeping: Keeping,
    *,
    guid: str,
    folder: Entry,
    crate: Entry,
    sha256: str,
    document: bytes,
    beside: str,
) -> tuple[str, ...]:
    """Write the answers to the deposited file, and return what the person should know.

    sha256: of the deposited file, hex
    beside: name of the file that takes the answers where the form does not
    What a person answered in the form already stays. Raises when not even the file can be written.
    """
    path = f"{keeping.shelf.storage.provider}{crate.materialized}"
    try:
        answers = answers_of(document)
        _write(grdm, guid, path, sha256, answers)
    except RecrateError as error:
        keeping.put(folder, beside, Content.of_bytes(document), replacing=True)
        return (
            f"GakuNin RDM did not take the metadata ({error.message}): they are in {beside}, "
            "beside the crate; the form of the file takes them by hand",
        )
    return ()


def _write(grdm: Grdm, guid: str, path: str, sha256: str, answers: Answers) -> None:
    schema = _schema(grdm)
    address = f"api/v1/project/{guid}/metadata/files/{quote(path, safe='/')}"
    said = grdm.web.ask("GET", address)
    if said.status != 404:
        said.expect(200)
    present = _present(said.json() if said.status == 200 else None, path)
    others = [one for one in present if one.get("schema") != schema]
    mine = next((one for one in present if one.get("schema") == schema), {})
    said_before = mine.get("data")
    kept = said_before if isinstance(said_before, dict) else {}
    data = {**answers, **{name: value for name, value in kept.items() if _is_answer(value)}}
    shown = not any(one.get("active") for one in others)
    wanted = {"active": shown, **mine, "schema": schema, "data": data}
    if wanted == mine:
        return
    body = {"path": path, "folder": False, "hash": sha256, "items": [wanted, *others]}
    grdm.web.ask("PUT", address, json_body=body).expect(200)


def _present(document: Any, path: str) -> list[dict[str, Any]]:
    """Return the file's own items; those that it has from its folder are not of the file."""
    data = document.get("data") if isinstance(document, dict) else None
    said = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(said, dict) or said.get("generated") or said.get("path", path) != path:
        return []
    items = said.get("items")
    return [one for one in items if isinstance(one, dict)] if isinstance(items, list) else []


def _is_answer(said: Any) -> bool:
    return isinstance(said, dict) and said.get("value") not in (None, "", [], {})


def _schema(grdm: Grdm) -> str:
    """Return the identifier of the newest schema of the form."""
    found: list[tuple[int, str]] = []
    for one in grdm.pages("schemas/registrations/"):
        said, name = one.get("attributes"), one.get("id")
        if not isinstance(said, Mapping) or not isinstance(name, str) or said.get("name") != FORM:
            continue
        version = said.get("schema_version")
        if said.get("active", True):
            found.append((version if isinstance(version, int) else 0, name))
    if not found:
        raise OutsideFailed(
            f"it has no form {FORM}",
            where=grdm.addresses.api,
            hint="ask the people who run GakuNin RDM, or fill the form in by hand",
        )
    return max(found)[1]


def _no_answers() -> BadInput:
    return BadInput(
        "there are no answers for a file",
        where="metadata",
        hint="fill in the common metadata items of the study",
    )
