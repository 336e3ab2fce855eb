"""What an instance of InvenioRDM would refuse or lose of a deposit, told before a byte is sent."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from recrate.model.deposit import Capabilities
from recrate.model.errors import Busy, OutsideFailed, RecrateError
from recrate.model.finding import Finding, Severity, find
from recrate.publish.depositor import Parcel
from recrate.publish.inveniordm_api import Api, Json

_LARGE = "name large data as references with `recrate refer` instead of packing them"
_DESCRIBE = "say it in the study's description"


def check_size(parcel: Parcel, form: str, limits: Capabilities) -> Iterator[Finding]:
    """Yield what is too large or too many for the place."""
    files = parcel.crate.files
    total = sum(one.size_bytes for one in files) if form == "files" else parcel.size_bytes
    limit = limits.crate_limit_bytes
    if limit is not None and total > limit:
        message = f"{total:,} bytes; the repository takes {limit:,} in one deposit"
        yield find(Severity.ERROR, "inveniordm-size", message, hint=_LARGE)
    largest = max((one.size_bytes for one in files), default=0) if form == "files" else total
    most = limits.file_limit_bytes
    if most is not None and largest > most and not (limit is not None and total > limit):
        message = f"a file of {largest:,} bytes; the repository takes {most:,} in one file"
        yield find(Severity.ERROR, "inveniordm-file-size", message, hint=_LARGE)
    count = len(files) + 2 if form == "files" else 3
    if limits.file_count_limit is not None and count > limits.file_count_limit:
        yield find(
            Severity.ERROR,
            "inveniordm-many-files",
            f"{count:,} files; the repository takes {limits.file_count_limit} in one deposit",
            hint="publish the crate as one zip: `--set file_form=zip`",
        )


def check_metadata(body: Json, today: str) -> Iterator[Finding]:
    """Yield what the repository requires to publish and the record does not say.

    Source: invenio-rdm-records, services/schemas/metadata.py and access.py
    """
    metadata = body["metadata"]
    for name, said in _required(metadata):
        if not said:
            yield find(
                Severity.ERROR,
                "inveniordm-field",
                f"the repository requires: {name}",
                hint=_DESCRIBE,
                subject=name,
            )
    if not metadata.get("rights"):
        yield find(
            Severity.WARNING,
            "inveniordm-no-licence",
            "nobody may use what has no licence",
            hint="choose a licence in the study's description",
        )
    yield from _access(body.get("access") or {}, today)


def _required(metadata: Json) -> Iterator[tuple[str, bool]]:
    title = metadata.get("title")
    yield "a title of three characters or more", isinstance(title, str) and len(title) >= 3
    yield "the type of the resource", bool((metadata.get("resource_type") or {}).get("id"))
    yield "the publication date", bool(metadata.get("publication_date"))
    creators = metadata.get("creators") or []
    yield "a creator", bool(creators)
    for number, creator in enumerate(creators, 1):
        who = creator.get("person_or_org") or {}
        needed = "family_name" if who.get("type") == "personal" else "name"
        yield f"the {needed.replace('_', ' ')} of creator {number}", bool(who.get(needed))


def _access(access: Json, today: str) -> Iterator[Finding]:
    embargo = access.get("embargo") or {}
    until = str(embargo.get("until") or "")
    if embargo.get("active") and (not re.fullmatch(r"\d{4}-\d\d-\d\d", until) or until <= today):
        yield find(
            Severity.ERROR,
            "inveniordm-embargo",
            f"an embargo must end on a day to come, not {until or 'on no day'}",
            hint="give a later date, or open access, in the study's description",
        )
    if access.get("record") == "restricted":
        yield find(
            Severity.WARNING,
            "inveniordm-no-doi",
            "a record whose metadata are restricted gets no DOI",
            hint="restrict the files alone: the record can then be cited",
        )
    elif access.get("files") == "restricted" and not embargo.get("active"):
        yield find(
            Severity.NOTE,
            "inveniordm-files-restricted",
            "the record will be public; its files only for those whom you let in",
            hint="people ask for access on the record's page",
        )


def check_online(api: Api, parcel: Parcel, body: Json, community: str) -> Iterator[Finding]:
    """Yield what the repository itself says: token, community, earlier version, licence."""
    try:
        yield from _token(api)
        if community:
            yield from _community(api, community)
        if parcel.order.new_version_of:
            api.resolve(parcel.order.new_version_of)
        yield from _licences(api, body["metadata"].get("rights") or [])
    except (Busy, OutsideFailed) as error:
        yield find(
            Severity.NOTE,
            "inveniordm-silent",
            f"the repository was not asked: {error.message}",
            hint="what it would refuse is known only when it answers",
        )
    except RecrateError as error:
        yield find(Severity.ERROR, "inveniordm-record", str(error), hint=error.hint)


def _token(api: Api) -> Iterator[Finding]:
    answer = api.ask("GET", "user/records?size=1")
    if answer.status in {401, 403}:
        yield find(
            Severity.ERROR,
            "inveniordm-token",
            "the token is not accepted, or does not allow deposits",
            hint="make one with the scopes `deposit:write` and `deposit:actions` in your settings "
            "of the repository",
        )
    else:
        answer.expect(200)


def _community(api: Api, name: str) -> Iterator[Finding]:
    if api.community(name) is None:
        yield find(
            Severity.ERROR,
            "inveniordm-community",
            f"the repository has no community called {name}",
            hint="its name is the last part of its address",
            subject=name,
        )


def _licences(api: Api, rights: list[Any]) -> Iterator[Finding]:
    for one in rights:
        identifier = one.get("id") if isinstance(one, dict) else None
        if not isinstance(identifier, str):
            continue
        address = f"vocabularies/licenses/{quote(identifier, safe='')}"
        if api.ask("GET", address).status == 404:
            yield find(
                Severity.ERROR,
                "inveniordm-licence",
                f"the repository does not know the licence {identifier}",
                hint="choose one that it knows, such as cc-by-4.0, or describe it in words",
                subject=identifier,
            )
